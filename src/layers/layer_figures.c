/* Figures of layers; see layer_figures.h. Tested by: tests/cli/test_layers.c */
#include "layers/layer_figures.h"

#include <math.h>
#include <stdlib.h>

#include "base/allocate.h"
#include "image/figures/heat_chart.h"
#include "image/figures/heat_map.h"
#include "image/resize.h"
#include "pictures/figure_labels.h"

enum {
    MOST_SIDE = 256, /* pixels of a map or a picture, before enlargement */
    LEAST_SIDE = 128,
    CHARTS_ACROSS = 4,
    CHART_SIDE = 256
};

/* The range of the spectra, and how much they are smoothed, in the maps' own frequencies. */
static const double least_decibels = -40, most_decibels = 20, contour_decibels = 10;
static const double smoothing = 1.25;

/* ---- magnitudes ---- */

/* Returns how many pixels across and down become one. */
static size_t reduction(size_t height, size_t width)
{
    const size_t side = height > width ? height : width;
    return (side + MOST_SIDE - 1) / MOST_SIDE;
}

/* Draws a map in heat colours; of reduced maps, a pixel is the largest of those that it stands for,
 * so that no spot is lost. */
static sg_status draw_map(const float *map, size_t height, size_t width, sg_image **image,
                          sg_error *error)
{
    const size_t factor = reduction(height, width);
    const size_t rows = (height + factor - 1) / factor;
    const size_t columns = (width + factor - 1) / factor;
    double most = 0;
    float *values = sg_allocate(rows * columns, sizeof *values);
    *image = NULL;
    if (!values)
        return sg_fail_memory(error, "a map of %zux%zu pixels", width, height);
    for (size_t i = 0; i < height * width; i++) {
        float *to = &values[i / width / factor * columns + i % width / factor];
        *to = map[i] > *to ? map[i] : *to;
        most = fmax(most, (double)map[i]);
    }
    const sg_status status =
        sg_heat_map_draw(values, rows, columns, 0, most > 0 ? most : 1, image, error);
    free(values);
    return status;
}

/* Pastes the picture, made as small as maps are. */
static sg_status paste_picture(sg_figure *figure, size_t row, const sg_image *picture,
                               sg_error *error)
{
    sg_image *small = NULL;
    const size_t factor = reduction(picture->height, picture->width);
    if (factor == 1)
        return sg_figure_paste(figure, 0, row, picture, error);
    SG_TRY(sg_image_resize(picture, picture->width / factor, picture->height / factor,
                           SG_RESIZE_BOX, &small, error));
    const sg_status status = sg_figure_paste(figure, 0, row, small, error);
    sg_image_destroy(small);
    return status;
}

static sg_status paste_row(const sg_layer_records *records, sg_figure *figure, size_t row,
                           const sg_image *picture, sg_error *error)
{
    SG_TRY(paste_picture(figure, row, picture, error));
    for (size_t i = 0; i < records->count; i++) {
        const sg_layer_record *record = &records->items[i];
        sg_image *image = NULL;
        SG_TRY(draw_map(record->magnitudes + row * record->height * record->width, record->height,
                        record->width, &image, error));
        const sg_status status = sg_figure_paste(figure, i + 1, row, image, error);
        sg_image_destroy(image);
        SG_TRY(status);
    }
    return SG_OK;
}

/* The side of the largest map or picture, reduced. */
static size_t largest_side(const sg_layer_records *records, const sg_image *picture)
{
    size_t largest = picture->width > picture->height ? picture->width : picture->height;
    for (size_t i = 0; i < records->count; i++) {
        const sg_layer_record *record = &records->items[i];
        const size_t side = record->width > record->height ? record->width : record->height;
        largest = side > largest ? side : largest;
    }
    return largest < MOST_SIDE ? largest : MOST_SIDE;
}

/* Labels the columns by layers, and the maps by their peaks. */
static sg_status make_labels(const sg_layer_records *records, size_t count, sg_labels *columns,
                             sg_labels *captions, sg_error *error)
{
    const size_t across = records->count + 1;
    SG_TRY(sg_labels_create(columns, across, error));
    SG_TRY(sg_labels_create(captions, across * count, error));
    sg_labels_set(columns, 0, "picture");
    for (size_t i = 0; i < records->count; i++) {
        sg_labels_set(columns, i + 1, "%s", records->items[i].name);
        for (size_t row = 0; row < count; row++)
            sg_labels_set(captions, row * across + i + 1, "peak %.3g",
                          records->items[i].numbers[row].peak);
    }
    return SG_OK;
}

sg_status sg_layer_maps_draw(const sg_layer_records *records, sg_image *const *pictures,
                             const char *const *labels, size_t count, const char *title,
                             sg_image **figure, sg_error *error)
{
    sg_labels columns = {0};
    sg_labels captions = {0};
    sg_figure *drawn = NULL;
    *figure = NULL;
    sg_status status = make_labels(records, count, &columns, &captions, error);
    if (!status) {
        const size_t side = largest_side(records, pictures[0]);
        sg_figure_layout layout = {.columns = {columns.count, columns.pointers, NULL, 0},
                                   .rows = {count, labels, NULL, 0},
                                   .cell_width = side,
                                   .cell_height = side,
                                   .captions = captions.pointers,
                                   .title = title};
        layout.scale = sg_page_scale(&layout, LEAST_SIDE);
        status = sg_figure_create(&layout, &drawn, error);
    }
    for (size_t row = 0; row < count && !status; row++)
        status = paste_row(records, drawn, row, pictures[row], error);
    if (!status)
        status = sg_heat_map_add_bar(sg_figure_image(drawn), 0, 1, 0.25, "", figure, error);
    sg_figure_destroy(drawn);
    sg_labels_clear(&columns);
    sg_labels_clear(&captions);
    return status;
}

/* ---- spectra ---- */

/* Computes the map of a spectrum in decibels, [*rows, *rows] on the heap. */
static sg_status map_spectrum(const sg_layer_record *record, int interpolation, float **decibels,
                              size_t *rows, sg_error *error)
{
    const size_t side = sg_spectrum_side(record->spectrum);
    const sg_level_statistics statistics = sg_spectrum_statistics(record->spectrum);
    *rows = side / 2 * 2 + 1;
    float *power = sg_allocate(side * side, sizeof *power);
    *decibels = sg_allocate(*rows * *rows, sizeof **decibels);
    sg_status status = power && *decibels
                           ? SG_OK
                           : sg_fail_memory(error, "a spectrum of %zu x %zu values", side, side);
    if (!status && statistics.deviation > 0)
        status = sg_spectrum_power(record->spectrum, &statistics, power, error);
    if (!status)
        status = sg_spectrum_map(power, side, smoothing * interpolation, *decibels, error);
    free(power);
    return status;
}

sg_status sg_layer_spectra_draw(const sg_layer_records *records, int interpolation,
                                const char *title, sg_image **figure, sg_error *error)
{
    sg_heat_chart_map *maps = sg_allocate(records->count, sizeof *maps);
    float **values = sg_allocate(records->count, sizeof(float *));
    sg_status status = maps && values ? SG_OK : sg_fail_memory(error, "the spectra of layers");
    *figure = NULL;
    for (size_t i = 0; i < records->count && !status; i++) {
        status = map_spectrum(&records->items[i], interpolation, &values[i], &maps[i].rows, error);
        maps[i].values = values[i];
        maps[i].name = records->items[i].name;
    }
    const sg_heat_chart chart = {.title = title,
                                 .maps = maps,
                                 .count = records->count,
                                 .columns = CHARTS_ACROSS,
                                 .side = CHART_SIDE,
                                 .low = -0.5,
                                 .high = 0.5,
                                 .axis_name = "cycles per sample",
                                 .least = least_decibels,
                                 .most = most_decibels,
                                 .contour = contour_decibels,
                                 .unit = "dB"};
    if (!status)
        status = sg_heat_chart_draw(&chart, figure, error);
    for (size_t i = 0; values && i < records->count; i++)
        free(values[i]);
    free(values);
    free(maps);
    return status;
}
