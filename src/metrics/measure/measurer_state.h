/* What a measurer holds. Private to this room; metrics/measure/measurer.h is the interface. */
#ifndef SG_METRICS_MEASURE_MEASURER_STATE_H
#define SG_METRICS_MEASURE_MEASURER_STATE_H

#include "metrics/measure/feature_cache.h"
#include "metrics/measure/gathered.h"
#include "metrics/measure/measurer.h"
#include "metrics/measure/reference_set.h"

struct sg_measurer {
    sg_measurer_options options;
    sg_looker *networks[SG_MOST_NETWORKS];
    const char *kinds[SG_MOST_NETWORKS];
    size_t network_count;
    sg_reference_set reals;       /* path NULL: no metric needs any */
    sg_gathered real;             /* what was gathered of them */
    bool real_begun;              /* `real` says what is wanted */
    bool fresh[SG_MOST_NETWORKS]; /* features of `real` that are not in the cache */
    float *texts;                 /* features of the texts; NULL: no metric needs any */
    char *cache;                  /* folder; NULL: none */
    int *labels; /* [label_count]: of the data's pictures; NULL: none or not read */
    size_t label_count;
    float *label_values; /* [.., c_dim]: the numbers of labels that are no classes */
    size_t label_rows;
    bool labels_read;
    bool warned; /* of few generated pictures */
};

/* Returns the network of a kind that the measurer opened; NULL for NULL. */
sg_looker *sg_measurer_network(const sg_measurer *measurer, const char *kind);

/*
 * Sets the setup to draw labels as often as the data have them, for a conditional generator; notes
 * to `watch` when the data do not fit, so that all classes are as likely.
 */
void sg_measurer_labels(sg_measurer *measurer, const sg_measured *subject, const sg_watch *watch,
                        sg_metric_setup *setup);

#endif
