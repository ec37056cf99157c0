/* Draws curves of trainings from their records; see curves.h. */
#include "runs/curves.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/files/file.h"
#include "base/text.h"
#include "image/figures/plot.h"
#include "image/files/png_file.h"
#include "runs/curve_table.h"
#include "runs/curve_titles.h"
#include "runs/run_record.h"
#include "runs/smoothing.h"

enum { MOST_PANELS = 100, PATH_BYTES = 4200, SEVERAL_HEIGHT = 220 };

/* A unit in which the longest run's time is easily read. */
typedef struct time_unit {
    double seconds;
    const char *name; /* of the axis */
} time_unit;

static time_unit unit_for(const sg_curves *curves)
{
    double longest = 0;
    for (size_t i = 0; i < curves->run_count; i++)
        if (curves->runs[i].history.count)
            longest =
                fmax(longest, curves->runs[i].history.seconds[curves->runs[i].history.count - 1]);
    return longest < 300               ? (time_unit){1, "seconds of training"}
           : longest < 3.0 * 3600      ? (time_unit){60, "minutes of training"}
           : longest < 5.0 * 24 * 3600 ? (time_unit){3600, "hours of training"}
                                       : (time_unit){24.0 * 3600, "days of training"};
}

/* ---- the figure ---- */

/* A figure in the making. */
typedef struct drawing {
    const sg_curves *curves;
    double scale; /* of x values: 1, or 1 over the seconds of the unit of time */
    sg_plot plot;
    sg_plot_panel panels[MOST_PANELS];
    char titles[MOST_PANELS][128];
    sg_plot_line *lines;   /* of all panels, one after another */
    sg_plot_style *styles; /* of the lines */
    size_t line_count, most_lines;
    double **blocks; /* numbers that lines borrow */
    size_t block_count, block_capacity;
} drawing;

/* Returns a block of numbers that lasts as long as the drawing; NULL on lack of memory. */
static double *add_block(drawing *drawn, size_t count)
{
    if (!sg_grow(&drawn->blocks, &drawn->block_capacity, drawn->block_count, sizeof *drawn->blocks))
        return NULL;
    double *block = sg_allocate(count, sizeof *block);
    if (block)
        drawn->blocks[drawn->block_count++] = block;
    return block;
}

/* True if a panel can show any of the values. */
static bool has_values(const double *values, size_t count, bool logarithmic)
{
    for (size_t i = 0; values && i < count; i++)
        if (isfinite(values[i]) && (!logarithmic || values[i] > 0))
            return true;
    return false;
}

/* Adds a line with its moving average over `width` values and its band. False on lack of memory. */
static bool add_line(drawing *drawn, const char *name, const double *x, const double *y,
                     size_t count, size_t width, size_t color)
{
    double *block = drawn->line_count < drawn->most_lines ? add_block(drawn, 4 * count) : NULL;
    if (!block)
        return false;
    for (size_t i = 0; i < count; i++)
        block[i] = x[i] * drawn->scale;
    sg_smooth(y, count, width, block + count, block + 2 * count, block + 3 * count);
    drawn->styles[drawn->line_count] = (sg_plot_style){.low = width > 1 ? block + 2 * count : NULL,
                                                       .high = width > 1 ? block + 3 * count : NULL,
                                                       .color = color};
    drawn->lines[drawn->line_count++] = (sg_plot_line){name, block, block + count, count};
    return true;
}

static size_t smoothing_of(const drawing *drawn, const sg_run_history *history)
{
    const int asked = drawn->curves->smoothing;
    return asked > 0 ? (size_t)asked : sg_smoothing_width(history->count);
}

/* Adds a run's statistic, if it has any. False on lack of memory. */
static bool add_statistic(drawing *drawn, const sg_run_record *run, const sg_curve_panel *panel,
                          const sg_curve *curve, const char *name, size_t color)
{
    const sg_run_history *history = &run->history;
    const double *values = sg_run_history_values(history, curve->statistic);
    return !has_values(values, history->count, panel->logarithmic) ||
           add_line(drawn, name, sg_curves_axis_values(run, drawn->curves->axis), values,
                    history->count, smoothing_of(drawn, history), color);
}

/* Ends a panel with the lines from `first` on, or drops them when they are fewer than `needed`. */
static void end_panel(drawing *drawn, const char *title, const char *detail, bool logarithmic,
                      size_t first, size_t needed)
{
    const size_t found = drawn->line_count - first;
    const size_t panel = drawn->plot.panel_count;
    if (found < needed || panel >= MOST_PANELS) {
        drawn->line_count = first;
        return;
    }
    snprintf(drawn->titles[panel], sizeof drawn->titles[panel], "%s%s%s", title,
             *detail ? ": " : "", detail);
    drawn->panels[panel] =
        (sg_plot_panel){drawn->titles[panel], drawn->lines + first, found, logarithmic};
    drawn->plot.panel_count++;
}

/* Adds the panels of one run: what belongs together is in one. */
static bool add_panels_of_one(drawing *drawn)
{
    bool whole = true;
    for (size_t p = 0; p < sg_curve_panel_count && whole; p++) {
        const sg_curve_panel *panel = &sg_curve_panels[p];
        const size_t first = drawn->line_count;
        for (size_t i = 0; i < sg_curve_count(panel) && whole; i++)
            whole = add_statistic(drawn, drawn->curves->runs, panel, &panel->curves[i],
                                  panel->curves[i].name, 0);
        end_panel(drawn, panel->title, "", panel->logarithmic, first, panel->needed);
    }
    return whole;
}

/* True if a run has as many curves of a panel as one run's figure needs. */
static bool has_needed(const sg_run_record *run, const sg_curve_panel *panel)
{
    size_t found = 0;
    for (size_t i = 0; i < sg_curve_count(panel); i++)
        found += sg_run_history_values(&run->history, panel->curves[i].statistic) != NULL;
    return found >= panel->needed;
}

/* Adds a panel for each statistic, with a line for each run. */
static bool add_statistics_of_all(drawing *drawn)
{
    const sg_curves *curves = drawn->curves;
    bool whole = true;
    for (size_t p = 0; p < sg_curve_panel_count; p++)
        for (size_t i = 0; i < sg_curve_count(&sg_curve_panels[p]) && whole; i++) {
            const sg_curve_panel *panel = &sg_curve_panels[p];
            const sg_curve *curve = &panel->curves[i];
            const size_t first = drawn->line_count;
            for (size_t r = 0; r < curves->run_count && whole; r++)
                whole =
                    !has_needed(&curves->runs[r], panel) ||
                    add_statistic(drawn, &curves->runs[r], panel, curve, curves->labels[r], r + 1);
            end_panel(drawn, panel->title, curve->name, panel->logarithmic, first, 1);
        }
    return whole;
}

/* Adds the line of a metric of one run. */
static bool add_metric(drawing *drawn, const sg_run_record *run, const sg_record_metric *metric,
                       const char *label, size_t color)
{
    double *x = add_block(drawn, metric->count);
    for (size_t i = 0; x && i < metric->count; i++)
        x[i] = sg_curves_axis_position(run, drawn->curves->axis, metric->kimg[i]);
    return x && add_line(drawn, label, x, metric->values, metric->count, 1, color);
}

/* True if a run before this one has a metric of that key. */
static bool was_drawn(const sg_curves *curves, size_t run, const char *key)
{
    for (size_t i = 0; i < run; i++)
        if (sg_record_metric_of(&curves->runs[i], key))
            return true;
    return false;
}

/* Adds a panel for each metric that any run has, with a line for each run. */
static bool add_metrics_of_all(drawing *drawn)
{
    const sg_curves *curves = drawn->curves;
    bool whole = true;
    for (size_t r = 0; r < curves->run_count; r++)
        for (size_t m = 0; m < curves->runs[r].metric_count && whole; m++) {
            const char *key = curves->runs[r].metrics[m].key;
            const size_t first = drawn->line_count;
            for (size_t k = r; k < curves->run_count && whole && !was_drawn(curves, r, key); k++) {
                const sg_record_metric *metric = sg_record_metric_of(&curves->runs[k], key);
                whole = !metric ||
                        add_metric(drawn, &curves->runs[k], metric, curves->labels[k], k + 1);
            }
            end_panel(drawn, "Metric", key, false, first, 1);
        }
    return whole;
}

/* Allocates as many lines as there can be. */
static bool allocate_lines(drawing *drawn)
{
    const sg_curves *curves = drawn->curves;
    size_t most = curves->run_count * sg_curve_panel_count * SG_PANEL_MOST_CURVES;
    for (size_t i = 0; i < curves->run_count; i++)
        most += curves->runs[i].metric_count;
    drawn->most_lines = most;
    drawn->lines = sg_allocate(most, sizeof *drawn->lines);
    drawn->styles = sg_allocate(most, sizeof *drawn->styles);
    drawn->plot.styles = drawn->styles;
    return drawn->lines && drawn->styles;
}

static void name_axis(drawing *drawn)
{
    const time_unit unit = unit_for(drawn->curves);
    drawn->scale = 1;
    drawn->plot.x_name = "thousands of real images seen (kimg)";
    if (drawn->curves->axis == SG_CURVES_STEPS)
        drawn->plot.x_name = "steps of the optimisers";
    if (drawn->curves->axis != SG_CURVES_TIME)
        return;
    drawn->plot.x_name = unit.name;
    drawn->scale = 1 / unit.seconds;
}

/* Draws one run, with its title and marks. */
static sg_status draw_one(drawing *drawn, sg_image **image, sg_error *error)
{
    sg_curve_titles titles;
    bool whole = add_panels_of_one(drawn);
    if (whole && drawn->plot.panel_count == 0)
        return sg_fail(error, SG_ERROR_FORMAT,
                       "the statistics of %s hold neither losses nor scores to draw",
                       drawn->curves->runs->folder);
    if (!whole ||
        !sg_curve_titles_make(&titles, drawn->curves->runs, drawn->curves->axis, drawn->scale))
        return sg_fail_memory(error, "the curves of a training");
    sg_curve_titles_set(&titles, &drawn->plot);
    const sg_status status = sg_plot_draw(&drawn->plot, image, error);
    sg_curve_titles_clear(&titles);
    return status;
}

/* Draws several runs under a common legend. */
static sg_status draw_several(drawing *drawn, sg_image **image, sg_error *error)
{
    drawn->plot.panel_height = SEVERAL_HEIGHT;
    drawn->plot.title = drawn->curves->title;
    drawn->plot.legend = drawn->curves->labels;
    drawn->plot.legend_count = drawn->curves->run_count;
    if (!add_metrics_of_all(drawn) || !add_statistics_of_all(drawn))
        return sg_fail_memory(error, "the curves of trainings");
    if (drawn->plot.panel_count == 0)
        return sg_fail(error, SG_ERROR_FORMAT, "no run has statistics or metrics to draw");
    return sg_plot_draw(&drawn->plot, image, error);
}

sg_status sg_curves_draw(const sg_curves *curves, sg_image **image, sg_error *error)
{
    drawing *drawn = sg_allocate(1, sizeof *drawn);
    *image = NULL;
    if (!drawn)
        return sg_fail_memory(error, "the curves of a training");
    drawn->curves = curves;
    sg_plot_init(&drawn->plot);
    drawn->plot.panels = drawn->panels;
    drawn->plot.from_zero = true;
    name_axis(drawn);
    sg_status status =
        allocate_lines(drawn) ? SG_OK : sg_fail_memory(error, "the curves of a training");
    if (!status)
        status = (curves->labels ? draw_several : draw_one)(drawn, image, error);
    for (size_t i = 0; i < drawn->block_count; i++)
        free(drawn->blocks[i]);
    free(drawn->blocks);
    free(drawn->lines);
    free(drawn->styles);
    free(drawn);
    return status;
}

static sg_status write_record(const sg_run_record *run, sg_error *error)
{
    const sg_curves curves = {.runs = run, .run_count = 1};
    char software[64];
    char path[PATH_BYTES];
    sg_image *image = NULL;
    snprintf(software, sizeof software, "stylegan %s", sg_version());
    snprintf(path, sizeof path, "%s/loss.png", run->folder);
    const sg_png_text remarks[] = {
        {"Software", software}, {"Title", "Training curves"}, {"run", run->name}};
    SG_TRY(sg_curves_draw(&curves, &image, error));
    const sg_status status =
        sg_png_write(path, image, remarks, sizeof remarks / sizeof remarks[0], error);
    sg_image_destroy(image);
    return status;
}

sg_status sg_curves_write(const char *folder, sg_respell respell, sg_error *error)
{
    sg_run_record run;
    sg_status status = sg_run_record_open(folder, &run, error);
    if (!status) {
        sg_run_record_respell(&run, respell);
        status = write_record(&run, error);
    }
    sg_run_record_close(&run);
    return status;
}
