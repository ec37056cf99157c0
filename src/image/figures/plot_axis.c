/* Axes of charts: ranges that show something of any values, and round marks. */
#include "image/figures/plot_axis.h"

#include <math.h>
#include <stdio.h>

static const double LARGEST_VALUE = 1e100;

sg_plot_axis sg_plot_axis_start(bool logarithmic, size_t wanted_ticks)
{
    enum { FEWEST = 2, MOST = SG_PLOT_MOST_TICKS / 2 };
    const size_t wanted = wanted_ticks < MOST ? wanted_ticks : MOST;
    return (sg_plot_axis){.logarithmic = logarithmic,
                          .wanted_ticks = wanted > FEWEST ? wanted : FEWEST,
                          .low = INFINITY,
                          .high = -INFINITY};
}

bool sg_plot_axis_shows(const sg_plot_axis *axis, double value)
{
    return fabs(value) <= LARGEST_VALUE && (!axis->logarithmic || value >= 1 / LARGEST_VALUE);
}

void sg_plot_axis_include(sg_plot_axis *axis, const double *values, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!sg_plot_axis_shows(axis, values[i]))
            continue;
        const double at = axis->logarithmic ? log10(values[i]) : values[i];
        axis->low = fmin(axis->low, at);
        axis->high = fmax(axis->high, at);
    }
}

void sg_plot_axis_finish(sg_plot_axis *axis, double margin)
{
    if (axis->low > axis->high) {
        axis->low = 0;
        axis->high = 1;
        return;
    }
    const double size = fmax(fabs(axis->low), fabs(axis->high));
    const double range = axis->high - axis->low;
    double added = margin * range;
    if (axis->logarithmic && range < 1)
        added = (1 - range) / 2;
    else if (range <= 1e-6 * size) /* the marks' digits could not show it */
        added = fmax(0.5, 0.1 * size);
    axis->low -= added;
    axis->high += added;
}

double sg_plot_axis_position(const sg_plot_axis *axis, double value)
{
    const double at = axis->logarithmic ? log10(value) : value;
    return (at - axis->low) / (axis->high - axis->low);
}

static void add_tick(sg_plot_ticks *ticks, double value, int decimals)
{
    if (ticks->count == SG_PLOT_MOST_TICKS)
        return;
    char *text = ticks->texts[ticks->count];
    if (decimals < 0)
        snprintf(text, SG_PLOT_TICK_BYTES, "%g", value);
    else
        snprintf(text, SG_PLOT_TICK_BYTES, "%.*f", decimals, value);
    ticks->values[ticks->count++] = value;
}

/* Returns the smallest of 1, 2 and 5 times a power of ten that is not below `least`. */
static double round_step(double least)
{
    const double power = pow(10, floor(log10(least)));
    const double factor = least / power;
    /* The tolerance keeps a 2 that was computed as 2.0000000001. */
    return power * (factor <= 1.000001 ? 1 : factor <= 2.000001 ? 2 : factor <= 5.000001 ? 5 : 10);
}

static void linear_ticks(const sg_plot_axis *axis, sg_plot_ticks *ticks)
{
    const double step = round_step((axis->high - axis->low) / (double)axis->wanted_ticks);
    const double slack = 1e-6 * step;
    const int decimals = (int)fmax(0, -floor(log10(step) + 1e-6));
    const bool plain = decimals <= 5 && fmax(fabs(axis->low), fabs(axis->high)) < 1e7;
    const double first = ceil((axis->low - slack) / step);
    for (int i = 0; i < SG_PLOT_MOST_TICKS && (first + i) * step <= axis->high + slack; i++) {
        const double value = first + i == 0 ? 0 : (first + i) * step; /* never "-0" */
        add_tick(ticks, value, plain ? decimals : -1);
    }
}

static void logarithmic_ticks(const sg_plot_axis *axis, sg_plot_ticks *ticks)
{
    static const double all[] = {1, 2, 5};
    const double slack = 1e-9;
    const double decades = axis->high - axis->low;
    const int stride = (int)ceil(decades / (double)axis->wanted_ticks);
    const size_t factors = 3 * decades <= (double)axis->wanted_ticks + 2 ? 3 : 1;
    const int first = (int)floor(axis->low / stride) * stride;
    for (int decade = first; decade <= axis->high; decade += stride)
        for (size_t i = 0; i < factors; i++) {
            const double at = decade + log10(all[i]);
            if (at >= axis->low - slack && at <= axis->high + slack)
                add_tick(ticks, all[i] * pow(10, decade), -1);
        }
}

void sg_plot_axis_ticks(const sg_plot_axis *axis, sg_plot_ticks *ticks)
{
    ticks->count = 0;
    if (axis->logarithmic)
        logarithmic_ticks(axis, ticks);
    else
        linear_ticks(axis, ticks);
}
