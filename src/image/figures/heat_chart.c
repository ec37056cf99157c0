/*
 * Charts of heat maps. Contours are found by marching squares: within a square of four neighbouring
 * values, a line joins the points of its sides where the level is crossed.
 */
#include "image/figures/heat_chart.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "image/figures/drawing.h"
#include "image/figures/figure.h"
#include "image/figures/heat_map.h"
#include "image/figures/plot_axis.h"

enum {
    LEFT = 52, /* margins of a map, pixels */
    TOP = 26,
    RIGHT = 14,
    BOTTOM = 24,
    TITLE = 26,     /* above all */
    AXIS_NAME = 22, /* below all */
    BAR = 92,       /* at the right: the bar and its numbers */
    BAR_WIDTH = 16,
    BAR_GAP = 13,
    LEAST_SIDE = 100,
    TICKS = 5
};

static const double TEXT_SIZE = 12;
static const double TITLE_SIZE = 14;
static const double NUMBER_SIZE = 10;

/* A map's position in the picture. */
typedef struct map_area {
    const sg_heat_chart *chart;
    const sg_heat_chart_map *map;
    double left, top, side; /* of the frame, pixels */
} map_area;

static void set_ink(cairo_t *cairo)
{
    cairo_set_source_rgb(cairo, 0.15, 0.15, 0.15);
}

static double sharp(double position)
{
    return floor(position) + 0.5;
}

/* ---- colours ---- */

/* Returns the value at a point of the map in its own entries, clamped to it. */
static float value_at(const sg_heat_chart_map *map, double x, double y)
{
    const size_t last = map->rows - 1;
    const double across = fmin(fmax(x, 0), (double)last);
    const double down = fmin(fmax(y, 0), (double)last);
    const size_t left = (size_t)across;
    const size_t upper = (size_t)down;
    const size_t right = left < last ? left + 1 : last;
    const size_t lower = upper < last ? upper + 1 : last;
    const double u = across - (double)left;
    const double v = down - (double)upper;
    const float *above = map->values + upper * map->rows;
    const float *below = map->values + lower * map->rows;
    return (float)((1 - v) * ((1 - u) * above[left] + u * above[right]) +
                   v * ((1 - u) * below[left] + u * below[right]));
}

/* Draws the values in colours of `height` x `width` pixels into the picture at (left, top). */
static sg_status paste_colours(const sg_heat_chart *chart, const float *values, size_t height,
                               size_t width, sg_image *image, size_t left, size_t top,
                               sg_error *error)
{
    sg_image *colours = NULL;
    SG_TRY(sg_heat_map_draw(values, height, width, chart->least, chart->most, &colours, error));
    sg_image_paste(colours, image, left, top);
    sg_image_destroy(colours);
    return SG_OK;
}

static sg_status paste_map(const map_area *area, sg_image *image, sg_error *error)
{
    const size_t side = area->chart->side;
    const double step = (double)(area->map->rows - 1) / (double)(side - 1);
    float *values = sg_allocate(side * side, sizeof *values);
    if (!values)
        return sg_fail_memory(error, "a map of %zux%zu pixels", side, side);
    for (size_t y = 0; y < side; y++)
        for (size_t x = 0; x < side; x++)
            values[y * side + x] = value_at(area->map, (double)x * step, (double)y * step);
    const sg_status status = paste_colours(area->chart, values, side, side, image,
                                           (size_t)area->left, (size_t)area->top, error);
    free(values);
    return status;
}

/* The largest value is at the top. */
static sg_status paste_bar(const sg_heat_chart *chart, size_t left, size_t top, size_t height,
                           sg_image *image, sg_error *error)
{
    float *values = sg_allocate(height, BAR_WIDTH * sizeof *values);
    if (!values)
        return sg_fail_memory(error, "the colours of a heat map");
    for (size_t y = 0; y < height; y++) {
        const double share = (double)y / (double)(height - 1);
        for (size_t x = 0; x < BAR_WIDTH; x++)
            values[y * BAR_WIDTH + x] = (float)(chart->most + (chart->least - chart->most) * share);
    }
    const sg_status status =
        paste_colours(chart, values, height, BAR_WIDTH, image, left, top, error);
    free(values);
    return status;
}

/* ---- contours ---- */

/* Corners and sides of a square are counted clockwise from the upper left; side i goes from corner
 * i to the next. */
static const int corner_x[] = {0, 1, 1, 0};
static const int corner_y[] = {0, 0, 1, 1};

/* Adds the pieces of a contour within the square at (x, y) to cairo's path. */
static void add_square(cairo_t *cairo, const map_area *area, size_t x, size_t y, double level)
{
    const sg_heat_chart_map *map = area->map;
    const double scale = area->side / (double)(map->rows - 1);
    double values[4];
    int points = 0;
    for (int i = 0; i < 4; i++)
        values[i] = map->values[(y + (size_t)corner_y[i]) * map->rows + x + (size_t)corner_x[i]];
    for (int i = 0; i < 4; i++) {
        const int next = (i + 1) % 4;
        if ((values[i] < level) == (values[next] < level))
            continue;
        const double share = (level - values[i]) / (values[next] - values[i]);
        const double across = (double)x + corner_x[i] + share * (corner_x[next] - corner_x[i]);
        const double down = (double)y + corner_y[i] + share * (corner_y[next] - corner_y[i]);
        if (points++ % 2 == 0)
            cairo_move_to(cairo, area->left + scale * across, area->top + scale * down);
        else
            cairo_line_to(cairo, area->left + scale * across, area->top + scale * down);
    }
}

static void draw_contour(cairo_t *cairo, const map_area *area, double level)
{
    const size_t squares = area->map->rows - 1;
    for (size_t y = 0; y < squares; y++)
        for (size_t x = 0; x < squares; x++)
            add_square(cairo, area, x, y, level);
    cairo_set_source_rgba(cairo, 0, 0, 0, 0.7);
    cairo_set_line_width(cairo, 1.1);
    cairo_stroke(cairo);
}

/* Writes the level on its contour, where that first crosses the line from the middle to the right,
 * slightly upwards; nowhere if it does not. */
static void number_contour(cairo_t *cairo, const map_area *area, double level)
{
    static const double slope = 0.35;
    const double middle = (double)(area->map->rows - 1) / 2;
    const double scale = area->side / (double)(area->map->rows - 1);
    char text[32];
    snprintf(text, sizeof text, "%g", level);
    const double half = sg_drawing_text_width(cairo, text) / 2 + 2;
    for (int step = 1; step < (int)(2 * middle); step++) {
        const double x = step / 2.0;
        const double before =
            (double)value_at(area->map, middle + x - 0.5, middle - slope * (x - 0.5));
        const double after = (double)value_at(area->map, middle + x, middle - slope * x);
        const double at_x = area->left + scale * (middle + x);
        const double at_y = area->top + scale * (middle - slope * x);
        if ((before < level) == (after < level) || at_x + half > area->left + area->side)
            continue;
        cairo_set_source_rgba(cairo, 1, 1, 1, 0.75);
        cairo_rectangle(cairo, at_x - half, at_y - NUMBER_SIZE / 2 - 1, 2 * half, NUMBER_SIZE + 2);
        cairo_fill(cairo);
        set_ink(cairo);
        sg_drawing_write(cairo, text, at_x, at_y + NUMBER_SIZE * 0.36, 0.5);
        return;
    }
}

/* Draws the lines of all multiples of the contour's step within the range. */
static void draw_contours(cairo_t *cairo, const map_area *area)
{
    const sg_heat_chart *chart = area->chart;
    const int first = (int)ceil(chart->least / chart->contour);
    const int end = (int)floor(chart->most / chart->contour + 1e-9);
    cairo_save(cairo);
    cairo_rectangle(cairo, area->left, area->top, area->side, area->side);
    cairo_clip(cairo);
    cairo_set_font_size(cairo, NUMBER_SIZE);
    for (int i = first; i <= end; i++)
        draw_contour(cairo, area, i * chart->contour);
    for (int i = first; i <= end; i++)
        number_contour(cairo, area, i * chart->contour);
    cairo_restore(cairo);
}

/* ---- axes ---- */

static void stroke_segment(cairo_t *cairo, double x0, double y0, double x1, double y1)
{
    cairo_move_to(cairo, x0, y0);
    cairo_line_to(cairo, x1, y1);
    cairo_stroke(cairo);
}

static void draw_axes(cairo_t *cairo, const map_area *area)
{
    sg_plot_ticks ticks;
    sg_plot_axis axis = sg_plot_axis_start(false, TICKS);
    axis.low = area->chart->low;
    axis.high = area->chart->high;
    sg_plot_axis_ticks(&axis, &ticks);
    set_ink(cairo);
    cairo_set_line_width(cairo, 1);
    cairo_set_font_size(cairo, TEXT_SIZE);
    const double bottom = area->top + area->side;
    for (size_t i = 0; i < ticks.count; i++) {
        const double share = sg_plot_axis_position(&axis, ticks.values[i]);
        const double x = sharp(area->left + share * (area->side - 1));
        const double y = sharp(bottom - 1 - share * (area->side - 1));
        stroke_segment(cairo, x, bottom, x, bottom + 4);
        sg_drawing_write(cairo, ticks.texts[i], x, bottom + 6 + TEXT_SIZE, 0.5);
        stroke_segment(cairo, area->left - 4, y, area->left, y);
        sg_drawing_write(cairo, ticks.texts[i], area->left - 7, y + TEXT_SIZE * 0.35, 1);
    }
    cairo_rectangle(cairo, sharp(area->left) - 1, sharp(area->top) - 1, area->side + 1,
                    area->side + 1);
    cairo_stroke(cairo);
    cairo_set_font_size(cairo, TITLE_SIZE);
    const double width = sg_drawing_text_width(cairo, area->map->name);
    if (width > area->side + RIGHT)
        cairo_set_font_size(cairo, TITLE_SIZE * (area->side + RIGHT) / width);
    sg_drawing_write(cairo, area->map->name, area->left, area->top - 8, 0);
}

/* Draws the frame of the bar, and its numbers where maps have contours. */
static void draw_bar(cairo_t *cairo, const sg_heat_chart *chart, double left, double top,
                     double height)
{
    const double step = chart->contour;
    const int first = (int)ceil(chart->least / step);
    const int end = (int)floor(chart->most / step + 1e-9);
    set_ink(cairo);
    cairo_set_line_width(cairo, 1);
    cairo_set_font_size(cairo, TEXT_SIZE);
    for (int i = first; i <= end; i++) {
        char text[64];
        const double share = (chart->most - i * step) / (chart->most - chart->least);
        const double y = sharp(top + share * (height - 1));
        const char *unit = i == end ? chart->unit : "";
        snprintf(text, sizeof text, "%g%s%s", i * step, *unit ? " " : "", unit);
        stroke_segment(cairo, left, y, left + BAR_WIDTH + 4, y);
        sg_drawing_write(cairo, text, left + BAR_WIDTH + 7, y + TEXT_SIZE * 0.35, 0);
    }
    cairo_rectangle(cairo, sharp(left) - 1, sharp(top) - 1, BAR_WIDTH + 1, height + 1);
    cairo_stroke(cairo);
}

/* ---- the whole ---- */

/* Where everything lies, in pixels. */
typedef struct arrangement {
    size_t columns, rows, cell_width, cell_height;
    size_t width, height; /* of the picture */
    size_t start, bar;    /* where the first row begins, and the bar */
} arrangement;

static sg_status arrange(const sg_heat_chart *chart, arrangement *all, sg_error *error)
{
    const size_t largest = SG_DRAWING_LARGEST_SIDE;
    if (!(chart->most > chart->least) || !(chart->contour > 0) || !(chart->high > chart->low))
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "the range of a heat map is from %g to %g, but must be ascending",
                       chart->least, chart->most);
    if (chart->count < 1 || chart->columns < 1 || chart->side < LEAST_SIDE ||
        chart->side > largest || chart->count > largest)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "a chart has maps of %d pixels or more, not %zu of %zu pixels", LEAST_SIDE,
                       chart->count, chart->side);
    all->columns = chart->count < chart->columns ? chart->count : chart->columns;
    all->rows = (chart->count + all->columns - 1) / all->columns;
    all->cell_width = LEFT + chart->side + RIGHT;
    all->cell_height = TOP + chart->side + BOTTOM;
    all->start = chart->title ? TITLE : 0;
    all->bar = all->columns * all->cell_width + BAR_GAP;
    all->width = all->columns * all->cell_width + BAR;
    all->height = all->start + all->rows * all->cell_height + AXIS_NAME;
    return all->width <= largest && all->height <= largest
               ? SG_OK
               : sg_fail(error, SG_ERROR_ARGUMENT,
                         "%zu maps of %zu pixels make a chart of %zux%zu pixels, more than the %zu "
                         "that can be drawn on each side",
                         chart->count, chart->side, all->width, all->height, largest);
}

static map_area area_of(const sg_heat_chart *chart, const arrangement *all, size_t index)
{
    const size_t row = index / all->columns;
    const size_t column = index % all->columns;
    return (map_area){.chart = chart,
                      .map = &chart->maps[index],
                      .left = (double)(column * all->cell_width + LEFT),
                      .top = (double)(all->start + row * all->cell_height + TOP),
                      .side = (double)chart->side};
}

/* Fills the picture with colours: maps and the bar, on white. */
static sg_status paint_colours(const sg_heat_chart *chart, const arrangement *all, sg_image **image,
                               sg_error *error)
{
    SG_TRY(sg_image_create(all->width, all->height, 3, image, error));
    memset((*image)->pixels, 255, sg_image_size(*image));
    sg_status status = SG_OK;
    for (size_t i = 0; i < chart->count && !status; i++) {
        const map_area area = area_of(chart, all, i);
        status = paste_map(&area, *image, error);
    }
    return status ? status
                  : paste_bar(chart, all->bar, all->start + TOP, chart->side, *image, error);
}

/* Copies the colours to a surface of cairo. */
static void copy_colours(const sg_image *image, cairo_surface_t *surface)
{
    unsigned char *row = cairo_image_surface_get_data(surface);
    const uint8_t *pixel = image->pixels;
    cairo_surface_flush(surface);
    for (size_t y = 0; row && y < image->height; y++) {
        uint32_t *values = (uint32_t *)(void *)row;
        for (size_t x = 0; x < image->width; x++, pixel += 3)
            values[x] = (uint32_t)pixel[0] << 16 | (uint32_t)pixel[1] << 8 | pixel[2];
        row += cairo_image_surface_get_stride(surface);
    }
    cairo_surface_mark_dirty(surface);
}

static void draw_lines(cairo_t *cairo, const sg_heat_chart *chart, const arrangement *all)
{
    sg_drawing_select_font(cairo);
    for (size_t i = 0; i < chart->count; i++) {
        const map_area area = area_of(chart, all, i);
        draw_contours(cairo, &area);
        draw_axes(cairo, &area);
    }
    draw_bar(cairo, chart, (double)all->bar, (double)(all->start + TOP), (double)chart->side);
    set_ink(cairo);
    cairo_set_font_size(cairo, TITLE_SIZE);
    if (chart->title)
        sg_drawing_write(cairo, chart->title, LEFT, TITLE_SIZE + 4, 0);
    cairo_set_font_size(cairo, TEXT_SIZE);
    sg_drawing_write(cairo, chart->axis_name,
                     LEFT + (double)(all->columns * all->cell_width - LEFT) / 2,
                     (double)all->height - 8, 0.5);
}

sg_status sg_heat_chart_draw(const sg_heat_chart *chart, sg_image **image, sg_error *error)
{
    arrangement all = {0};
    sg_image *colours = NULL;
    *image = NULL;
    SG_TRY(arrange(chart, &all, error));
    const sg_status status = paint_colours(chart, &all, &colours, error);
    if (status) {
        sg_image_destroy(colours);
        return status;
    }
    cairo_surface_t *surface =
        cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)all.width, (int)all.height);
    copy_colours(colours, surface);
    sg_image_destroy(colours);
    cairo_t *cairo = cairo_create(surface);
    draw_lines(cairo, chart, &all);
    return sg_drawing_finish(cairo, surface, "a chart of heat maps", image, error);
}
