/* Sheets of real and generated pictures; see sheets.h. */
#include "train/run/sheets.h"

#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "image/figures/grid.h"
#include "image/files/png_file.h"
#include "tensor/tensor.h"

enum { CELL_SIDE = 64, SHEET_WIDTH = 1024, SHEET_HEIGHT = 640, LARGEST_ROW = 16 };

/* The random stream of a sheet's latents; the trainer's streams start higher. */
static const uint64_t sheet_stream = (uint64_t)0x10 << 56;

static int between(int value, int least, int most)
{
    return value < least ? least : value > most ? most : value;
}

sg_sheet sg_sheet_for(int height, int width, int classes)
{
    int cell_width = width > CELL_SIDE ? width : CELL_SIDE;
    int cell_height = height > CELL_SIDE ? height : CELL_SIDE;
    int rows = classes ? between(classes, 1, 16) : between(SHEET_HEIGHT / cell_height, 4, 10);
    return (sg_sheet){between(SHEET_WIDTH / cell_width, 4, LARGEST_ROW), rows, classes, NULL};
}

/* Makes an empty grid for pictures of this shape, which are enlarged when they are tiny. */
static sg_status open_grid(const sg_sheet *sheet, size_t height, size_t width, size_t channels,
                           sg_grid **grid, sg_error *error)
{
    sg_grid_layout layout;
    sg_grid_layout_init(&layout);
    layout.columns = (size_t)sheet->columns;
    layout.rows = (size_t)sheet->rows;
    layout.cell_height = height;
    layout.cell_width = width;
    layout.channels = channels > 4 ? 3 : channels;
    layout.scale = sg_grid_scale_for(width, height, CELL_SIDE);
    return sg_grid_create(&layout, grid, error);
}

static sg_status finish_grid(sg_grid *grid, const char *path, sg_status status, sg_error *error)
{
    if (!status)
        status = sg_png_write(path, sg_grid_image(grid), NULL, 0, error);
    sg_grid_destroy(grid);
    return status;
}

/* ---- labels ---- */

/* Returns the squared distance of two labels. */
static double distance(const float *left, const float *right, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += ((double)left[i] - (double)right[i]) * ((double)left[i] - (double)right[i]);
    return sum;
}

float *sg_sheet_labels(const sg_dataset *dataset, int rows)
{
    const sg_dataset_info info = sg_dataset_info_of(dataset);
    const size_t width = info.label_count;
    float *labels = sg_allocate((size_t)rows, width * sizeof *labels);
    size_t chosen = 0;
    for (size_t i = 0; i < info.image_count && chosen < (size_t)rows && labels; i++) {
        int label = -1;
        bool is_new = !sg_dataset_label(dataset, i, &label, NULL) && label >= 0;
        const float *values = info.label_values + (is_new ? (size_t)label : 0) * width;
        for (size_t j = 0; j < chosen && is_new; j++)
            is_new = distance(labels + j * width, values, width) > 0;
        if (is_new)
            memcpy(labels + chosen++ * width, values, width * sizeof *values);
    }
    for (; chosen > 0 && chosen < (size_t)rows && labels; chosen++)
        memcpy(labels + chosen * width, labels + (chosen - 1) * width, width * sizeof *labels);
    return labels;
}

/* Chooses the pictures whose labels are nearest to those of the row, the first of equal ones. */
static void choose_nearest(const sg_sheet *sheet, const sg_dataset *dataset, int row,
                           size_t *indices, size_t *count)
{
    const sg_dataset_info info = sg_dataset_info_of(dataset);
    const float *wanted = sheet->labels + row * sheet->classes;
    double distances[LARGEST_ROW];
    for (size_t i = 0; i < info.image_count; i++) {
        int label = -1;
        if (sg_dataset_label(dataset, i, &label, NULL) || label < 0)
            continue;
        const double found = distance(wanted, info.label_values + (size_t)label * info.label_count,
                                      info.label_count);
        size_t place = *count;
        for (; place > 0 && found < distances[place - 1]; place--)
            if (place < (size_t)sheet->columns) {
                distances[place] = distances[place - 1];
                indices[place] = indices[place - 1];
            }
        if (place == (size_t)sheet->columns)
            continue;
        distances[place] = found;
        indices[place] = i;
        *count += *count < (size_t)sheet->columns ? 1 : 0;
    }
}

/* Returns the class of a row; -1 for any class. */
static int row_class(const sg_sheet *sheet, int row)
{
    return sheet->classes ? row % sheet->classes : -1;
}

/* Chooses the real pictures of a row, sheet->columns at most. */
static sg_status choose_reals(const sg_sheet *sheet, const sg_dataset *dataset, int row,
                              size_t *indices, size_t *count, sg_error *error)
{
    const size_t images = sg_dataset_info_of(dataset).image_count;
    const size_t columns = (size_t)sheet->columns;
    *count = 0;
    if (sheet->labels)
        choose_nearest(sheet, dataset, row, indices, count);
    for (size_t i = sheet->classes ? 0 : (size_t)row * columns;
         i < images && *count < columns && !sheet->labels; i++) {
        int label = -1;
        if (sheet->classes)
            SG_TRY(sg_dataset_label(dataset, i, &label, error));
        if (label == row_class(sheet, row))
            indices[(*count)++] = i;
    }
    return SG_OK;
}

sg_status sg_sheet_write_reals(const sg_sheet *sheet, const sg_dataset *dataset, const char *path,
                               sg_error *error)
{
    sg_dataset_info info = sg_dataset_info_of(dataset);
    size_t indices[LARGEST_ROW];
    sg_grid *grid = NULL;
    sg_image *image = NULL;
    sg_status status = sg_image_create(info.width, info.height, info.channels, &image, error);
    if (!status)
        status = open_grid(sheet, info.height, info.width, info.channels, &grid, error);
    for (int row = 0; row < sheet->rows && !status; row++) {
        size_t count = 0;
        status = choose_reals(sheet, dataset, row, indices, &count, error);
        for (size_t column = 0; column < count && !status; column++) {
            status = sg_dataset_read(dataset, indices[column], image->pixels, NULL, error);
            if (!status)
                status = sg_grid_paste(grid, column, (size_t)row, image, error);
        }
    }
    sg_image_destroy(image);
    return finish_grid(grid, path, status, error);
}

sg_tensor *sg_sheet_row(const sg_sheet *sheet, sg_generator *generator, uint64_t seed, int row)
{
    const sg_generator_config *config = sg_generator_config_of(generator);
    sg_context *context = sg_generator_parameters(generator)->context;
    uint64_t row_stream = sheet->classes ? 0 : (uint64_t)row;
    sg_random random = sg_random_stream(seed, sheet_stream + row_stream);
    sg_tensor *z = sg_tensor_create(context, SG_F32, SG_SHAPE(sheet->columns, config->z_dim));
    sg_tensor *c = NULL;
    if (z)
        sg_random_normal_fill(&random, sg_f32(z), (size_t)sg_tensor_count(z));
    if (config->c_dim > 0)
        c = sg_tensor_full(context, SG_F32, SG_SHAPE(sheet->columns, config->c_dim), 0);
    for (int i = 0; c && sheet->classes && i < sheet->columns; i++) {
        float *label = sg_f32(c) + i * config->c_dim;
        if (sheet->labels)
            memcpy(label, sheet->labels + row * config->c_dim,
                   (size_t)config->c_dim * sizeof *label);
        else
            label[row_class(sheet, row)] = 1;
    }
    sg_tensor *ws = sg_generator_broadcast(generator, sg_generator_map(generator, z, c));
    return sg_generator_synthesize(generator, ws,
                                   (sg_synthesis_options){.noise_mode = SG_NOISE_CONST});
}

/* Paints one row into the grid. */
static sg_status paint_row(const sg_sheet *sheet, sg_generator *generator, uint64_t seed, int row,
                           sg_grid *grid, sg_error *error)
{
    sg_context *context = sg_generator_parameters(generator)->context;
    size_t scope = sg_scope_open(context);
    const sg_tensor *pictures = sg_sheet_row(sheet, generator, seed, row);
    sg_status status = sg_context_take_error(context, error);
    for (int i = 0; i < sheet->columns && !status; i++) {
        const int64_t *s = pictures->shape.size;
        sg_image *image = NULL;
        status = sg_image_from_floats(sg_f32(pictures) + i * s[1] * s[2] * s[3], (size_t)s[1],
                                      (size_t)s[2], (size_t)s[3], &image, error);
        if (!status)
            status = sg_grid_paste(grid, (size_t)i, (size_t)row, image, error);
        sg_image_destroy(image);
    }
    sg_scope_close(context, scope, NULL);
    return status;
}

sg_status sg_sheet_write_fakes(const sg_sheet *sheet, sg_generator *generator, uint64_t seed,
                               const char *path, sg_error *error)
{
    sg_grid *grid = NULL;
    sg_status status = open_grid(
        sheet, (size_t)sg_generator_height(generator), (size_t)sg_generator_width(generator),
        (size_t)sg_generator_config_of(generator)->img_channels, &grid, error);
    for (int row = 0; row < sheet->rows && !status; row++)
        status = paint_row(sheet, generator, seed, row, grid, error);
    return finish_grid(grid, path, status, error);
}
