/*
 * Line charts through cairo. A panel maps x and y to pixels by two axes; an axis knows its range in
 * drawing units, which are the decimal logarithms of the values when it is logarithmic.
 */
#include "image/figures/plot.h"

#include <cairo.h>
#include <math.h>
#include <stdio.h>

#include "image/figures/drawing.h"
#include "image/figures/plot_axis.h"

enum {
    LEFT = 68, /* margins of a panel, pixels */
    RIGHT = 18,
    TOP = 36,
    BOTTOM = 26,
    X_NAME = 20, /* below the last panel */
    SMALLEST_WIDTH = 200,
    SMALLEST_HEIGHT = 100,
    LARGEST_SIDE = 10000,
    LARGEST_HEIGHT = 30000 /* cairo's pictures end at 32767 */
};

static const double TEXT_SIZE = 12;
static const double TITLE_SIZE = 14;

typedef struct color {
    double red, green, blue;
} color;

/* Okabe and Ito's colours (2008), which colour-blind eyes tell apart; the yellow is left out. */
static const color line_colors[] = {{0.00, 0.45, 0.70}, {0.84, 0.37, 0.00}, {0.00, 0.62, 0.45},
                                    {0.80, 0.47, 0.65}, {0.34, 0.71, 0.91}, {0.90, 0.62, 0.00},
                                    {0.30, 0.30, 0.30}, {0.55, 0.34, 0.16}};

enum { COLOR_COUNT = sizeof line_colors / sizeof line_colors[0] };

static const color INK = {0.15, 0.15, 0.15};
static const color FRAME = {0.60, 0.60, 0.60};
static const color GRID = {0.90, 0.90, 0.90};

/* Where a panel lies in the picture, and what its axes show. */
typedef struct panel_place {
    const sg_plot_panel *panel;
    sg_plot_axis x, y;
    double left, top, width, height; /* of the area within the frame, pixels */
} panel_place;

void sg_plot_init(sg_plot *plot)
{
    *plot = (sg_plot){.x_name = "", .width = 900, .panel_height = 260};
}

static void set_color(cairo_t *cairo, color c)
{
    cairo_set_source_rgb(cairo, c.red, c.green, c.blue);
}

static double pixel_x(const panel_place *place, double x)
{
    return place->left + place->width * sg_plot_axis_position(&place->x, x);
}

static double pixel_y(const panel_place *place, double y)
{
    return place->top + place->height * (1 - sg_plot_axis_position(&place->y, y));
}

/* A line of one pixel lies on the middle of pixels, or it would be smeared over two. */
static double sharp(double position)
{
    return floor(position) + 0.5;
}

static void stroke_segment(cairo_t *cairo, double x0, double y0, double x1, double y1)
{
    cairo_move_to(cairo, x0, y0);
    cairo_line_to(cairo, x1, y1);
    cairo_stroke(cairo);
}

static void draw_grid(cairo_t *cairo, const panel_place *place)
{
    sg_plot_ticks ticks;
    cairo_set_line_width(cairo, 1);
    cairo_set_font_size(cairo, TEXT_SIZE);
    sg_plot_axis_ticks(&place->y, &ticks);
    for (size_t i = 0; i < ticks.count; i++) {
        double y = sharp(pixel_y(place, ticks.values[i]));
        set_color(cairo, GRID);
        stroke_segment(cairo, place->left, y, place->left + place->width, y);
        set_color(cairo, INK);
        sg_drawing_write(cairo, ticks.texts[i], place->left - 8, y + 4, 1);
    }
    sg_plot_axis_ticks(&place->x, &ticks);
    for (size_t i = 0; i < ticks.count; i++) {
        double x = sharp(pixel_x(place, ticks.values[i]));
        set_color(cairo, GRID);
        stroke_segment(cairo, x, place->top, x, place->top + place->height);
        set_color(cairo, INK);
        sg_drawing_write(cairo, ticks.texts[i], x, place->top + place->height + 17, 0.5);
    }
    set_color(cairo, FRAME);
    cairo_rectangle(cairo, sharp(place->left), sharp(place->top), floor(place->width),
                    floor(place->height));
    cairo_stroke(cairo);
}

/* The title at the left; names with samples of their lines at the right, the first leftmost. */
static void draw_heading(cairo_t *cairo, const panel_place *place)
{
    enum { SAMPLE = 22, GAP = 18 };
    const double y = place->top - 12;
    double x = place->left + place->width;
    set_color(cairo, INK);
    cairo_set_font_size(cairo, TITLE_SIZE);
    sg_drawing_write(cairo, place->panel->title, place->left, y, 0);
    cairo_set_font_size(cairo, TEXT_SIZE);
    for (size_t i = place->panel->line_count; i-- > 0;) {
        const char *name = place->panel->lines[i].name;
        x -= sg_drawing_text_width(cairo, name);
        set_color(cairo, INK);
        sg_drawing_write(cairo, name, x, y, 0);
        set_color(cairo, line_colors[i % COLOR_COUNT]);
        cairo_set_line_width(cairo, 2.5);
        stroke_segment(cairo, x - SAMPLE - 6, sharp(y - 4), x - 6, sharp(y - 4));
        x -= SAMPLE + 6 + GAP;
    }
}

/* Adds a point to the path; the first after a gap begins a new piece. */
static void add_point(cairo_t *cairo, const panel_place *place, double x, double y, bool *in_piece)
{
    if (*in_piece)
        cairo_line_to(cairo, pixel_x(place, x), pixel_y(place, y));
    else
        cairo_move_to(cairo, pixel_x(place, x), pixel_y(place, y));
    *in_piece = true;
}

/*
 * The points first <= i < end of a line, of which there are far more than pixels: the lowest and
 * the highest stand for all of them.
 */
static void add_run(cairo_t *cairo, const panel_place *place, const sg_plot_line *line,
                    size_t first, size_t end, bool *in_piece)
{
    size_t low = end;
    size_t high = end;
    for (size_t i = first; i < end; i++) {
        if (!sg_plot_axis_shows(&place->y, line->y[i]) ||
            !sg_plot_axis_shows(&place->x, line->x[i]))
            continue;
        if (low == end || line->y[i] < line->y[low])
            low = i;
        if (high == end || line->y[i] > line->y[high])
            high = i;
    }
    if (low == end) {
        *in_piece = false;
        return;
    }
    size_t earlier = low < high ? low : high;
    size_t later = low < high ? high : low;
    add_point(cairo, place, line->x[earlier], line->y[earlier], in_piece);
    /* A piece of one point becomes a dot: a stroke of no length has round ends. */
    add_point(cairo, place, line->x[later], line->y[later], in_piece);
}

static void draw_line(cairo_t *cairo, const panel_place *place, size_t index)
{
    const sg_plot_line *line = &place->panel->lines[index];
    const size_t run = 1 + line->count / (size_t)(2 * place->width);
    bool in_piece = false;
    for (size_t i = 0; i < line->count; i += run)
        add_run(cairo, place, line, i, i + run < line->count ? i + run : line->count, &in_piece);
    set_color(cairo, line_colors[index % COLOR_COUNT]);
    cairo_set_line_width(cairo, 1.6);
    cairo_set_line_cap(cairo, CAIRO_LINE_CAP_ROUND);
    cairo_set_line_join(cairo, CAIRO_LINE_JOIN_ROUND);
    cairo_stroke(cairo);
}

static void draw_panel(cairo_t *cairo, const panel_place *place)
{
    draw_grid(cairo, place);
    draw_heading(cairo, place);
    cairo_save(cairo);
    cairo_rectangle(cairo, place->left - 2, place->top - 2, place->width + 4, place->height + 4);
    cairo_clip(cairo);
    for (size_t i = 0; i < place->panel->line_count; i++)
        draw_line(cairo, place, i);
    cairo_restore(cairo);
}

/* The x range of all panels together. */
static sg_plot_axis common_x_axis(const sg_plot *plot)
{
    sg_plot_axis axis = sg_plot_axis_start(false, 8);
    for (size_t p = 0; p < plot->panel_count; p++)
        for (size_t i = 0; i < plot->panels[p].line_count; i++)
            sg_plot_axis_include(&axis, plot->panels[p].lines[i].x, plot->panels[p].lines[i].count);
    sg_plot_axis_finish(&axis, 0);
    return axis;
}

static sg_plot_axis y_axis(const sg_plot_panel *panel, size_t height)
{
    sg_plot_axis axis = sg_plot_axis_start(panel->logarithmic, height / 45);
    for (size_t i = 0; i < panel->line_count; i++)
        sg_plot_axis_include(&axis, panel->lines[i].y, panel->lines[i].count);
    sg_plot_axis_finish(&axis, 0.05);
    return axis;
}

static void draw_all(cairo_t *cairo, const sg_plot *plot)
{
    const sg_plot_axis x = common_x_axis(plot);
    cairo_set_source_rgb(cairo, 1, 1, 1);
    cairo_paint(cairo);
    sg_drawing_select_font(cairo);
    for (size_t p = 0; p < plot->panel_count; p++) {
        const panel_place place = {.panel = &plot->panels[p],
                                   .x = x,
                                   .y = y_axis(&plot->panels[p], plot->panel_height),
                                   .left = LEFT,
                                   .top = (double)(p * plot->panel_height) + TOP,
                                   .width = (double)plot->width - LEFT - RIGHT,
                                   .height = (double)plot->panel_height - TOP - BOTTOM};
        draw_panel(cairo, &place);
    }
    set_color(cairo, INK);
    sg_drawing_write(cairo, plot->x_name, LEFT + ((double)plot->width - LEFT - RIGHT) / 2,
                     (double)(plot->panel_count * plot->panel_height) + X_NAME - 8, 0.5);
}

static sg_status check(const sg_plot *plot, sg_error *error)
{
    if (plot->width < SMALLEST_WIDTH || plot->width > LARGEST_SIDE ||
        plot->panel_height < SMALLEST_HEIGHT || plot->panel_height > LARGEST_SIDE)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "a plot of %zu pixels with panels %zu high was asked for; they must be %d "
                       "to %d wide and %d to %d high",
                       plot->width, plot->panel_height, SMALLEST_WIDTH, LARGEST_SIDE,
                       SMALLEST_HEIGHT, LARGEST_SIDE);
    if (plot->panel_count < 1 || plot->panel_count > LARGEST_HEIGHT / plot->panel_height)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "a plot has 1 to %zu panels that are %zu pixels high, not %zu",
                       LARGEST_HEIGHT / plot->panel_height, plot->panel_height, plot->panel_count);
    return SG_OK;
}

sg_status sg_plot_draw(const sg_plot *plot, sg_image **image, sg_error *error)
{
    *image = NULL;
    SG_TRY(check(plot, error));
    cairo_surface_t *surface =
        cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)plot->width,
                                   (int)(plot->panel_count * plot->panel_height) + X_NAME);
    cairo_t *cairo = cairo_create(surface);
    draw_all(cairo, plot);
    return sg_drawing_finish(cairo, surface, "a plot", image, error);
}
