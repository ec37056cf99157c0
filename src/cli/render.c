/* Renders seeds to PNG files; see render.h. */
#include "cli/render.h"

#include <inttypes.h>
#include <stdio.h>

#include "cli/paint.h"
#include "cli/progress.h"
#include "cli/remarks.h"
#include "latent/seeds.h"
#include "latent/styles.h"
#include "nn/noise_mode.h"

enum { FEWEST_FOR_PROGRESS = 3, NAME_BYTES = 128 };

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

/* The picture's file: what only one value is given for is not part of the name. */
static void name_picture(const sg_render_options *options, const picture *one, char *name)
{
    char part[SG_NUMBER_TEXT_BYTES];
    int length = snprintf(name, NAME_BYTES, "seed%04" PRIu32, one->seed);
    if (options->classes->count > 1)
        length +=
            snprintf(name + length, NAME_BYTES - (size_t)length, "-class%d", one->class_index);
    if (options->psis->count > 1) {
        sg_print_number(part, one->psi);
        length += snprintf(name + length, NAME_BYTES - (size_t)length, "-trunc%s", part);
    }
    snprintf(name + length, NAME_BYTES - (size_t)length, ".png");
}

/* The remarks for one picture, or for the grid when `one` is NULL. */
static void make_remarks(const sg_render_options *options, bool conditional, const picture *one,
                         sg_remarks *remarks)
{
    const picture first = picture_at(options, 0);
    const picture *shown = one ? one : &first;
    sg_remarks_start(remarks, options->network_name);
    if (one)
        sg_remark_number(remarks, "seed", one->seed);
    if (!one && options->psis->count > 1)
        sg_remark_text(remarks, "truncation psi", options->psis_text);
    else
        sg_remark_number(remarks, "truncation psi", shown->psi);
    if (options->cutoff >= 0)
        sg_remark_number(remarks, "truncation cutoff", options->cutoff);
    if (conditional && !one && options->classes->count > 1)
        sg_remark_text(remarks, "class", options->classes_text);
    else if (conditional)
        sg_remark_number(remarks, "class", shown->class_index);
    sg_remark_text(remarks, "noise mode", sg_noise_mode_name(options->noise_mode));
}

static sg_status paint(sg_generator *generator, sg_context *context,
                       const sg_render_options *options, const picture *one, sg_image **image,
                       sg_error *error)
{
    sg_random noise = sg_seed_noise(one->seed);
    const size_t scope = sg_scope_open(context);
    sg_tensor *ws =
        sg_styles(generator, &(sg_style_source){.seed = one->seed, .class_index = one->class_index},
                  &(sg_truncation){.psi = one->psi, .cutoff = options->cutoff});
    const sg_status status = sg_paint(
        generator, ws, (sg_synthesis_options){.noise_mode = options->noise_mode, .random = &noise},
        image, error);
    sg_scope_close(context, scope, NULL);
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
    sg_remarks remarks;
    sg_image *image = NULL;
    sg_status status = paint(generator, context, options, &one, &image, error);
    if (status)
        return status;
    make_remarks(options, conditional, &one, &remarks);
    name_picture(options, &one, name);
    status = sg_write_picture(options->folder, name, image, &remarks, error);
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

sg_status sg_render(sg_generator *generator, sg_context *context, const sg_render_options *options,
                    sg_error *error)
{
    sg_grid *grid = NULL;
    sg_status status = SG_OK;
    if (options->grid_columns > 0)
        status = sg_paint_grid(generator, (size_t)options->grid_columns, (size_t)options->grid_rows,
                               &grid, error);
    if (!status)
        status = render_all(generator, context, options, grid, error);
    if (!status && grid) {
        sg_remarks remarks;
        make_remarks(options, sg_generator_config_of(generator)->c_dim > 0, NULL, &remarks);
        status =
            sg_write_picture(options->folder, "grid.png", sg_grid_image(grid), &remarks, error);
    }
    sg_grid_destroy(grid);
    return status;
}
