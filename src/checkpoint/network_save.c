/* Writes the native network files; see network_file.h for the format. */
#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "checkpoint/network_file.h"
#include "models/config_json.h"

/* The tensors to be written, with the names that the entries borrow. */
typedef struct saving {
    const char *path;
    sg_safetensors_entry *entries;
    char (*names)[SG_PARAMETER_NAME_BYTES + 8];
    size_t count;
} saving;

static sg_status fail_memory(const char *path, sg_error *error)
{
    return sg_fail(error, SG_ERROR_MEMORY, "no memory left to write %s", path);
}

/* The tensors of a part; NULL when it is not to be saved. */
static const sg_parameter_set *part_parameters(const sg_network_parts *parts, sg_network_part part)
{
    switch (part) {
    case SG_PART_G:
        return parts->generator != NULL ? sg_generator_parameters(parts->generator) : NULL;
    case SG_PART_D:
        return parts->discriminator != NULL ? sg_discriminator_parameters(parts->discriminator)
                                            : NULL;
    case SG_PART_G_EMA:
        return parts->generator_ema != NULL ? sg_generator_parameters(parts->generator_ema) : NULL;
    }
    return NULL;
}

static sg_status add_tensor(saving *job, sg_network_part part, const sg_parameter *parameter,
                            sg_error *error)
{
    const sg_tensor *tensor = parameter->tensor;
    char *name = job->names[job->count];
    snprintf(name, sizeof job->names[0], "%s.%s", sg_network_part_name(part), parameter->name);
    if (tensor->dtype != SG_F32) {
        return sg_fail(error, SG_ERROR_ARGUMENT, "cannot write %s: the tensor %s is not float32",
                       job->path, name);
    }
    sg_safetensors_entry *entry = &job->entries[job->count++];
    *entry = (sg_safetensors_entry){
        .name = name, .type = SG_STORED_F32, .rank = tensor->shape.rank, .values = sg_f32(tensor)};
    for (int i = 0; i < tensor->shape.rank; i++) {
        entry->size[i] = tensor->shape.size[i];
    }
    return SG_OK;
}

static sg_status collect_tensors(saving *job, const sg_network_parts *parts, sg_error *error)
{
    size_t total = 0;
    for (int part = 0; part < SG_PART_COUNT; part++) {
        const sg_parameter_set *set = part_parameters(parts, (sg_network_part)part);
        total += set != NULL ? set->count : 0;
    }
    if (total == 0) {
        return sg_fail(error, SG_ERROR_ARGUMENT, "cannot write %s: there is no network to save",
                       job->path);
    }
    job->entries = sg_allocate(total, sizeof *job->entries);
    job->names = sg_allocate(total, sizeof *job->names);
    if (job->entries == NULL || job->names == NULL) {
        return fail_memory(job->path, error);
    }
    for (int part = 0; part < SG_PART_COUNT; part++) {
        const sg_parameter_set *set = part_parameters(parts, (sg_network_part)part);
        for (size_t i = 0; set != NULL && i < set->count; i++) {
            sg_status status = add_tensor(job, (sg_network_part)part, &set->items[i], error);
            if (status != SG_OK) {
                return status;
            }
        }
    }
    return SG_OK;
}

/* Takes over `arguments`. */
static bool add_part(cJSON *config, sg_network_part part, const char *class_name, cJSON *arguments)
{
    cJSON *entry = cJSON_AddObjectToObject(config, sg_network_part_name(part));
    if (entry == NULL || cJSON_AddStringToObject(entry, "class_name", class_name) == NULL ||
        arguments == NULL || !cJSON_AddItemToObject(entry, "init_kwargs", arguments)) {
        cJSON_Delete(arguments);
        return false;
    }
    return true;
}

static bool add_generator(cJSON *config, sg_network_part part, const sg_generator *generator)
{
    return generator == NULL ||
           add_part(config, part, "Generator",
                    sg_generator_config_to_json(sg_generator_config_of(generator)));
}

static bool add_discriminator(cJSON *config, const sg_discriminator *discriminator)
{
    return discriminator == NULL ||
           add_part(config, SG_PART_D, "Discriminator",
                    sg_discriminator_config_to_json(sg_discriminator_config_of(discriminator)));
}

/* The metadata's config as text (cJSON_free); NULL on lack of memory. */
static char *print_config(const sg_network_parts *parts)
{
    char *text = NULL;
    cJSON *config = cJSON_CreateObject();
    if (config != NULL && add_generator(config, SG_PART_G, parts->generator) &&
        add_discriminator(config, parts->discriminator) &&
        add_generator(config, SG_PART_G_EMA, parts->generator_ema)) {
        text = cJSON_PrintUnformatted(config);
    }
    cJSON_Delete(config);
    return text;
}

static sg_status write_with_metadata(const saving *job, const char *config,
                                     const sg_metadata *metadata, size_t count, sg_error *error)
{
    sg_metadata *pairs = sg_allocate(count + 1, sizeof *pairs);
    if (pairs == NULL) {
        return fail_memory(job->path, error);
    }
    pairs[0] = (sg_metadata){"config", config};
    for (size_t i = 0; i < count; i++) {
        pairs[i + 1] = metadata[i];
    }
    sg_status status =
        sg_safetensors_write(job->path, job->entries, job->count, pairs, count + 1, error);
    free(pairs);
    return status;
}

sg_status sg_network_save(const char *path, const sg_network_parts *parts,
                          const sg_metadata *metadata, size_t count, sg_error *error)
{
    saving job = {.path = path};
    char *config = NULL;
    sg_status status = collect_tensors(&job, parts, error);
    if (status == SG_OK) {
        config = print_config(parts);
        status = config != NULL ? write_with_metadata(&job, config, metadata, count, error)
                                : fail_memory(path, error);
    }
    cJSON_free(config);
    free(job.entries);
    free(job.names);
    return status;
}
