/* Boundaries between latents; see boundary.h. */
#include "edit/directions/boundary.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/random.h"
#include "edit/directions/vectors.h"
#include "edit/vectors.h"
#include "metrics/formulas/linear_module.h"

/* ---- which samples ---- */

/* A sample for sorting. */
typedef struct ranked {
    float score;
    size_t index;
} ranked;

/* Descending; earlier samples first among equals. */
static int compare(const void *a, const void *b)
{
    const ranked *x = a;
    const ranked *y = b;
    if (x->score != y->score)
        return x->score < y->score ? 1 : -1;
    return (x->index > y->index) - (x->index < y->index);
}

static sg_status rank(const sg_scored_latents *samples, size_t *order, sg_error *error)
{
    ranked *all = sg_allocate(samples->count, sizeof *all);
    if (!all)
        return sg_fail_memory(error, "%zu scores", samples->count);
    for (size_t i = 0; i < samples->count; i++)
        all[i] = (ranked){samples->scores[i], i};
    qsort(all, samples->count, sizeof *all, compare);
    for (size_t i = 0; i < samples->count; i++)
        order[i] = all[i].index;
    free(all);
    return SG_OK;
}

/* Draws `train` of `chosen` indices at random, by the first steps of a Fisher-Yates shuffle of a
 * copy, `scratch`. */
static void draw(const size_t *from, size_t chosen, size_t train, sg_random *random,
                 size_t *scratch, size_t *drawn)
{
    memcpy(scratch, from, chosen * sizeof *scratch);
    for (size_t i = 0; i < train; i++) {
        const size_t other = i + (size_t)sg_random_below(random, chosen - i);
        drawn[i] = scratch[other];
        scratch[other] = scratch[i];
    }
}

static sg_status check_scores(const sg_scored_latents *samples, sg_error *error)
{
    bool equal = true;
    for (size_t i = 0; i < samples->count; i++) {
        if (!isfinite(samples->scores[i]))
            return sg_fail(error, SG_ERROR_ARGUMENT, "score %zu is not finite", i);
        equal = equal && samples->scores[i] == samples->scores[0];
    }
    return equal ? sg_fail(error, SG_ERROR_ARGUMENT,
                           "all %zu scores are equal, so that there is no boundary between them",
                           samples->count)
                 : SG_OK;
}

static sg_status fill_split(const sg_scored_latents *samples, uint64_t seed,
                            sg_boundary_split *split, sg_error *error)
{
    sg_random random = sg_random_stream(seed, 0);
    split->order = sg_allocate(split->count, sizeof *split->order);
    split->positive = sg_allocate(split->train, sizeof *split->positive);
    split->negative = sg_allocate(split->train, sizeof *split->negative);
    size_t *scratch = sg_allocate(split->chosen, sizeof *scratch);
    sg_status status = split->order && split->positive && split->negative && scratch
                           ? rank(samples, split->order, error)
                           : sg_fail_memory(error, "a choice of %zu samples", split->count);
    if (!status) {
        draw(split->order, split->chosen, split->train, &random, scratch, split->positive);
        draw(split->order + split->count - split->chosen, split->chosen, split->train, &random,
             scratch, split->negative);
    }
    free(scratch);
    return status;
}

sg_status sg_boundary_split_create(const sg_scored_latents *samples, double share, double train,
                                   uint64_t seed, sg_boundary_split *split, sg_error *error)
{
    *split = (sg_boundary_split){.count = samples->count};
    SG_TRY(check_scores(samples, error));
    split->chosen = (size_t)(share * (double)samples->count);
    split->train = (size_t)(train * (double)split->chosen);
    if (split->train == 0 || 2 * split->chosen > samples->count)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "%zu samples are too few: %g of them at each end, and %g of these to train "
                       "on, leave none",
                       samples->count, share, train);
    const sg_status status = fill_split(samples, seed, split, error);
    if (status)
        sg_boundary_split_clear(split);
    return status;
}

void sg_boundary_split_clear(sg_boundary_split *split)
{
    free(split->order);
    free(split->positive);
    free(split->negative);
    *split = (sg_boundary_split){0};
}

/* ---- training ---- */

static void copy_samples(const sg_scored_latents *samples, const size_t *indices, size_t count,
                         double sign, double *rows, double *signs)
{
    for (size_t i = 0; i < count; i++) {
        signs[i] = sign;
        for (size_t k = 0; k < samples->width; k++)
            rows[i * samples->width + k] = samples->latents[indices[i] * samples->width + k];
    }
}

static bool is_positive(const sg_boundary *boundary, const float *latent)
{
    double output = boundary->weights[boundary->width];
    for (size_t k = 0; k < boundary->width; k++)
        output += boundary->weights[k] * latent[k];
    return output > 0;
}

/* Counts the right answers for samples that are not in the marked ones. */
static void measure(const sg_scored_latents *samples, const sg_boundary_split *split,
                    const unsigned char *trained, sg_boundary *found)
{
    const float highest = samples->scores[split->order[0]];
    const float lowest = samples->scores[split->order[split->count - 1]];
    const double middle = ((double)highest + lowest) / 2;
    size_t validated = 0;
    size_t remaining = 0;
    size_t right_validated = 0;
    size_t right_remaining = 0;
    for (size_t i = 0; i < split->count; i++) {
        const size_t index = split->order[i];
        const bool answer = is_positive(found, samples->latents + index * samples->width);
        const bool chosen = i < split->chosen || i >= split->count - split->chosen;
        if (chosen && !trained[index]) {
            validated++;
            right_validated += answer == (i < split->chosen);
        } else if (!chosen) {
            remaining++;
            right_remaining += answer == (samples->scores[index] >= middle);
        }
    }
    found->validation_accuracy =
        validated > 0 ? (double)right_validated / (double)validated : (double)NAN;
    found->remaining_accuracy =
        remaining > 0 ? (double)right_remaining / (double)remaining : (double)NAN;
}

static void finish(const sg_svm_samples *trained, double cost, sg_boundary *found)
{
    double losses = 0;
    for (size_t i = 0; i < trained->count; i++) {
        const double output =
            sg_dot(found->weights, trained->rows + i * found->width, found->width) +
            found->weights[found->width];
        losses += fmax(0, 1 - trained->signs[i] * output);
    }
    memcpy(found->normal, found->weights, found->width * sizeof *found->normal);
    const double length = sg_vector_normalise(found->normal, found->width);
    found->objective = length * length / 2 + cost * losses;
}

static sg_status check_latents(const sg_scored_latents *samples, sg_error *error)
{
    for (size_t i = 0; i < samples->count * samples->width; i++)
        if (!isfinite(samples->latents[i]))
            return sg_fail(error, SG_ERROR_ARGUMENT, "latent %zu holds a number that is not finite",
                           i / samples->width);
    return SG_OK;
}

/* Trains and measures; false on lack of memory. */
static bool train(const sg_linear_module *linear, const sg_scored_latents *samples,
                  const sg_boundary_split *split, double cost, sg_boundary *found)
{
    const size_t count = 2 * split->train;
    double *rows = sg_allocate(count, samples->width * sizeof *rows);
    double *signs = sg_allocate(count, sizeof *signs);
    unsigned char *trained = sg_allocate(samples->count, 1);
    bool done = rows && signs && trained;
    for (size_t i = 0; done && i < split->train; i++) {
        trained[split->positive[i]] = 1;
        trained[split->negative[i]] = 1;
    }
    if (done) {
        copy_samples(samples, split->positive, split->train, 1, rows, signs);
        copy_samples(samples, split->negative, split->train, -1,
                     rows + split->train * samples->width, signs + split->train);
        const sg_svm_samples listed = {count, samples->width, rows, signs};
        done = linear->train_hinge(&listed, cost, found->weights, found->duals);
        if (done) {
            finish(&listed, cost, found);
            measure(samples, split, trained, found);
        }
    }
    free(rows);
    free(signs);
    free(trained);
    return done;
}

sg_status sg_boundary_train(const sg_scored_latents *samples, const sg_boundary_split *split,
                            double cost, sg_boundary *found, sg_error *error)
{
    const sg_linear_module *linear = NULL;
    *found = (sg_boundary){.width = samples->width, .dual_count = 2 * split->train};
    SG_TRY(check_latents(samples, error));
    SG_TRY(sg_linear_open(&linear, error));
    found->weights = sg_allocate(samples->width + 1, sizeof *found->weights);
    found->normal = sg_allocate(samples->width, sizeof *found->normal);
    found->duals = sg_allocate(found->dual_count, sizeof *found->duals);
    if (found->weights && found->normal && found->duals &&
        train(linear, samples, split, cost, found))
        return SG_OK;
    sg_boundary_clear(found);
    return sg_fail_memory(error, "a boundary of %zu samples", 2 * split->train);
}

void sg_boundary_clear(sg_boundary *found)
{
    free(found->weights);
    free(found->normal);
    free(found->duals);
    *found = (sg_boundary){0};
}
