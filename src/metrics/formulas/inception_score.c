/* Inception score, in doubles; see inception_score.h. */
#include "metrics/formulas/inception_score.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"

/* Adds the probabilities of a row to `sums`; returns the sum of p log p. */
static double add_row(const float *logits, size_t classes, double *sums)
{
    double largest = (double)logits[0];
    double total = 0;
    double entropy = 0;
    for (size_t c = 1; c < classes; c++)
        largest = fmax(largest, (double)logits[c]);
    for (size_t c = 0; c < classes; c++)
        total += exp((double)logits[c] - largest);
    for (size_t c = 0; c < classes; c++) {
        const double log_p = (double)logits[c] - largest - log(total);
        const double p = exp(log_p);
        sums[c] += p;
        entropy += p > 0 ? p * log_p : 0;
    }
    return entropy;
}

/* Returns the score of rows first .. end - 1; `sums` has room for the classes. */
static double score(const sg_rows *logits, size_t first, size_t end, double *sums)
{
    const double count = (double)(end - first);
    double divergence = 0;
    memset(sums, 0, logits->features * sizeof *sums);
    for (size_t i = first; i < end; i++)
        divergence += add_row(logits->values + i * logits->features, logits->features, sums);
    for (size_t c = 0; c < logits->features; c++)
        divergence -= sums[c] > 0 ? sums[c] * log(sums[c] / count) : 0;
    return exp(divergence / count);
}

sg_status sg_inception_score(const sg_rows *logits, size_t splits, double *scores, double *mean,
                             double *deviation, sg_error *error)
{
    if (splits == 0 || logits->count < splits || logits->features == 0)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "%zu pictures with %zu classes cannot be split into %zu parts",
                       logits->count, logits->features, splits);
    for (size_t i = 0; i < logits->count * logits->features; i++)
        if (!isfinite(logits->values[i]))
            return sg_fail(error, SG_ERROR_ARGUMENT, "logits of pictures are not finite");
    double *sums = sg_allocate(logits->features, sizeof *sums);
    double total = 0;
    double squares = 0;
    if (!sums)
        return sg_fail_memory(error, "the probabilities of classes");
    for (size_t i = 0; i < splits; i++) {
        scores[i] =
            score(logits, i * logits->count / splits, (i + 1) * logits->count / splits, sums);
        total += scores[i];
    }
    *mean = total / (double)splits;
    for (size_t i = 0; i < splits; i++)
        squares += (scores[i] - *mean) * (scores[i] - *mean);
    *deviation = sqrt(squares / (double)splits);
    free(sums);
    return SG_OK;
}
