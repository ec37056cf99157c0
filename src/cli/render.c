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
#include "latent/seeds.h"

enum {
    NOISE_STREAM = 1, /* of a seed's random numbers */
    MOST_REMARKS = 8,
    FEWEST_FOR_PROGRESS = 3,
    VALUE_BYTES = 40,
    NAME_BYTES = 128
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

/* One of the pictures that the lists of the options call for. */
typedef struct picture {
    uint32_t seed;
    int class_index;
    double psi;
} picture;

size_t sg_render_count(const sg_render_options *options)
{
    return options->classes->count * options->psis->count * options->seeds->count;
}

static picture picture_at(const sg_render_options *options, size_t index)
{
    const size_t seeds = options->seeds->count;
    const size_t psis = options->psis->count;
    return (picture){.seed = options->seeds->values[index % seeds],
                     .class_index = (int)options->classes->values[index / seeds / psis],
                     .psi = options->psis->values[index / seeds % psis]};
}

/* The shortest decimal that reads back as the same number. */
static void write_number(char *text, double value)
{
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, VALUE_BYTES, "%.*g", digits, value);
        if (strtod(text, NULL) == value)
            return;
    }
}

/* The picture's file: what only one value is given for is not part of the name. */
static void name_picture(const sg_render_options *options, const picture *one, char *name)
{
    char part[VALUE_BYTES];
    int length = snprintf(name, NAME_BYTES, "seed%04" PRIu32, one->seed);
    if (options->classes->count > 1)
        length +=
            snprintf(name + length, NAME_BYTES - (size_t)length, "-class%d", one->class_index);
    if (options->psis->count > 1) {
        write_number(part, one->psi);
        length += snprintf(name + length, NAME_BYTES - (size_t)length, "-trunc%s", part);
    }
    snprintf(name + length, NAME_BYTES - (size_t)length, ".png");
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
    write_number(text, value);
    remark_text(remarks, key, text);
}

/* The remarks for one picture, or for the grid when `one` is NULL. */
static void make_remarks(const sg_render_options *options, bool conditional, const picture *one,
                         png_remarks *remarks)
{
    const picture first = picture_at(options, 0);
    const picture *shown = one ? one : &first;
    remarks->count = 0;
    snprintf(remarks->values[0], VALUE_BYTES, "stylegan %s", sg_version());
    remark_text(remarks, "Software", remarks->values[0]);
    remark_text(remarks, "network", options->network_name);
    if (one)
        remark_number(remarks, "seed", one->seed);
    if (!one && options->psis->count > 1)
        remark_text(remarks, "truncation psi", options->psis_text);
    else
        remark_number(remarks, "truncation psi", shown->psi);
    if (options->cutoff >= 0)
        remark_number(remarks, "truncation cutoff", options->cutoff);
    if (conditional && !one && options->classes->count > 1)
        remark_text(remarks, "class", options->classes_text);
    else if (conditional)
        remark_number(remarks, "class", shown->class_index);
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

static sg_status paint(sg_generator *generator, sg_context *context,
                       const sg_render_options *options, const picture *one, sg_image **image,
                       sg_error *error)
{
    const sg_generator_config *config = sg_generator_config_of(generator);
    sg_random random = sg_random_stream(one->seed, NOISE_STREAM);
    const size_t scope = sg_scope_open(context);
    sg_tensor *z = latent(context, config->z_dim, one->seed);
    sg_tensor *c = label(context, config->c_dim, one->class_index);
    sg_tensor *w = sg_generator_map(generator, z, c);
    sg_tensor *ws = sg_generator_truncate(generator, w, one->psi, options->cutoff);
    sg_tensor *pixels = sg_generator_synthesize(
        generator, ws, (sg_synthesis_options){options->noise_mode, &random});
    sg_status status = sg_context_take_error(context, error);
    if (!status)
        status = sg_image_from_floats(sg_f32(pixels), (size_t)pixels->shape.size[1],
                                      (size_t)pixels->shape.size[2], (size_t)pixels->shape.size[3],
                                      image, error);
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

/* Renders the index-th picture, writes its file and pastes it into the grid, if there is one. */
static sg_status render_one(sg_generator *generator, sg_context *context,
                            const sg_render_options *options, size_t index, sg_grid *grid,
                            sg_error *error)
{
    const picture one = picture_at(options, index);
    const bool conditional = sg_generator_config_of(generator)->c_dim > 0;
    char name[NAME_BYTES];
    png_remarks remarks;
    sg_image *image = NULL;
    sg_status status = paint(generator, context, options, &one, &image, error);
    if (status)
        return status;
    make_remarks(options, conditional, &one, &remarks);
    name_picture(options, &one, name);
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
    const size_t count = sg_render_count(options);
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
        make_remarks(options, sg_generator_config_of(generator)->c_dim > 0, NULL, &remarks);
        status = write_picture(options->folder, "grid.png", sg_grid_image(grid), &remarks, error);
    }
    sg_grid_destroy(grid);
    return status;
}
