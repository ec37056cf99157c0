/*
 * Where a projection starts: the class, the mean w and its spread, the first w.
 *
 * The official programs take the mean of the w of 10,000 latents of RandomState(123), and as w_std
 * the root of the SUMMED variance of its components. In W+ they sum over layers as well, whose rows
 * are equal here, so that w_std is larger by the root of their number; from a start of one's own,
 * the spread is taken around that start.
 *
 * Tested by: tests/invert/test_projection.c
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "invert/projector_inside.h"
#include "latent/codes.h"
#include "latent/seeds.h"
#include "models/family.h"
#include "ops/layout.h"
#include "ops/reduce.h"

enum { MEAN_SEED = 123, MAPPED_AT_ONCE = 256, SEARCH_SAMPLES = 256, Z_CANDIDATES = 16 };

/* Samples of w, [count, dim]. */
typedef struct w_samples {
    double *values, *mean;
    size_t count, dim;
    double square; /* the mean over samples of the squared distance from the mean */
} w_samples;

static void free_samples(w_samples *samples)
{
    free(samples->values);
    free(samples->mean);
}

/* ---- labels ---- */

/* Makes the label [1, c_dim] of a class, or of numbers. */
static sg_tensor *make_label(const sg_projector *projector, int class_index, const float *numbers)
{
    const int classes = sg_generator_config_of(projector->generator)->c_dim;
    const sg_dtype dtype = sg_generator_parameters(projector->generator)->dtype;
    sg_tensor *label = sg_tensor_full(projector->context, dtype, SG_SHAPE(1, classes), 0);
    for (int i = 0; label && numbers && i < classes; i++)
        sg_tensor_set_value(label, i, (double)numbers[i]);
    if (label && !numbers)
        sg_tensor_set_value(label, class_index, 1);
    return label;
}

/* ---- samples ---- */

/* Maps `count` latents, the next of `random`, to rows of w. */
static sg_status map_rows(const sg_projector *projector, sg_numpy_random *random, size_t count,
                          double *rows, sg_error *error)
{
    const sg_style_label label = {projector->class_index, projector->options.label};
    return sg_draw_code_rows(projector->generator, random, count, label, 1, rows, error);
}

static void find_moments(w_samples *samples)
{
    const size_t values = samples->count * samples->dim;
    for (size_t i = 0; i < values; i++)
        samples->mean[i % samples->dim] += samples->values[i] / (double)samples->count;
    for (size_t i = 0; i < values; i++)
        samples->square += pow(samples->values[i] - samples->mean[i % samples->dim], 2);
    samples->square /= (double)samples->count;
}

/* Draws samples of w; the caller frees them, also after a failure. */
static sg_status draw_samples(const sg_projector *projector, size_t count, w_samples *samples,
                              const sg_watch *watch, sg_error *error)
{
    sg_numpy_random random;
    const size_t dim = (size_t)sg_generator_config_of(projector->generator)->w_dim;
    *samples = (w_samples){.values = sg_allocate(count, dim * sizeof *samples->values),
                           .mean = sg_allocate(dim, sizeof *samples->mean),
                           .count = count,
                           .dim = dim};
    if (!samples->values || !samples->mean)
        return sg_fail_memory(error, "%zu samples of w", count);
    sg_numpy_random_seed(&random, MEAN_SEED);
    for (size_t done = 0; done < count; done += MAPPED_AT_ONCE) {
        const size_t rows = count - done < MAPPED_AT_ONCE ? count - done : MAPPED_AT_ONCE;
        if (sg_watch_step(watch, (double)done, (double)count, "mean w"))
            return sg_fail(error, SG_ERROR_CANCELLED, "the projection was stopped at its start");
        SG_TRY(map_rows(projector, &random, rows, samples->values + done * dim, error));
    }
    find_moments(samples);
    return SG_OK;
}

/* ---- comparing candidates ---- */

/* Returns how far the picture of a latent [1, rows, dim] is from the targets; NaN on failure. */
static double loss_of(sg_projector *projector, sg_tensor *latent)
{
    sg_tensor *distances[SG_INVERT_LOSS_COUNT];
    const size_t scope = sg_scope_open(projector->context);
    const sg_tensor *loss = sg_comparison_distance(
        &projector->comparison,
        sg_projector_paint(projector, sg_projector_styles(projector, latent)), distances);
    const double value = loss ? sg_tensor_value(loss, 0) : (double)NAN;
    sg_scope_close(projector->context, scope, NULL);
    return value;
}

/* Makes a latent [1, 1, dim] of numbers. */
static sg_tensor *row_of(const sg_projector *projector, const double *values, size_t dim)
{
    const sg_dtype dtype = sg_generator_parameters(projector->generator)->dtype;
    sg_tensor *row = sg_tensor_create(projector->context, dtype, SG_SHAPE(1, 1, (int64_t)dim));
    for (size_t i = 0; row && i < dim; i++)
        sg_tensor_set_value(row, (int64_t)i, values[i]);
    return row;
}

/* Replaces the label; the projector keeps a reference. */
static void set_class(sg_projector *projector, int class_index, const float *numbers)
{
    const size_t scope = sg_scope_open(projector->context);
    sg_tensor_release(projector->label);
    projector->label = sg_tensor_retain(make_label(projector, class_index, numbers));
    projector->class_index = class_index;
    sg_scope_close(projector->context, scope, NULL);
}

/* Computes the loss of the mean w of the present class. */
static sg_status loss_of_class(sg_projector *projector, double *loss, sg_error *error)
{
    w_samples samples = {0};
    const size_t scope = sg_scope_open(projector->context);
    sg_status status = draw_samples(projector, SEARCH_SAMPLES, &samples, NULL, error);
    const sg_invert_space space = projector->options.space;
    projector->options.space = SG_INVERT_W;
    if (!status)
        *loss = loss_of(projector, row_of(projector, samples.mean, samples.dim));
    projector->options.space = space;
    sg_scope_close(projector->context, scope, NULL);
    free_samples(&samples);
    return status ? status : sg_context_take_error(projector->context, error);
}

/* Takes the class whose mean w paints what is nearest to the targets. */
static sg_status search_class(sg_projector *projector, int classes, const sg_watch *watch,
                              sg_error *error)
{
    int best = 0;
    double least = HUGE_VAL;
    for (int i = 0; i < classes; i++) {
        double loss = 0;
        if (sg_watch_step(watch, i, classes, "class"))
            return sg_fail(error, SG_ERROR_CANCELLED, "the projection was stopped at its start");
        set_class(projector, i, NULL);
        SG_TRY(loss_of_class(projector, &loss, error));
        if (loss < least) {
            least = loss;
            best = i;
        }
    }
    set_class(projector, best, NULL);
    return SG_OK;
}

static sg_status find_class(sg_projector *projector, const sg_watch *watch, sg_error *error)
{
    const sg_projector_options *o = &projector->options;
    const int classes = sg_generator_config_of(projector->generator)->c_dim;
    projector->class_index = -1;
    if (classes == 0)
        return SG_OK;
    if (!o->label && o->class_index >= classes)
        return sg_fail(error, SG_ERROR_ARGUMENT, "\"class\" is %d, but must be from 0 to %d",
                       o->class_index, classes - 1);
    if (!o->label && o->class_index < 0)
        return search_class(projector, classes, watch, error);
    set_class(projector, o->label ? -1 : o->class_index, o->label);
    return sg_context_take_error(projector->context, error);
}

/* ---- the start ---- */

sg_status sg_projector_add_latent(sg_projector *projector, sg_error *error)
{
    const sg_generator_config *config = sg_generator_config_of(projector->generator);
    const bool plus = projector->options.space == SG_INVERT_W_PLUS;
    const bool z = projector->options.space == SG_INVERT_Z;
    const sg_shape shape = SG_SHAPE(1, plus ? sg_generator_num_ws(projector->generator) : 1,
                                    z ? config->z_dim : config->w_dim);
    const size_t scope = sg_scope_open(projector->context);
    sg_parameter_set_init(&projector->variables, projector->context,
                          sg_generator_parameters(projector->generator)->dtype, 0);
    projector->latent =
        sg_parameter_add(&projector->variables, "", z ? "z" : "w", shape, true, SG_ZEROS);
    projector->draw =
        sg_tensor_retain(sg_tensor_full(projector->context, projector->variables.dtype, shape, 0));
    sg_scope_close(projector->context, scope, NULL);
    return sg_context_take_error(projector->context, error);
}

/* Sets every row of the latent to the same numbers. */
static void set_rows(sg_projector *projector, const double *values)
{
    const int64_t dim = projector->latent->shape.size[2];
    for (int64_t row = 0; row < projector->latent->shape.size[1]; row++)
        for (int64_t i = 0; i < dim; i++)
            sg_tensor_set_value(projector->latent, row * dim + i, values[i]);
    sg_tensor_touch(projector->latent);
}

/* Starts at the w of a seed, truncated towards the network's own average. */
static sg_status start_at_seed(sg_projector *projector, sg_error *error)
{
    sg_numpy_random random;
    const sg_projector_options *o = &projector->options;
    const size_t dim = (size_t)projector->latent->shape.size[2];
    double *row = sg_allocate(dim, sizeof *row);
    const sg_parameter *average =
        sg_parameter_find(sg_generator_parameters(projector->generator), "mapping.w_avg");
    if (!row)
        return sg_fail_memory(error, "a start");
    sg_numpy_random_seed(&random, o->start_seed);
    sg_status status = SG_OK;
    if (o->space != SG_INVERT_Z)
        status = map_rows(projector, &random, 1, row, error);
    for (size_t i = 0; i < dim && !status; i++) {
        if (o->space == SG_INVERT_Z)
            row[i] = sg_numpy_random_normal(&random);
        else if (average) {
            const double centre = sg_tensor_value(average->tensor, (int64_t)i);
            row[i] = centre + o->start_psi * (row[i] - centre);
        }
    }
    if (!status)
        set_rows(projector, row);
    free(row);
    return status;
}

/* Starts at given numbers: in W, the mean of their layers. */
static void start_at_values(sg_projector *projector)
{
    const float *given = projector->options.start_values;
    const int64_t dim = projector->latent->shape.size[2];
    const int num_ws = sg_generator_num_ws(projector->generator);
    const bool mean = projector->options.space == SG_INVERT_W;
    for (int64_t i = 0; i < sg_tensor_count(projector->latent); i++) {
        double value = mean ? 0 : (double)given[i];
        for (int layer = 0; mean && layer < num_ws; layer++)
            value += (double)given[layer * dim + i] / num_ws;
        sg_tensor_set_value(projector->latent, i, value);
    }
    sg_tensor_touch(projector->latent);
}

/* Starts at the best of a few z, since the mean z has no direction. */
static sg_status start_at_best_z(sg_projector *projector, sg_error *error)
{
    sg_numpy_random random;
    const size_t dim = (size_t)projector->latent->shape.size[2];
    double *rows = sg_allocate(2 * dim, sizeof *rows);
    double least = HUGE_VAL;
    if (!rows)
        return sg_fail_memory(error, "a start");
    sg_numpy_random_seed(&random, MEAN_SEED);
    for (int i = 0; i < Z_CANDIDATES; i++) {
        for (size_t k = 0; k < dim; k++)
            rows[k] = sg_numpy_random_normal(&random);
        set_rows(projector, rows);
        const double loss = loss_of(projector, projector->latent);
        if (i > 0 && !(loss < least))
            continue;
        least = loss;
        memcpy(rows + dim, rows, dim * sizeof *rows);
    }
    set_rows(projector, rows + dim);
    free(rows);
    return sg_context_take_error(projector->context, error);
}

static sg_status place(sg_projector *projector, const w_samples *samples, sg_error *error)
{
    const sg_projector_options *o = &projector->options;
    if (o->start == SG_INVERT_START_SEED)
        return start_at_seed(projector, error);
    if (o->start == SG_INVERT_START_GIVEN && !o->start_values)
        return sg_fail(error, SG_ERROR_ARGUMENT, "\"start\" is given, but there are no values");
    if (o->start == SG_INVERT_START_GIVEN)
        start_at_values(projector);
    else if (o->space == SG_INVERT_Z)
        return start_at_best_z(projector, error);
    else
        set_rows(projector, samples->mean);
    return SG_OK;
}

/* Returns the root of the mean over samples of the squared distance from the start, summed over its
 * rows; of z, that of its normal components. */
static double spread_around_start(const sg_projector *projector, const w_samples *samples)
{
    const int64_t dim = projector->latent->shape.size[2];
    double sum = 0;
    if (projector->options.space == SG_INVERT_Z)
        return sqrt((double)dim);
    for (int64_t i = 0; i < sg_tensor_count(projector->latent); i++) {
        const double start = sg_tensor_value(projector->latent, i);
        sum += pow(samples->mean[i % dim] - start, 2);
    }
    return sqrt(sum + samples->square * (double)projector->latent->shape.size[1]);
}

/* Keeps what later steps need of the samples. */
static sg_status keep_samples(sg_projector *projector, const w_samples *samples, sg_error *error)
{
    const sg_dtype dtype = projector->variables.dtype;
    const bool z = projector->options.space == SG_INVERT_Z;
    const int64_t dim = projector->latent->shape.size[2];
    const size_t scope = sg_scope_open(projector->context);
    projector->mean_w = sg_tensor_retain(sg_reshape(row_of(projector, samples->mean, samples->dim),
                                                    SG_SHAPE(1, (int64_t)samples->dim)));
    sg_scope_close(projector->context, scope, NULL);
    SG_TRY(sg_context_take_error(projector->context, error));
    double *zeros = sg_allocate((size_t)dim, sizeof *zeros);
    if (!zeros)
        return sg_fail_memory(error, "a mean");
    sg_status status = sg_latent_penalties_make(&projector->penalties, projector->context, dtype,
                                                z ? zeros : samples->mean, dim,
                                                sqrt(z ? (double)dim : samples->square), error);
    free(zeros);
    if (!status && projector->options.penalties.mahalanobis > 0 && !z)
        status = sg_latent_penalties_whiten(&projector->penalties, samples->values, samples->count,
                                            error);
    return status;
}

sg_status sg_projector_start(sg_projector *projector, const sg_watch *watch, sg_error *error)
{
    w_samples samples = {0};
    sg_status status = find_class(projector, watch, error);
    if (!status)
        status = draw_samples(projector, (size_t)projector->options.w_avg_samples, &samples, watch,
                              error);
    if (!status)
        status = sg_projector_add_latent(projector, error);
    if (!status)
        status = place(projector, &samples, error);
    if (!status) {
        projector->w_std = spread_around_start(projector, &samples);
        status = keep_samples(projector, &samples, error);
    }
    free_samples(&samples);
    return status;
}
