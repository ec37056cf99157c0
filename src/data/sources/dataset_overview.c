/*
 * Chooses pictures in equal steps over the set, or over each class, so that the sheet shows all of
 * it and is the same each time.
 * Tested by: tests/cli/test_dataset_pictures.c
 */
#include "data/sources/dataset_overview.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/allocate.h"
#include "base/files/file.h"
#include "image/channels.h"
#include "image/figures/figure.h"
#include "image/figures/grid.h"
#include "image/files/png_file.h"
#include "image/resize.h"
#include "stylegan.h"

enum {
    COLUMNS = 8,
    CLASS_COLUMNS = 12,
    MOST_ROWS = 16,
    SMALLEST_CELL = 64,
    LARGEST_CELL = 128,
    LABEL_BYTES = 32,
    TITLE_BYTES = 256
};

/* A sheet being made. */
typedef struct overview {
    const sg_set_plan *plan;
    bool has_classes; /* a row for each class */
    size_t columns, rows;
    size_t *cells; /* [rows, columns]: places in plan->indices, plan->count for an empty cell */
    sg_image_shape cell;
    sg_figure *figure;
} overview;

static int label_of(const overview *sheet, size_t place)
{
    const sg_set_plan *plan = sheet->plan;
    return plan->source->pictures[plan->indices[place]].label;
}

/* Returns the class of a row: of many classes, some in equal steps. */
static size_t class_of(const overview *sheet, size_t row)
{
    return row * sheet->plan->source->label_count / sheet->rows;
}

/* Chooses the pictures of a row's class. */
static void choose_class(overview *sheet, size_t row)
{
    size_t seen = 0;
    size_t chosen = 0;
    size_t count = 0;
    size_t *cells = sheet->cells + row * sheet->columns;
    const int label = (int)class_of(sheet, row);
    for (size_t i = 0; i < sheet->plan->count; i++)
        count += label_of(sheet, i) == label ? 1 : 0;
    const size_t wanted = count < sheet->columns ? count : sheet->columns;
    for (size_t i = 0; i < sheet->plan->count && chosen < wanted; i++)
        if (label_of(sheet, i) == label && seen++ == chosen * count / wanted)
            cells[chosen++] = i;
}

static void choose(overview *sheet)
{
    const size_t count = sheet->plan->count;
    const size_t cells = sheet->rows * sheet->columns;
    for (size_t i = 0; i < cells; i++)
        sheet->cells[i] = sheet->has_classes || i >= count ? count
                          : count < cells                  ? i
                                                           : i * count / cells;
    for (size_t row = 0; row < sheet->rows && sheet->has_classes; row++)
        choose_class(sheet, row);
}

/* Sets the number of cells. */
static void lay_out(overview *sheet)
{
    const sg_picture_source *source = sheet->plan->source;
    const size_t count = sheet->plan->count;
    sheet->has_classes = source->label_count > 1 && !source->label_values;
    if (sheet->has_classes) {
        sheet->columns = CLASS_COLUMNS;
        sheet->rows = source->label_count < MOST_ROWS ? source->label_count : MOST_ROWS;
    } else {
        sheet->columns = count < COLUMNS ? count : COLUMNS;
        sheet->rows = (count + sheet->columns - 1) / sheet->columns;
        sheet->rows = sheet->rows < COLUMNS ? sheet->rows : COLUMNS;
    }
}

/* Makes a picture of the set, not larger than a cell. */
static sg_status make_picture(const sg_set_plan *plan, size_t place, sg_image **image,
                              sg_error *error)
{
    sg_image *whole = NULL;
    SG_TRY(sg_set_picture(plan, plan->indices[place], &whole, error));
    const size_t longer = whole->width > whole->height ? whole->width : whole->height;
    if (longer <= LARGEST_CELL) {
        *image = whole;
        return SG_OK;
    }
    const size_t width = (whole->width * LARGEST_CELL + longer / 2) / longer;
    const size_t height = (whole->height * LARGEST_CELL + longer / 2) / longer;
    const sg_status status = sg_image_resize(whole, width > 0 ? width : 1, height > 0 ? height : 1,
                                             SG_RESIZE_AREA, image, error);
    sg_image_destroy(whole);
    return status;
}

static sg_status paste_all(const overview *sheet, sg_error *error)
{
    const size_t cells = sheet->rows * sheet->columns;
    sg_status status = SG_OK;
    for (size_t i = 0; i < cells && !status; i++) {
        sg_image *image = NULL;
        if (sheet->cells[i] == sheet->plan->count)
            continue;
        status = make_picture(sheet->plan, sheet->cells[i], &image, error);
        if (!status)
            status = sg_figure_paste(sheet->figure, i % sheet->columns, i / sheet->columns, image,
                                     error);
        sg_image_destroy(image);
    }
    return status;
}

/* Figures have ASCII alone. */
static void make_ascii(char *text)
{
    for (; *text != '\0'; text++)
        *text = *text < ' ' || *text > '~' ? '?' : *text;
}

/* Writes "3 cat", or "class 3" for a class without a name. */
static void write_label(const overview *sheet, size_t row, char label[LABEL_BYTES])
{
    const size_t class = class_of(sheet, row);
    char *const *names = sheet->plan->source->label_names;
    if (names)
        snprintf(label, LABEL_BYTES, "%zu %.20s", class, names[class]);
    else
        snprintf(label, LABEL_BYTES, "class %zu", class);
    make_ascii(label);
}

/* Writes "photos: 60000 RGB pictures of 32x32 pixels in 10 classes" to `title`. */
static void write_title(const overview *sheet, const sg_image_shape *shape, char *title)
{
    char classes[LABEL_BYTES] = "";
    size_t length = 0;
    const sg_set_plan *plan = sheet->plan;
    const char *name = sg_path_last(plan->source->path, &length);
    if (sheet->has_classes)
        snprintf(classes, sizeof classes, " in %zu classes", plan->source->label_count);
    snprintf(title, TITLE_BYTES, "%.*s: %zu %s picture%s of %zux%zu pixels%s",
             (int)(length < 80 ? length : 80), name, plan->count, sg_channels_name(plan->channels),
             plan->count == 1 ? "" : "s", shape->width, shape->height, classes);
    make_ascii(title);
}

static sg_status open_figure(overview *sheet, const char *title, sg_error *error)
{
    char texts[MOST_ROWS][LABEL_BYTES];
    const char *labels[MOST_ROWS];
    for (size_t row = 0; row < sheet->rows; row++) {
        write_label(sheet, row, texts[row]);
        labels[row] = sheet->has_classes ? texts[row] : NULL;
    }
    const sg_figure_layout layout = {
        .columns = {.count = sheet->columns},
        .rows = {.count = sheet->rows, .labels = labels},
        .cell_width = sheet->cell.width,
        .cell_height = sheet->cell.height,
        .scale = sg_grid_scale_for(sheet->cell.width, sheet->cell.height, SMALLEST_CELL),
        .title = title};
    return sg_figure_create(&layout, &sheet->figure, error);
}

/* Makes the figure of the first picture's size, and writes it. */
static sg_status draw(overview *sheet, const char *path, sg_error *error)
{
    char title[TITLE_BYTES];
    char software[LABEL_BYTES];
    sg_image *whole = NULL;
    sg_image *small = NULL;
    SG_TRY(make_picture(sheet->plan, 0, &small, error));
    sheet->cell = sg_image_shape_of(small);
    sg_image_destroy(small);
    SG_TRY(sg_set_picture(sheet->plan, sheet->plan->indices[0], &whole, error));
    const sg_image_shape shape = sg_image_shape_of(whole);
    sg_image_destroy(whole);
    write_title(sheet, &shape, title);
    SG_TRY(open_figure(sheet, title, error));
    SG_TRY(paste_all(sheet, error));
    snprintf(software, sizeof software, "stylegan %s", sg_version());
    const sg_png_text remarks[] = {{"Software", software}, {"Title", title}};
    return sg_png_write(path, sg_figure_image(sheet->figure), remarks, 2, error);
}

sg_status sg_overview_write(const sg_set_plan *plan, const char *path, sg_error *error)
{
    overview sheet = {.plan = plan};
    lay_out(&sheet);
    sheet.cells = sg_allocate(sheet.rows * sheet.columns, sizeof *sheet.cells);
    if (!sheet.cells)
        return sg_fail_memory(error, "%s", path);
    choose(&sheet);
    const sg_status status = draw(&sheet, path, error);
    sg_figure_destroy(sheet.figure);
    free(sheet.cells);
    return status;
}
