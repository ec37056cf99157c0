/* Linear separability; see separability.h. */
#include "metrics/formulas/separability.h"

#include <math.h>
#include <stdlib.h>

#include "base/allocate.h"
#include "metrics/formulas/linear_module.h"

/* A sample's confidence, for sorting. */
typedef struct confidence {
    double value;
    size_t index;
} confidence;

/* Descending; earlier samples first among equals. */
static int compare(const void *a, const void *b)
{
    const confidence *x = a;
    const confidence *y = b;
    if (x->value != y->value)
        return x->value < y->value ? 1 : -1;
    return (x->index > y->index) - (x->index < y->index);
}

static bool make_room(size_t keep, size_t features, sg_separation *found)
{
    *found = (sg_separation){.kept = keep};
    found->index = sg_allocate(keep, sizeof *found->index);
    found->targets = sg_allocate(keep, 1);
    found->outputs = sg_allocate(keep, 1);
    found->weights = sg_allocate(features + 1, sizeof *found->weights);
    return found->index && found->targets && found->outputs && found->weights;
}

/* Finds the samples with the largest softmax(l, -l); its larger part is 1 / (1 + exp(-2 |l|)). */
static sg_status choose(const sg_separable *samples, sg_separation *found, sg_error *error)
{
    confidence *all = sg_allocate(samples->count, sizeof *all);
    if (!all)
        return sg_fail_memory(error, "the confidence of samples");
    for (size_t i = 0; i < samples->count; i++) {
        const double logit = (double)samples->logits[i * samples->stride];
        all[i] = (confidence){1 / (1 + exp(-2 * fabs(logit))), i};
    }
    qsort(all, samples->count, sizeof *all, compare);
    for (size_t i = 0; i < found->kept; i++) {
        found->index[i] = all[i].index;
        found->targets[i] = (unsigned char)!(samples->logits[all[i].index * samples->stride] > 0);
    }
    free(all);
    return SG_OK;
}

static double output_of(const double *row, size_t features, const double *weights)
{
    double sum = weights[features];
    for (size_t i = 0; i < features; i++)
        sum += weights[i] * row[i];
    return sum;
}

/* Applies the linear classifier to the kept samples' rows. */
static void classify(const sg_svm_samples *kept, sg_separation *found)
{
    double lengths = 0;
    double losses = 0;
    for (size_t i = 0; i <= kept->features; i++)
        lengths += found->weights[i] * found->weights[i];
    for (size_t i = 0; i < kept->count; i++) {
        const double output =
            output_of(kept->rows + i * kept->features, kept->features, found->weights);
        const double missing = fmax(0, 1 - kept->signs[i] * output);
        losses += missing * missing;
        found->outputs[i] = output > 0;
        found->table[found->outputs[i]][found->targets[i]] += 1 / (double)kept->count;
    }
    found->objective = lengths / 2 + losses;
}

/* Returns H(target | output) in bits of shares [output][target]. */
static double conditional_entropy(double table[2][2])
{
    double sum = 0;
    for (int a = 0; a < 2; a++)
        for (int b = 0; b < 2; b++)
            if (table[a][b] > 0)
                sum -= table[a][b] * log2(table[a][b] / (table[a][0] + table[a][1]));
    return fmax(sum, 0);
}

static sg_status train(const sg_separable *samples, sg_separation *found, sg_error *error)
{
    const size_t features = samples->features;
    const sg_linear_module *linear = NULL;
    SG_TRY(sg_linear_open(&linear, error));
    double *rows = sg_allocate(found->kept, features * sizeof *rows);
    double *signs = sg_allocate(found->kept, sizeof *signs);
    bool trained = rows && signs;
    for (size_t i = 0; trained && i < found->kept; i++) {
        signs[i] = found->targets[i] ? 1 : -1;
        for (size_t k = 0; k < features; k++)
            rows[i * features + k] = samples->latents[found->index[i] * features + k];
    }
    const sg_svm_samples kept = {found->kept, features, rows, signs};
    trained = trained && linear->train(&kept, found->weights);
    if (trained)
        classify(&kept, found);
    found->entropy = conditional_entropy(found->table);
    free(rows);
    free(signs);
    return trained ? SG_OK : sg_fail_memory(error, "a classifier of %zu latents", found->kept);
}

static sg_status check(const sg_separable *samples, size_t keep, sg_error *error)
{
    if (keep == 0 || samples->count < keep)
        return sg_fail(error, SG_ERROR_ARGUMENT, "%zu samples are to be kept, but there are %zu",
                       keep, samples->count);
    for (size_t i = 0; i < samples->count * samples->features; i++)
        if (!isfinite(samples->latents[i]))
            return sg_fail(error, SG_ERROR_ARGUMENT, "latents are not finite");
    for (size_t i = 0; i < samples->count; i++)
        if (isnan(samples->logits[i * samples->stride]))
            return sg_fail(error, SG_ERROR_ARGUMENT, "logits of pictures are not numbers");
    return SG_OK;
}

sg_status sg_separate(const sg_separable *samples, size_t keep, sg_separation *found,
                      sg_error *error)
{
    *found = (sg_separation){0};
    SG_TRY(check(samples, keep, error));
    sg_status status = make_room(keep, samples->features, found)
                           ? choose(samples, found, error)
                           : sg_fail_memory(error, "%zu separated samples", keep);
    if (!status)
        status = train(samples, found, error);
    if (status)
        sg_separation_clear(found);
    return status;
}

void sg_separation_clear(sg_separation *found)
{
    free(found->index);
    free(found->targets);
    free(found->outputs);
    free(found->weights);
    *found = (sg_separation){0};
}

double sg_separability(const double *entropies, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += entropies[i];
    return exp2(sum);
}
