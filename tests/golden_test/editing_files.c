/* Which file is which case, and the networks that they name; see editing_files.h. */
#define _GNU_SOURCE
#include "golden_test/editing_files.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "base/files/file.h"
#include "base/files/input_file.h"
#include "checkpoint/network/network_load.h"
#include "golden_test/augment_case.h"
#include "golden_test/clip_case.h"
#include "golden_test/edit_case.h"
#include "golden_test/encoder_case.h"
#include "golden_test/feature_case.h"
#include "golden_test/metric_case.h"
#include "golden_test/nada_case.h"
#include "golden_test/projector_case.h"
#include "golden_test/style_case.h"
#include "golden_test/training_case.h"
#include "golden_test/word_case.h"

enum { PATH_BYTES = 4096, DEEPEST = 8, MOST_BYTES = 1 << 20 };

/* A file and what runs it, with the case's `expected` open; a file may have several rows. */
typedef struct editing_row {
    const char *entry;
    void (*run)(golden_case *test);
} editing_row;

static const editing_row rows[] = {
    {"augment-specs.safetensors", run_augment_pipes},
    {"augment-single.safetensors", run_augment_pipes},
    {"augment-r1.safetensors", run_augment_r1},
    {"training.safetensors", run_training},
    {"editing.safetensors", run_editing},
    {"blending.safetensors", run_blending},
    {"adain.safetensors", run_style},
    {"encoder.safetensors", run_encoder},
    {"clip.safetensors", run_clip},
    {"clip.safetensors", run_styleclip},
    {"clip.safetensors", run_nada},
    {"projector-w.safetensors", run_projections},
    {"projector-wplus.safetensors", run_projections},
    {"pti.safetensors", run_pivotal_tuning},
    {"features.safetensors", run_features},
    {"images.safetensors", run_images},
    {"equivariance.safetensors", run_equivariance},
    {"resize.safetensors", run_resize},
    {"directions.safetensors", run_directions},
    {"editing.safetensors", run_boundary},
    {"inception.safetensors", run_inception},
    {"lpips.safetensors", run_lpips},
};

bool is_editing_file(const char *entry)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (strcmp(entry, rows[i].entry) == 0)
            return true;
    return false;
}

void run_editing_file(const golden_case *base, const char *entry)
{
    char name[PATH_BYTES];
    char path[PATH_BYTES];
    golden_case test = *base;
    sg_error error = {0};
    snprintf(name, sizeof name, "%s/%s", base->name, entry);
    snprintf(path, sizeof path, "%s/%s", base->folder, entry);
    test.name = name;
    test.context = sg_context_create(0);
    if (!test.context)
        report_failure(test.report, name, "all", "no memory left");
    else if (sg_safetensors_open(path, &test.expected, &error))
        report_failure(test.report, name, "all", "%s", error.message);
    for (size_t i = 0; test.expected && i < sizeof rows / sizeof rows[0]; i++)
        if (strcmp(entry, rows[i].entry) == 0)
            rows[i].run(&test);
    sg_safetensors_close(test.expected);
    sg_context_destroy(test.context);
}

/* ---- networks ---- */

/* Reads a text of networks.json; false when it is not there. */
static bool read_name(const golden_case *test, const char *kind, char *name, size_t size)
{
    char path[PATH_BYTES];
    unsigned char *bytes = NULL;
    size_t length = 0;
    snprintf(path, sizeof path, "%s/networks.json", test->folder);
    if (sg_read_file(path, MOST_BYTES, &bytes, &length, NULL))
        return false;
    cJSON *object = cJSON_ParseWithLength((const char *)bytes, length);
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, kind));
    if (text)
        snprintf(name, size, "%s", text);
    cJSON_Delete(object);
    free(bytes);
    return text != NULL;
}

/* Looks for the file NAME/network.safetensors below a folder. */
static bool find_below(const char *folder, const char *name, int depth, char *found)
{
    char path[PATH_BYTES];
    struct dirent **entries = NULL;
    snprintf(path, sizeof path, "%s/%s/network.safetensors", folder, name);
    bool there = sg_path_exists(path);
    if (there)
        memcpy(found, path, sizeof path);
    const int count = there || depth == DEEPEST ? 0 : scandir(folder, &entries, NULL, alphasort);
    for (int i = 0; i < count; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name);
        if (!there && entries[i]->d_name[0] != '.' && sg_path_is_folder(path))
            there = find_below(path, name, depth + 1, found);
        free(entries[i]);
    }
    free(entries);
    return there;
}

bool find_editing_network(const golden_case *test, const char *kind, char *path, char *reason)
{
    char name[200];
    if (!read_name(test, kind, name, sizeof name)) {
        snprintf(reason, 300, "networks.json names no network for \"%s\"", kind);
        return false;
    }
    if (find_below(test->root, name, 0, path) || find_below("tests/golden", name, 0, path))
        return true;
    snprintf(reason, 300, "there is no folder %s with its network", name);
    return false;
}

/* ---- precisions ---- */

/* Opens that network, whose path goes to `path`; NULL when there is none, which is reported. */
static sg_network_file *open_editing_network(const golden_case *test, const char *kind,
                                             const char *group, char *path)
{
    char reason[300];
    sg_network_file *file = NULL;
    sg_error error = {0};
    if (!find_editing_network(test, kind, path, reason))
        report_skip(test->report, test->name, group, "%s", reason);
    else if (sg_network_open(path, &file, &error))
        report_failure(test->report, test->name, group, "%s", error.message);
    return file;
}

sg_discriminator *load_editing_discriminator(const golden_case *test, const char *kind,
                                             const char *group, char *path)
{
    sg_discriminator *single = NULL;
    sg_error error = {0};
    sg_network_file *file = open_editing_network(test, kind, group, path);
    if (file && sg_network_load_discriminator(file, test->context, &single, &error))
        report_failure(test->report, test->name, group, "%s", error.message);
    sg_network_close(file);
    return single;
}

sg_generator *load_editing_generator(const golden_case *test, const char *kind, const char *group,
                                     char *path)
{
    sg_generator *single = NULL;
    sg_error error = {0};
    sg_network_file *file = open_editing_network(test, kind, group, path);
    if (file && sg_network_load_generator(file, SG_PART_G_EMA, test->context, &single, &error))
        report_failure(test->report, test->name, group, "%s", error.message);
    sg_network_close(file);
    return single;
}

sg_safetensors *open_network_values(const char *network)
{
    char path[PATH_BYTES];
    sg_safetensors *file = NULL;
    const char *name = strrchr(network, '/');
    snprintf(path, sizeof path, "%.*s/expected.safetensors", (int)(name ? name - network : 0),
             network);
    return sg_safetensors_open(path, &file, NULL) ? NULL : file;
}

sg_tensor *tensor_in_precision(sg_context *context, const sg_tensor *from, sg_dtype dtype)
{
    sg_tensor *to = from ? sg_tensor_create(context, dtype, from->shape) : NULL;
    for (int64_t i = 0; to && i < sg_tensor_count(to); i++)
        sg_tensor_set_value(to, i, sg_tensor_value(from, i));
    return to;
}

/* Copies the values of parameters, which may be of another precision. */
static void copy_values(const sg_parameter_set *from, sg_parameter_set *to)
{
    for (size_t i = 0; i < to->count; i++) {
        for (int64_t k = 0; k < sg_tensor_count(to->items[i].tensor); k++)
            sg_tensor_set_value(to->items[i].tensor, k, sg_tensor_value(from->items[i].tensor, k));
        sg_tensor_touch(to->items[i].tensor);
    }
}

sg_generator *generator_in_precision(sg_context *context, const sg_generator *single,
                                     sg_dtype dtype)
{
    sg_generator *built = sg_generator_create(context, sg_generator_config_of(single), dtype, 0);
    if (built)
        copy_values(sg_generator_parameters((sg_generator *)single),
                    sg_generator_parameters(built));
    return built;
}

sg_discriminator *discriminator_in_precision(sg_context *context, const sg_discriminator *single,
                                             sg_dtype dtype)
{
    sg_discriminator *built =
        sg_discriminator_create(context, sg_discriminator_config_of(single), dtype, 0);
    if (built)
        copy_values(sg_discriminator_parameters((sg_discriminator *)single),
                    sg_discriminator_parameters(built));
    return built;
}

sg_generator *load_editing_generator_in(const golden_case *test, const char *kind,
                                        const char *group, sg_dtype dtype)
{
    char path[PATH_BYTES];
    sg_generator *single = load_editing_generator(test, kind, group, path);
    if (!single || dtype == SG_F32)
        return single;
    sg_generator *built = generator_in_precision(test->context, single, dtype);
    sg_generator_destroy(single);
    return built;
}

sg_tensor *editing_network_styles(const golden_case *test, const char *kind, const char *group,
                                  sg_dtype dtype)
{
    char path[PATH_BYTES];
    char reason[300];
    golden_case beside = *test;
    sg_error error = {0};
    sg_tensor *styles = NULL;
    if (!find_editing_network(test, kind, path, reason)) {
        report_skip(test->report, test->name, group, "%s", reason);
        return NULL;
    }
    snprintf(strrchr(path, '/'), sizeof "/expected.safetensors", "/expected.safetensors");
    const size_t scope = sg_scope_open(test->context);
    if (sg_safetensors_open(path, &beside.expected, &error))
        report_failure(test->report, test->name, group, "%s", error.message);
    else
        styles =
            sg_tensor_retain(tensor_in_precision(test->context, case_tensor(&beside, "ws"), dtype));
    sg_safetensors_close(beside.expected);
    sg_scope_close(test->context, scope, NULL);
    return styles;
}
