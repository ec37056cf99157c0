/*
 * Line charts through cairo. A panel maps x and y to pixels by two axes; a logarithmic axis has its
 * range in decimal logarithms.
 */
#include "image/figures/plot.h"

#include <cairo.h>
#include <math.h>

#include "image/figures/plot_inside.h"

enum {
    SMALLEST_WIDTH = 200,
    SMALLEST_HEIGHT = 100,
    LARGEST_SIDE = 10000,
    LARGEST_HEIGHT = 30000, /* cairo's pictures end at 32767 */
    MOST_NOTES = 50         /* names of the common legend, and footnotes */
};

static const double TEXT_SIZE = 12;
static const double TITLE_SIZE = 14;

struct color {
    double red, green, blue;
};

/* Okabe and Ito's colours (2008), which colour-blind eyes tell apart, without the yellow. */
static const struct color line_colors[] = {
    {0.00, 0.45, 0.70}, {0.84, 0.37, 0.00}, {0.00, 0.62, 0.45}, {0.80, 0.47, 0.65},
    {0.34, 0.71, 0.91}, {0.90, 0.62, 0.00}, {0.30, 0.30, 0.30}, {0.55, 0.34, 0.16}};

enum { COLOR_COUNT = sizeof line_colors / sizeof line_colors[0] };

static const struct color INK = {0.15, 0.15, 0.15};
static const struct color FRAME = {0.60, 0.60, 0.60};
static const struct color GRID = {0.90, 0.90, 0.90};

void sg_plot_init(sg_plot *plot)
{
    *plot = (sg_plot){.x_name = "", .width = 900, .panel_height = 260};
}

static void set_color(cairo_t *cairo, struct color c)
{
    cairo_set_source_rgb(cairo, c.red, c.green, c.blue);
    cairo_set_dash(cairo, NULL, 0, 0);
}

void sg_plot_choose_ink(cairo_t *cairo)
{
    set_color(cairo, INK);
}

void sg_plot_choose_line(cairo_t *cairo, size_t color, double opacity)
{
    static const double dashes[][4] = {{7, 4, 7, 4}, {2, 4, 2, 4}, {9, 4, 2, 4}};
    const struct color c = line_colors[color % COLOR_COUNT];
    const size_t turn = color / COLOR_COUNT;
    cairo_set_source_rgba(cairo, c.red, c.green, c.blue, opacity);
    cairo_set_dash(cairo, turn ? dashes[(turn - 1) % 3] : NULL, turn ? 4 : 0, 0);
}

static double pixel_x(const sg_plot_area *area, double x)
{
    return area->left + area->width * sg_plot_axis_position(&area->x, x);
}

static double pixel_y(const sg_plot_area *area, double y)
{
    return area->top + area->height * (1 - sg_plot_axis_position(&area->y, y));
}

double sg_plot_sharp(double position)
{
    return floor(position) + 0.5;
}

void sg_plot_segment(cairo_t *cairo, double x0, double y0, double x1, double y1)
{
    cairo_move_to(cairo, x0, y0);
    cairo_line_to(cairo, x1, y1);
    cairo_stroke(cairo);
}

static void draw_grid(cairo_t *cairo, const sg_plot_area *area)
{
    sg_plot_ticks ticks;
    cairo_set_line_width(cairo, 1);
    cairo_set_font_size(cairo, TEXT_SIZE);
    sg_plot_axis_ticks(&area->y, &ticks);
    for (size_t i = 0; i < ticks.count; i++) {
        double y = sg_plot_sharp(pixel_y(area, ticks.values[i]));
        set_color(cairo, GRID);
        sg_plot_segment(cairo, area->left, y, area->left + area->width, y);
        set_color(cairo, INK);
        sg_drawing_write(cairo, ticks.texts[i], area->left - 8, y + 4, 1);
    }
    sg_plot_axis_ticks(&area->x, &ticks);
    for (size_t i = 0; i < ticks.count; i++) {
        double x = sg_plot_sharp(pixel_x(area, ticks.values[i]));
        set_color(cairo, GRID);
        sg_plot_segment(cairo, x, area->top, x, area->top + area->height);
        set_color(cairo, INK);
        sg_drawing_write(cairo, ticks.texts[i], x, area->top + area->height + 17, 0.5);
    }
    set_color(cairo, FRAME);
    cairo_rectangle(cairo, sg_plot_sharp(area->left), sg_plot_sharp(area->top), floor(area->width),
                    floor(area->height));
    cairo_stroke(cairo);
}

/* Returns the colour of a line of the panel, counted from 0. */
static size_t color_of(const sg_plot_area *area, size_t index)
{
    const size_t color = area->styles ? area->styles[index].color : 0;
    return color ? color - 1 : index;
}

/* Draws the title on the left; on the right, with a legend, names with samples of their lines, the
 * first leftmost.
 */
static void draw_heading(cairo_t *cairo, const sg_plot_area *area, bool has_legend)
{
    enum { SAMPLE = 22, GAP = 18 };
    const double y = area->top - 12;
    double x = area->left + area->width;
    set_color(cairo, INK);
    cairo_set_font_size(cairo, TITLE_SIZE);
    sg_drawing_write(cairo, area->panel->title, area->left, y, 0);
    cairo_set_font_size(cairo, TEXT_SIZE);
    for (size_t i = has_legend ? area->panel->line_count : 0; i-- > 0;) {
        const char *name = area->panel->lines[i].name;
        if (!*name)
            continue;
        x -= sg_drawing_text_width(cairo, name);
        set_color(cairo, INK);
        sg_drawing_write(cairo, name, x, y, 0);
        cairo_set_line_width(cairo, 2.5);
        sg_plot_choose_line(cairo, color_of(area, i), 1);
        sg_plot_segment(cairo, x - SAMPLE - 6, sg_plot_sharp(y - 4), x - 6, sg_plot_sharp(y - 4));
        x -= SAMPLE + 6 + GAP;
    }
}

/* Adds a point to the path; the first one after a gap starts a new piece. */
static void add_point(cairo_t *cairo, const sg_plot_area *area, double x, double y, bool *in_piece)
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
static void add_run(cairo_t *cairo, const sg_plot_area *area, const sg_plot_line *line,
                    size_t first, size_t end, bool *in_piece)
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

/* Fills the band of a line, one piece for each stretch without gaps. */
static void draw_band(cairo_t *cairo, const sg_plot_area *area, size_t index)
{
    const sg_plot_line *line = &area->panel->lines[index];
    const sg_plot_style *style = area->styles ? &area->styles[index] : NULL;
    const double *x = line->x;
    if (!style || !style->low || !style->high)
        return;
    for (size_t i = 0, end; i < line->count; i = end + 1) {
        cairo_new_sub_path(cairo);
        for (end = i; end < line->count && sg_plot_axis_shows(&area->x, x[end]) &&
                      sg_plot_axis_shows(&area->y, style->low[end]) &&
                      sg_plot_axis_shows(&area->y, style->high[end]);
             end++)
            cairo_line_to(cairo, pixel_x(area, x[end]), pixel_y(area, style->high[end]));
        for (size_t k = end; k-- > i;)
            cairo_line_to(cairo, pixel_x(area, x[k]), pixel_y(area, style->low[k]));
        cairo_close_path(cairo);
    }
    sg_plot_choose_line(cairo, color_of(area, index), 0.18);
    cairo_fill(cairo);
}

static void draw_line(cairo_t *cairo, const sg_plot_area *area, size_t index)
{
    const sg_plot_line *line = &area->panel->lines[index];
    const size_t run = 1 + line->count / (size_t)(2 * area->width);
    bool in_piece = false;
    cairo_new_path(cairo);
    for (size_t i = 0; i < line->count; i += run)
        add_run(cairo, area, line, i, i + run < line->count ? i + run : line->count, &in_piece);
    sg_plot_choose_line(cairo, color_of(area, index), 1);
    cairo_set_line_width(cairo, 1.6);
    cairo_set_line_cap(cairo, CAIRO_LINE_CAP_ROUND);
    cairo_set_line_join(cairo, CAIRO_LINE_JOIN_ROUND);
    cairo_stroke(cairo);
}

static void draw_panel(cairo_t *cairo, const sg_plot *plot, const sg_plot_area *area)
{
    draw_grid(cairo, area);
    draw_heading(cairo, area, !plot->legend);
    cairo_save(cairo);
    cairo_rectangle(cairo, area->left - 2, area->top - 2, area->width + 4, area->height + 4);
    cairo_clip(cairo);
    for (size_t i = 0; i < area->panel->line_count; i++)
        draw_band(cairo, area, i);
    for (size_t i = 0; i < area->panel->line_count; i++)
        draw_line(cairo, area, i);
    cairo_restore(cairo);
    sg_plot_draw_marks(cairo, plot, area, area->panel == plot->panels);
}

/* Returns the x axis, with the range of all panels together. */
static sg_plot_axis common_x_axis(const sg_plot *plot)
{
    static const double origin = 0;
    sg_plot_axis axis = sg_plot_axis_start(false, 8);
    for (size_t p = 0; p < plot->panel_count; p++)
        for (size_t i = 0; i < plot->panels[p].line_count; i++)
            sg_plot_axis_include(&axis, plot->panels[p].lines[i].x, plot->panels[p].lines[i].count);
    if (plot->from_zero)
        sg_plot_axis_include(&axis, &origin, 1);
    sg_plot_axis_finish(&axis, 0);
    return axis;
}

static sg_plot_axis y_axis(const sg_plot_panel *panel, const sg_plot_style *styles, size_t height)
{
    sg_plot_axis axis = sg_plot_axis_start(panel->logarithmic, height / 45);
    for (size_t i = 0; i < panel->line_count; i++) {
        const size_t count = panel->lines[i].count;
        sg_plot_axis_include(&axis, panel->lines[i].y, count);
        if (styles && styles[i].low && styles[i].high) {
            sg_plot_axis_include(&axis, styles[i].low, count);
            sg_plot_axis_include(&axis, styles[i].high, count);
        }
    }
    sg_plot_axis_finish(&axis, 0.05);
    return axis;
}

static void draw_all(cairo_t *cairo, const sg_plot *plot)
{
    const sg_plot_axis x = common_x_axis(plot);
    const size_t heading = sg_plot_heading_height(plot);
    cairo_set_source_rgb(cairo, 1, 1, 1);
    cairo_paint(cairo);
    sg_drawing_select_font(cairo);
    sg_plot_draw_heading(cairo, plot);
    const sg_plot_style *styles = plot->styles;
    for (size_t p = 0; p < plot->panel_count; p++) {
        const sg_plot_area area = {.panel = &plot->panels[p],
                                   .styles = styles,
                                   .x = x,
                                   .y = y_axis(&plot->panels[p], styles, plot->panel_height),
                                   .left = SG_PLOT_LEFT,
                                   .top = (double)(heading + p * plot->panel_height) + SG_PLOT_TOP,
                                   .width = (double)plot->width - SG_PLOT_LEFT - SG_PLOT_RIGHT,
                                   .height =
                                       (double)plot->panel_height - SG_PLOT_TOP - SG_PLOT_BOTTOM};
        draw_panel(cairo, plot, &area);
        styles += styles ? plot->panels[p].line_count : 0;
    }
    sg_plot_draw_footing(cairo, plot, (double)(heading + plot->panel_count * plot->panel_height));
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
    if (plot->legend_count > MOST_NOTES || plot->footnote_count > MOST_NOTES)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "a plot has %zu names and %zu footnotes, but must have at most %d of each",
                       plot->legend_count, plot->footnote_count, MOST_NOTES);
    return SG_OK;
}

sg_status sg_plot_draw(const sg_plot *plot, sg_image **image, sg_error *error)
{
    *image = NULL;
    SG_TRY(check(plot, error));
    const size_t height = sg_plot_heading_height(plot) + plot->panel_count * plot->panel_height +
                          sg_plot_footing_height(plot);
    cairo_surface_t *surface =
        cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)plot->width, (int)height);
    cairo_t *cairo = cairo_create(surface);
    draw_all(cairo, plot);
    return sg_drawing_finish(cairo, surface, "a plot", image, error);
}
