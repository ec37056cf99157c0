/*
 * Figures of pictures. Labels are drawn first, through cairo; pictures are pasted into the result.
 * Along each side, cells follow each other with a narrow gap within a group and a wide one between
 * groups. A cell is a picture's box, which may be narrower than the cell's labels.
 */
#include "image/figures/figure.h"

#include <math.h>
#include <stdlib.h>

#include "base/allocate.h"
#include "image/channels.h"
#include "image/figures/drawing.h"

enum {
    GAP = 2,         /* pixels between neighbours of a group, unless the layout says so */
    GROUP_GAP = 12,  /* between groups */
    MARGIN = 8,      /* around everything, and between a label and its pictures */
    TEXT_DIVISOR = 9 /* a label's height is a cell's divided by this, within limits */
};

static const double SMALLEST_TEXT = 14;
static const double LARGEST_TEXT = 40;
static const double LEAST_TEXT = 6;    /* the size to which a label may shrink to fit */
static const double LEGIBLE_TEXT = 11; /* columns are wide enough for labels of this size */

/* The layout of the rows or the columns, in pixels. */
typedef struct side_track {
    size_t *starts; /* [count], from the figure's edge */
    size_t box;     /* length of an enlarged picture */
    size_t cell;    /* length of a cell, at least a box */
    size_t after;   /* space for captions after every cell */
    size_t title;   /* space for the figure's title, before everything */
    size_t groups;  /* space for the labels of groups, after the title */
    size_t labels;  /* space for the labels of cells, after `groups` */
    size_t total;   /* length of the figure */
} side_track;

struct sg_figure {
    side_track columns, rows;
    sg_figure_layout layout; /* without labels and groups, which are borrowed to draw */
    double text_size;
    sg_image *image;
};

/* ---- cells ---- */

static bool side_fits(const sg_figure_side *side)
{
    size_t sum = 0;
    if (!side->groups)
        return side->count > 0;
    for (size_t i = 0; i < side->group_count; i++)
        if (side->groups[i].count > side->count || !sg_size_add(sum, side->groups[i].count, &sum))
            return false;
    return side->count > 0 && sum == side->count;
}

static sg_status check(const sg_figure_layout *layout, sg_error *error)
{
    const size_t largest = SG_DRAWING_LARGEST_SIDE;
    if (!side_fits(&layout->columns) || !side_fits(&layout->rows))
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "a figure of %zux%zu pictures cannot be divided into its groups",
                       layout->columns.count, layout->rows.count);
    if (layout->scale < 1 || layout->cell_width < 1 || layout->cell_height < 1 ||
        layout->cell_width > largest / layout->scale / layout->columns.count ||
        layout->cell_height > largest / layout->scale / layout->rows.count)
        return sg_fail(
            error, SG_ERROR_ARGUMENT,
            "a figure of %zux%zu pictures of %zux%zu pixels, each enlarged %zu times, is "
            "larger than the %zu pixels that can be drawn on each side",
            layout->columns.count, layout->rows.count, layout->cell_width, layout->cell_height,
            layout->scale, largest);
    return SG_OK;
}

static bool group_labelled(const sg_figure_side *side)
{
    for (size_t i = 0; side->groups && i < side->group_count; i++)
        if (side->groups[i].label)
            return true;
    return false;
}

/* Computes the starts of a side's cells, after the space for labels. */
static sg_status lay_cells(side_track *track, const sg_figure_side *side,
                           const sg_figure_layout *layout, sg_error *error)
{
    const bool plain = layout->plain;
    const size_t gap = layout->gap ? layout->gap : GAP;
    size_t at = (plain ? 0 : MARGIN) + track->title + track->groups + track->labels;
    size_t group = 0;
    size_t left = side->groups ? side->groups[0].count : side->count;
    track->starts = sg_allocate(side->count, sizeof *track->starts);
    if (!track->starts)
        return sg_fail_memory(error, "a figure");
    for (size_t i = 0; i < side->count; i++, left--) {
        const bool next_group = left == 0;
        while (left == 0)
            left = side->groups[++group].count;
        if (i > 0 && !plain)
            at += next_group && gap < GROUP_GAP ? GROUP_GAP : gap;
        track->starts[i] = at;
        at += track->cell + track->after;
    }
    track->total = at + (plain ? 0 : MARGIN);
    if (track->total > SG_DRAWING_LARGEST_SIDE)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "a side of the figure is %zu pixels long, but must be at most %d",
                       track->total, SG_DRAWING_LARGEST_SIDE);
    return SG_OK;
}

/* ---- labels ---- */

/* Returns the width of the longest of the texts (NULL: none), in pixels. */
static double longest(cairo_t *cairo, const char *const *texts, size_t count)
{
    double most = 0;
    for (size_t i = 0; texts && i < count; i++)
        if (texts[i])
            most = fmax(most, sg_drawing_text_width(cairo, texts[i]));
    return most;
}

static bool labelled(const char *const *texts, size_t count)
{
    for (size_t i = 0; texts && i < count; i++)
        if (texts[i])
            return true;
    return false;
}

static size_t picture_count(const sg_figure_layout *layout)
{
    return layout->columns.count * layout->rows.count;
}

/* Widens the columns to their labels and captions at a size that can be read. */
static void widen_columns(sg_figure *figure, const sg_figure_layout *layout, cairo_t *cairo)
{
    cairo_set_font_size(cairo, LEGIBLE_TEXT);
    const double widest = fmax(longest(cairo, layout->columns.labels, layout->columns.count),
                               longest(cairo, layout->captions, picture_count(layout)));
    if (widest > (double)figure->columns.cell)
        figure->columns.cell = (size_t)ceil(widest);
    cairo_set_font_size(cairo, figure->text_size);
}

/* Reserves space for labels; `cairo` measures those of the rows, which are written horizontally. */
static void reserve_labels(sg_figure *figure, const sg_figure_layout *layout, cairo_t *cairo)
{
    const size_t line = (size_t)ceil(figure->text_size) + MARGIN;
    if (layout->plain)
        return;
    figure->columns.groups = group_labelled(&layout->rows) ? line : 0;
    figure->rows.title = layout->title ? line : 0;
    figure->rows.groups = group_labelled(&layout->columns) ? line : 0;
    figure->rows.labels = labelled(layout->columns.labels, layout->columns.count) ? line : 0;
    figure->rows.after = labelled(layout->captions, picture_count(layout)) ? line : 0;
    if (labelled(layout->rows.labels, layout->rows.count))
        figure->columns.labels =
            (size_t)ceil(longest(cairo, layout->rows.labels, layout->rows.count)) + MARGIN;
    widen_columns(figure, layout, cairo);
}

/* Writes a text in the middle of a stretch, smaller if it would not fit. */
static void write_within(cairo_t *cairo, const char *text, double size, double start, double length,
                         double baseline)
{
    cairo_set_font_size(cairo, size);
    const double width = sg_drawing_text_width(cairo, text);
    if (width > length)
        cairo_set_font_size(cairo, fmax(LEAST_TEXT, size * length / width));
    sg_drawing_write(cairo, text, start + length / 2, baseline, 0.5);
}

/* Writes the labels of a side's groups; `upwards` after a quarter turn, for rows. `title` is the
 * space above those of columns. */
static void write_groups(cairo_t *cairo, const sg_figure_side *side, const side_track *track,
                         double size, bool upwards, size_t title)
{
    size_t first = 0;
    for (size_t i = 0; side->groups && i < side->group_count; i++) {
        const sg_figure_group *group = &side->groups[i];
        if (group->count > 0 && group->label) {
            const size_t last = track->starts[first + group->count - 1];
            const double length = (double)(last - track->starts[first] + track->cell);
            const double start = (double)track->starts[first];
            write_within(cairo, group->label, size, upwards ? -start - length : start, length,
                         (double)(MARGIN + title) + size * 0.8);
        }
        first += group->count;
    }
}

/* Writes the title from the first column on, or over the whole width where it is longer. */
static void draw_title(cairo_t *cairo, const sg_figure *figure, const char *title)
{
    const double size = figure->text_size;
    const double total = (double)figure->columns.total - MARGIN;
    const double needed = sg_drawing_text_width(cairo, title);
    const bool fits = (double)figure->columns.starts[0] + needed <= total;
    const double start = fits ? (double)figure->columns.starts[0] : MARGIN;
    const double share = fmin((total - start) / needed, 1);
    cairo_set_font_size(cairo, fmax(LEAST_TEXT, size * share));
    sg_drawing_write(cairo, title, start, MARGIN + size * 0.8, 0);
}

/* Writes the title and the captions. */
static void draw_texts(cairo_t *cairo, const sg_figure *figure, const sg_figure_layout *layout)
{
    const double size = figure->text_size;
    const size_t columns = layout->columns.count;
    if (layout->title)
        draw_title(cairo, figure, layout->title);
    for (size_t i = 0; layout->captions && i < picture_count(layout); i++) {
        const size_t row = i / columns;
        if (layout->captions[i])
            write_within(cairo, layout->captions[i], size,
                         (double)figure->columns.starts[i % columns], (double)figure->columns.cell,
                         (double)(figure->rows.starts[row] + figure->rows.cell) + MARGIN / 2.0 +
                             size * 0.8);
    }
    cairo_set_font_size(cairo, size);
}

static void draw_labels(cairo_t *cairo, const sg_figure *figure, const sg_figure_layout *layout)
{
    const double size = figure->text_size;
    const side_track *columns = &figure->columns;
    const side_track *rows = &figure->rows;
    for (size_t i = 0; layout->columns.labels && i < layout->columns.count; i++)
        if (layout->columns.labels[i])
            write_within(cairo, layout->columns.labels[i], size, (double)columns->starts[i],
                         (double)columns->cell,
                         (double)(MARGIN + rows->title + rows->groups) + size * 0.8);
    cairo_set_font_size(cairo, size);
    for (size_t i = 0; layout->rows.labels && i < layout->rows.count; i++)
        if (layout->rows.labels[i])
            sg_drawing_write(cairo, layout->rows.labels[i], (double)columns->starts[0] - MARGIN,
                             (double)rows->starts[i] + (double)rows->cell / 2 + size * 0.35, 1);
    write_groups(cairo, &layout->columns, columns, size, false, rows->title);
    cairo_rotate(cairo, -acos(-1) / 2);
    write_groups(cairo, &layout->rows, rows, size, true, 0);
}

/* ---- the figure ---- */

/* Makes a drawing for measuring texts. */
static cairo_t *measuring_cairo(double text_size)
{
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, 1, 1);
    cairo_t *cairo = cairo_create(surface);
    cairo_surface_destroy(surface);
    sg_drawing_select_font(cairo);
    cairo_set_font_size(cairo, text_size);
    return cairo;
}

static sg_status lay_all(sg_figure *figure, const sg_figure_layout *layout, sg_error *error)
{
    cairo_t *cairo = measuring_cairo(figure->text_size);
    reserve_labels(figure, layout, cairo);
    cairo_destroy(cairo);
    SG_TRY(lay_cells(&figure->columns, &layout->columns, layout, error));
    return lay_cells(&figure->rows, &layout->rows, layout, error);
}

static sg_status draw(sg_figure *figure, const sg_figure_layout *layout, sg_error *error)
{
    cairo_surface_t *surface = cairo_image_surface_create(
        CAIRO_FORMAT_RGB24, (int)figure->columns.total, (int)figure->rows.total);
    cairo_t *cairo = cairo_create(surface);
    cairo_set_source_rgb(cairo, 1, 1, 1);
    cairo_paint(cairo);
    cairo_set_source_rgb(cairo, 0.15, 0.15, 0.15);
    sg_drawing_select_font(cairo);
    cairo_set_font_size(cairo, figure->text_size);
    if (!layout->plain) {
        draw_texts(cairo, figure, layout);
        draw_labels(cairo, figure, layout);
    }
    return sg_drawing_finish(cairo, surface, "a figure", &figure->image, error);
}

bool sg_figures_are_built(void)
{
    return true;
}

sg_status sg_figure_create(const sg_figure_layout *layout, sg_figure **figure, sg_error *error)
{
    *figure = NULL;
    SG_TRY(check(layout, error));
    sg_figure *created = sg_allocate(1, sizeof *created);
    if (!created)
        return sg_fail_memory(error, "a figure");
    created->layout = *layout;
    created->columns.box = created->columns.cell = layout->cell_width * layout->scale;
    created->rows.box = created->rows.cell = layout->cell_height * layout->scale;
    created->text_size =
        layout->text_size > 0
            ? layout->text_size
            : fmin(fmax((double)created->columns.box / TEXT_DIVISOR, SMALLEST_TEXT), LARGEST_TEXT);
    sg_status status = lay_all(created, layout, error);
    if (!status)
        status = draw(created, layout, error);
    created->layout.columns.labels = created->layout.rows.labels = NULL;
    created->layout.columns.groups = created->layout.rows.groups = NULL;
    created->layout.captions = NULL;
    created->layout.title = NULL;
    if (status)
        sg_figure_destroy(created);
    else
        *figure = created;
    return status;
}

void sg_figure_destroy(sg_figure *figure)
{
    if (!figure)
        return;
    free(figure->columns.starts);
    free(figure->rows.starts);
    sg_image_destroy(figure->image);
    free(figure);
}

static sg_status check_cell(const sg_figure *figure, size_t column, size_t row,
                            const sg_image *image, sg_error *error)
{
    const sg_figure_layout *layout = &figure->layout;
    if (column >= layout->columns.count || row >= layout->rows.count)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "column %zu, row %zu is outside a figure of %zux%zu pictures", column, row,
                       layout->columns.count, layout->rows.count);
    if (image->width > layout->cell_width || image->height > layout->cell_height)
        return sg_fail(error, SG_ERROR_SHAPE,
                       "a picture of %zux%zu pixels does not fit a figure of pictures of %zux%zu",
                       image->width, image->height, layout->cell_width, layout->cell_height);
    return SG_OK;
}

/* Lays colours that were laid over black over white instead, by the alpha of `image`. */
static void lay_over_white(const sg_image *image, sg_image *colours)
{
    const size_t channels = image->channels;
    for (size_t i = 0; channels % 2 == 0 && i < image->width * image->height; i++)
        for (size_t c = 0; c < 3; c++) {
            const int light = 255 - image->pixels[i * channels + channels - 1];
            const int sum = colours->pixels[3 * i + c] + light;
            colours->pixels[3 * i + c] = (uint8_t)(sum < 255 ? sum : 255);
        }
}

sg_status sg_figure_paste(sg_figure *figure, size_t column, size_t row, const sg_image *image,
                          sg_error *error)
{
    sg_image *colours = NULL;
    sg_image *scaled = NULL;
    sg_status status = check_cell(figure, column, row, image, error);
    if (!status)
        status = sg_image_convert_channels(image, 3, &colours, error);
    if (!status && !figure->layout.plain)
        lay_over_white(image, colours);
    if (!status) {
        const size_t across = figure->columns.box / image->width;
        const size_t down = figure->rows.box / image->height;
        status = sg_image_scale_integer(colours, across < down ? across : down, &scaled, error);
    }
    if (!status)
        sg_image_paste(scaled, figure->image,
                       figure->columns.starts[column] + (figure->columns.cell - scaled->width) / 2,
                       figure->rows.starts[row] + (figure->rows.cell - scaled->height) / 2);
    sg_image_destroy(colours);
    sg_image_destroy(scaled);
    return status;
}

/* Writes where the first picture lies and how far the next is; false when the distances differ. */
static bool track_cells(const side_track *track, size_t count, size_t *first, size_t *step)
{
    *first = track->starts[0] + (track->cell - track->box) / 2;
    *step = count > 1 ? track->starts[1] - track->starts[0] : track->cell;
    for (size_t i = 2; i < count; i++)
        if (track->starts[i] - track->starts[i - 1] != *step)
            return false;
    return true;
}

bool sg_figure_cells(const sg_figure *figure, sg_cells *cells)
{
    const sg_figure_layout *layout = &figure->layout;
    *cells = (sg_cells){.columns = layout->columns.count,
                        .rows = layout->rows.count,
                        .width = figure->columns.box,
                        .height = figure->rows.box,
                        .scale = layout->scale};
    return track_cells(&figure->columns, cells->columns, &cells->left, &cells->across) &&
           track_cells(&figure->rows, cells->rows, &cells->top, &cells->down);
}

const sg_image *sg_figure_image(const sg_figure *figure)
{
    return figure->image;
}
