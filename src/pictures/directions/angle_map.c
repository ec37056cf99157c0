/* Heat maps of angles; see angle_map.h.
 * Tested by: tests/cli/test_directions.c */
#include "pictures/directions/angle_map.h"

#include <math.h>
#include <stdlib.h>

#include "base/allocate.h"
#include "image/figures/heat_map.h"
#include "pictures/figure_labels.h"

enum { CELL = 28 /* pixels */, MOST_CAPTIONED = 20 /* directions of a map with numbers */ };

double sg_angle_of(double cosine)
{
    return acos(fmin(1, fabs(cosine))) * (180 / 3.14159265358979323846);
}

static sg_status paste_cell(sg_figure *figure, size_t column, size_t row, double cosine,
                            sg_error *error)
{
    float values[CELL * CELL];
    sg_image *image = NULL;
    for (size_t i = 0; i < CELL * CELL; i++)
        values[i] = isnan(cosine) ? 0 : (float)fabs(cosine);
    SG_TRY(sg_heat_map_draw(values, CELL, CELL, 0, 1, &image, error));
    const sg_status status = sg_figure_paste(figure, column, row, image, error);
    sg_image_destroy(image);
    return status;
}

/* Rows have numbers and names, columns numbers alone, cells of small maps their angles. */
static sg_status make_labels(const sg_direction_set *set, const double *cosines, sg_labels *rows,
                             sg_labels *columns, sg_labels *captions, sg_error *error)
{
    const size_t count = set->count;
    SG_TRY(sg_labels_create(rows, count, error));
    SG_TRY(sg_labels_create(columns, count, error));
    for (size_t i = 0; i < count; i++) {
        sg_labels_set(rows, i, "%s (%zu)", set->items[i].name, i);
        sg_labels_set(columns, i, "%zu", i);
    }
    if (count > MOST_CAPTIONED)
        return SG_OK;
    SG_TRY(sg_labels_create(captions, count * count, error));
    for (size_t i = 0; i < count * count; i++)
        if (!isnan(cosines[i]))
            sg_labels_set(captions, i, "%.0f", sg_angle_of(cosines[i]));
    return SG_OK;
}

static sg_status draw(const sg_direction_set *set, const double *cosines,
                      const sg_figure_layout *layout, sg_image **image, sg_error *error)
{
    sg_figure *figure = NULL;
    SG_TRY(sg_figure_create(layout, &figure, error));
    sg_status status = SG_OK;
    for (size_t i = 0; !status && i < set->count * set->count; i++)
        status = paste_cell(figure, i % set->count, i / set->count, cosines[i], error);
    if (!status)
        status = sg_heat_map_add_bar(sg_figure_image(figure), 0, 1, 0.25, "|cos|", image, error);
    sg_figure_destroy(figure);
    return status;
}

sg_status sg_angle_map_draw(const sg_direction_set *set, const double *cosines, sg_image **image,
                            sg_error *error)
{
    sg_labels rows = {0};
    sg_labels columns = {0};
    sg_labels captions = {0};
    *image = NULL;
    if (set->count == 0 || set->count > SG_MOST_ANGLES)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "a map of angles is of 1 to %d directions, not of %zu", SG_MOST_ANGLES,
                       set->count);
    sg_status status = make_labels(set, cosines, &rows, &columns, &captions, error);
    if (!status) {
        const sg_figure_layout layout = {.columns = {set->count, columns.pointers, NULL, 0},
                                         .rows = {set->count, rows.pointers, NULL, 0},
                                         .cell_width = CELL,
                                         .cell_height = CELL,
                                         .scale = 1,
                                         .text_size = 12,
                                         .captions = captions.pointers};
        status = draw(set, cosines, &layout, image, error);
    }
    sg_labels_clear(&rows);
    sg_labels_clear(&columns);
    sg_labels_clear(&captions);
    return status;
}
