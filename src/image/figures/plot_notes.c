/*
 * What charts say around and across their panels: titles, a common legend, marks, footnotes.
 * Tested by: tests/image/figures/test_plot.c
 */
#include <math.h>

#include "image/figures/plot_inside.h"

enum { TITLE = 24, X_NAME = 20, SAMPLE = 22, SAMPLE_GAP = 6, NAME_GAP = 18, TEXT_LEVELS = 3 };

static const double TEXT_SIZE = 12;
static const double TITLE_SIZE = 14;
static const double SMALLEST_TEXT = 8;

/* ---- title and legend ---- */

static double inner_width(const sg_plot *plot)
{
    return (double)plot->width - SG_PLOT_LEFT - SG_PLOT_RIGHT;
}

/* Lays the names of the common legend in lines; draws them from `top` on unless `cairo` only
 * measures. Returns the number of lines. */
static size_t lay_legend(cairo_t *cairo, const sg_plot *plot, double top, bool draws)
{
    double x = 0;
    size_t line = 0;
    cairo_set_font_size(cairo, TEXT_SIZE);
    for (size_t i = 0; i < plot->legend_count; i++) {
        const double width =
            SAMPLE + SAMPLE_GAP + sg_drawing_text_width(cairo, plot->legend[i]) + NAME_GAP;
        if (x > 0 && x + width - NAME_GAP > inner_width(plot)) {
            x = 0;
            line++;
        }
        if (draws) {
            const double y = top + (double)(line * SG_PLOT_LINE) + 13;
            const double left = SG_PLOT_LEFT + x;
            cairo_set_line_width(cairo, 2.5);
            sg_plot_choose_line(cairo, i, 1);
            sg_plot_segment(cairo, left, sg_plot_sharp(y - 4), left + SAMPLE, sg_plot_sharp(y - 4));
            sg_plot_choose_ink(cairo);
            sg_drawing_write(cairo, plot->legend[i], left + SAMPLE + SAMPLE_GAP, y, 0);
        }
        x += width;
    }
    return plot->legend_count ? line + 1 : 0;
}

static double titles_height(const sg_plot *plot)
{
    return (plot->title ? TITLE : 0) + (plot->subtitle ? SG_PLOT_LINE : 0);
}

size_t sg_plot_heading_height(const sg_plot *plot)
{
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, 1, 1);
    cairo_t *cairo = cairo_create(surface);
    sg_drawing_select_font(cairo);
    const size_t lines = lay_legend(cairo, plot, 0, false);
    cairo_destroy(cairo);
    cairo_surface_destroy(surface);
    return (size_t)titles_height(plot) + lines * SG_PLOT_LINE;
}

/* Writes a line as wide as the panels at most, smaller if it must be. */
static void write_line(cairo_t *cairo, const sg_plot *plot, const char *text, double size, double y)
{
    cairo_set_font_size(cairo, size);
    const double width = sg_drawing_text_width(cairo, text);
    if (width > inner_width(plot))
        cairo_set_font_size(cairo, fmax(SMALLEST_TEXT, size * inner_width(plot) / width));
    sg_drawing_write(cairo, text, SG_PLOT_LEFT, y, 0);
}

void sg_plot_draw_heading(cairo_t *cairo, const sg_plot *plot)
{
    sg_plot_choose_ink(cairo);
    if (plot->title)
        write_line(cairo, plot, plot->title, TITLE_SIZE, TITLE - 4);
    if (plot->subtitle)
        write_line(cairo, plot, plot->subtitle, TEXT_SIZE, titles_height(plot) - 5);
    lay_legend(cairo, plot, titles_height(plot), true);
}

/* ---- marks ---- */

/* How each kind of marks looks, and what is said of it below the panels. */
static const struct mark_style {
    double red, green, blue;
    double dashes[2];
    const char *meaning; /* NULL: the marks' own texts say all */
} styles[SG_PLOT_MARK_KINDS] = {
    [SG_PLOT_WARNING] = {0.80, 0.10, 0.10, {5, 3}, "warning"},
    [SG_PLOT_PHASE] = {0.35, 0.35, 0.35, {1.5, 3}, "phase of growing"},
    [SG_PLOT_RESUME] = {0.20, 0.30, 0.75, {12, 4}, "resumed"},
    [SG_PLOT_SNAPSHOT] = {0.25, 0.25, 0.25, {0, 0}, "snapshot"},
    [SG_PLOT_VALUE] = {0.35, 0.35, 0.35, {1.5, 3}, NULL},
};

static void choose_style(cairo_t *cairo, const struct mark_style *style)
{
    cairo_set_source_rgb(cairo, style->red, style->green, style->blue);
    cairo_set_line_width(cairo, 1);
    if (style->dashes[0] > 0)
        cairo_set_dash(cairo, style->dashes, 2, 0);
}

static void draw_triangle(cairo_t *cairo, double x, double y)
{
    enum { HALF = 4, HEIGHT = 7 };
    cairo_move_to(cairo, x - HALF, y);
    cairo_line_to(cairo, x + HALF, y);
    cairo_line_to(cairo, x, y - HEIGHT);
    cairo_close_path(cairo);
    cairo_fill(cairo);
}

/* Writes a mark's text on the highest level that is free at its place; `ends` are where the texts
 * of each level end. */
static void write_mark(cairo_t *cairo, const sg_plot_area *area, const char *text, double x,
                       double ends[TEXT_LEVELS])
{
    const double width = sg_drawing_text_width(cairo, text);
    const double left = x + 3 + width > area->left + area->width ? x - 3 - width : x + 3;
    for (int level = 0; level < TEXT_LEVELS; level++) {
        if (left < ends[level])
            continue;
        ends[level] = left + width + 4;
        sg_drawing_write(cairo, text, left, area->top + 12 + level * 13, 0);
        return;
    }
}

void sg_plot_draw_marks(cairo_t *cairo, const sg_plot *plot, const sg_plot_area *area, bool first)
{
    double ends[TEXT_LEVELS] = {0};
    cairo_set_font_size(cairo, TEXT_SIZE - 1);
    for (size_t i = 0; i < plot->mark_count; i++) {
        const sg_plot_mark *mark = &plot->marks[i];
        const double share = sg_plot_axis_position(&area->x, mark->x);
        if (!(share >= -1e-9 && share <= 1 + 1e-9))
            continue;
        const double x = sg_plot_sharp(area->left + area->width * share);
        cairo_save(cairo);
        choose_style(cairo, &styles[mark->kind]);
        if (mark->kind == SG_PLOT_SNAPSHOT)
            draw_triangle(cairo, x, area->top + area->height);
        else
            sg_plot_segment(cairo, x, area->top, x, area->top + area->height);
        if (first && mark->text)
            write_mark(cairo, area, mark->text, x, ends);
        cairo_restore(cairo);
    }
}

/* ---- below the panels ---- */

static bool has_mark(const sg_plot *plot, int kind)
{
    for (size_t i = 0; i < plot->mark_count; i++)
        if ((int)plot->marks[i].kind == kind)
            return true;
    return false;
}

size_t sg_plot_footing_height(const sg_plot *plot)
{
    return X_NAME + (plot->mark_count ? (size_t)SG_PLOT_LINE : 0) +
           plot->footnote_count * SG_PLOT_LINE + (plot->footnote_count ? 6u : 0);
}

/* Draws a sample of each kind of marks that occur, and what it stands for. */
static void draw_meanings(cairo_t *cairo, const sg_plot *plot, double y)
{
    double x = SG_PLOT_LEFT;
    for (int kind = 0; kind < SG_PLOT_MARK_KINDS; kind++) {
        if (!has_mark(plot, kind) || !styles[kind].meaning)
            continue;
        cairo_save(cairo);
        choose_style(cairo, &styles[kind]);
        if (kind == SG_PLOT_SNAPSHOT)
            draw_triangle(cairo, x + SAMPLE / 2.0, y);
        else
            sg_plot_segment(cairo, x, sg_plot_sharp(y - 4), x + SAMPLE, sg_plot_sharp(y - 4));
        cairo_restore(cairo);
        x += SAMPLE + SAMPLE_GAP;
        sg_drawing_write(cairo, styles[kind].meaning, x, y, 0);
        x += sg_drawing_text_width(cairo, styles[kind].meaning) + NAME_GAP;
    }
}

void sg_plot_draw_footing(cairo_t *cairo, const sg_plot *plot, double top)
{
    double y = top + X_NAME - 8;
    sg_plot_choose_ink(cairo);
    cairo_set_font_size(cairo, TEXT_SIZE);
    sg_drawing_write(cairo, plot->x_name, SG_PLOT_LEFT + inner_width(plot) / 2, y, 0.5);
    if (plot->mark_count) {
        y += SG_PLOT_LINE;
        draw_meanings(cairo, plot, y);
    }
    for (size_t i = 0; i < plot->footnote_count; i++) {
        y += SG_PLOT_LINE;
        write_line(cairo, plot, plot->footnotes[i], TEXT_SIZE, y);
    }
}
