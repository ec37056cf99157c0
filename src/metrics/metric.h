/*
 * Passes of metrics over generated samples. A pass draws a sample, does with it what its metrics
 * need, and adds up; distances of sets of pictures need no pass, since their pictures and features
 * are gathered for all of them together (metrics/measure/measurer.h).
 */
#ifndef SG_METRICS_METRIC_H
#define SG_METRICS_METRIC_H

#include "models/generator.h"

/* What a metric works with. */
enum {
    SG_METRIC_GENERATOR = 1,    /* a generator, not pictures alone */
    SG_METRIC_MOVES_INPUT = 2,  /* one whose input can be moved (latent/moved_input.h) */
    SG_METRIC_MAPS_LATENTS = 4, /* one with w, which interpolation is done in */
    SG_METRIC_REALS = 8,        /* real pictures */
    SG_METRIC_PICTURES = 16,    /* the 8-bit pictures of both sets */
    SG_METRIC_PAIRS = 32,       /* generated pictures, two by two, as they come */
    SG_METRIC_MOMENTS = 64,     /* mean and covariance of features */
    SG_METRIC_FEATURES = 128,   /* features of every picture */
    SG_METRIC_LOGITS = 256,     /* logits of every generated picture */
    SG_METRIC_EVERY_REAL = 512, /* all real pictures, without flips; otherwise as many as samples */
    SG_METRIC_TEXTS = 1024      /* texts that the pictures are to fit */
};

struct sg_looker;

/* What a pass measures. */
typedef struct sg_metric_setup {
    sg_generator *generator; /* borrowed */
    uint64_t seed;           /* of every random number */
    int class_index;         /* of a conditional generator; negative: each sample's at random */
    const float *labels;     /* [label_rows, c_dim]: numbers to draw from in place of classes; NULL:
                                classes; borrowed */
    size_t label_rows;
    const int *drawn_labels; /* [drawn_count]: labels as often as real pictures have them, to draw
                                from; NULL: all labels are as likely; borrowed */
    size_t drawn_count;
    double psi;                /* of truncation, for pictures; 1: none */
    size_t samples;            /* at least 1 */
    struct sg_looker *network; /* that the pass's metrics look with; NULL: none */
    int resize;                /* an sg_feature_resize, for the network */
} sg_metric_setup;

enum { SG_METRIC_MOST_VALUES = 4 };

/* A pass over samples that several metrics share, so that each sample is made once. */
typedef struct sg_metric_pass {
    size_t state_bytes; /* of the sums, which start as zeros */
    /* Prepares the state for setup->samples samples; NULL: zeros are enough. */
    sg_status (*begin)(const sg_metric_setup *setup, void *state, sg_error *error);
    /*
     * Adds sample `index` (from 0) for the metrics whose bits are set in `wanted`. A sample depends
     * on the setup and the index alone, not on which metrics are wanted.
     */
    sg_status (*accumulate)(const sg_metric_setup *setup, unsigned wanted, uint64_t index,
                            void *state, sg_error *error);
    /* Sets the values of the pass's metric number `which`; NaN for one that cannot be told. */
    sg_status (*finish)(const void *state, unsigned which, double *values, sg_error *error);
    void (*release)(void *state); /* NULL: the state owns nothing */
    const char *untold;           /* why a value can be NaN: "its pictures are too small ..." */
} sg_metric_pass;

#endif
