/* Which metrics can be measured with what is there. */
#ifndef SG_METRICS_MEASURE_METRIC_CHOICE_H
#define SG_METRICS_MEASURE_METRIC_CHOICE_H

#include "base/text.h"
#include "metrics/measure/metric_list.h"

/* What is there. */
typedef struct sg_metric_means {
    const char *data;         /* real pictures; NULL: none */
    sg_generator *generator;  /* NULL: pictures are measured */
    const char *const *files; /* [file_count]: of feature networks */
    size_t file_count;
    const char *beside;             /* a network, beside which a classifier may be; NULL: none */
    size_t height, width, channels; /* of the pictures */
} sg_metric_means;

/*
 * Chooses metrics of numbers of pictures that a processor manages, and appends to `more` a line for
 * each means by which more could be measured. Lists that cannot be empty: some metric needs
 * pictures alone.
 */
void sg_metric_choose(const sg_metric_means *means, sg_metric_list *list, sg_text *more);

#endif
