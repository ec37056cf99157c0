/* Pictures of seeds: z as the official programs draw it, and one level of difference allowed. */
#include <stdlib.h>
#include <string.h>

#include "base/numpy_random.h"
#include "golden_test/network_case.h"

/* "seedN_psiP": the seed, and the variant of the rest. */
static bool parse_name(const char *name, uint32_t *seed, golden_variant *variant)
{
    if (strncmp(name, "seed", 4) != 0)
        return false;
    char *end = NULL;
    unsigned long long number = strtoull(name + 4, &end, 10);
    if (end == name + 4 || number > UINT32_MAX)
        return false;
    *seed = (uint32_t)number;
    return variant_parse(end, variant) && variant->mix < 0 && !variant->transformed;
}

/* RandomState(seed).randn(1, z_dim). */
static sg_tensor *seed_latent(network_case *test, uint32_t seed)
{
    int z_dim = sg_generator_config_of(test->generator)->z_dim;
    sg_tensor *z = sg_tensor_create(test->base.context, SG_F32, SG_SHAPE(1, z_dim));
    sg_numpy_random random;
    sg_numpy_random_seed(&random, seed);
    for (int i = 0; z && i < z_dim; i++)
        sg_f32(z)[i] = (float)sg_numpy_random_normal(&random);
    return z;
}

/* Class 1, one-hot; NULL for an unconditional network. */
static sg_tensor *class_one(network_case *test)
{
    int c_dim = sg_generator_config_of(test->generator)->c_dim;
    if (c_dim == 0)
        return NULL;
    sg_tensor *c = sg_tensor_full(test->base.context, SG_F32, SG_SHAPE(1, c_dim), 0.0);
    if (c)
        sg_f32(c)[c_dim > 1 ? 1 : 0] = 1.0f;
    return c;
}

static sg_tensor *seed_picture(network_case *test, uint32_t seed, const golden_variant *variant)
{
    sg_tensor *w = sg_generator_map(test->generator, seed_latent(test, seed), class_one(test));
    sg_tensor *ws =
        sg_generator_truncate(test->generator, sg_generator_broadcast(test->generator, w), NULL,
                              variant->psi, variant->cutoff);
    sg_synthesis_options options = {.noise_mode =
                                        variant->no_noise ? SG_NOISE_NONE : SG_NOISE_CONST};
    return sg_generator_synthesize(test->generator, ws, options);
}

static void run_seed(network_case *test, const char *name)
{
    uint32_t seed = 0;
    golden_variant variant;
    if (!parse_name(name, &seed, &variant)) {
        report_skip(test->base.report, test->base.name, name,
                    "what this tensor should be is not known");
        return;
    }
    if (skip_without_generator(test, name))
        return;
    size_t scope = sg_scope_open(test->base.context);
    case_compare_levels(&test->base, name, name, seed_picture(test, seed, &variant));
    sg_scope_close(test->base.context, scope, NULL);
}

void run_seeds(network_case *test)
{
    test->base.context->recording = false;
    for (size_t i = 0; i < sg_safetensors_count(test->base.expected); i++)
        run_seed(test, sg_safetensors_at(test->base.expected, i)->name);
}
