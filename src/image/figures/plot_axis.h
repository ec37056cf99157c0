/* An axis of a chart: its range, and the round numbers that are marked on it. */
#ifndef SG_IMAGE_FIGURES_PLOT_AXIS_H
#define SG_IMAGE_FIGURES_PLOT_AXIS_H

#include <stdbool.h>
#include <stddef.h>

enum { SG_PLOT_MOST_TICKS = 32, SG_PLOT_TICK_BYTES = 24 };

/* Plain data. low and high are decimal logarithms when the axis is logarithmic. */
typedef struct sg_plot_axis {
    bool logarithmic;
    size_t wanted_ticks; /* about as many are marked */
    double low, high;    /* low > high until something was included */
} sg_plot_axis;

/* An axis without a range yet; `wanted_ticks` from 2 to 16 (others are moved there). */
sg_plot_axis sg_plot_axis_start(bool logarithmic, size_t wanted_ticks);

/* Whether the axis can show the value: a number of at most 1e100 in size, above 0 if logarithmic.
 */
bool sg_plot_axis_shows(const sg_plot_axis *axis, double value);

/* Widens the range to `count` values; those that the axis cannot show are passed over. */
void sg_plot_axis_include(sg_plot_axis *axis, const double *values, size_t count);

/*
 * Ends the widening: adds `margin` times the range at both ends, and makes a range of what has
 * none (0 to 1 when nothing was included). A logarithmic axis gets at least one decade.
 */
void sg_plot_axis_finish(sg_plot_axis *axis, double margin);

/* Where a value that the axis can show lies: 0 at its low end, 1 at its high end. */
double sg_plot_axis_position(const sg_plot_axis *axis, double value);

/* Marked values, ascending, as they are written. */
typedef struct sg_plot_ticks {
    size_t count;
    double values[SG_PLOT_MOST_TICKS];
    char texts[SG_PLOT_MOST_TICKS][SG_PLOT_TICK_BYTES];
} sg_plot_ticks;

/* The marks of a finished axis: multiples of 1, 2 or 5 times a power of ten. */
void sg_plot_axis_ticks(const sg_plot_axis *axis, sg_plot_ticks *ticks);

#endif
