/*
 * Style mixing (Karras et al. 2019, section 3.1): the inputs of the synthesis network are w of two
 * seeds, each truncated on its own before they are mixed. The figure is that paper's figure 3.
 */
#include "pictures/style_mixing.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "latent/seeds.h"
#include "latent/styles.h"
#include "nn/noise_mode.h"
#include "pictures/figure_labels.h"
#include "pictures/painter.h"
#include "pictures/picture_metadata.h"

enum { NAME_BYTES = 64 };

/* A cell of the grid, by its row's and its column's seed: a seed's own picture when they agree. */
typedef struct cell {
    size_t row, column; /* in the grid, whose row 0 and column 0 show seeds alone */
    uint32_t row_seed, column_seed;
    const sg_mix_band *band; /* NULL for a seed's own picture in row or column 0 */
} cell;

/* Where the pictures come together: one of the two. */
typedef struct sheet {
    sg_grid *grid;
    sg_figure *figure;
} sheet;

size_t sg_mix_count(const sg_mix_options *options)
{
    return (options->rows->count + 1) * (options->columns->count + 1) - 1;
}

/* The band of a row of seeds. */
static const sg_mix_band *band_of_row(const sg_mix_options *options, size_t row)
{
    const sg_mix_band *band = options->bands;
    for (; row >= band->rows; band++)
        row -= band->rows;
    return band;
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
    if (one.row > 0 && one.column > 0)
        one.band = band_of_row(options, one.row - 1);
    if (one.row == 0)
        one.row_seed = one.column_seed;
    if (one.column == 0)
        one.column_seed = one.row_seed;
    return one;
}

/* Truncated w of a seed for every input, [1, num_ws, w_dim]. */
static sg_tensor *styles_of(sg_generator *generator, const sg_mix_options *options, uint32_t seed)
{
    return sg_styles(generator,
                     &(sg_style_source){.seed = seed, .class_index = options->class_index},
                     &(sg_truncation){.psi = options->psi, .cutoff = -1});
}

/* The row's styles with those of the chosen inputs replaced by the column's. */
static sg_tensor *mixed_styles(sg_generator *generator, const sg_mix_options *options,
                               const cell *one)
{
    sg_tensor *row = styles_of(generator, options, one->row_seed);
    if (!row || !one->band || one->column_seed == one->row_seed)
        return row;
    sg_tensor *column = styles_of(generator, options, one->column_seed);
    sg_tensor *mixed = column ? sg_tensor_create(row->context, SG_F32, row->shape) : NULL;
    if (!mixed)
        return NULL;
    const size_t width = (size_t)row->shape.size[2];
    for (size_t i = 0; i < (size_t)row->shape.size[1]; i++)
        memcpy(sg_f32(mixed) + i * width,
               sg_f32(one->band->from_column[i] ? column : row) + i * width, width * sizeof(float));
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
    if (one && one->band)
        sg_remark_text(remarks, "styles of the column", one->band->styles_text);
    if (!one) {
        sg_remark_text(remarks, "row seeds", options->rows_text);
        sg_remark_text(remarks, "column seeds", options->columns_text);
        for (size_t i = 0; i < options->band_count; i++)
            sg_remark_text(remarks,
                           options->bands[i].name ? options->bands[i].name : "styles of the column",
                           options->bands[i].styles_text);
    }
    sg_remark_number(remarks, "truncation psi", options->psi);
    if (network->config.c_dim > 0)
        sg_remark_number(remarks, "class", options->class_index);
    sg_remark_text(remarks, "noise mode", sg_noise_mode_name(options->noise_mode));
}

static void name_picture(const cell *one, char *name)
{
    const char *band = one->band ? one->band->name : NULL;
    snprintf(name, NAME_BYTES, "%" PRIu32 "-%" PRIu32 "%s%s.png", one->row_seed, one->column_seed,
             band ? "-" : "", band ? band : "");
}

/* Paints the index-th cell, writes its file and pastes it into the sheet. */
static sg_status mix_one(const sg_picture_network *network, const sg_mix_options *options,
                         size_t index, const sheet *target, sg_error *error)
{
    const cell one = cell_at(options, index);
    char name[NAME_BYTES];
    sg_remarks remarks;
    sg_image *image = NULL;
    sg_status status = paint(network, options, &one, &image, error);
    if (status)
        return status;
    name_picture(&one, name);
    make_remarks(network, options, &one, &remarks);
    status = sg_write_picture(options->folder, name, image, &remarks, error);
    if (!status && target->figure)
        status = sg_figure_paste(target->figure, one.column, one.row, image, error);
    else if (!status)
        status = sg_grid_paste(target->grid, one.column, one.row, image, error);
    sg_image_destroy(image);
    return status;
}

static sg_status mix_all(const sg_picture_network *network, const sg_mix_options *options,
                         const sheet *target, sg_error *error)
{
    const size_t count = sg_mix_count(options);
    sg_status status = sg_work_step(options->watch, 0, count, error);
    for (size_t i = 0; i < count && !status; i++) {
        status = mix_one(network, options, i, target, error);
        if (!status)
            status = sg_work_step(options->watch, i + 1, count, error);
    }
    return status;
}

/* ---- the sheet ---- */

/* "seed 5" for every row or column but the first. */
static sg_status label_seeds(sg_labels *labels, const sg_number_list *seeds, sg_error *error)
{
    const sg_status status = sg_labels_create(labels, seeds->count + 1, error);
    for (size_t i = 0; i < seeds->count && !status; i++)
        sg_labels_set(labels, i + 1, "seed %" PRIu32, seeds->values[i]);
    return status;
}

/* The first row and column stand apart; below, the bands do. */
static sg_status create_figure(const sg_generator *generator, const sg_mix_options *options,
                               const sg_labels *columns, const sg_labels *rows, sg_figure **figure,
                               sg_error *error)
{
    const sg_figure_group sources[] = {{1, "source A"}, {options->columns->count, "source B"}};
    sg_figure_group bands[SG_MOST_MIX_BANDS + 1] = {{1, NULL}};
    char texts[SG_MOST_MIX_BANDS][SG_LABEL_BYTES];
    for (size_t i = 0; i < options->band_count; i++) {
        snprintf(texts[i], SG_LABEL_BYTES, "%s styles from B", options->bands[i].name);
        bands[i + 1] = (sg_figure_group){options->bands[i].rows, texts[i]};
    }
    return sg_picture_figure_create(
        generator, (sg_figure_side){columns->count, columns->pointers, sources, 2},
        (sg_figure_side){rows->count, rows->pointers, bands, options->band_count + 1}, false,
        figure, error);
}

static sg_status create_sheet(const sg_generator *generator, const sg_mix_options *options,
                              sheet *target, sg_error *error)
{
    sg_labels columns = {0};
    sg_labels rows = {0};
    if (!options->figure)
        return sg_paint_grid(generator, options->columns->count + 1, options->rows->count + 1,
                             &target->grid, error);
    sg_status status = label_seeds(&columns, options->columns, error);
    if (!status)
        status = label_seeds(&rows, options->rows, error);
    if (!status)
        status = create_figure(generator, options, &columns, &rows, &target->figure, error);
    sg_labels_clear(&columns);
    sg_labels_clear(&rows);
    return status;
}

static sg_status write_sheet(const sg_picture_network *network, const sg_mix_options *options,
                             const sheet *target, sg_error *error)
{
    sg_remarks remarks;
    make_remarks(network, options, NULL, &remarks);
    if (target->figure)
        return sg_write_picture(options->folder, "figure.png", sg_figure_image(target->figure),
                                &remarks, error);
    return sg_write_picture(options->folder, "grid.png", sg_grid_image(target->grid), &remarks,
                            error);
}

sg_status sg_mix(const sg_picture_network *network, const sg_mix_options *options, sg_error *error)
{
    sheet target = {0};
    sg_status status = create_sheet(network->generator, options, &target, error);
    if (!status)
        status = mix_all(network, options, &target, error);
    if (!status)
        status = write_sheet(network, options, &target, error);
    sg_grid_destroy(target.grid);
    sg_figure_destroy(target.figure);
    return status;
}
