/* Latents, pictures and scores of networks that grow; see progressive_case.h. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "golden_test/progressive_case.h"
#include "ops/arithmetic.h"
#include "ops/layout.h"
#include "ops/picture_scale.h"
#include "train/options/growing.h"

/* ---- inputs ---- */

bool skip_without_noise(const progressive_case *test, const char *group)
{
    const network_case *network = &test->network;
    bool skipped = network->generator && test->lacks_noise;
    if (skipped)
        report_skip(network->base.report, network->base.name, group,
                    "no file holds all the constant noise");
    return skipped;
}

static bool skip_unsaid(const progressive_case *test, const char *group, bool said,
                        const char *what)
{
    if (!said)
        report_skip(test->network.base.report, test->network.base.name, group,
                    "no settings say the %s", what);
    return !said;
}

/* Whether something that styles of `z` and, if `second`, of "z2" take is absent. */
static bool skip_without_styles(progressive_case *test, const char *group, bool second)
{
    network_case *network = &test->network;
    if (skip_without_generator(network, group))
        return true;
    if (!has_styles(network, "w", "z"))
        return skip_without(network, group, "z", NULL) ||
               skip_without(network, group, network->labels, NULL);
    return second && !has_styles(network, "w2", "z2") &&
           (skip_without(network, group, "z2", NULL) ||
            skip_without(network, group, network->labels, NULL));
}

/* The first samples of a tensor, as many as the expected one has. */
static sg_tensor *first_samples(const network_case *test, const char *expected, sg_tensor *tensor)
{
    const sg_stored_tensor *stored = case_find(&test->base, expected, NULL);
    return stored && tensor && stored->rank > 0 && stored->size[0] < tensor->shape.size[0]
               ? sg_slice(tensor, 0, 0, stored->size[0])
               : tensor;
}

/* ---- styles ---- */

static sg_tensor *truncated_styles(progressive_case *test)
{
    return sg_generator_truncate(
        test->network.generator,
        sg_generator_broadcast(test->network.generator, network_styles(&test->network, "w", "z")),
        NULL, test->settings.psi, test->settings.cutoff);
}

/* Layers below the crossover from the first latents, the others from the second. */
static sg_tensor *mixed_styles(progressive_case *test)
{
    sg_generator *generator = test->network.generator;
    sg_tensor *first = sg_generator_broadcast(generator, network_styles(&test->network, "w", "z"));
    sg_tensor *second =
        sg_generator_broadcast(generator, network_styles(&test->network, "w2", "z2"));
    const int layers = sg_generator_num_ws(generator);
    const int crossover = test->settings.crossover < layers ? test->settings.crossover : layers;
    if (crossover <= 0 || crossover == layers)
        return crossover <= 0 ? second : first;
    return sg_concatenate(sg_slice(first, 1, 0, crossover),
                          sg_slice(second, 1, crossover, layers - crossover), 1);
}

static void run_mapping(progressive_case *test, const char *name, const char *latents)
{
    network_case *network = &test->network;
    bool conditional = network->generator && sg_generator_config_of(network->generator)->c_dim > 0;
    if (skip_without_generator(network, name) ||
        skip_without(network, name, latents, conditional ? network->labels : NULL))
        return;
    sg_tensor *labels = generator_labels(network, 0);
    case_compare(&network->base, name, name,
                 sg_generator_map(network->generator, case_tensor(&network->base, latents), labels),
                 GOLDEN_OUTPUT_TOLERANCE);
}

static bool skip_without_average_of_w(const progressive_case *test, const char *group)
{
    if (test->lacks_average)
        report_skip(test->network.base.report, test->network.base.name, group,
                    "no file holds the average of w");
    return test->lacks_average;
}

static void run_styles(progressive_case *test, const char *name)
{
    bool mixed = strcmp(name, "ws_mix") == 0;
    const progressive_settings *settings = &test->settings;
    if (skip_without_styles(test, name, mixed) ||
        (mixed ? skip_unsaid(test, name, settings->has_crossover, "crossover")
               : skip_without_average_of_w(test, name) ||
                     skip_unsaid(test, name, settings->has_truncation, "truncation")))
        return;
    case_compare(&test->network.base, name, name,
                 mixed ? mixed_styles(test) : truncated_styles(test), GOLDEN_OUTPUT_TOLERANCE);
}

/* The average of w after one training step with this batch. */
static void run_next_average(progressive_case *test, const char *name)
{
    network_case *network = &test->network;
    if (skip_without_styles(test, name, false) || skip_without_average_of_w(test, name))
        return;
    sg_tensor *average =
        sg_parameter_find(sg_generator_parameters(network->generator), "mapping.w_avg")->tensor;
    sg_tensor *before = sg_affine(average, 1.0, 0.0);
    const sg_tensor *w = network_styles(network, "w", "z");
    if (w && before) {
        sg_generator_track_average(network->generator, w);
        case_compare(&network->base, name, name, average, GOLDEN_OUTPUT_TOLERANCE);
        memcpy(sg_f32(average), sg_f32(before), (size_t)sg_tensor_count(average) * sizeof(float));
        sg_tensor_touch(average);
    } else {
        case_fail(&network->base, name);
    }
}

/* ---- pictures ---- */

/* Where the styles of a picture come from: the file, or else the same as its own groups. */
static sg_tensor *styles_of_picture(progressive_case *test, const char *name)
{
    network_case *network = &test->network;
    golden_variant variant;
    bool mixed = strcmp(name, "image_mix") == 0;
    if (mixed || strcmp(name, "image_trunc") == 0) {
        const char *styles = mixed ? "ws_mix" : "ws_trunc";
        return case_has(&network->base, styles) ? case_tensor(&network->base, styles)
               : mixed                          ? mixed_styles(test)
                                                : truncated_styles(test);
    }
    variant_parse(name + strlen("image"), &variant);
    sg_tensor *w = network_styles(network, "w", "z");
    return variant.psi == 1.0 ? sg_generator_broadcast(network->generator, w)
                              : sg_generator_truncate(network->generator,
                                                      sg_generator_broadcast(network->generator, w),
                                                      NULL, variant.psi, variant.cutoff);
}

static bool skip_without_picture(progressive_case *test, const char *group, const char *name)
{
    network_case *network = &test->network;
    bool mixed = strcmp(name, "image_mix") == 0;
    bool truncated = strcmp(name, "image_trunc") == 0;
    if (skip_without_generator(network, group) || skip_without_noise(test, group))
        return true;
    if ((mixed && case_has(&network->base, "ws_mix")) ||
        (truncated && case_has(&network->base, "ws_trunc")))
        return false;
    if (mixed && skip_unsaid(test, group, test->settings.has_crossover, "crossover"))
        return true;
    if (truncated && skip_unsaid(test, group, test->settings.has_truncation, "truncation"))
        return true;
    bool averages = truncated || strstr(name, "_psi");
    return skip_without_styles(test, group, mixed) ||
           (averages && skip_without_average_of_w(test, group));
}

static void run_picture(progressive_case *test, const char *name)
{
    static const sg_synthesis_options constant = {.noise_mode = SG_NOISE_CONST};
    network_case *network = &test->network;
    for (int path = 0; path < GOLDEN_PATHS; path++) {
        char group[300];
        snprintf(group, sizeof group, "%s (%s)", name, path_name(path));
        if (skip_without_picture(test, group, name))
            continue;
        choose_path(network, path);
        sg_tensor *ws = first_samples(network, name, styles_of_picture(test, name));
        case_compare_pictures(&network->base, group, name,
                              sg_generator_synthesize(network->generator, ws, constant),
                              GOLDEN_OUTPUT_TOLERANCE);
        choose_path(network, GOLDEN_INFERENCE);
    }
}

/* ---- noise of its own for each sample ---- */

/* The constant noise of the layer that a name is about; NULL when it is about something else. */
static sg_tensor *noise_of(const progressive_case *test, const sg_foreign_name *name,
                           const char **number)
{
    static const char mark[] = "/noise";
    const char *found = strstr(name->foreign, mark);
    sg_parameter *parameter =
        sg_parameter_find(sg_generator_parameters(test->network.generator), name->official);
    *number = found ? found + strlen(mark) : "";
    return found && parameter ? parameter->tensor : NULL;
}

/* Sets the noise to sample `sample` of "noise_persample{i}"; false when one is absent. */
static bool set_noise(progressive_case *test, int64_t sample)
{
    const sg_foreign_names *names = test->network.generator_names;
    bool whole = true;
    for (size_t i = 0; whole && i < names->count; i++) {
        char input[64];
        const char *number = NULL;
        sg_tensor *noise = noise_of(test, &names->items[i], &number);
        if (!noise)
            continue;
        snprintf(input, sizeof input, "noise_persample%s", number);
        const sg_stored_tensor *stored = case_find(&test->network.base, input, NULL);
        const size_t count = (size_t)sg_tensor_count(noise);
        const size_t first = (size_t)sample * count;
        double *values = stored && stored->count >= first + count
                             ? case_values(&test->network.base, input)
                             : NULL;
        for (size_t k = 0; values && k < count; k++)
            sg_tensor_set_value(noise, (int64_t)k, values[first + k]);
        sg_tensor_touch(noise);
        whole = values;
        free(values);
    }
    return whole;
}

/* A picture for each sample, painted one by one with the sample's noise as the constant one. */
static sg_tensor *pictures_with_own_noise(progressive_case *test, int64_t samples, bool *whole)
{
    static const sg_synthesis_options constant = {.noise_mode = SG_NOISE_CONST};
    sg_generator *generator = test->network.generator;
    sg_tensor *ws = sg_generator_broadcast(generator, network_styles(&test->network, "w", "z"));
    sg_tensor *pictures = NULL;
    for (int64_t i = 0; ws && *whole && i < samples; i++) {
        *whole = set_noise(test, i);
        sg_tensor *picture =
            *whole ? sg_generator_synthesize(generator, sg_slice(ws, 0, i, 1), constant) : NULL;
        pictures = i > 0 ? sg_concatenate(pictures, picture, 0) : picture;
    }
    return pictures;
}

static void compare_own_noise(progressive_case *test, const char *name)
{
    network_case *network = &test->network;
    const int64_t samples = case_find(&network->base, name, NULL)->size[0];
    for (int path = 0; path < GOLDEN_PATHS; path++) {
        char group[300];
        bool whole = true;
        snprintf(group, sizeof group, "%s (%s)", name, path_name(path));
        choose_path(network, path);
        sg_tensor *pictures = pictures_with_own_noise(test, samples, &whole);
        choose_path(network, GOLDEN_INFERENCE);
        if (whole)
            case_compare_pictures(&network->base, group, name, pictures, GOLDEN_OUTPUT_TOLERANCE);
        else
            skip_without(network, group, "noise_persample for all layers", NULL);
    }
}

/* Compares, and puts the constant noise back. */
static void run_own_noise(progressive_case *test, const char *name)
{
    const sg_foreign_names *names = test->network.generator_names;
    if (skip_without_styles(test, name, false))
        return;
    sg_tensor **kept = sg_allocate(names->count + 1, sizeof(sg_tensor *));
    const char *number = NULL;
    for (size_t i = 0; kept && i < names->count; i++)
        kept[i] = sg_affine(noise_of(test, &names->items[i], &number), 1.0, 0.0);
    if (kept)
        compare_own_noise(test, name);
    for (size_t i = 0; kept && i < names->count; i++) {
        sg_tensor *noise = noise_of(test, &names->items[i], &number);
        if (noise && kept[i]) {
            memcpy(sg_f32(noise), sg_f32(kept[i]), (size_t)sg_tensor_count(noise) * sizeof(float));
            sg_tensor_touch(noise);
        }
    }
    free(kept);
}

/* ---- reals ---- */

sg_tensor *process_reals(sg_tensor *pictures, double lod)
{
    if (!pictures)
        return NULL;
    sg_tensor *faded = sg_affine(pictures, 1.0, 0.0);
    const int64_t *size = pictures->shape.size;
    if (faded)
        sg_growing_fade(sg_f32(faded), size[0], size[1], size[3], lod - floor(lod));
    return sg_enlarge_nearest(faded, 1 << (int)lod);
}

/* The pictures of the data set, bytes 0 to 255, as the discriminator has them. */
static void run_reals(progressive_case *test, const char *name)
{
    network_case *network = &test->network;
    if (!case_has(&network->base, "reals_raw"))
        return; /* the pictures are but an input */
    sg_tensor *raw = case_pictures(&network->base, "reals_raw");
    sg_tensor *reals = raw ? process_reals(sg_affine(raw, 1 / 127.5, -1.0), test->lod) : NULL;
    double *expected = case_values(&network->base, name);
    double *values = reals ? tensor_values(sg_to_channels_first(reals)) : NULL;
    size_t count = reals ? (size_t)sg_tensor_count(reals) : 0;
    if (!values || !expected) {
        case_fail(&network->base, name);
    } else if (count > case_find(&network->base, name, NULL)->count) {
        report_failure(network->base.report, network->base.name, name,
                       "reals_raw is larger than %s", name);
    } else {
        /* The raw pictures are of the first samples only. */
        report_error(network->base.report, network->base.name, name,
                     relative_error(values, expected, count, 0.0), GOLDEN_OUTPUT_TOLERANCE, NULL);
    }
    free(values);
    free(expected);
}

/* ---- all ---- */

static bool starts_with(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

/* Tensors that are inputs, raw variables, or compared with the losses. */
static bool is_elsewhere(const char *name)
{
    static const char *const names[] = {"z", "z2", "labels", "dlatent_avg", "lod", "reals_raw"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return starts_with(name, "noise") || starts_with(name, "G/") || starts_with(name, "D/") ||
           is_of_progressive_losses(name);
}

static void run_tensor(progressive_case *test, const char *name)
{
    network_case *network = &test->network;
    golden_variant variant;
    if (strcmp(name, "w") == 0 || strcmp(name, "w2") == 0) {
        run_mapping(test, name, name[1] == '2' ? "z2" : "z");
    } else if (strcmp(name, "ws_trunc") == 0 || strcmp(name, "ws_mix") == 0) {
        run_styles(test, name);
    } else if (strcmp(name, "dlatent_avg_next") == 0) {
        run_next_average(test, name);
    } else if (strcmp(name, "image_persample_noise") == 0) {
        run_own_noise(test, name);
    } else if (strcmp(name, "image_trunc") == 0 || strcmp(name, "image_mix") == 0 ||
               (starts_with(name, "image") && variant_parse(name + strlen("image"), &variant) &&
                variant.mix < 0 && !variant.no_noise && !variant.transformed)) {
        run_picture(test, name);
    } else if (strcmp(name, "reals") == 0) {
        run_reals(test, name);
    } else if (starts_with(name, "scores_")) {
        run_progressive_scores(network, name);
    } else if (starts_with(name, "mbstd_")) {
        run_progressive_deviations(network, name);
    } else if (!is_elsewhere(name)) {
        report_skip(network->base.report, network->base.name, name,
                    "what this tensor should be is not known");
    }
}

void run_progressive_outputs(progressive_case *test)
{
    golden_case *base = &test->network.base;
    base->context->recording = false;
    for (size_t i = 0; i < sg_safetensors_count(base->expected); i++) {
        size_t scope = sg_scope_open(base->context);
        run_tensor(test, sg_safetensors_at(base->expected, i)->name);
        sg_scope_close(base->context, scope, NULL);
    }
}
