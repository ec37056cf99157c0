/* Averages networks part by part, with sums in double; see network_average.h. */
#include "checkpoint/export/network_average.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "checkpoint/network/network_load.h"
#include "checkpoint/network/network_writer.h"
#include "models/config_json.h"

/* Returns the generator that stands for a part; NULL for D. */
static sg_generator *generator_of(const sg_network_parts *parts, sg_network_part part)
{
    return part == SG_PART_G ? parts->generator : part == SG_PART_D ? NULL : parts->generator_ema;
}

static sg_parameter_set *parameters_of(const sg_network_parts *parts, sg_network_part part)
{
    return part == SG_PART_D ? sg_discriminator_parameters(parts->discriminator)
                             : sg_generator_parameters(generator_of(parts, part));
}

static cJSON *config_of(const sg_network_parts *parts, sg_network_part part)
{
    return part == SG_PART_D
               ? sg_discriminator_config_to_json(sg_discriminator_config_of(parts->discriminator))
               : sg_generator_config_to_json(sg_generator_config_of(generator_of(parts, part)));
}

/* Fails unless the part is of the same family and config in both. */
static sg_status check_same(sg_network_part part, const sg_network_parts *a,
                            const sg_network_parts *b, const sg_network_file *file_a,
                            const sg_network_file *file_b, sg_error *error)
{
    cJSON *config_a = config_of(a, part);
    cJSON *config_b = config_of(b, part);
    const sg_generator *of_a = generator_of(a, part);
    const sg_generator *of_b = generator_of(b, part);
    const bool family =
        !of_a || sg_generator_config_of(of_a)->family == sg_generator_config_of(of_b)->family;
    const char *differs = NULL;
    for (const cJSON *item = config_a ? config_a->child : NULL; item && !differs; item = item->next)
        if (!cJSON_Compare(item, cJSON_GetObjectItemCaseSensitive(config_b, item->string), true))
            differs = item->string;
    sg_status status = SG_OK;
    if (!config_a || !config_b)
        status = sg_fail_memory(error, "a config");
    else if (!family || differs || !cJSON_Compare(config_a, config_b, true))
        status = sg_fail(error, SG_ERROR_SHAPE,
                         "%s and %s cannot be averaged: their networks differ%s%s%s",
                         sg_network_path(file_a), sg_network_path(file_b), differs ? " in \"" : "",
                         differs ? differs : "", differs ? "\"" : "");
    cJSON_Delete(config_a);
    cJSON_Delete(config_b);
    return status;
}

/* Parameters and the average of w are averaged; other buffers are constants or statistics. */
static bool is_averaged(const sg_parameter *item)
{
    return item->trainable || strcmp(item->name, "mapping.w_avg") == 0;
}

/* Counts the values that are averaged. */
static size_t count_values(const sg_parameter_set *set)
{
    size_t count = 0;
    for (size_t i = 0; i < set->count; i++)
        count += is_averaged(&set->items[i]) ? (size_t)sg_tensor_count(set->items[i].tensor) : 0;
    return count;
}

static void add_values(const sg_parameter_set *set, double *sums)
{
    for (size_t i = 0; i < set->count; i++) {
        const sg_tensor *tensor = set->items[i].tensor;
        for (int64_t k = 0; is_averaged(&set->items[i]) && k < sg_tensor_count(tensor); k++)
            *sums++ += (double)sg_f32(tensor)[k];
    }
}

static void set_means(const sg_parameter_set *set, const double *sums, size_t count)
{
    for (size_t i = 0; i < set->count; i++) {
        sg_tensor *tensor = set->items[i].tensor;
        for (int64_t k = 0; is_averaged(&set->items[i]) && k < sg_tensor_count(tensor); k++)
            sg_f32(tensor)[k] = (float)(*sums++ / (double)count);
        sg_tensor_touch(tensor);
    }
}

/* Adds the part of one file to the sums, if it is the same network as the last file's. */
static sg_status add_file(const sg_network_file *file, sg_network_part part,
                          const sg_network_file *last_file, const sg_network_parts *last,
                          double *sums, sg_error *error)
{
    sg_network_parts other = {0};
    sg_status status =
        sg_network_load_part(file, part, parameters_of(last, part)->context, &other, error);
    if (!status)
        status = check_same(part, &other, last, file, last_file, error);
    if (!status)
        add_values(parameters_of(&other, part), sums);
    sg_network_parts_clear(&other);
    return status;
}

/* Makes the mean of a part of all files, with the last one's buffers. */
static sg_status average_part(const sg_network_file *const *files, size_t count,
                              sg_network_part part, sg_context *context, sg_network_parts *means,
                              sg_error *error)
{
    const sg_network_file *last = files[count - 1];
    SG_TRY(sg_network_load_part(last, part, context, means, error));
    const sg_parameter_set *set = parameters_of(means, part);
    double *sums = sg_allocate(count_values(set) + 1, sizeof *sums);
    if (!sums)
        return sg_fail_memory(error, "averages of %s", sg_network_part_name(part));
    sg_status status = SG_OK;
    for (size_t i = 0; i + 1 < count && !status; i++)
        status = add_file(files[i], part, last, means, sums, error);
    if (!status) {
        add_values(set, sums);
        set_means(set, sums, count);
    }
    free(sums);
    return status;
}

/* Chooses the parts that all files have. */
static sg_status choose_parts(const sg_network_file *const *files, size_t count,
                              sg_network_choice *choice, sg_error *error)
{
    *choice = sg_network_choose_all(files[0]);
    /* The codes of a mean, and the moves, would be of no generator. */
    choice->part[SG_PART_E] = choice->part[SG_PART_M] = false;
    for (size_t i = 1; i < count; i++)
        for (int part = 0; part < SG_PART_COUNT; part++)
            choice->part[part] &= sg_network_has(files[i], (sg_network_part)part);
    if (choice->part[SG_PART_G] || choice->part[SG_PART_G_EMA] || choice->part[SG_PART_D])
        return SG_OK;
    return sg_fail(error, SG_ERROR_ARGUMENT,
                   "the files have none of G, D and G_ema in common; %s and %s are among them",
                   sg_network_path(files[0]), sg_network_path(files[count - 1]));
}

/* Tells whether the mean has this remark of the last file too: its kimg, a classifier's classes. */
static bool is_kept(const char *key)
{
    return strcmp(key, "kimg") == 0 || strcmp(key, "classes") == 0;
}

/* Writes the networks, with their number and what holds of the last. */
static sg_status write_mean(const sg_network_file *last, size_t count, const char *path,
                            const sg_network_parts *parts, sg_error *error)
{
    char number[32];
    snprintf(number, sizeof number, "%zu", count);
    sg_metadata metadata[3] = {{"averaged", number}};
    size_t pairs = 1;
    for (size_t i = 0; i < sg_network_metadata_count(last); i++)
        if (is_kept(sg_network_metadata_at(last, i).key) && pairs < 3)
            metadata[pairs++] = sg_network_metadata_at(last, i);
    return sg_network_save(path, parts, metadata, pairs, error);
}

sg_status sg_network_average(const sg_network_file *const *files, size_t count, const char *path,
                             sg_context *context, sg_network_choice *choice, sg_error *error)
{
    sg_network_parts means = {0};
    sg_status status = choose_parts(files, count, choice, error);
    for (int part = 0; part < SG_PART_COUNT && !status; part++)
        if (choice->part[part])
            status = average_part(files, count, (sg_network_part)part, context, &means, error);
    if (!status)
        status = write_mean(files[count - 1], count, path, &means, error);
    sg_network_parts_clear(&means);
    return status;
}
