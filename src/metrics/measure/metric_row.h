/*
 * One metric: its name, what it needs, and how its values follow from what was gathered or from a
 * pass.
 */
#ifndef SG_METRICS_MEASURE_METRIC_ROW_H
#define SG_METRICS_MEASURE_METRIC_ROW_H

#include "base/watch.h"
#include "metrics/metric.h"

struct sg_gaussian;

/* One set of pictures, as far as a metric needs it; everything is borrowed. */
typedef struct sg_metric_side {
    size_t count;
    const struct sg_gaussian *moments; /* SG_METRIC_MOMENTS */
    const float *features;             /* [count, width]: SG_METRIC_FEATURES */
    size_t width;
    const float *logits; /* [count, classes]: SG_METRIC_LOGITS */
    size_t classes;
    const uint8_t *pictures; /* [count, height, width, 3]: SG_METRIC_PICTURES */
    const double *pairs;     /* [pair_count]: MS-SSIM of pictures 2i and 2i + 1: SG_METRIC_PAIRS */
    size_t pair_count;
} sg_metric_side;

struct sg_metric;

/* Both sets, for sg_metric.finish. */
typedef struct sg_metric_case {
    const struct sg_metric *metric;
    sg_metric_side real, fake;
    const float *texts; /* [text_count, width of the features]: SG_METRIC_TEXTS */
    size_t text_count;
    size_t height, width;  /* of the pictures */
    uint64_t seed;         /* of subsets and directions */
    double *errors;        /* [SG_METRIC_MOST_VALUES]: standard errors of the values, which start as
                              NaN: not defined */
    const sg_watch *watch; /* told how far long comparisons are; may be NULL */
    bool resample;         /* compute errors that take resampling, as long as the values again */
} sg_metric_case;

/* One row. */
typedef struct sg_metric {
    const char *name;    /* as the official programs spell it, "%" where the number of thousands of
                            samples stands: "fid%k_full" */
    int thousands;       /* of samples in the official name */
    const char *meaning; /* a phrase for people */
    const char *unit;    /* "dB"; "" for a bare number */
    unsigned needs;      /* SG_METRIC_GENERATOR ... */
    const char *network; /* the kind of feature network that it looks with; NULL: none */
    const char *values[SG_METRIC_MOST_VALUES]; /* what follows the name in the official keys of its
                                                  results, up to NULL; "" is the name alone */
    int better;     /* -1: less of the first value; 1: more; 0: neither */
    size_t nearest; /* neighbours that count, of pr and prdc */
    /* Sets the values of what was gathered; NULL: `pass` does it. */
    sg_status (*finish)(const sg_metric_case *gathered, double *values, sg_error *error);
    const sg_metric_pass *pass;
    unsigned which; /* the metric's number in its pass */
} sg_metric;

#endif
