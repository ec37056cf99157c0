/*
 * Line charts through cairo. A panel maps x and y to pixels by two axes; a logarithmic axis has its
 * range in decimal logarithms.
 */
#include "image/figures/plot.h"

#include <cairo.h>
#include <math.h>

#include "image/figures/drawing.h"
#include "image/figures/plot_axis.h"

enum {
    LEFT = 68, /* margins of a panel, pixels */
    RIGHT = 18,
    TOP = 36,
    BOTTOM = 26,
    X_NAME = 20,     /* below the last panel */
    PLOT_TITLE = 24, /* above the first */
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

/* Okabe and Ito's colours (2008), which colour-blind eyes tell apart, without the yellow. */
static const color line_colors[] = {{0.00, 0.45, 0.70}, {0.84, 0.37, 0.00}, {0.00, 0.62, 0.45},
                                    {0.80, 0.47, 0.65}, {0.34, 0.71, 0.91}, {0.90, 0.62, 0.00},
                                    {0.30, 0.30, 0.30}, {0.55, 0.34, 0.16}};

enum { COLOR_COUNT = sizeof line_colors / sizeof line_colors[0] };

static const color INK = {0.15, 0.15, 0.15};
static const color FRAME = {0.60, 0.60, 0.60};
static const color GRID = {0.90, 0.90, 0.90};

/* A panel with its axes and its position in the picture. */
typedef struct panel_area {
    const sg_plot_panel *panel;
    sg_plot_axis x, y;
    double left, top, width, height; /* of the area within the frame, pixels */
} panel_area;

void sg_plot_init(sg_plot *plot)
{
    *plot = (sg_plot){.x_name = "", .width = 900, .panel_height = 260};
}

static void set_color(cairo_t *cairo, color c)
{
    cairo_set_source_rgb(cairo, c.red, c.green, c.blue);
}

static double pixel_x(const panel_area *area, double x)
{
    return area->left + area->width * sg_plot_axis_position(&area->x, x);
}

static double pixel_y(const panel_area *area, double y)
{
    return area->top + area->height * (1 - sg_plot_axis_position(&area->y, y));
}

/* Moves a line of one pixel to the middle of pixels; elsewhere it would blur over two. */
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

static void draw_grid(cairo_t *cairo, const panel_area *area)
{
    sg_plot_ticks ticks;
    cairo_set_line_width(cairo, 1);
    cairo_set_font_size(cairo, TEXT_SIZE);
    sg_plot_axis_ticks(&area->y, &ticks);
    for (size_t i = 0; i < ticks.count; i++) {
        double y = sharp(pixel_y(area, ticks.values[i]));
        set_color(cairo, GRID);
        stroke_segment(cairo, area->left, y, area->left + area->width, y);
        set_color(cairo, INK);
        sg_drawing_write(cairo, ticks.texts[i], area->left - 8, y + 4, 1);
    }
    sg_plot_axis_ticks(&area->x, &ticks);
    for (size_t i = 0; i < ticks.count; i++) {
        double x = sharp(pixel_x(area, ticks.values[i]));
        set_color(cairo, GRID);
        stroke_segment(cairo, x, area->top, x, area->top + area->height);
        set_color(cairo, INK);
        sg_drawing_write(cairo, ticks.texts[i], x, area->top + area->height + 17, 0.5);
    }
    set_color(cairo, FRAME);
    cairo_rectangle(cairo, sharp(area->left), sharp(area->top), floor(area->width),
                    floor(area->height));
    cairo_stroke(cairo);
}

/* Draws the title on the left; on the right names with samples of their lines, the first leftmost.
 */
static void draw_heading(cairo_t *cairo, const panel_area *area)
{
    enum { SAMPLE = 22, GAP = 18 };
    const double y = area->top - 12;
    double x = area->left + area->width;
    set_color(cairo, INK);
    cairo_set_font_size(cairo, TITLE_SIZE);
    sg_drawing_write(cairo, area->panel->title, area->left, y, 0);
    cairo_set_font_size(cairo, TEXT_SIZE);
    for (size_t i = area->panel->line_count; i-- > 0;) {
        const char *name = area->panel->lines[i].name;
        x -= sg_drawing_text_width(cairo, name);
        set_color(cairo, INK);
        sg_drawing_write(cairo, name, x, y, 0);
        set_color(cairo, line_colors[i % COLOR_COUNT]);
        cairo_set_line_width(cairo, 2.5);
        stroke_segment(cairo, x - SAMPLE - 6, sharp(y - 4), x - 6, sharp(y - 4));
        x -= SAMPLE + 6 + GAP;
    }
}

/* Adds a point to the path; the first one after a gap starts a new piece. */
static void add_point(cairo_t *cairo, const panel_area *area, double x, double y, bool *in_piece)
{
    if (*in_piece)
        cairo_line_to(cairo, pixel_x(area, x), pixel_y(area, y));
    else
        cairo_move_to(cairo, pixel_x(area, x), pixel_y(area, y));
    *in_piece = true;
}

/*
 * Adds the lowest and the highest of the points first <= i < end in place of all of them, for lines
 * that have far more points than the panel has pixels.
 */
static void add_run(cairo_t *cairo, const panel_area *area, const sg_plot_line *line, size_t first,
                    size_t end, bool *in_piece)
{
    size_t low = end;
    size_t high = end;
    for (size_t i = first; i < end; i++) {
        if (!sg_plot_axis_shows(&area->y, line->y[i]) || !sg_plot_axis_shows(&area->x, line->x[i]))
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
    add_point(cairo, area, line->x[earlier], line->y[earlier], in_piece);
    /* A piece of one point becomes a dot: a stroke without length has round ends. */
    add_point(cairo, area, line->x[later], line->y[later], in_piece);
}

static void draw_line(cairo_t *cairo, const panel_area *area, size_t index)
{
    const sg_plot_line *line = &area->panel->lines[index];
    const size_t run = 1 + line->count / (size_t)(2 * area->width);
    bool in_piece = false;
    for (size_t i = 0; i < line->count; i += run)
        add_run(cairo, area, line, i, i + run < line->count ? i + run : line->count, &in_piece);
    set_color(cairo, line_colors[index % COLOR_COUNT]);
    cairo_set_line_width(cairo, 1.6);
    cairo_set_line_cap(cairo, CAIRO_LINE_CAP_ROUND);
    cairo_set_line_join(cairo, CAIRO_LINE_JOIN_ROUND);
    cairo_stroke(cairo);
}

static void draw_panel(cairo_t *cairo, const panel_area *area)
{
    draw_grid(cairo, area);
    draw_heading(cairo, area);
    cairo_save(cairo);
    cairo_rectangle(cairo, area->left - 2, area->top - 2, area->width + 4, area->height + 4);
    cairo_clip(cairo);
    for (size_t i = 0; i < area->panel->line_count; i++)
        draw_line(cairo, area, i);
    cairo_restore(cairo);
}

/* Returns the x axis, with the range of all panels together. */
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

static size_t title_height(const sg_plot *plot)
{
    return plot->title ? PLOT_TITLE : 0;
}

static void draw_all(cairo_t *cairo, const sg_plot *plot)
{
    const sg_plot_axis x = common_x_axis(plot);
    const size_t title = title_height(plot);
    cairo_set_source_rgb(cairo, 1, 1, 1);
    cairo_paint(cairo);
    sg_drawing_select_font(cairo);
    for (size_t p = 0; p < plot->panel_count; p++) {
        const panel_area area = {.panel = &plot->panels[p],
                                 .x = x,
                                 .y = y_axis(&plot->panels[p], plot->panel_height),
                                 .left = LEFT,
                                 .top = (double)(title + p * plot->panel_height) + TOP,
                                 .width = (double)plot->width - LEFT - RIGHT,
                                 .height = (double)plot->panel_height - TOP - BOTTOM};
        draw_panel(cairo, &area);
    }
    set_color(cairo, INK);
    sg_drawing_write(cairo, plot->x_name, LEFT + ((double)plot->width - LEFT - RIGHT) / 2,
                     (double)(title + plot->panel_count * plot->panel_height) + X_NAME - 8, 0.5);
    if (!plot->title)
        return;
    cairo_set_font_size(cairo, TITLE_SIZE);
    sg_drawing_write(cairo, plot->title, LEFT, PLOT_TITLE - 4, 0);
}

static sg_status check(const sg_plot *plot, sg_error *error)
{
    if (plot->width < SMALLEST_WIDTH || plot->width > LARGEST_SIDE ||
        plot->panel_height < SMALLEST_HEIGHT || plot->panel_height > LARGEST_SIDE)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "the panels of a plot are %zux%zu pixels, but must be from %d to %d wide "
                       "and from %d to %d high",
                       plot->width, plot->panel_height, SMALLEST_WIDTH, LARGEST_SIDE,
                       SMALLEST_HEIGHT, LARGEST_SIDE);
    if (plot->panel_count < 1 || plot->panel_count > LARGEST_HEIGHT / plot->panel_height)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "the panels of a plot are %zu, but must be from 1 to %zu when they are %zu "
                       "pixels high",
                       plot->panel_count, LARGEST_HEIGHT / plot->panel_height, plot->panel_height);
    return SG_OK;
}

sg_status sg_plot_draw(const sg_plot *plot, sg_image **image, sg_error *error)
{
    *image = NULL;
    SG_TRY(check(plot, error));
    cairo_surface_t *surface = cairo_image_surface_create(
        CAIRO_FORMAT_RGB24, (int)plot->width,
        (int)(title_height(plot) + plot->panel_count * plot->panel_height) + X_NAME);
    cairo_t *cairo = cairo_create(surface);
    draw_all(cairo, plot);
    return sg_drawing_finish(cairo, surface, "a plot", image, error);
}
