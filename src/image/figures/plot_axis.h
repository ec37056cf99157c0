/* The axis of a chart: its range, and the round numbers that mark it. */
#ifndef SG_IMAGE_FIGURES_PLOT_AXIS_H
#define SG_IMAGE_FIGURES_PLOT_AXIS_H

#include <stdbool.h>
#include <stddef.h>

enum { SG_PLOT_MOST_TICKS = 32, SG_PLOT_TICK_BYTES = 24 };

/* An axis; plain data. */
typedef struct sg_plot_axis {
    bool logarithmic;
    size_t wanted_ticks; /* the approximate number of marks */
    double low, high;    /* decimal logarithms on a logarithmic axis; low > high: no range yet */
} sg_plot_axis;

/* Returns an axis without a range; `wanted_ticks` is clamped to 2 .. 16. */
sg_plot_axis sg_plot_axis_start(bool logarithmic, size_t wanted_ticks);

/* True if the axis can show the value: at most 1e100 in size, above 0 on a logarithmic axis. */
bool sg_plot_axis_shows(const sg_plot_axis *axis, double value);

/* Widens the range to `count` values; skips those that the axis cannot show. */
void sg_plot_axis_include(sg_plot_axis *axis, const double *values, size_t count);

/*
 * Finishes the range: adds `margin` times the range at both ends, and widens a single value (no
 * value at all: 0 to 1). A logarithmic axis gets at least one decade.
 */
void sg_plot_axis_finish(sg_plot_axis *axis, double margin);

/* Returns the position of a value on the axis: 0 at the low end, 1 at the high end. */
double sg_plot_axis_position(const sg_plot_axis *axis, double value);

/* The marks of an axis, ascending, with their texts. */
typedef struct sg_plot_ticks {
    size_t count;
    double values[SG_PLOT_MOST_TICKS];
    char texts[SG_PLOT_MOST_TICKS][SG_PLOT_TICK_BYTES];
} sg_plot_ticks;

/* Computes the marks of a finished axis: multiples of 1, 2 or 5 times a power of ten. */
void sg_plot_axis_ticks(const sg_plot_axis *axis, sg_plot_ticks *ticks);

#endif
