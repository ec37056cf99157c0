/* Latents, pictures and scores: on the tape, as training computes them, and off it. */
#include <stdlib.h>
#include <string.h>

#include "golden_test/network_case.h"

static sg_tensor *map_latents(network_case *test, const golden_variant *variant)
{
    sg_tensor *z = case_tensor(&test->base, "z");
    sg_tensor *c = network_labels(test, sg_generator_config_of(test->generator)->c_dim, 0);
    sg_tensor *w = sg_generator_map(test->generator, z, c);
    /* Without truncation the plain way is taken, which is another function. */
    return variant->psi == 1.0
               ? sg_generator_broadcast(test->generator, w)
               : sg_generator_truncate(test->generator, sg_generator_broadcast(test->generator, w),
                                       NULL, variant->psi, variant->cutoff);
}

/* Moves the input by the matrix in the file; false (error in the context) when there is none. */
static bool move_input(network_case *test)
{
    double *matrix = case_values(&test->base, "transform_inverse");
    bool moved = matrix && sg_generator_set_transform(test->generator, matrix);
    free(matrix);
    return moved;
}

static sg_tensor *synthesize(network_case *test, const golden_variant *variant)
{
    double own[9];
    sg_synthesis_options options = {.noise_mode =
                                        variant->no_noise ? SG_NOISE_NONE : SG_NOISE_CONST};
    bool movable = sg_generator_transform(test->generator, own);
    if (variant->transformed && !move_input(test))
        return NULL;
    sg_tensor *pictures =
        sg_generator_synthesize(test->generator, network_latents(test, variant), options);
    if (movable)
        sg_generator_set_transform(test->generator, own);
    return pictures;
}

static void run_latents(network_case *test, const char *name, const golden_variant *variant)
{
    bool conditional = test->generator && sg_generator_config_of(test->generator)->c_dim > 0;
    if (skip_without_generator(test, name) ||
        skip_without(test, name, "z", conditional ? test->labels : NULL))
        return;
    if (variant->psi != 1.0 && test->average_unknown) {
        report_skip(test->base.report, test->base.name, name,
                    "no file holds the average of w that this was made with");
        return;
    }
    size_t scope = sg_scope_open(test->base.context);
    case_compare(&test->base, name, name, map_latents(test, variant), GOLDEN_OUTPUT_TOLERANCE);
    sg_scope_close(test->base.context, scope, NULL);
}

/* Whether the latents of a variant are neither in the file nor can be computed. */
static bool skip_without_latents(network_case *test, const char *group,
                                 const golden_variant *variant)
{
    bool conditional = sg_generator_config_of(test->generator)->c_dim > 0;
    if (case_has(&test->base, variant->mix_name))
        return false;
    if (!has_mix(test, variant))
        return skip_without(test, group, "z2", NULL);
    return !case_has(&test->base, variant->ws_name) && !has_styles(test, "w", "z") &&
           skip_without(test, group, "z", conditional ? test->labels : NULL);
}

static void run_pictures(network_case *test, const char *name, const golden_variant *variant)
{
    for (int path = 0; path < GOLDEN_PATHS; path++) {
        char group[300];
        snprintf(group, sizeof group, "%s (%s)", name, path_name(path));
        if (skip_without_generator(test, group) || skip_without_latents(test, group, variant) ||
            skip_without_average(test, group, variant) ||
            skip_without(test, group, variant->transformed ? "transform_inverse" : NULL, NULL))
            continue;
        size_t scope = sg_scope_open(test->base.context);
        choose_path(test, path);
        case_compare_pictures(&test->base, group, name, synthesize(test, variant),
                              GOLDEN_OUTPUT_TOLERANCE);
        sg_scope_close(test->base.context, scope, NULL);
        choose_path(test, GOLDEN_INFERENCE);
    }
}

/* Pictures as levels, [N, H, W, C] in the file too. */
static void run_levels(network_case *test, const char *name)
{
    golden_variant variant;
    variant_parse("", &variant);
    if (skip_without_generator(test, name) || skip_without_latents(test, name, &variant))
        return;
    size_t scope = sg_scope_open(test->base.context);
    case_compare_levels(&test->base, name, name, synthesize(test, &variant));
    sg_scope_close(test->base.context, scope, NULL);
}

static void run_scores(network_case *test, const char *name, const char *pictures)
{
    for (int path = 0; path < GOLDEN_PATHS; path++) {
        char group[64];
        snprintf(group, sizeof group, "%s (%s)", name, path_name(path));
        int c_dim =
            test->discriminator ? sg_discriminator_config_of(test->discriminator)->c_dim : 0;
        if (skip_without_discriminator(test, group) ||
            skip_without(test, group, pictures, c_dim > 0 ? test->labels : NULL))
            continue;
        size_t scope = sg_scope_open(test->base.context);
        choose_path(test, path);
        sg_tensor *scores =
            sg_discriminator_score(test->discriminator, case_pictures(&test->base, pictures),
                                   network_labels(test, c_dim, 0));
        case_compare(&test->base, group, name, scores, GOLDEN_OUTPUT_TOLERANCE);
        sg_scope_close(test->base.context, scope, NULL);
        choose_path(test, GOLDEN_INFERENCE);
    }
}

/* Tensors that are inputs, or that the losses' groups compare. */
static bool is_elsewhere(const char *name)
{
    static const char *const names[] = {"z",
                                        "z2",
                                        "z_mean64",
                                        "c",
                                        "real",
                                        "pl_noise",
                                        "pl_mean",
                                        "pl_lengths",
                                        "r1_input_grad",
                                        "transform_inverse"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return strncmp(name, "loss.", 5) == 0 || strncmp(name, "grad.", 5) == 0;
}

static void run_tensor(network_case *test, const char *name)
{
    golden_variant variant;
    if (strcmp(name, "img_uint8_nhwc") == 0) {
        run_levels(test, name);
    } else if (strncmp(name, "ws", 2) == 0 && variant_parse(name + 2, &variant) &&
               variant.mix < 0 && !variant.no_noise && !variant.transformed) {
        run_latents(test, name, &variant);
    } else if (strncmp(name, "img", 3) == 0 && variant_parse(name + 3, &variant)) {
        run_pictures(test, name, &variant);
    } else if (strcmp(name, "D_real") == 0) {
        run_scores(test, name, "real");
    } else if (strcmp(name, "D_fake") == 0) {
        run_scores(test, name, "img");
    } else if (!run_legacy(test, name) && !is_elsewhere(name)) {
        report_skip(test->base.report, test->base.name, name,
                    "what this tensor should be is not known");
    }
}

void run_outputs(network_case *test)
{
    test->base.context->recording = false;
    for (size_t i = 0; i < sg_safetensors_count(test->base.expected); i++)
        run_tensor(test, sg_safetensors_at(test->base.expected, i)->name);
}
