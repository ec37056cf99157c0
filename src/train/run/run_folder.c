/* Run folders. */
#include "train/run/run_folder.h"

#include <cjson/cJSON.h>
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/files/file.h"
#include "models/config_json.h"
#include "models/family.h"

/* One more than the highest number that a folder's name in `outdir` starts with. */
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
    sg_status status = sg_make_folders(outdir, error);
    if (status)
        return status;
    /* Another run may take the number between looking and making: then the next one is tried. */
    for (int number = next_number(outdir); number <= 99999; number++) {
        int length = snprintf(folder, SG_PATH_BYTES, "%s/%05d-%s", outdir, number, description);
        if (length < 0 || length >= SG_PATH_BYTES)
            return sg_fail(error, SG_ERROR_ARGUMENT, "the path of --outdir %s is too long", outdir);
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
    FILE *stream = fopen(path, "a");
    if (!stream)
        return sg_fail(error, SG_ERROR_FILE, "cannot open %s to append to it: %s", path,
                       strerror(errno));
    bool written = fprintf(stream, "%s\n", line) >= 0;
    if (fclose(stream) != 0 || !written)
        return sg_fail(error, SG_ERROR_FILE, "cannot write to %s: %s", path, strerror(errno));
    return SG_OK;
}

/* Prints `object` as one file or line and deletes it. */
static char *print_and_delete(cJSON *object, bool on_one_line)
{
    char *text = on_one_line ? cJSON_PrintUnformatted(object) : cJSON_Print(object);
    cJSON_Delete(object);
    return text;
}

static void add_training(cJSON *root, const sg_run_options *o)
{
    const sg_trainer_options *t = &o->trainer;
    cJSON_AddStringToObject(root, "cfg", o->cfg);
    cJSON_AddStringToObject(root, "data", o->data);
    cJSON_AddBoolToObject(root, "cond", o->conditional);
    cJSON_AddBoolToObject(root, "mirror", o->mirror);
    cJSON_AddNumberToObject(root, "kimg", o->kimg);
    cJSON_AddNumberToObject(root, "tick", o->tick);
    cJSON_AddNumberToObject(root, "snap", o->snap);
    cJSON_AddNumberToObject(root, "seed", (double)t->seed);
    cJSON_AddNumberToObject(root, "batch", t->batch);
    cJSON_AddNumberToObject(root, "batch_gpu", t->batch_part);
    cJSON_AddStringToObject(root, "loss", sg_adversarial_loss_of(t->loss)->name);
    cJSON_AddStringToObject(root, "optimizer", sg_optimiser_name(t->optimiser));
    cJSON_AddNumberToObject(root, "n_critic", t->n_critic);
    cJSON_AddNumberToObject(root, "clip_weights", t->clip_weights);
    cJSON_AddNumberToObject(root, "gp_weight", t->penalty.weight);
    cJSON_AddNumberToObject(root, "drift", t->penalty.drift);
    cJSON_AddNumberToObject(root, "gamma", t->gamma);
    cJSON_AddNumberToObject(root, "r2_gamma", t->r2_gamma);
    cJSON_AddNumberToObject(root, "glr", t->g_rate);
    cJSON_AddNumberToObject(root, "dlr", t->d_rate);
    cJSON_AddNumberToObject(root, "beta1", t->beta1);
    cJSON_AddNumberToObject(root, "beta2", t->beta2);
    cJSON_AddNumberToObject(root, "pl_weight", t->pl_weight);
    cJSON_AddNumberToObject(root, "pl_decay", t->pl_decay);
    cJSON_AddNumberToObject(root, "style_mixing_prob", t->style_mixing_prob);
    cJSON_AddNumberToObject(root, "G_reg_interval", t->g_interval);
    cJSON_AddNumberToObject(root, "D_reg_interval", t->d_interval);
    cJSON_AddNumberToObject(root, "ema_kimg", t->ema_kimg);
    cJSON_AddNumberToObject(root, "ema_rampup", t->ema_rampup);
    cJSON_AddNumberToObject(root, "clip_grad", t->clip_gradient);
    cJSON_AddBoolToObject(root, "track_w_in_G", t->track_w_in_g);
    cJSON_AddNumberToObject(root, "blur_init_sigma", t->blur_init_sigma);
    cJSON_AddNumberToObject(root, "blur_fade_kimg", t->blur_fade_kimg);
}

static void add_growing(cJSON *root, const sg_growing_schedule *growing)
{
    cJSON *object = cJSON_AddObjectToObject(root, "growing");
    cJSON_AddNumberToObject(object, "initial_resolution", growing->initial_resolution);
    cJSON_AddNumberToObject(object, "stable_kimg", growing->stable_kimg);
    cJSON_AddNumberToObject(object, "fade_kimg", growing->fade_kimg);
    cJSON_AddNumberToObject(object, "repeats", growing->repeats);
    cJSON_AddItemToObject(object, "batch", cJSON_CreateIntArray(growing->batch, SG_GROWING_LEVELS));
    cJSON_AddItemToObject(object, "glr",
                          cJSON_CreateDoubleArray(growing->g_rate, SG_GROWING_LEVELS));
    cJSON_AddItemToObject(object, "dlr",
                          cJSON_CreateDoubleArray(growing->d_rate, SG_GROWING_LEVELS));
}

sg_status sg_run_folder_write_options(const char *folder, const sg_run_options *options,
                                      sg_error *error)
{
    char path[SG_PATH_BYTES];
    sg_run_folder_path(path, folder, "training_options.json");
    cJSON *root = cJSON_CreateObject();
    if (root)
        add_training(root, options);
    if (options->trainer.growing.initial_resolution > 0)
        add_growing(root, &options->trainer.growing);
    cJSON_AddStringToObject(root, "family",
                            sg_choice_name(&sg_family_choices, options->trainer.generator.family));
    cJSON_AddItemToObject(root, "G_kwargs",
                          sg_generator_config_to_json(&options->trainer.generator));
    cJSON_AddItemToObject(root, "D_kwargs",
                          sg_discriminator_config_to_json(&options->trainer.discriminator));
    char *text = print_and_delete(root, false);
    if (!text)
        return sg_fail_memory(error, "%s", path);
    sg_status status = sg_write_file(path, text, strlen(text), error);
    cJSON_free(text);
    return status;
}

/* A field's number; false when it is missing or out of the sensible. */
static bool read_number(const cJSON *root, const char *name, double *value)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(root, name);
    if (!cJSON_IsNumber(item) || !(item->valuedouble >= 0 && item->valuedouble <= 1e15))
        return false;
    *value = item->valuedouble;
    return true;
}

static bool read_int(const cJSON *root, const char *name, int *value)
{
    double number;
    if (!read_number(root, name, &number) || number > INT_MAX)
        return false;
    *value = (int)number;
    return true;
}

static bool read_text(const cJSON *root, const char *name, char *text, size_t size)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(root, name);
    if (!cJSON_IsString(item) || strlen(item->valuestring) >= size)
        return false;
    snprintf(text, size, "%s", item->valuestring);
    return true;
}

/* Runs from before there was a blur do not say so. */
static bool read_blur(const cJSON *root, sg_trainer_options *t)
{
    return !cJSON_HasObjectItem(root, "blur_init_sigma") ||
           (read_number(root, "blur_init_sigma", &t->blur_init_sigma) &&
            read_number(root, "blur_fade_kimg", &t->blur_fade_kimg));
}

/* Runs from before there were other losses do not say theirs. */
static bool read_loss(const cJSON *root, sg_trainer_options *t)
{
    char loss[32];
    char optimiser[32];
    if (!cJSON_HasObjectItem(root, "loss"))
        return true;
    if (!read_text(root, "loss", loss, sizeof loss) || sg_loss_from_name(loss) < 0 ||
        !read_text(root, "optimizer", optimiser, sizeof optimiser) ||
        sg_optimiser_from_name(optimiser) < 0)
        return false;
    t->loss = (sg_loss_kind)sg_loss_from_name(loss);
    t->optimiser = (sg_optimiser_kind)sg_optimiser_from_name(optimiser);
    return read_int(root, "n_critic", &t->n_critic) && t->n_critic > 0 &&
           read_number(root, "clip_weights", &t->clip_weights) &&
           read_number(root, "gp_weight", &t->penalty.weight) &&
           read_number(root, "drift", &t->penalty.drift) &&
           read_number(root, "r2_gamma", &t->r2_gamma);
}

/* One number for each resolution. */
static bool read_levels(const cJSON *root, const char *name, double *values)
{
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(root, name);
    int count = 0;
    if (!cJSON_IsArray(list) || cJSON_GetArraySize(list) != SG_GROWING_LEVELS)
        return false;
    for (const cJSON *item = list->child; item; item = item->next) {
        if (!cJSON_IsNumber(item) || !(item->valuedouble >= 0 && item->valuedouble <= 1e9))
            return false;
        values[count++] = item->valuedouble;
    }
    return true;
}

/* Runs of networks that do not grow have no schedule. */
static bool read_growing(const cJSON *root, sg_growing_schedule *growing)
{
    double batches[SG_GROWING_LEVELS];
    const cJSON *object = cJSON_GetObjectItemCaseSensitive(root, "growing");
    if (!object)
        return true;
    if (!read_int(object, "initial_resolution", &growing->initial_resolution) ||
        !read_number(object, "stable_kimg", &growing->stable_kimg) ||
        !read_number(object, "fade_kimg", &growing->fade_kimg) ||
        !read_int(object, "repeats", &growing->repeats) || growing->repeats < 1 ||
        !read_levels(object, "batch", batches) || !read_levels(object, "glr", growing->g_rate) ||
        !read_levels(object, "dlr", growing->d_rate))
        return false;
    for (int i = 0; i < SG_GROWING_LEVELS; i++) {
        if (batches[i] < 1 || batches[i] > SG_LARGEST_BATCH)
            return false;
        growing->batch[i] = (int)batches[i];
    }
    return true;
}

static bool read_trainer(const cJSON *root, sg_trainer_options *t)
{
    double seed;
    if (!read_number(root, "seed", &seed))
        return false;
    t->seed = (uint64_t)seed;
    t->track_w_in_g = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(root, "track_w_in_G"));
    return read_int(root, "batch", &t->batch) && t->batch > 0 &&
           read_number(root, "gamma", &t->gamma) && read_number(root, "glr", &t->g_rate) &&
           read_number(root, "dlr", &t->d_rate) && read_number(root, "beta1", &t->beta1) &&
           read_number(root, "beta2", &t->beta2) && read_number(root, "pl_weight", &t->pl_weight) &&
           read_number(root, "pl_decay", &t->pl_decay) &&
           read_number(root, "style_mixing_prob", &t->style_mixing_prob) &&
           read_int(root, "G_reg_interval", &t->g_interval) &&
           read_int(root, "D_reg_interval", &t->d_interval) &&
           read_number(root, "ema_kimg", &t->ema_kimg) &&
           read_number(root, "ema_rampup", &t->ema_rampup) &&
           read_number(root, "clip_grad", &t->clip_gradient) && read_blur(root, t) &&
           read_loss(root, t) && read_int(root, "batch_gpu", &t->batch_part) &&
           read_growing(root, &t->growing) &&
           (t->growing.initial_resolution > 0 || t->batch_part == 0 ||
            t->batch % t->batch_part == 0);
}

static bool read_run(const cJSON *root, sg_saved_options *saved)
{
    sg_run_options *o = &saved->options;
    *o = sg_run_options_default();
    o->cfg = saved->cfg;
    o->data = saved->data;
    o->conditional = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(root, "cond"));
    o->mirror = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(root, "mirror"));
    return read_text(root, "cfg", saved->cfg, sizeof saved->cfg) &&
           read_text(root, "data", saved->data, sizeof saved->data) &&
           read_number(root, "kimg", &o->kimg) && read_number(root, "tick", &o->tick) &&
           read_int(root, "snap", &o->snap) && read_trainer(root, &o->trainer);
}

static sg_status read_networks(const cJSON *root, sg_trainer_options *t, sg_error *error)
{
    /* Runs from before there were other families do not say it. */
    const cJSON *name = cJSON_GetObjectItemCaseSensitive(root, "family");
    int family = cJSON_IsString(name) ? sg_choice_find(&sg_family_choices, name->valuestring)
                                      : SG_DEFAULT_FAMILY;
    if (family < 0)
        return sg_fail(error, SG_ERROR_FORMAT,
                       "the training options name the family \"%.100s\", which this program does "
                       "not know",
                       name->valuestring);
    sg_status status =
        sg_generator_config_from_json(cJSON_GetObjectItemCaseSensitive(root, "G_kwargs"),
                                      (sg_family)family, &t->generator, error);
    if (!status)
        status = sg_discriminator_config_from_json(
            cJSON_GetObjectItemCaseSensitive(root, "D_kwargs"), &t->discriminator, error);
    return status;
}

sg_status sg_run_folder_read_options(const char *folder, sg_saved_options *saved, sg_error *error)
{
    enum { LARGEST = 1 << 20 };
    char path[SG_PATH_BYTES];
    unsigned char *bytes;
    size_t size;
    sg_run_folder_path(path, folder, "training_options.json");
    sg_status status = sg_read_file(path, LARGEST, &bytes, &size, error);
    if (status)
        return status;
    cJSON *root = cJSON_ParseWithLength((const char *)bytes, size);
    free(bytes);
    if (!cJSON_IsObject(root) || !read_run(root, saved))
        status = sg_fail(error, SG_ERROR_FORMAT,
                         "%s does not hold the options of a training run: a field is missing or "
                         "has another kind of value",
                         path);
    if (!status)
        status = read_networks(root, &saved->options.trainer, error);
    cJSON_Delete(root);
    return status;
}

static void add_number(cJSON *root, const char *name, double mean, double deviation, double count)
{
    cJSON *item = cJSON_AddObjectToObject(root, name);
    cJSON_AddNumberToObject(item, "num", count);
    cJSON_AddNumberToObject(item, "mean", mean);
    cJSON_AddNumberToObject(item, "std", deviation);
}

sg_status sg_run_folder_write_tick(const char *folder, const sg_tick *tick,
                                   const sg_statistics *statistics, sg_error *error)
{
    cJSON *root = cJSON_CreateObject();
    for (int i = 0; root && i < SG_STATISTIC_COUNT; i++) {
        const sg_moments *moments = &statistics->moments[i];
        if (moments->count)
            add_number(root, sg_statistic_name((sg_statistic)i), sg_moments_mean(moments),
                       sg_moments_deviation(moments), (double)moments->count);
    }
    double loss_d = sg_moments_mean(&statistics->moments[SG_STATISTIC_LOSS_D]);
    if (loss_d > 0)
        add_number(root, "Balance/G/D",
                   sg_moments_mean(&statistics->moments[SG_STATISTIC_LOSS_G]) / loss_d, 0, 1);
    add_number(root, "Progress/tick", tick->number, 0, 1);
    add_number(root, "Progress/kimg", tick->kimg, 0, 1);
    if (tick->grows) {
        add_number(root, "Progress/lod", tick->lod, 0, 1);
        add_number(root, "Progress/resolution", tick->resolution, 0, 1);
        add_number(root, "Progress/minibatch", tick->batch, 0, 1);
    }
    add_number(root, "Timing/total_sec", tick->total_seconds, 0, 1);
    add_number(root, "Timing/sec_per_tick", tick->seconds_per_tick, 0, 1);
    add_number(root, "Timing/sec_per_kimg", tick->seconds_per_kimg, 0, 1);
    add_number(root, "Resources/cpu_mem_gb", tick->peak_bytes / (1 << 30), 0, 1);
    cJSON_AddNumberToObject(root, "timestamp", tick->timestamp);
    char *text = print_and_delete(root, true);
    if (!text)
        return sg_fail_memory(error, "statistics");
    sg_status status = sg_run_folder_append(folder, "stats.jsonl", text, error);
    cJSON_free(text);
    return status;
}
