/* Runs a set of files; see progressive_set.h. */
#include "golden_test/progressive_case.h"
#include "base/files/input_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "base/files/file.h"

enum { PATH_BYTES = 4096 };

/* ---- settings ---- */

/* A whole number, or `usual` for null and anything else. */
static int integer_of(const cJSON *object, const char *key, int usual)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);
    return cJSON_IsNumber(item) ? item->valueint : usual;
}

static progressive_settings parse_settings(const cJSON *object)
{
    const cJSON *psi = cJSON_GetObjectItemCaseSensitive(object, "truncation_psi");
    progressive_settings settings = {
        .has_truncation = psi,
        .psi = psi && cJSON_IsNumber(psi) ? psi->valuedouble : 1.0,
        .cutoff = integer_of(object, "truncation_cutoff", -1),
        .crossover = integer_of(object, "mixing_crossover", -1),
    };
    settings.has_crossover = settings.crossover >= 0;
    return settings;
}

static progressive_settings read_settings(const golden_case *test, const progressive_set *set)
{
    progressive_settings settings = {0};
    for (size_t i = 0; i < set->count; i++) {
        char path[PATH_BYTES];
        enum { LARGEST = 1 << 20 };
        unsigned char *text = NULL;
        size_t size = 0;
        sg_error error = {0};
        if (set->files[i].kind != PROGRESSIVE_SETTINGS)
            continue;
        if (!sg_read_file(progressive_path(test, set->files[i].entry, path), LARGEST, &text, &size,
                          &error)) {
            cJSON *object = cJSON_Parse((const char *)text);
            settings = parse_settings(object);
            cJSON_Delete(object);
            free(text);
        } else {
            report_failure(test->report, test->name, set->files[i].entry, "%s", error.message);
        }
    }
    return settings;
}

/* ---- files ---- */

/* Files with inputs: all but those of another level. */
static void choose_inputs(const progressive_set *set, golden_case *test)
{
    int count = 0;
    for (size_t i = 0; i < set->count; i++) {
        progressive_kind kind = set->files[i].kind;
        if ((kind == PROGRESSIVE_INPUTS || kind == PROGRESSIVE_WHOLE ||
             kind == PROGRESSIVE_WEIGHTS) &&
            count < GOLDEN_MORE_FILES)
            test->more[count++] = set->files[i].tensors;
    }
}

/* The level of detail that a file's values were computed at. */
static double lod_of(golden_case *test, const progressive_file *file, double stored)
{
    double lod = file->kind == PROGRESSIVE_OUTPUTS || file->kind == PROGRESSIVE_AVERAGED ? file->lod
                                                                                         : stored;
    if (sg_safetensors_find(file->tensors, "lod")) {
        double *values = case_values(test, "lod");
        lod = values && case_has(test, "lod") ? values[0] : lod;
        free(values);
    }
    return lod;
}

static void set_lod(const network_case *test, double lod)
{
    if (test->generator)
        sg_generator_set_lod(test->generator, lod);
    if (test->discriminator)
        sg_discriminator_set_lod(test->discriminator, lod);
}

/* The set's name with what tells the file from the others: "sg1/main.lod0.35". */
static const char *name_file(const golden_case *test, const progressive_file *file,
                             char text[2 * PATH_BYTES])
{
    const char *rest = file->entry + file->length;
    size_t length = strlen(rest);
    static const char tensors[] = ".safetensors";
    length -= length >= strlen(tensors) ? strlen(tensors) : 0;
    snprintf(text, 2 * PATH_BYTES, "%s%.*s", test->name, (int)length, rest);
    return text;
}

static void run_file(const golden_case *test, const progressive_file *file,
                     const progressive_networks *networks, const progressive_settings *settings)
{
    char name[2 * PATH_BYTES];
    bool averaged = file->kind == PROGRESSIVE_AVERAGED;
    progressive_case run = {
        .network = {.base = *test,
                    .labels = "labels",
                    .generator = averaged ? networks->averaged : networks->generator,
                    .discriminator = networks->discriminator,
                    .generator_names = &networks->generator_names,
                    .discriminator_names = &networks->discriminator_names},
        .settings = *settings,
        .lacks_noise = networks->lacks_noise,
        .lacks_average = networks->lacks_average};
    golden_case *base = &run.network.base;
    snprintf(run.network.generator_reason, sizeof run.network.generator_reason, "%s",
             averaged ? networks->averaged_reason : networks->generator_reason);
    snprintf(run.network.discriminator_reason, sizeof run.network.discriminator_reason, "%s",
             networks->discriminator_reason);
    base->name = name_file(test, file, name);
    base->expected = file->tensors;
    run.lod = lod_of(base, file, networks->lod);
    set_lod(&run.network, run.lod);
    run_progressive_outputs(&run);
    run_progressive_losses(&run);
}

void run_progressive_case(const golden_case *test, const progressive_set *set)
{
    progressive_networks networks = {0};
    golden_case run = *test;
    run.context = sg_context_create(0);
    if (!run.context) {
        report_failure(test->report, test->name, "network", "no memory left");
        return;
    }
    choose_inputs(set, &run);
    progressive_settings settings = read_settings(test, set);
    load_progressive_networks(&run, set, &networks);
    for (size_t i = 0; i < set->count; i++)
        if (set->files[i].tensors && set->files[i].kind != PROGRESSIVE_WEIGHTS &&
            set->files[i].kind != PROGRESSIVE_OTHER)
            run_file(&run, &set->files[i], &networks, &settings);
    clear_progressive_networks(&networks);
    sg_context_destroy(run.context);
}
