/* Sheets of real and generated pictures; see sheets.h. */
#include "train/run/sheets.h"

#include "image/figures/grid.h"
#include "image/files/png_file.h"
#include "tensor/tensor.h"

enum { CELL_SIDE = 64 };

/* The pixels of a sheet, and the most pictures in a row and a column. */
static const struct {
    int width, height, columns, rows;
} sheet_sizes[] = {[SG_SHEET_USUAL] = {1024, 640, 16, 10},
                   [SG_SHEET_1080P] = {1920, 1080, 32, 32},
                   [SG_SHEET_4K] = {3840, 2160, 32, 32},
                   [SG_SHEET_8K] = {7680, 4320, 32, 32}};

/* The random stream of a sheet's latents; the trainer's streams start higher. */
static const uint64_t sheet_stream = (uint64_t)0x10 << 56;

static int between(int value, int least, int most)
{
    return value < least ? least : value > most ? most : value;
}

sg_sheet sg_sheet_for(int height, int width, int classes, sg_sheet_size size)
{
    int cell_width = width > CELL_SIDE ? width : CELL_SIDE;
    int cell_height = height > CELL_SIDE ? height : CELL_SIDE;
    int most = sheet_sizes[size].rows;
    int rows = classes ? between(classes, 1, most > 16 ? most : 16)
                       : between(sheet_sizes[size].height / cell_height, 4, most);
    int columns = between(sheet_sizes[size].width / cell_width, 4, sheet_sizes[size].columns);
    return (sg_sheet){columns, rows, classes};
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

/* Returns the class of a row; -1 for any class. */
static int row_class(const sg_sheet *sheet, int row)
{
    return sheet->classes ? row % sheet->classes : -1;
}

sg_status sg_sheet_write_reals(const sg_sheet *sheet, const sg_dataset *dataset, const char *path,
                               sg_error *error)
{
    sg_dataset_info info = sg_dataset_info_of(dataset);
    sg_grid *grid = NULL;
    sg_image *image = NULL;
    sg_status status = sg_image_create(info.width, info.height, info.channels, &image, error);
    if (!status)
        status = open_grid(sheet, info.height, info.width, info.channels, &grid, error);
    size_t index = 0;
    for (int cell = 0; cell < sheet->rows * sheet->columns && !status; cell++) {
        const int row = cell / sheet->columns;
        const int column = cell % sheet->columns;
        bool found = false;
        if (sheet->classes && column == 0)
            index = 0;
        while (!found && !status && index < info.image_count) {
            int label = -1;
            status = sg_dataset_read(dataset, index++, image->pixels, &label, error);
            found = !sheet->classes || label == row_class(sheet, row);
        }
        if (found && !status)
            status = sg_grid_paste(grid, (size_t)column, (size_t)row, image, error);
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
    for (int i = 0; c && sheet->classes && i < sheet->columns; i++)
        sg_f32(c)[i * config->c_dim + row_class(sheet, row)] = 1;
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
