/*
 * What generators of all families share: the mapping network, truncation and the average of w. The
 * synthesis network is one of the family's descriptor.
 */
#include "models/generator.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "models/config_rules.h"
#include "models/family.h"
#include "models/level.h"
#include "nn/mapping.h"
#include "ops/arithmetic.h"
#include "ops/layout.h"
#include "ops/reduce.h"

struct sg_generator {
    sg_context *context;
    sg_generator_config config;
    sg_parameter_set parameters;
    sg_mapping mapping;
    const sg_synthesis_functions *functions;
    void *synthesis;
};

static void create_mapping(sg_generator *generator)
{
    const sg_generator_config *c = &generator->config;
    const sg_mapping_config *m = &c->mapping;
    sg_mapping_options options = {.form = generator->functions->mapping_form,
                                  .z_dim = c->z_dim,
                                  .c_dim = c->c_dim,
                                  .w_dim = c->w_dim,
                                  .num_layers = m->num_layers,
                                  .embed_features = sg_embedding_width(c),
                                  .layer_features =
                                      m->layer_features < 0 ? c->w_dim : m->layer_features,
                                  .activation = m->activation,
                                  .lr_multiplier = m->lr_multiplier,
                                  .track_average = true};
    generator->mapping = sg_mapping_create(&generator->parameters, "mapping", options);
}

sg_generator *sg_generator_create(sg_context *context, const sg_generator_config *config,
                                  sg_dtype dtype, uint64_t seed)
{
    sg_error error = {0};
    if (sg_generator_config_check(config, &error)) {
        sg_context_fail(context, error.status, "%s", error.message);
        return NULL;
    }
    sg_generator *generator = sg_context_allocate(context, sizeof *generator, "a generator");
    if (!generator)
        return NULL;
    generator->context = context;
    generator->config = *config;
    generator->functions = sg_family_of(config->family)->synthesis;
    sg_parameter_set_init(&generator->parameters, context, dtype, seed);
    generator->synthesis = generator->functions->create(&generator->parameters, &generator->config);
    create_mapping(generator);
    if (context->error.status) {
        sg_generator_destroy(generator);
        return NULL;
    }
    return generator;
}

void sg_generator_destroy(sg_generator *generator)
{
    if (!generator)
        return;
    generator->functions->destroy(generator->synthesis);
    sg_parameter_set_clear(&generator->parameters);
    free(generator);
}

const sg_generator_config *sg_generator_config_of(const sg_generator *generator)
{
    return &generator->config;
}

sg_parameter_set *sg_generator_parameters(sg_generator *generator)
{
    return &generator->parameters;
}

int sg_generator_num_ws(const sg_generator *generator)
{
    return generator->functions->num_ws(&generator->config);
}

int sg_generator_style_resolution(const sg_generator *generator, int index)
{
    return generator->functions->style_resolution(&generator->config, index);
}

int sg_generator_height(const sg_generator *generator)
{
    return generator->functions->height(&generator->config);
}

int sg_generator_width(const sg_generator *generator)
{
    return generator->functions->width(&generator->config);
}

sg_tensor *sg_generator_map(sg_generator *generator, sg_tensor *z, sg_tensor *c)
{
    return sg_mapping_forward(&generator->mapping, z, c);
}

sg_tensor *sg_generator_broadcast(sg_generator *generator, sg_tensor *w)
{
    if (!w)
        return NULL;
    int64_t samples = w->shape.size[0];
    int64_t width = w->shape.size[1];
    size_t scope = sg_scope_open(w->context);
    sg_tensor *ws = sg_broadcast(sg_reshape(w, SG_SHAPE(samples, 1, width)),
                                 SG_SHAPE(samples, sg_generator_num_ws(generator), width));
    return sg_scope_close(w->context, scope, ws);
}

sg_tensor *sg_generator_truncate(sg_generator *generator, sg_tensor *ws, sg_tensor *center,
                                 double psi, int cutoff)
{
    int num_ws = sg_generator_num_ws(generator);
    int truncated = cutoff < 0 || cutoff > num_ws ? num_ws : cutoff;
    if (!ws || psi == 1 || truncated == 0)
        return ws;
    size_t scope = sg_scope_open(ws->context);
    sg_tensor *middle = center ? sg_slice(center, 1, 0, truncated) : generator->mapping.w_avg;
    sg_tensor *head = sg_slice(ws, 1, 0, truncated);
    head = sg_add(sg_affine(sg_subtract(head, middle), psi, 0), middle);
    if (truncated < num_ws)
        head = sg_concatenate(head, sg_slice(ws, 1, truncated, num_ws - truncated), 1);
    return sg_scope_close(ws->context, scope, head);
}

void sg_generator_track_average(sg_generator *generator, const sg_tensor *w)
{
    sg_tensor *average = generator->mapping.w_avg;
    double beta = generator->config.mapping.w_avg_beta;
    int64_t samples = w->shape.size[0];
    int64_t width = w->shape.size[1];
    for (int64_t i = 0; i < width; i++) {
        double mean = 0;
        for (int64_t n = 0; n < samples; n++)
            mean += sg_tensor_value(w, n * width + i);
        mean /= (double)samples;
        sg_tensor_set_value(average, i, mean + (sg_tensor_value(average, i) - mean) * beta);
    }
    sg_tensor_touch(average);
}

void sg_generator_set_lod(sg_generator *generator, double lod)
{
    sg_level_set(&generator->parameters, "synthesis.lod", lod);
}

/* Returns a tensor of the input that has a transform; NULL if the family has no such input. */
static sg_tensor *input_tensor(const sg_generator *generator, const char *name)
{
    char path[SG_PARAMETER_NAME_BYTES];
    const char *module = sg_family_of(generator->config.family)->input;
    if (!module)
        return NULL;
    snprintf(path, sizeof path, "%s.%s", module, name);
    const sg_parameter *found = sg_parameter_find(&generator->parameters, path);
    return found ? found->tensor : NULL;
}

bool sg_generator_set_transform(sg_generator *generator, const double inverse[9])
{
    sg_tensor *transform = input_tensor(generator, "transform");
    if (!transform)
        return false;
    for (int i = 0; i < 9; i++)
        sg_tensor_set_value(transform, i, inverse[i]);
    sg_tensor_touch(transform);
    return true;
}

bool sg_generator_transform(const sg_generator *generator, double inverse[9])
{
    const sg_tensor *transform = input_tensor(generator, "transform");
    for (int i = 0; transform && i < 9; i++)
        inverse[i] = sg_tensor_value(transform, i);
    return transform;
}

/* The affine layer becomes a constant: its value at the average w. */
bool sg_generator_anchor(sg_generator *generator, sg_anchor anchor)
{
    const sg_tensor *average = generator->mapping.w_avg;
    sg_tensor *weight = input_tensor(generator, "affine.weight");
    sg_tensor *bias = input_tensor(generator, "affine.bias");
    if (!weight || !bias)
        return false;
    const int64_t width = weight->shape.size[1];
    const double gain = 1 / sqrt((double)width);
    for (int64_t i = 0; i < weight->shape.size[0]; i++) {
        double sum = (anchor == SG_ANCHOR_PUBLISHED ? 2 : 1) * sg_tensor_value(bias, i);
        for (int64_t k = 0; k < width; k++) {
            sum += gain * sg_tensor_value(weight, i * width + k) * sg_tensor_value(average, k);
            sg_tensor_set_value(weight, i * width + k, 0);
        }
        sg_tensor_set_value(bias, i, sum);
    }
    sg_tensor_touch(weight);
    sg_tensor_touch(bias);
    return true;
}

sg_tensor *sg_generator_synthesize(sg_generator *generator, sg_tensor *ws,
                                   sg_synthesis_options options)
{
    int num_ws = sg_generator_num_ws(generator);
    if (!ws)
        return NULL;
    if (ws->shape.rank != 3 || ws->shape.size[1] != num_ws ||
        ws->shape.size[2] != generator->config.w_dim) {
        char text[160];
        return sg_context_fail(ws->context, SG_ERROR_SHAPE,
                               "the generator takes w of shape [N, %d, %d], found %s", num_ws,
                               generator->config.w_dim, sg_shape_print(&ws->shape, text));
    }
    return generator->functions->synthesize(generator->synthesis, ws, options);
}
