/*
 * Renders seeds to PNG files.
 *
 * Pictures are computed one at a time: in a batch, the libraries underneath split sums differently,
 * so that a picture's last bits would depend on its neighbours, and on a CPU a batch is no faster.
 */
#include "cli/render.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/file.h"
#include "cli/progress.h"
#include "image/grid.h"
#include "image/png_file.h"

enum {
    NOISE_STREAM = 1, /* of a seed's random numbers */
    MOST_REMARKS = 8,
    FEWEST_FOR_PROGRESS = 3,
    VALUE_BYTES = 40
};

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

/* What a PNG file says about how it was made. */
typedef struct png_remarks {
    sg_png_text texts[MOST_REMARKS];
    char values[MOST_REMARKS][VALUE_BYTES];
    size_t count;
} png_remarks;

static void remark_text(png_remarks *remarks, const char *key, const char *value)
{
    remarks->texts[remarks->count++] = (sg_png_text){key, value};
}

static void remark_number(png_remarks *remarks, const char *key, double value)
{
    char *text = remarks->values[remarks->count];
    snprintf(text, VALUE_BYTES, "%.15g", value);
    remark_text(remarks, key, text);
}

/* The remarks for one seed, or for the grid when `seed` is negative. */
static void make_remarks(const sg_render_options *options, bool conditional, int64_t seed,
                         png_remarks *remarks)
{
    remarks->count = 0;
    snprintf(remarks->values[0], VALUE_BYTES, "stylegan %s", sg_version());
    remark_text(remarks, "Software", remarks->values[0]);
    remark_text(remarks, "network", options->network_name);
    if (seed >= 0)
        remark_number(remarks, "seed", (double)seed);
    remark_number(remarks, "truncation psi", options->psi);
    if (options->cutoff >= 0)
        remark_number(remarks, "truncation cutoff", options->cutoff);
    if (conditional)
        remark_number(remarks, "class", options->class_index);
    remark_text(remarks, "noise mode", sg_noise_mode_name(options->noise_mode));
}

/* The latent of a seed, [1, z_dim]. */
static sg_tensor *latent(sg_context *context, int width, uint32_t seed)
{
    sg_tensor *z = sg_tensor_create(context, SG_F32, SG_SHAPE(1, width));
    if (z)
        sg_seed_latent(seed, (size_t)width, sg_f32(z));
    return z;
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

static sg_status render_seed(sg_generator *generator, sg_context *context,
                             const sg_render_options *options, uint32_t seed, sg_image **image,
                             sg_error *error)
{
    const sg_generator_config *config = sg_generator_config_of(generator);
    sg_random random = sg_random_stream(seed, NOISE_STREAM);
    const size_t scope = sg_scope_open(context);
    sg_tensor *z = latent(context, config->z_dim, seed);
    sg_tensor *c = label(context, config->c_dim, options->class_index);
    sg_tensor *w = sg_generator_map(generator, z, c);
    sg_tensor *ws = sg_generator_truncate(generator, w, options->psi, options->cutoff);
    sg_tensor *picture = sg_generator_synthesize(
        generator, ws, (sg_synthesis_options){options->noise_mode, &random});
    sg_status status = sg_context_take_error(context, error);
    if (!status)
        status = sg_image_from_floats(sg_f32(picture), (size_t)picture->shape.size[1],
                                      (size_t)picture->shape.size[2],
                                      (size_t)picture->shape.size[3], image, error);
    sg_scope_close(context, scope, NULL);
    return status;
}

static sg_status write_picture(const char *folder, const char *name, const sg_image *image,
                               const png_remarks *remarks, sg_error *error)
{
    char *path = sg_path_join(folder, name);
    if (!path)
        return sg_fail(error, SG_ERROR_MEMORY, "out of memory for the path of %s", name);
    const sg_status status = sg_png_write(path, image, remarks->texts, remarks->count, error);
    free(path);
    return status;
}

/* Renders the index-th seed, writes its file and pastes it into the grid, if there is one. */
static sg_status render_one(sg_generator *generator, sg_context *context,
                            const sg_render_options *options, size_t index, sg_grid *grid,
                            sg_error *error)
{
    const uint32_t seed = options->seeds->values[index];
    const bool conditional = sg_generator_config_of(generator)->c_dim > 0;
    char name[VALUE_BYTES];
    png_remarks remarks;
    sg_image *image = NULL;
    sg_status status = render_seed(generator, context, options, seed, &image, error);
    if (status)
        return status;
    make_remarks(options, conditional, seed, &remarks);
    snprintf(name, sizeof name, "seed%04" PRIu32 ".png", seed);
    status = write_picture(options->folder, name, image, &remarks, error);
    if (!status && grid) {
        const size_t columns = (size_t)options->grid_columns;
        status = sg_grid_place(grid, index % columns, index / columns, image, error);
    }
    sg_image_destroy(image);
    return status;
}

static sg_status render_all(sg_generator *generator, sg_context *context,
                            const sg_render_options *options, sg_grid *grid, sg_error *error)
{
    const size_t count = options->seeds->count;
    const bool shown = count >= FEWEST_FOR_PROGRESS;
    sg_progress progress;
    sg_status status = SG_OK;
    if (shown)
        sg_progress_start(&progress, "generating", "pictures", 0, (double)count);
    for (size_t i = 0; i < count && !status; i++) {
        status = render_one(generator, context, options, i, grid, error);
        if (shown)
            sg_progress_update(&progress, (double)(i + 1), NULL);
    }
    if (shown)
        sg_progress_finish(&progress);
    return status;
}

static sg_status create_grid(sg_generator *generator, const sg_render_options *options,
                             sg_grid **grid, sg_error *error)
{
    const int channels = sg_generator_config_of(generator)->img_channels;
    sg_grid_layout layout;
    sg_grid_layout_init(&layout);
    layout.columns = (size_t)options->grid_columns;
    layout.rows = (size_t)options->grid_rows;
    layout.cell_width = (size_t)sg_generator_width(generator);
    layout.cell_height = (size_t)sg_generator_height(generator);
    layout.channels = channels <= 4 ? (size_t)channels : 3;
    return sg_grid_create(&layout, grid, error);
}

sg_status sg_render(sg_generator *generator, sg_context *context, const sg_render_options *options,
                    sg_error *error)
{
    sg_grid *grid = NULL;
    sg_status status = SG_OK;
    if (options->grid_columns > 0)
        status = create_grid(generator, options, &grid, error);
    if (!status)
        status = render_all(generator, context, options, grid, error);
    if (!status && grid) {
        png_remarks remarks;
        make_remarks(options, sg_generator_config_of(generator)->c_dim > 0, -1, &remarks);
        status = write_picture(options->folder, "grid.png", sg_grid_image(grid), &remarks, error);
    }
    sg_grid_destroy(grid);
    return status;
}
