/* Draws figures of projections. Tested by: tests/invert/results/test_projection_figure.c */
#include "invert/results/projection_figure.h"

#include <stdlib.h>

#include "base/allocate.h"
#include "image/figures/page.h"

enum { LEAST_CELL = 128 /* pixels of a cell's longer side */ };

/* Makes the picture of |target - picture| times SG_DIFFERENCE_FACTOR, at most 255, less where
 * pixels count less; alpha is opaque. */
static sg_status make_difference(const sg_projection_row *row, const sg_image *picture,
                                 sg_image **difference, sg_error *error)
{
    const sg_image *target = row->target;
    const size_t channels = target->channels;
    SG_TRY(sg_image_create(target->width, target->height, channels, difference, error));
    for (size_t i = 0; i < sg_image_size(target); i++) {
        const double weight = row->weights ? (double)row->weights[i / channels] : 1;
        const double value =
            weight * SG_DIFFERENCE_FACTOR * abs(target->pixels[i] - picture->pixels[i]);
        const bool alpha = channels % 2 == 0 && i % channels == channels - 1;
        (*difference)->pixels[i] = (uint8_t)(alpha || value > 255 ? 255 : value);
    }
    return SG_OK;
}

/* Labels of the columns, captions of the cells, and the figure. */
typedef struct drawing {
    const sg_projection_row *rows;
    size_t row_count, stage_count, columns;
    const char *columns_labels[SG_PROJECTION_MOST_STAGES + 2];
    const char **row_labels; /* [row_count] */
    const char **captions;   /* [row_count, columns] */
    sg_figure *figure;
} drawing;

static sg_status label(drawing *d, sg_error *error)
{
    d->row_labels = sg_allocate(d->row_count, sizeof *d->row_labels);
    d->captions = sg_allocate(d->row_count * d->columns, sizeof *d->captions);
    if (!d->row_labels || !d->captions)
        return sg_fail_memory(error, "the labels of a figure");
    d->columns_labels[0] = "target";
    d->columns_labels[d->columns - 1] = "difference x4";
    for (size_t i = 0; i < d->stage_count; i++)
        d->columns_labels[1 + i] = d->rows[0].stages[i].label;
    for (size_t r = 0; r < d->row_count; r++) {
        d->row_labels[r] = d->rows[r].label;
        for (size_t i = 0; i < d->stage_count; i++) {
            const char *caption = d->rows[r].stages[i].caption;
            d->captions[r * d->columns + 1 + i] = caption[0] ? caption : NULL;
        }
    }
    return SG_OK;
}

static sg_status paste_row(const drawing *d, size_t r, sg_error *error)
{
    const sg_projection_row *row = &d->rows[r];
    const sg_image *result = row->stages[d->stage_count - 1].picture;
    sg_image *difference = NULL;
    SG_TRY(sg_figure_paste(d->figure, 0, r, row->target, error));
    for (size_t i = 0; i < d->stage_count; i++)
        if (row->stages[i].picture)
            SG_TRY(sg_figure_paste(d->figure, 1 + i, r, row->stages[i].picture, error));
    if (!result)
        return SG_OK;
    SG_TRY(make_difference(row, result, &difference, error));
    const sg_status status = sg_figure_paste(d->figure, d->columns - 1, r, difference, error);
    sg_image_destroy(difference);
    return status;
}

static sg_status draw(drawing *d, const char *title, sg_image **figure, sg_error *error)
{
    const sg_image *first = d->rows[0].target;
    SG_TRY(label(d, error));
    sg_figure_layout layout = {.columns = {.count = d->columns, .labels = d->columns_labels},
                               .rows = {.count = d->row_count, .labels = d->row_labels},
                               .cell_width = first->width,
                               .cell_height = first->height,
                               .title = title,
                               .captions = d->captions};
    layout.scale = sg_page_scale(&layout, LEAST_CELL);
    SG_TRY(sg_figure_create(&layout, &d->figure, error));
    for (size_t r = 0; r < d->row_count; r++)
        SG_TRY(paste_row(d, r, error));
    const sg_image *whole = sg_figure_image(d->figure);
    return sg_image_crop(whole, 0, 0, whole->width, whole->height, figure, error);
}

sg_status sg_projection_figure_draw(const sg_projection_row *rows, size_t row_count,
                                    size_t stage_count, const char *title, sg_image **figure,
                                    sg_error *error)
{
    drawing d = {.rows = rows,
                 .row_count = row_count,
                 .stage_count = stage_count,
                 .columns = stage_count + 2};
    *figure = NULL;
    if (row_count == 0 || stage_count == 0 || stage_count > SG_PROJECTION_MOST_STAGES)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "a figure of %zu targets with %zu pictures each cannot be drawn", row_count,
                       stage_count);
    const sg_status status = draw(&d, title, figure, error);
    sg_figure_destroy(d.figure);
    free(d.row_labels);
    free(d.captions);
    return status;
}
