/*
 * One option of a training that a sweep varies, with its values: "gamma=0.1,1,10", "seed=0-4", or
 * "glr=1e-4..1e-2" to draw from.
 */
#ifndef SG_SWEEP_SWEEP_AXIS_H
#define SG_SWEEP_SWEEP_AXIS_H

#include "base/random.h"
#include "train/options/run_options.h"

enum { SG_SWEEP_MOST_VALUES = 1000 };

typedef struct sg_sweep_axis {
    size_t row;            /* of sg_training_table */
    const sg_field *field; /* that row */
    char **values; /* [count], as texts on the heap; an empty one leaves the option as it is */
    size_t count;
    bool is_range;      /* values are yet to be drawn between `least` and `most` */
    bool logarithmic;   /* ... their logarithms evenly */
    double least, most; /* of a range */
} sg_sweep_axis;

/*
 * Reads "NAME=VALUE,VALUE,...", where NAME is that of the option. Values with commas of their own
 * are separated by semicolons: "resample-filter=1,3,3,1;1,2,1". Whole numbers may be ascending
 * ranges, "0-4". "NAME=LOW..HIGH" and "NAME=log:LOW..HIGH" are ranges to draw from. Checks every
 * value against its row. Fails with SG_ERROR_ARGUMENT and a sentence about "vary", or with
 * SG_ERROR_MEMORY; the caller clears the axis in any case.
 */
sg_status sg_sweep_axis_parse(const char *text, sg_sweep_axis *axis, sg_error *error);

/* Draws the value `index` of a range, evenly and to three digits or as many as a narrow range
 * needs; the axis has `index` + 1 values then. Fails with SG_ERROR_MEMORY. */
sg_status sg_sweep_axis_draw(sg_sweep_axis *axis, size_t index, sg_random *random, sg_error *error);

void sg_sweep_axis_clear(sg_sweep_axis *axis);

/* Sets an option to a value as the command line spells it, and notes in `given` that it is given;
 * an empty text leaves it. `text` is borrowed by the options. Fails with SG_ERROR_ARGUMENT. */
sg_status sg_sweep_set_option(size_t row, const char *text, sg_run_options *options,
                              sg_given *given, sg_error *error);

/* Appends the value of an option as sg_sweep_set_option reads it. */
void sg_sweep_print_option(size_t row, const sg_run_options *options, sg_text *text);

#endif
