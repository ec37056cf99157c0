/* Run folders: numbering, log lines, options as JSON, ticks as lines of JSON. */
#include "train/run/run_folder.h"

#include <cjson/cJSON.h>
#include <dirent.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/files/atomic_file.h"
#include "base/files/file.h"
#include "base/files/folders.h"
#include "base/files/input_file.h"
#include "base/files/line_reader.h"
#include "models/config_json.h"
#include "models/family.h"
#include "train/options/preset.h"
#include "train/options/training_fields.h"

/* Returns one more than the highest number at the start of a name in `outdir`. */
static int next_number(const char *outdir)
{
    int next = 0;
    DIR *directory = opendir(outdir);
    if (!directory)
        return 0;
    for (const struct dirent *entry; (entry = readdir(directory));) {
        char *end;
        long number = strtol(entry->d_name, &end, 10);
        if (end != entry->d_name && *end == '-' && number >= next && number < 99999)
            next = (int)number + 1;
    }
    closedir(directory);
    return next;
}

sg_status sg_run_folder_create(const char *outdir, const char *description, char *folder,
                               sg_error *error)
{
    SG_TRY(sg_make_folders(outdir, error));
    /* Another run may take the number between looking and making; the next one is tried then. */
    for (int number = next_number(outdir); number <= 99999; number++) {
        int length = snprintf(folder, SG_PATH_BYTES, "%s/%05d-%s", outdir, number, description);
        if (length < 0 || length >= SG_PATH_BYTES)
            return sg_fail(error, SG_ERROR_ARGUMENT, "the path of \"outdir\" %s is too long",
                           outdir);
        if (mkdir(folder, 0777) == 0)
            return SG_OK;
        if (errno != EEXIST)
            return sg_fail(error, SG_ERROR_FILE, "cannot make the run folder %s: %s", folder,
                           strerror(errno));
    }
    return sg_fail(error, SG_ERROR_FILE, "%s already holds runs up to number 99999", outdir);
}

void sg_run_folder_path(char *path, const char *folder, const char *format, ...)
{
    int length = snprintf(path, SG_PATH_BYTES, "%s/", folder);
    va_list arguments;
    va_start(arguments, format);
    if (length > 0 && length < SG_PATH_BYTES)
        vsnprintf(path + length, SG_PATH_BYTES - (size_t)length, format, arguments);
    va_end(arguments);
}

sg_status sg_run_folder_append(const char *folder, const char *file, const char *line,
                               sg_error *error)
{
    char path[SG_PATH_BYTES];
    sg_run_folder_path(path, folder, "%s", file);
    return sg_append_line(path, line, error);
}

static bool add_options(cJSON *root, const sg_run_options *options)
{
    const sg_trainer_options *trainer = &options->trainer;
    const char *family = sg_choice_name(&sg_family_choices, trainer->generator.family);
    const sg_run_options usual = sg_run_options_default();
    return sg_fields_to_json(&sg_saved_training_table, options, &usual, root) &&
           (trainer->growing.initial_resolution == 0 ||
            sg_fields_to_json(&sg_growing_table, options, NULL,
                              cJSON_AddObjectToObject(root, "growing"))) &&
           sg_json_add(root, "family", cJSON_CreateString(family)) &&
           sg_json_add(root, "G_kwargs", sg_generator_config_to_json(&trainer->generator)) &&
           sg_json_add(root, "D_kwargs", sg_discriminator_config_to_json(&trainer->discriminator));
}

cJSON *sg_run_folder_options(const sg_run_options *options)
{
    cJSON *root = cJSON_CreateObject();
    if (root && add_options(root, options))
        return root;
    cJSON_Delete(root);
    return NULL;
}

sg_status sg_run_folder_write_options(const char *folder, const sg_run_options *options,
                                      sg_error *error)
{
    char path[SG_PATH_BYTES];
    sg_run_folder_path(path, folder, "training_options.json");
    cJSON *root = sg_run_folder_options(options);
    char *text = root ? cJSON_Print(root) : NULL;
    cJSON_Delete(root);
    if (!text)
        return sg_fail_memory(error, "%s", path);
    sg_status status = sg_write_file(path, text, strlen(text), error);
    cJSON_free(text);
    return status;
}

static sg_status read_networks(const cJSON *root, sg_trainer_options *trainer, sg_error *error)
{
    /* The field is missing in runs older than the other families. */
    const cJSON *name = cJSON_GetObjectItemCaseSensitive(root, "family");
    const int family = cJSON_IsString(name) ? sg_choice_find(&sg_family_choices, name->valuestring)
                                            : SG_DEFAULT_FAMILY;
    if (family < 0)
        return sg_fail(error, SG_ERROR_FORMAT,
                       "the training options name the family \"%.100s\", which this program does "
                       "not know",
                       name->valuestring);
    SG_TRY(sg_generator_config_from_json(cJSON_GetObjectItemCaseSensitive(root, "G_kwargs"),
                                         (sg_family)family, &trainer->generator, error));
    return sg_discriminator_config_from_json(cJSON_GetObjectItemCaseSensitive(root, "D_kwargs"),
                                             &trainer->discriminator, error);
}

static sg_status read_options(const cJSON *root, const char *path, sg_saved_options *saved,
                              sg_error *error)
{
    sg_run_options *options = &saved->options;
    const sg_trainer_options *trainer = &options->trainer;
    const cJSON *growing = cJSON_GetObjectItemCaseSensitive(root, "growing");
    sg_fields_reading reading = {
        .subject = path, .name = "options", .all_needed = true, .skip_unknown = true};
    if (!cJSON_IsObject(root))
        return sg_fail(error, SG_ERROR_FORMAT, "%s does not hold the options of a training run",
                       path);
    *options = sg_run_options_default();
    SG_TRY(sg_fields_from_json(&sg_saved_training_table, &reading, root, options, NULL, error));
    if (snprintf(saved->data, sizeof saved->data, "%s", options->data) >= (int)sizeof saved->data)
        return sg_fail(error, SG_ERROR_FORMAT, "%s has a \"data\" that is too long", path);
    options->data = saved->data;
    if (options->features && snprintf(saved->features, sizeof saved->features, "%s",
                                      options->features) >= (int)sizeof saved->features)
        return sg_fail(error, SG_ERROR_FORMAT, "%s has \"features\" that are too long", path);
    options->features = options->features ? saved->features : NULL;
    const sg_trainer_options usual = sg_preset_options(&sg_presets[options->cfg]);
    options->trainer.encoding.encodes = usual.encoding.encodes;
    options->trainer.nada.moves = usual.nada.moves;
    options->trainer.mapping.maps = usual.mapping.maps;
    reading.name = "growing";
    if (growing) /* networks that do not grow have no schedule */
        SG_TRY(sg_fields_from_json(&sg_growing_table, &reading, growing, options, NULL, error));
    if (trainer->growing.initial_resolution == 0 && trainer->batch_part > 0 &&
        trainer->batch % trainer->batch_part != 0)
        return sg_fail(error, SG_ERROR_FORMAT,
                       "%s has a \"batch_gpu\" of %d, which does not divide the batch of %d", path,
                       trainer->batch_part, trainer->batch);
    return read_networks(root, &options->trainer, error);
}

sg_status sg_run_folder_read_options(const char *folder, sg_saved_options *saved, sg_error *error)
{
    enum { LARGEST = 1 << 20 };
    char path[SG_PATH_BYTES];
    unsigned char *bytes;
    size_t size;
    sg_run_folder_path(path, folder, "training_options.json");
    SG_TRY(sg_read_file(path, LARGEST, &bytes, &size, error));
    cJSON *root = cJSON_ParseWithLength((const char *)bytes, size);
    free(bytes);
    sg_status status = read_options(root, path, saved, error);
    cJSON_Delete(root);
    return status;
}

/* Appends `root` as a line of FOLDER/FILE and deletes it; fails unless it is `whole`. */
static sg_status append_json(const char *folder, const char *file, cJSON *root, bool whole,
                             sg_error *error)
{
    char *text = whole ? cJSON_PrintUnformatted(root) : NULL;
    cJSON_Delete(root);
    if (!text)
        return sg_fail_memory(error, "a line of %s", file);
    const sg_status status = sg_run_folder_append(folder, file, text, error);
    cJSON_free(text);
    return status;
}

static bool add_number(cJSON *root, const char *name, double mean, double deviation, double count)
{
    cJSON *item = cJSON_AddObjectToObject(root, name);
    return cJSON_AddNumberToObject(item, "num", count) &&
           cJSON_AddNumberToObject(item, "mean", mean) &&
           cJSON_AddNumberToObject(item, "std", deviation);
}

static bool add_statistics(cJSON *root, const sg_statistics *statistics)
{
    bool added = true;
    for (int i = 0; added && i < SG_STATISTIC_COUNT; i++) {
        const sg_moments *moments = &statistics->moments[i];
        added = !moments->count ||
                add_number(root, sg_statistic_name((sg_statistic)i), sg_moments_mean(moments),
                           sg_moments_deviation(moments), (double)moments->count);
    }
    const double loss_d = sg_moments_mean(&statistics->moments[SG_STATISTIC_LOSS_D]);
    if (added && loss_d > 0)
        added =
            add_number(root, "Balance/G/D",
                       sg_moments_mean(&statistics->moments[SG_STATISTIC_LOSS_G]) / loss_d, 0, 1);
    return added;
}

static bool add_tick(cJSON *root, const sg_tick *tick)
{
    const struct {
        const char *name;
        double value;
        bool left_out;
    } numbers[] = {
        {"Progress/tick", tick->number, false},
        {"Progress/kimg", tick->kimg, false},
        {"Progress/lod", tick->lod, !tick->grows},
        {"Progress/resolution", tick->resolution, !tick->grows},
        {"Progress/minibatch", tick->batch, !tick->grows},
        {"Timing/total_sec", tick->total_seconds, false},
        {"Timing/sec_per_tick", tick->seconds_per_tick, false},
        {"Timing/sec_per_kimg", tick->seconds_per_kimg, false},
        {"Resources/cpu_mem_gb", tick->peak_bytes / (1 << 30), false},
    };
    bool added = true;
    for (size_t i = 0; added && i < sizeof numbers / sizeof *numbers; i++)
        added = numbers[i].left_out || add_number(root, numbers[i].name, numbers[i].value, 0, 1);
    return added && cJSON_AddNumberToObject(root, "timestamp", tick->timestamp);
}

sg_status sg_run_folder_write_tick(const char *folder, const sg_tick *tick,
                                   const sg_statistics *statistics, sg_error *error)
{
    cJSON *root = cJSON_CreateObject();
    const bool whole = add_statistics(root, statistics) && add_tick(root, tick);
    return append_json(folder, "stats.jsonl", root, whole, error);
}
