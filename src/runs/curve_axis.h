/* What curves of trainings are drawn over. */
#ifndef SG_RUNS_CURVE_AXIS_H
#define SG_RUNS_CURVE_AXIS_H

#include "base/choices.h"
#include "runs/record_data.h"

/* The axes. */
typedef enum sg_curves_axis {
    SG_CURVES_KIMG,
    SG_CURVES_STEPS,
    SG_CURVES_TIME, /* seconds in ticks, those before a resume included */
} sg_curves_axis;

/* The axes by name: "kimg", "steps", "time". */
extern const sg_choices sg_curves_axis_choices;

/* Returns the x values of a run's history on an axis: [run->history.count], borrowed. */
const double *sg_curves_axis_values(const sg_run_record *run, sg_curves_axis axis);

/* Returns where a number of images lies on the axis of a run, between two ticks linearly. */
double sg_curves_axis_position(const sg_run_record *run, sg_curves_axis axis, double kimg);

#endif
