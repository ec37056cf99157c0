/* Features of pictures, as feature networks compute them: one row for each picture. */
#ifndef SG_METRICS_FORMULAS_ROWS_H
#define SG_METRICS_FORMULAS_ROWS_H

#include <stddef.h>

typedef struct sg_rows {
    const float *values; /* [count, features], borrowed */
    size_t count, features;
} sg_rows;

#endif
