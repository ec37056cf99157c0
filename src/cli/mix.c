/*
 * Style mixing (Karras et al. 2018, section 3.1): the inputs of the synthesis network are w of two
 * seeds, each truncated on its own before they are mixed.
 */
#include "cli/mix.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/paint.h"
#include "cli/progress.h"
#include "cli/remarks.h"
#include "latent/seeds.h"
#include "latent/styles.h"
#include "nn/noise_mode.h"

enum { NAME_BYTES = 64 };

/* A cell of the grid, by its row's and its column's seed: a seed's own picture when they agree. */
typedef struct cell {
    size_t row, column; /* in the grid, whose row 0 and column 0 show seeds alone */
    uint32_t row_seed, column_seed;
} cell;

size_t sg_mix_count(const sg_mix_options *options)
{
    return (options->rows->count + 1) * (options->columns->count + 1) - 1;
}

/* The index-th cell behind the empty corner. */
static cell cell_at(const sg_mix_options *options, size_t index)
{
    const size_t columns = options->columns->count + 1;
    cell one = {.row = (index + 1) / columns, .column = (index + 1) % columns};
    if (one.row > 0)
        one.row_seed = options->rows->values[one.row - 1];
    if (one.column > 0)
        one.column_seed = options->columns->values[one.column - 1];
    if (one.row == 0)
        one.row_seed = one.column_seed;
    if (one.column == 0)
        one.column_seed = one.row_seed;
    return one;
}

/* Truncated w of a seed for every input, [1, num_ws, w_dim]. */
static sg_tensor *styles_of(sg_generator *generator, const sg_mix_options *options, uint32_t seed)
{
    sg_tensor *w = sg_map_seed(generator, seed, options->class_index);
    return sg_generator_truncate(generator, w, options->psi, -1);
}

/* The row's styles with those of the chosen inputs replaced by the column's. */
static sg_tensor *mixed_styles(sg_generator *generator, const sg_mix_options *options,
                               const cell *one)
{
    sg_tensor *row = styles_of(generator, options, one->row_seed);
    if (!row || one->column_seed == one->row_seed)
        return row;
    sg_tensor *column = styles_of(generator, options, one->column_seed);
    sg_tensor *mixed = column ? sg_tensor_create(row->context, SG_F32, row->shape) : NULL;
    if (!mixed)
        return NULL;
    const size_t width = (size_t)row->shape.size[2];
    for (size_t i = 0; i < (size_t)row->shape.size[1]; i++)
        memcpy(sg_f32(mixed) + i * width,
               sg_f32(options->from_column[i] ? column : row) + i * width, width * sizeof(float));
    return mixed;
}

static sg_status paint(const sg_picture_network *network, const sg_mix_options *options,
                       const cell *one, sg_image **image, sg_error *error)
{
    sg_random noise = sg_seed_noise(one->row_seed);
    const size_t scope = sg_scope_open(network->context);
    sg_tensor *ws = mixed_styles(network->generator, options, one);
    const sg_status status = sg_paint(
        network->generator, ws,
        (sg_synthesis_options){.noise_mode = options->noise_mode, .random = &noise}, image, error);
    sg_scope_close(network->context, scope, NULL);
    return status;
}

/* The remarks for one picture, or for the grid when `one` is NULL. */
static void make_remarks(const sg_picture_network *network, const sg_mix_options *options,
                         const cell *one, sg_remarks *remarks)
{
    sg_remarks_start(remarks, sg_picture_network_name(network));
    if (one) {
        sg_remark_number(remarks, "row seed", one->row_seed);
        sg_remark_number(remarks, "column seed", one->column_seed);
    }
    sg_remark_text(remarks, "styles of the column", options->styles_text);
    sg_remark_number(remarks, "truncation psi", options->psi);
    if (network->config.c_dim > 0)
        sg_remark_number(remarks, "class", options->class_index);
    sg_remark_text(remarks, "noise mode", sg_noise_mode_name(options->noise_mode));
}

/* Paints the index-th cell, writes its file and pastes it into the grid. */
static sg_status mix_one(const sg_picture_network *network, const sg_mix_options *options,
                         size_t index, sg_grid *grid, sg_error *error)
{
    const cell one = cell_at(options, index);
    char name[NAME_BYTES];
    sg_remarks remarks;
    sg_image *image = NULL;
    sg_status status = paint(network, options, &one, &image, error);
    if (status)
        return status;
    snprintf(name, sizeof name, "%" PRIu32 "-%" PRIu32 ".png", one.row_seed, one.column_seed);
    make_remarks(network, options, &one, &remarks);
    status = sg_write_picture(options->folder, name, image, &remarks, error);
    if (!status)
        status = sg_grid_place(grid, one.column, one.row, image, error);
    sg_image_destroy(image);
    return status;
}

static sg_status mix_all(const sg_picture_network *network, const sg_mix_options *options,
                         sg_grid *grid, sg_error *error)
{
    const size_t count = sg_mix_count(options);
    sg_progress progress;
    sg_status status = SG_OK;
    sg_progress_start(&progress, "mixing", "pictures", 0, (double)count);
    for (size_t i = 0; i < count && !status; i++) {
        status = mix_one(network, options, i, grid, error);
        sg_progress_update(&progress, (double)(i + 1), NULL);
    }
    sg_progress_finish(&progress);
    return status;
}

sg_status sg_mix(const sg_picture_network *network, const sg_mix_options *options, sg_error *error)
{
    sg_grid *grid = NULL;
    sg_status status = sg_paint_grid(network->generator, options->columns->count + 1,
                                     options->rows->count + 1, &grid, error);
    if (!status)
        status = mix_all(network, options, grid, error);
    if (!status) {
        sg_remarks remarks;
        make_remarks(network, options, NULL, &remarks);
        status =
            sg_write_picture(options->folder, "grid.png", sg_grid_image(grid), &remarks, error);
    }
    sg_grid_destroy(grid);
    return status;
}
