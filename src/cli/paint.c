/*
 * From seeds to pictures; see paint.h.
 *
 * Pictures are computed one at a time: in a batch, the libraries underneath split sums differently,
 * so that a picture's last bits would depend on its neighbours, and on a CPU a batch is no faster.
 */
#include "cli/paint.h"

#include <string.h>

#include "latent/seeds.h"

enum { NOISE_STREAM = 1 /* of a seed's random numbers */ };

static const char *const noise_mode_names[] = {"const", "random", "none"};

const char *sg_noise_mode_name(sg_noise_mode mode)
{
    return noise_mode_names[mode];
}

int sg_noise_mode_from_name(const char *name)
{
    for (int mode = SG_NOISE_CONST; mode <= SG_NOISE_NONE; mode++)
        if (strcmp(noise_mode_names[mode], name) == 0)
            return mode;
    return -1;
}

sg_random sg_noise_of_seed(uint32_t seed)
{
    return sg_random_stream(seed, NOISE_STREAM);
}

/* The class as a one-hot label, [1, c_dim]; NULL for an unconditional generator. */
static sg_tensor *label(sg_context *context, int classes, int class_index)
{
    if (classes == 0)
        return NULL;
    sg_tensor *c = sg_tensor_full(context, SG_F32, SG_SHAPE(1, classes), 0);
    if (c)
        sg_tensor_set_value(c, class_index, 1);
    return c;
}

static sg_tensor *map(sg_generator *generator, sg_tensor *z, int class_index)
{
    sg_context *context = sg_generator_parameters(generator)->context;
    return sg_generator_map(generator, z,
                            label(context, sg_generator_config_of(generator)->c_dim, class_index));
}

/* An empty latent, [1, z_dim]. */
static sg_tensor *latent(sg_generator *generator)
{
    return sg_tensor_create(sg_generator_parameters(generator)->context, SG_F32,
                            SG_SHAPE(1, sg_generator_config_of(generator)->z_dim));
}

sg_tensor *sg_paint_map(sg_generator *generator, const float *z, int class_index)
{
    sg_tensor *tensor = latent(generator);
    if (tensor)
        memcpy(sg_f32(tensor), z, (size_t)sg_tensor_count(tensor) * sizeof *z);
    return map(generator, tensor, class_index);
}

sg_tensor *sg_paint_map_seed(sg_generator *generator, uint32_t seed, int class_index)
{
    sg_tensor *z = latent(generator);
    if (z)
        sg_seed_latent(seed, (size_t)sg_tensor_count(z), sg_f32(z));
    return map(generator, z, class_index);
}

sg_status sg_paint(sg_generator *generator, sg_tensor *ws, sg_synthesis_options options,
                   sg_image **image, sg_error *error)
{
    sg_context *context = sg_generator_parameters(generator)->context;
    *image = NULL;
    const size_t scope = sg_scope_open(context);
    sg_tensor *pixels = sg_generator_synthesize(generator, ws, options);
    sg_status status = sg_context_take_error(context, error);
    if (!status)
        status = sg_image_from_floats(sg_f32(pixels), (size_t)pixels->shape.size[1],
                                      (size_t)pixels->shape.size[2], (size_t)pixels->shape.size[3],
                                      image, error);
    sg_scope_close(context, scope, NULL);
    return status;
}

sg_status sg_paint_grid(const sg_generator *generator, size_t columns, size_t rows, sg_grid **grid,
                        sg_error *error)
{
    const int channels = sg_generator_config_of(generator)->img_channels;
    sg_grid_layout layout;
    sg_grid_layout_init(&layout);
    layout.columns = columns;
    layout.rows = rows;
    layout.cell_width = (size_t)sg_generator_width(generator);
    layout.cell_height = (size_t)sg_generator_height(generator);
    layout.channels = channels <= 4 ? (size_t)channels : 3;
    return sg_grid_create(&layout, grid, error);
}
