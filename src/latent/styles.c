/* Styles: map the latent, broadcast w over the inputs, move it towards a center. */
#include "latent/styles.h"

#include <string.h>

#include "latent/seeds.h"
#include "models/family.h"

static sg_context *context_of(sg_generator *generator)
{
    return sg_generator_parameters(generator)->context;
}

/* Makes the numbers of a label, [1, c_dim]; NULL for an unconditional generator. */
static sg_tensor *numbers_of(sg_context *context, int classes, sg_style_label label)
{
    if (classes == 0)
        return NULL;
    sg_tensor *c = sg_tensor_full(context, SG_F32, SG_SHAPE(1, classes), 0);
    if (c && label.values)
        memcpy(sg_f32(c), label.values, (size_t)classes * sizeof *label.values);
    else if (c)
        sg_tensor_set_value(c, label.class_index, 1);
    return c;
}

static sg_tensor *map(sg_generator *generator, sg_tensor *z, sg_style_label label)
{
    const int classes = sg_generator_config_of(generator)->c_dim;
    return sg_generator_map(generator, z, numbers_of(context_of(generator), classes, label));
}

/* Makes an undefined latent, [1, z_dim]. */
static sg_tensor *latent(sg_generator *generator)
{
    return sg_tensor_create(context_of(generator), SG_F32,
                            SG_SHAPE(1, sg_generator_config_of(generator)->z_dim));
}

sg_tensor *sg_map_latent(sg_generator *generator, const float *z, sg_style_label label)
{
    sg_tensor *tensor = latent(generator);
    if (tensor)
        memcpy(sg_f32(tensor), z, (size_t)sg_tensor_count(tensor) * sizeof *z);
    return map(generator, tensor, label);
}

static sg_tensor *map_seed(sg_generator *generator, uint32_t seed, sg_style_label label)
{
    sg_tensor *z = latent(generator);
    if (z)
        sg_seed_latent(seed, (size_t)sg_tensor_count(z), sg_f32(z));
    return map(generator, z, label);
}

/* Copies styles to a tensor, [1, num_ws, w_dim]. */
static sg_tensor *copy_styles(sg_generator *generator, const float *ws)
{
    const int num_ws = sg_generator_num_ws(generator);
    const int w_dim = sg_generator_config_of(generator)->w_dim;
    sg_tensor *tensor = sg_tensor_create(context_of(generator), SG_F32, SG_SHAPE(1, num_ws, w_dim));
    if (tensor)
        memcpy(sg_f32(tensor), ws, (size_t)sg_tensor_count(tensor) * sizeof *ws);
    return tensor;
}

static sg_tensor *full_styles(sg_generator *generator, const sg_style_source *source)
{
    if (source->ws)
        return copy_styles(generator, source->ws);
    sg_tensor *w = source->z ? sg_map_latent(generator, source->z, source->label)
                             : map_seed(generator, source->seed, source->label);
    return sg_generator_broadcast(generator, w);
}

/* Returns how many inputs are truncated by default; -1: all. */
static int usual_cutoff(const sg_generator *generator)
{
    const sg_generator_config *config = sg_generator_config_of(generator);
    return sg_family_of(config->family)->grows ? config->growing.truncation_cutoff : -1;
}

int sg_truncation_cutoff(const sg_generator *generator, const sg_truncation *truncation)
{
    return truncation->cutoff >= 0 ? truncation->cutoff : usual_cutoff(generator);
}

sg_tensor *sg_styles(sg_generator *generator, const sg_style_source *source,
                     const sg_truncation *truncation)
{
    const double psi = truncation->psi;
    const int cutoff = sg_truncation_cutoff(generator, truncation);
    sg_tensor *ws = full_styles(generator, source);
    if (!truncation->center || psi == 1)
        return sg_generator_truncate(generator, ws, NULL, psi, cutoff);
    sg_tensor *center = full_styles(generator, truncation->center);
    return center ? sg_generator_truncate(generator, ws, center, psi, cutoff) : NULL;
}
