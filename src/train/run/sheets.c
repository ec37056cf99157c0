/* Sheets of real and generated pictures; see sheets.h. */
#include "train/run/sheets.h"

#include <stdio.h>

#include "base/files/file.h"
#include "base/text.h"
#include "image/figures/grid.h"
#include "image/figures/page.h"
#include "image/files/png_file.h"
#include "models/mapper/mapper.h"
#include "stylegan.h"
#include "tensor/tensor.h"

enum {
    CELL_SIDE = 64,
    LEAST = 4,      /* pictures a side */
    LEAST_HUGE = 2, /* of pictures longer than HUGE_SIDE */
    HUGE_SIDE = 1024,
    MOST_CLASSES = 16, /* rows of a usual sheet */
    MOST_ROWS = 32,
    MOST_REMARKS = 10,
    TEXT_BYTES = 96,
    LABEL_BYTES = 24
};

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
    const int sheet_width = sheet_sizes[size].width;
    const int sheet_height = sheet_sizes[size].height;
    const int most = sheet_sizes[size].rows;
    const bool huge = cell_width > HUGE_SIDE || cell_height > HUGE_SIDE;
    const int least = huge ? LEAST_HUGE : LEAST;
    int rows = classes ? between(classes, 1, most > MOST_CLASSES ? most : MOST_CLASSES)
                       : between(sheet_height / cell_height, least, most);
    int columns = between(sheet_width / cell_width, least, sheet_sizes[size].columns);
    return (sg_sheet){.columns = columns, .rows = rows, .classes = classes};
}

/* What a sheet says about itself, as a title and as remarks in its file. */
typedef struct sheet_texts {
    char title[TEXT_BYTES], software[TEXT_BYTES], classes[TEXT_BYTES];
    sg_png_text remarks[MOST_REMARKS];
    size_t count; /* of remarks */
} sheet_texts;

static void remark(sheet_texts *texts, const char *key, const char *value)
{
    texts->remarks[texts->count++] = (sg_png_text){key, value};
}

/* Starts the remarks with what both kinds of sheets say. */
static void start_remarks(sheet_texts *texts, const sg_sheet *sheet)
{
    texts->count = 0;
    snprintf(texts->software, TEXT_BYTES, "stylegan %s", sg_version());
    remark(texts, "Software", texts->software);
    remark(texts, "Title", texts->title);
    snprintf(texts->classes, TEXT_BYTES, "0-%d, a row for each", sheet->classes - 1);
    if (sheet->labels)
        snprintf(texts->classes, TEXT_BYTES, "%d numbers, a label for each row", sheet->classes);
    if (sheet->classes > 0)
        remark(texts, "class", texts->classes);
}

/* Writes the name of each row; leaves `labels` NULL where there are no classes. */
static void label_rows(const sg_sheet *sheet, char (*texts)[LABEL_BYTES], const char **labels)
{
    for (int row = 0; row < sheet->rows; row++)
        labels[row] = sg_sheet_row_name(sheet, row, texts[row], LABEL_BYTES);
}

/* Makes an empty page for pictures of this shape, which are enlarged when they are tiny. */
static sg_status open_page(const sg_sheet *sheet, const sg_image_shape *shape, const char *title,
                           sg_page **page, sg_error *error)
{
    char texts[MOST_ROWS][LABEL_BYTES];
    const char *labels[MOST_ROWS];
    label_rows(sheet, texts, labels);
    const sg_figure_layout layout = {.columns = {.count = (size_t)sheet->columns},
                                     .rows = {.count = (size_t)sheet->rows, .labels = labels},
                                     .cell_width = shape->width,
                                     .cell_height = shape->height,
                                     .scale =
                                         sg_grid_scale_for(shape->width, shape->height, CELL_SIDE),
                                     .title = title,
                                     .plain = sheet->plain};
    return sg_page_create(&layout, shape->channels > 4 ? 3 : shape->channels, page, error);
}

/* Writes the page, which says where its pictures lie, for figures of several sheets. */
static sg_status finish_page(sg_page *page, const char *path, const sheet_texts *texts,
                             sg_status status, sg_error *error)
{
    sheet_texts all = *texts;
    char text[SG_CELLS_BYTES];
    sg_cells cells;
    if (!status && sg_page_cells(page, &cells)) {
        sg_cells_print(&cells, text);
        remark(&all, SG_CELLS_KEY, text);
    }
    if (!status)
        status = sg_png_write(path, sg_page_image(page), all.remarks, all.count, error);
    sg_page_destroy(page);
    return status;
}

/* Returns the sheet without the cells that `count` pictures leave empty at its end. */
static sg_sheet shrink(const sg_sheet *sheet, size_t count)
{
    sg_sheet shrunk = *sheet;
    if (sheet->plain || sheet->classes || count >= (size_t)(sheet->rows * sheet->columns))
        return shrunk;
    shrunk.columns = between((int)count, 1, sheet->columns);
    shrunk.rows = between(((int)count + shrunk.columns - 1) / shrunk.columns, 1, sheet->rows);
    return shrunk;
}

/* Pastes the pictures, read one after another into `image`. */
static sg_status paste_reals(const sg_sheet *sheet, const sg_dataset *dataset, sg_image *image,
                             sg_page *page, sg_error *error)
{
    size_t indices[SG_SHEET_COLUMNS];
    for (int row = 0; row < sheet->rows; row++) {
        size_t count = 0;
        SG_TRY(sg_sheet_choose_reals(sheet, dataset, row, indices, &count, error));
        for (size_t column = 0; column < count; column++) {
            SG_TRY(sg_dataset_read(dataset, indices[column], image->pixels, NULL, error));
            SG_TRY(sg_page_paste(page, column, (size_t)row, image, error));
        }
    }
    return SG_OK;
}

sg_status sg_sheet_write_reals(const sg_sheet *sheet, const sg_dataset *dataset, const char *data,
                               const char *path, sg_error *error)
{
    const sg_dataset_info info = sg_dataset_info_of(dataset);
    const sg_sheet shown = shrink(sheet, info.image_count);
    const sg_image_shape shape = {info.width, info.height, info.channels};
    sheet_texts texts;
    sg_page *page = NULL;
    sg_image *image = NULL;
    snprintf(texts.title, TEXT_BYTES, "real pictures, %zux%zu pixels", info.width, info.height);
    start_remarks(&texts, sheet);
    remark(&texts, "data", sg_path_name(data));
    sg_status status = sg_image_create(info.width, info.height, info.channels, &image, error);
    if (!status)
        status = open_page(&shown, &shape, texts.title, &page, error);
    if (!status)
        status = paste_reals(&shown, dataset, image, page, error);
    sg_image_destroy(image);
    return finish_page(page, path, &texts, status, error);
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
    for (int i = 0; c && i < sheet->columns; i++)
        sg_sheet_fill_label(sheet, row, config->c_dim, sg_f32(c) + i * config->c_dim);
    sg_tensor *ws = sg_generator_broadcast(generator, sg_generator_map(generator, z, c));
    if (sheet->mapper)
        ws = sg_mapper_move(sheet->mapper, ws, 1);
    return sg_generator_synthesize(generator, ws,
                                   (sg_synthesis_options){.noise_mode = SG_NOISE_CONST});
}

/* Paints one row into the page. */
static sg_status paint_row(const sg_sheet *sheet, sg_generator *generator, uint64_t seed, int row,
                           sg_page *page, sg_error *error)
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
            status = sg_page_paste(page, (size_t)i, (size_t)row, image, error);
        sg_image_destroy(image);
    }
    sg_scope_close(context, scope, NULL);
    return status;
}

sg_status sg_sheet_write_fakes(const sg_sheet *sheet, sg_generator *generator, uint64_t seed,
                               uint64_t images, const char *path, sg_error *error)
{
    const sg_image_shape shape = {(size_t)sg_generator_width(generator),
                                  (size_t)sg_generator_height(generator),
                                  (size_t)sg_generator_config_of(generator)->img_channels};
    char kimg[SG_NUMBER_TEXT_BYTES];
    char seed_text[SG_NUMBER_TEXT_BYTES];
    sheet_texts texts;
    sg_page *page = NULL;
    sg_print_number(kimg, (double)images / 1000);
    sg_print_number(seed_text, (double)seed);
    snprintf(texts.title, TEXT_BYTES, "generated pictures, kimg %s, psi 1", kimg);
    start_remarks(&texts, sheet);
    remark(&texts, "kimg", kimg);
    remark(&texts, "seed of the training", seed_text);
    remark(&texts, "truncation psi", "1");
    remark(&texts, "noise mode", "const");
    sg_status status = open_page(sheet, &shape, texts.title, &page, error);
    for (int row = 0; row < sheet->rows && !status; row++)
        status = paint_row(sheet, generator, seed, row, page, error);
    return finish_page(page, path, &texts, status, error);
}
