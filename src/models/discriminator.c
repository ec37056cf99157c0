/*
 * What discriminators of all families share: config, parameters and checks of inputs. The network
 * is one of the family's descriptor.
 *
 * Tested by: tests/models/stylegan2/test_stylegan2_discriminator.c
 */
#include "models/discriminator.h"

#include <stdlib.h>

#include "models/config_rules.h"
#include "models/family.h"
#include "models/level.h"

struct sg_discriminator {
    sg_context *context;
    sg_discriminator_config config;
    sg_parameter_set parameters;
    const sg_discriminator_functions *functions;
    void *network;
};

sg_discriminator *sg_discriminator_create(sg_context *context,
                                          const sg_discriminator_config *config, sg_dtype dtype,
                                          uint64_t seed)
{
    sg_error error = {0};
    if (sg_discriminator_config_check(config, &error)) {
        sg_context_fail(context, error.status, "%s", error.message);
        return NULL;
    }
    sg_discriminator *discriminator =
        sg_context_allocate(context, sizeof *discriminator, "a discriminator");
    if (!discriminator)
        return NULL;
    discriminator->context = context;
    discriminator->config = *config;
    discriminator->functions = sg_family_of(sg_discriminator_family(config->family))->discriminator;
    sg_parameter_set_init(&discriminator->parameters, context, dtype, seed);
    discriminator->network =
        discriminator->functions->create(&discriminator->parameters, &discriminator->config);
    if (context->error.status) {
        sg_discriminator_destroy(discriminator);
        return NULL;
    }
    return discriminator;
}

void sg_discriminator_destroy(sg_discriminator *discriminator)
{
    if (!discriminator)
        return;
    discriminator->functions->destroy(discriminator->network);
    sg_parameter_set_clear(&discriminator->parameters);
    free(discriminator);
}

const sg_discriminator_config *sg_discriminator_config_of(const sg_discriminator *discriminator)
{
    return &discriminator->config;
}

sg_parameter_set *sg_discriminator_parameters(sg_discriminator *discriminator)
{
    return &discriminator->parameters;
}

void sg_discriminator_set_lod(sg_discriminator *discriminator, double lod)
{
    sg_level_set(&discriminator->parameters, "lod", lod);
}

int64_t sg_discriminator_height(const sg_discriminator_config *config)
{
    return (int64_t)config->base_height * config->img_resolution / 4;
}

int64_t sg_discriminator_width(const sg_discriminator_config *config)
{
    return (int64_t)config->base_width * config->img_resolution / 4;
}

/* True for the size of full pictures and for that of the current level of detail. */
static bool size_fits(const sg_discriminator *discriminator, const int64_t *size)
{
    const sg_discriminator_config *c = &discriminator->config;
    const int current =
        sg_level_resolution(c->img_resolution, sg_level_get(&discriminator->parameters, "lod"));
    for (int i = 0; i < 2; i++) {
        const int resolution = i == 0 ? c->img_resolution : current;
        if (size[1] == (int64_t)c->base_height * resolution / 4 &&
            size[2] == (int64_t)c->base_width * resolution / 4)
            return true;
    }
    return false;
}

static bool check_pictures(const sg_discriminator *discriminator, const sg_tensor *pictures)
{
    const sg_discriminator_config *c = &discriminator->config;
    const int64_t *s = pictures->shape.size;
    if (pictures->shape.rank == 4 && size_fits(discriminator, s) && s[3] == c->img_channels)
        return true;
    char text[160];
    sg_context_fail(discriminator->context, SG_ERROR_SHAPE,
                    "the discriminator takes pictures [N, %lld, %lld, %d], found %s",
                    (long long)sg_discriminator_height(c), (long long)sg_discriminator_width(c),
                    c->img_channels, sg_shape_print(&pictures->shape, text));
    return false;
}

/* Fails unless there is a label for each picture; broadcasting would accept a single one. */
static bool check_labels(const sg_discriminator *discriminator, const sg_tensor *pictures,
                         const sg_tensor *c)
{
    const sg_shape expected = SG_SHAPE(pictures->shape.size[0], discriminator->config.c_dim);
    if (discriminator->config.c_dim == 0 || sg_discriminator_classifies(&discriminator->config) ||
        !c || sg_shape_equal(&c->shape, &expected))
        return true;
    char wanted[160];
    char found[160];
    sg_context_fail(discriminator->context, SG_ERROR_SHAPE,
                    "the discriminator takes labels %s for these pictures, found %s",
                    sg_shape_print(&expected, wanted), sg_shape_print(&c->shape, found));
    return false;
}

sg_tensor *sg_discriminator_score(sg_discriminator *discriminator, sg_tensor *pictures,
                                  sg_tensor *c)
{
    if (!pictures || !check_pictures(discriminator, pictures) ||
        !check_labels(discriminator, pictures, c))
        return NULL;
    return discriminator->functions->score(discriminator->network, pictures, c);
}

bool sg_discriminator_classifies(const sg_discriminator_config *config)
{
    return config->output != SG_OUTPUT_SCORE;
}

sg_tensor *sg_discriminator_features(sg_discriminator *discriminator, sg_tensor *pictures)
{
    if (!pictures || !check_pictures(discriminator, pictures))
        return NULL;
    if (!discriminator->functions->features) {
        sg_context_fail(discriminator->context, SG_ERROR_ARGUMENT,
                        "the discriminator of %s offers no features",
                        sg_family_of(discriminator->config.family)->title);
        return NULL;
    }
    return discriminator->functions->features(discriminator->network, pictures);
}

/* Computes the maps of pictures that were checked. */
static void compute_maps(sg_discriminator *discriminator, sg_tensor *pictures,
                         sg_feature_maps *maps)
{
    const size_t scope = sg_scope_open(discriminator->context);
    discriminator->functions->maps(discriminator->network, pictures, maps);
    sg_scope_close(discriminator->context, scope, NULL);
}

int64_t sg_discriminator_step(const sg_discriminator *discriminator)
{
    const sg_discriminator_config *c = &discriminator->config;
    return sg_family_of(c->family)->grows ? 0 : c->img_resolution / 4;
}

void sg_discriminator_wide_maps(sg_discriminator *discriminator, sg_tensor *pictures,
                                sg_feature_maps *maps)
{
    const int64_t step = sg_discriminator_step(discriminator);
    const int channels = discriminator->config.img_channels;
    char text[160];
    *maps = (sg_feature_maps){.count = 0};
    if (!pictures)
        return;
    const int64_t *s = pictures->shape.size;
    if (step > 0 && pictures->shape.rank == 4 && s[3] == channels && s[1] % step == 0 &&
        s[2] % step == 0)
        compute_maps(discriminator, pictures, maps);
    else
        sg_context_fail(discriminator->context, SG_ERROR_SHAPE,
                        "the discriminator takes pictures [N, H, W, %d] with sides that %lld "
                        "divides, found %s",
                        channels, (long long)step, sg_shape_print(&pictures->shape, text));
}

void sg_discriminator_maps(sg_discriminator *discriminator, sg_tensor *pictures,
                           sg_feature_maps *maps)
{
    *maps = (sg_feature_maps){.count = 0};
    if (pictures && check_pictures(discriminator, pictures))
        compute_maps(discriminator, pictures, maps);
}

sg_mapping sg_label_mapping_create(sg_parameter_set *set, const sg_discriminator_config *config,
                                   int width)
{
    const sg_mapping_config *m = &config->mapping;
    const sg_mapping_options options = {
        .c_dim = config->c_dim,
        .w_dim = width,
        .num_layers = m->num_layers,
        .embed_features = m->embed_features < 0 ? width : m->embed_features,
        .layer_features = m->layer_features < 0 ? width : m->layer_features,
        .activation = m->activation,
        .lr_multiplier = m->lr_multiplier};
    return sg_mapping_create(set, "mapping", options);
}
