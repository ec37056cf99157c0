/*
 * The table of metrics. A metric is a row: its name, what it needs, how samples are accumulated and
 * how its value follows. `stylegan metrics` and `train --metrics` walk the table, so a new metric
 * is a row in metric.c and the file that computes it.
 */
#ifndef SG_METRICS_METRIC_H
#define SG_METRICS_METRIC_H

#include "models/generator.h"

/* What a metric works with besides generated pictures. */
enum {
    SG_METRIC_MOVES_INPUT = 1 /* a generator whose input can be moved (latent/moved_input.h) */
};

/* What is measured. */
typedef struct sg_metric_setup {
    sg_generator *generator; /* borrowed */
    uint64_t seed;           /* of every random number */
    int class_index;         /* of a conditional generator; negative: each sample's at random */
    const float *labels;     /* [label_rows, c_dim]: numbers to draw from in place of classes; NULL:
                                classes; borrowed */
    size_t label_rows;
    size_t samples; /* generated pictures, at least 1 */
} sg_metric_setup;

/* A pass over generated pictures that several metrics share, so that each picture is made once. */
typedef struct sg_metric_pass {
    unsigned needs;     /* SG_METRIC_MOVES_INPUT ... */
    size_t state_bytes; /* of the sums, which start as zeros */
    /*
     * Adds sample `index` (from 0) for the metrics whose bits are set in `wanted`. A sample depends
     * on the setup and the index alone, not on which metrics are wanted.
     */
    sg_status (*accumulate)(const sg_metric_setup *setup, unsigned wanted, uint64_t index,
                            void *state, sg_error *error);
    /* Returns the value of the pass's metric number `which`; NaN when it cannot be told. */
    double (*finish)(const void *state, unsigned which);
    const char *untold; /* why a value can be NaN: "its pictures are too small ..." */
} sg_metric_pass;

/* One row. */
typedef struct sg_metric {
    const char *name;    /* as the official programs spell it, "50k" in it: "eqt50k_int" */
    const char *meaning; /* a phrase for people */
    const char *unit;    /* "dB" */
    const sg_metric_pass *pass;
    unsigned which; /* the metric's number in its pass */
} sg_metric;

#endif
