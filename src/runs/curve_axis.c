/*
 * The x axes of curves; see curve_axis.h.
 * Tested by: tests/runs/compare/test_comparison.c
 */
#include "runs/curve_axis.h"

#include <math.h>

static const char *const axis_names[] = {
    [SG_CURVES_KIMG] = "kimg", [SG_CURVES_STEPS] = "steps", [SG_CURVES_TIME] = "time"};
const sg_choices sg_curves_axis_choices = SG_CHOICES(axis_names);

const double *sg_curves_axis_values(const sg_run_record *run, sg_curves_axis axis)
{
    const sg_run_history *history = &run->history;
    return axis == SG_CURVES_TIME    ? history->seconds
           : axis == SG_CURVES_STEPS ? history->steps
                                     : history->kimg;
}

double sg_curves_axis_position(const sg_run_record *run, sg_curves_axis axis, double kimg)
{
    const sg_run_history *history = &run->history;
    const double *x = sg_curves_axis_values(run, axis);
    size_t after = 0;
    while (after < history->count && history->kimg[after] < kimg)
        after++;
    if (axis == SG_CURVES_KIMG || history->count == 0)
        return kimg;
    if (after == history->count)
        return x[after - 1];
    const double kimg_before = after > 0 ? history->kimg[after - 1] : 0;
    const double x_before = after > 0 ? x[after - 1] : 0;
    return x_before + (x[after] - x_before) * (kimg - kimg_before) /
                          fmax(history->kimg[after] - kimg_before, 1e-9);
}
