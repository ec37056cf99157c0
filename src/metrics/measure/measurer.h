/*
 * Measures networks and sets of pictures by the table of metrics. A measurer holds what does not
 * change from one subject to the next: the feature networks, and the real pictures with their
 * features.
 */
#ifndef SG_METRICS_MEASURE_MEASURER_H
#define SG_METRICS_MEASURE_MEASURER_H

#include "base/watch.h"
#include "features/feature_network.h"
#include "metrics/measure/metric_list.h"

/* What is measured, and how; everything is borrowed and outlives the measurer. */
typedef struct sg_measurer_options {
    const sg_metric_list *metrics;
    size_t samples;           /* in place of the numbers in the metrics' names; 0: those */
    const char *data;         /* real pictures; NULL: none */
    bool mirror;              /* and their mirror images */
    const char *const *files; /* [file_count]: of feature networks */
    size_t file_count;
    const char *const *texts; /* [text_count]: that the pictures are to fit */
    size_t text_count;
    const char *beside;             /* a network, beside which a classifier may be; NULL: none */
    size_t height, width, channels; /* of the pictures; 0: as the real ones have them */
    sg_feature_resize resize;       /* to the feature networks' input */
    uint64_t seed;                  /* of latents, subsets, directions */
    double psi;                     /* of truncation; 1: none */
    bool resample;                  /* standard errors that take resampling, too */
    bool no_cache;                  /* features of real pictures are neither read nor kept */
} sg_measurer_options;

/* Who is measured; everything is borrowed. */
typedef struct sg_measured {
    const char *name;        /* the file of the network, or the place of the pictures */
    sg_generator *generator; /* NULL: pictures are measured, those at `name` */
    int class_index;         /* of a conditional generator; negative: the labels of the data, or all
                                classes evenly */
} sg_measured;

/* What was found. */
typedef struct sg_metric_result {
    sg_metric_item item;
    size_t samples, reals; /* pictures that counted; reals 0: none did */
    bool mirrored;         /* mirror images of real pictures counted */
    double values[SG_METRIC_MOST_VALUES];
    double errors[SG_METRIC_MOST_VALUES]; /* standard errors; NaN: not defined */
    double seconds;                       /* that it took */
} sg_metric_result;

typedef struct sg_measurer sg_measurer;

/*
 * Opens the feature networks that the metrics need and the real pictures, in *measurer (NULL on
 * failure), which the caller destroys. Notes to `watch` what makes figures incomparable. Fails with
 * SG_ERROR_ARGUMENT and a sentence that names the metric where something is missing that it needs.
 */
sg_status sg_measurer_create(const sg_measurer_options *options, const sg_watch *watch,
                             sg_measurer **measurer, sg_error *error);

/* Releases the measurer; NULL is allowed. */
void sg_measurer_destroy(sg_measurer *measurer);

/* Fails with SG_ERROR_ARGUMENT for a subject that a metric of the list cannot measure. */
sg_status sg_measurer_check(const sg_measurer *measurer, const sg_measured *subject,
                            sg_error *error);

/*
 * Measures a subject: results[i] is that of item i of the list. Fails as sg_measurer_check does,
 * with SG_ERROR_ARGUMENT for too few pictures or sizes that differ, and with SG_ERROR_CANCELLED
 * when `watch` (may be NULL) asks to stop.
 */
sg_status sg_measure(sg_measurer *measurer, const sg_measured *subject, const sg_watch *watch,
                     sg_metric_result *results, sg_error *error);

/*
 * Estimates the seconds that measuring the subject takes, from a few of its pictures. Notes to
 * `watch` what sg_measure would. Fails as sg_measure does.
 */
sg_status sg_measure_forecast(sg_measurer *measurer, const sg_measured *subject,
                              const sg_watch *watch, double *seconds, sg_error *error);

/*
 * Returns a result as a JSON object with all that makes it comparable: "metric", "results" with the
 * official keys, "errors", "n", "reals", "data" and "fingerprint", "resize", "mirror", "features"
 * with the file's hash, "texts", "seed", "psi", "network" or "pictures", "seconds". NULL on lack of
 * memory; the caller deletes it.
 */
cJSON *sg_metric_result_json(sg_measurer *measurer, const sg_measured *subject,
                             const sg_metric_result *result);

/* Adds the values of a result to an object under their official keys; false on lack of memory.
 * Infinite values become null. */
bool sg_metric_result_add(cJSON *object, const sg_metric_item *item, const double *values);

#endif
