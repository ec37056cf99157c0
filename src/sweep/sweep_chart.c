/* The figure of a sweep; see sweep_chart.h.
 * Tested by: tests/cli/test_sweep.c */
#include "sweep/sweep_chart.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "image/figures/plot.h"
#include "image/files/png_file.h"
#include "train/run/run_folder.h"

/* Lines of a panel have different colours or dashes up to this number. */
enum { MOST_LINES = 16, TITLE_BYTES = 160, MOST_MARKS = 64 };

/* The span from which numbers are drawn over their logarithms. */
static const double wide_span = 50;

/* One setting as a point. */
typedef struct point {
    double x, mean, least, most;
} point;

typedef struct chart {
    const sg_sweep_summary *summary;
    size_t axis;          /* that is drawn over */
    bool numbers, spread; /* its values are numbers; and drawn over their logarithms */
    point *points;        /* [setting_count], by lines */
    double *columns;      /* [4, setting_count]: x, mean, least, most of the points */
    char names[MOST_LINES][SG_SWEEP_LABEL_BYTES];
    sg_plot_line lines[MOST_LINES];
    sg_plot_style styles[MOST_LINES];
    sg_plot_mark marks[MOST_MARKS];
    size_t line_count, mark_count;
} chart;

/* ---- the axis ---- */

static const char *value_of(const chart *drawn, size_t setting, size_t axis)
{
    const sg_sweep_plan *plan = drawn->summary->plan;
    return sg_sweep_value(plan, &plan->runs[setting], axis);
}

/* Returns the number of a value; NaN for another text. */
static double number_of(const char *text)
{
    char *end = NULL;
    const double number = strtod(text, &end);
    return end != text && *end == '\0' ? number : NAN;
}

/* Returns which of the different values of the axis a setting has, in the order of the plan. */
static size_t place_of(const chart *drawn, size_t setting)
{
    size_t place = 0;
    for (size_t i = 0;
         strcmp(value_of(drawn, i, drawn->axis), value_of(drawn, setting, drawn->axis)) != 0; i++) {
        bool seen = false;
        for (size_t k = 0; k < i; k++)
            seen = seen ||
                   strcmp(value_of(drawn, k, drawn->axis), value_of(drawn, i, drawn->axis)) == 0;
        place += !seen;
    }
    return place;
}

/* Finds the first axis with two values or more; false without one. */
static bool find_axis(chart *drawn)
{
    const sg_sweep_plan *plan = drawn->summary->plan;
    for (drawn->axis = 0; drawn->axis < plan->axis_count; drawn->axis++)
        for (size_t i = 1; (int)drawn->axis != plan->seed_axis && i < plan->setting_count; i++)
            if (strcmp(value_of(drawn, i, drawn->axis), value_of(drawn, 0, drawn->axis)) != 0)
                return true;
    return false;
}

static void choose_scale(chart *drawn)
{
    double least = HUGE_VAL;
    double most = -HUGE_VAL;
    drawn->numbers = true;
    for (size_t i = 0; i < drawn->summary->plan->setting_count; i++) {
        const double number = number_of(value_of(drawn, i, drawn->axis));
        drawn->numbers = drawn->numbers && isfinite(number);
        least = fmin(least, number);
        most = fmax(most, number);
    }
    drawn->spread = drawn->numbers && least > 0 && most >= wide_span * least;
}

static double x_of(const chart *drawn, size_t setting)
{
    const double number = number_of(value_of(drawn, setting, drawn->axis));
    return !drawn->numbers ? (double)place_of(drawn, setting)
           : drawn->spread ? log10(number)
                           : number;
}

/* ---- lines ---- */

/* Writes what sets the line of a setting apart: the values of the other axes. */
static void name_line(const chart *drawn, size_t setting, char name[SG_SWEEP_LABEL_BYTES])
{
    const sg_sweep_plan *plan = drawn->summary->plan;
    size_t length = 0;
    name[0] = '\0';
    for (size_t i = 0; i < plan->axis_count && length < SG_SWEEP_LABEL_BYTES; i++) {
        const char *value = value_of(drawn, setting, i);
        if (i != drawn->axis && (int)i != plan->seed_axis && plan->axes[i].count > 1)
            length += (size_t)snprintf(name + length, SG_SWEEP_LABEL_BYTES - length, "%s%s=%s",
                                       length ? " " : "", plan->axes[i].field->option,
                                       *value ? value : "default");
    }
}

/* Tells whether all settings are points of one line: in a grid alone, settings repeat the values
 * of the other axes. */
static bool joins_all(const chart *drawn)
{
    const sg_sweep_request *request = drawn->summary->request;
    return request->kind != SG_SWEEP_GRID;
}

static int compare_points(const void *a, const void *b)
{
    const double x = ((const point *)a)->x;
    const double y = ((const point *)b)->x;
    return (x > y) - (x < y);
}

/* Appends the points of one line, from `first` on; returns how many there are. */
static size_t add_points(chart *drawn, const char *name, size_t first)
{
    char other[SG_SWEEP_LABEL_BYTES];
    size_t count = 0;
    for (size_t i = 0; i < drawn->summary->plan->setting_count; i++) {
        const sg_sweep_result *result = &drawn->summary->results[i];
        name_line(drawn, result->setting, other);
        if (!joins_all(drawn) && strcmp(name, other) != 0)
            continue;
        drawn->points[first + count++] =
            (point){x_of(drawn, result->setting), result->mean, result->least, result->most};
    }
    qsort(drawn->points + first, count, sizeof *drawn->points, compare_points);
    return count;
}

static void add_lines(chart *drawn)
{
    const size_t count = drawn->summary->plan->setting_count;
    size_t first = 0;
    for (size_t i = 0; i < count && drawn->line_count < MOST_LINES && first < count; i++) {
        char *name = drawn->names[drawn->line_count];
        bool known = false;
        name_line(drawn, i, name);
        for (size_t k = 0; k < drawn->line_count; k++)
            known = known || strcmp(drawn->names[k], name) == 0;
        if (known)
            continue;
        const size_t points = add_points(drawn, name, first);
        double *x = drawn->columns + first;
        if (joins_all(drawn))
            name[0] = '\0';
        drawn->lines[drawn->line_count] =
            (sg_plot_line){name[0] ? name : drawn->summary->metric, x, x + count, points};
        drawn->styles[drawn->line_count++] =
            (sg_plot_style){.low = x + 2 * count, .high = x + 3 * count};
        first += points;
    }
    for (size_t i = 0; i < count; i++) {
        drawn->columns[i] = drawn->points[i].x;
        drawn->columns[count + i] = drawn->points[i].mean;
        drawn->columns[2 * count + i] = drawn->points[i].least;
        drawn->columns[3 * count + i] = drawn->points[i].most;
    }
}

/* Marks the places of the values by their texts. */
static void add_marks(chart *drawn)
{
    for (size_t i = 0; i < drawn->summary->plan->setting_count; i++) {
        const char *value = value_of(drawn, i, drawn->axis);
        const double x = x_of(drawn, i);
        bool known = drawn->mark_count == MOST_MARKS;
        for (size_t k = 0; k < drawn->mark_count; k++)
            known = known || drawn->marks[k].x == x;
        if (!known)
            drawn->marks[drawn->mark_count++] =
                (sg_plot_mark){SG_PLOT_VALUE, x, *value ? value : "default"};
    }
}

/* ---- the picture ---- */

static sg_status draw(const chart *drawn, sg_image **image, sg_error *error)
{
    const sg_sweep_summary *summary = drawn->summary;
    char x_name[TITLE_BYTES];
    char title[TITLE_BYTES];
    sg_plot plot;
    const char *option = summary->plan->axes[drawn->axis].field->option;
    const sg_plot_panel panel = {title, drawn->lines, drawn->line_count, false};
    snprintf(x_name, sizeof x_name, "%s%s%s", drawn->spread ? "logarithm of " : "", option,
             drawn->numbers ? "" : ", in the order of the plan");
    snprintf(title, sizeof title, "%s%s%s", summary->metric,
             summary->better < 0   ? " (less is better)"
             : summary->better > 0 ? " (more is better)"
                                   : "",
             summary->plan->seed_count > 1 ? ": mean of the seeds, band from the least to the most"
                                           : "");
    sg_plot_init(&plot);
    plot.title = "What the settings came to";
    plot.x_name = x_name;
    plot.panels = &panel;
    plot.panel_count = 1;
    plot.panel_height = 400;
    plot.styles = drawn->styles;
    plot.marks = drawn->marks;
    plot.mark_count = drawn->mark_count;
    return sg_plot_draw(&plot, image, error);
}

static sg_status write_chart(chart *drawn, sg_error *error)
{
    static const sg_png_text remarks[] = {{"Software", "stylegan"}, {"Title", "Sweep"}};
    char path[SG_PATH_BYTES];
    sg_image *image = NULL;
    choose_scale(drawn);
    add_lines(drawn);
    add_marks(drawn);
    SG_TRY(draw(drawn, &image, error));
    sg_run_folder_path(path, drawn->summary->folder, "sweep.png");
    const sg_status status =
        sg_png_write(path, image, remarks, sizeof remarks / sizeof remarks[0], error);
    sg_image_destroy(image);
    return status;
}

sg_status sg_sweep_chart_write(const sg_sweep_summary *summary, sg_error *error)
{
    const size_t count = summary->plan->setting_count;
    chart *drawn = sg_allocate(1, sizeof *drawn);
    sg_status status = drawn ? SG_OK : sg_fail_memory(error, "a figure");
    if (!status) {
        drawn->summary = summary;
        drawn->points = sg_allocate(count, sizeof *drawn->points);
        drawn->columns = sg_allocate(count, 4 * sizeof *drawn->columns);
        if (!drawn->points || !drawn->columns)
            status = sg_fail_memory(error, "a figure of %zu settings", count);
    }
    if (!status && summary->metric[0] && find_axis(drawn))
        status = write_chart(drawn, error);
    if (drawn) {
        free(drawn->points);
        free(drawn->columns);
    }
    free(drawn);
    return status;
}
