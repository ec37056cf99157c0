/*
 * One step of pivotal tuning; see pivotal_tuning.h.
 *
 * Tested by: tests/invert/test_pivotal_tuning.c
 */
#include <math.h>

#include "invert/tuner_inside.h"
#include "ops/arithmetic.h"
#include "ops/gradient.h"
#include "ops/layout.h"
#include "ops/reduce.h"

/* The published loop decides after a step whether the next one has the term, by the number of the
 * step that was taken. */
bool sg_tuner_has_locality(const sg_tuner *tuner, int step)
{
    if (tuner->options.locality_samples == 0)
        return false;
    return step == 0 || (step - 1) % tuner->options.locality_interval == 0;
}

static void draw(sg_tuner *tuner)
{
    for (int64_t i = 0; i < sg_tensor_count(tuner->z); i++)
        sg_tensor_set_value(tuner->z, i, (double)(float)sg_numpy_random_normal(&tuner->random));
}

static sg_tensor *paint(sg_generator *generator, sg_tensor *ws, sg_noise_mode mode)
{
    return sg_generator_synthesize(generator, ws, (sg_synthesis_options){.noise_mode = mode});
}

/* Returns the labels [samples, c_dim] of the term's latents; NULL without classes. */
static sg_tensor *labels(const sg_tuner *tuner)
{
    const int64_t classes = sg_generator_config_of(tuner->networks.generator)->c_dim;
    const int64_t samples = tuner->z->shape.size[0];
    if (classes == 0)
        return NULL;
    sg_tensor *c = sg_tensor_full(tuner->context, tuner->z->dtype, SG_SHAPE(samples, classes), 0);
    for (int64_t i = 0; c && i < samples; i++)
        sg_tensor_set_value(c, i * classes + tuner->options.class_index, 1);
    return c;
}

/* Each point lies at the radius from w; the distance is that of whole blocks [num_ws, w_dim]. */
sg_tensor *sg_tuner_points(sg_tuner *tuner, sg_tensor *ws)
{
    sg_generator *generator = tuner->networks.generator;
    sg_tensor *random =
        sg_generator_broadcast(generator, sg_generator_map(generator, tuner->z, labels(tuner)));
    random = sg_generator_truncate(generator, random, NULL, tuner->options.locality_psi, -1);
    sg_tensor *way = sg_subtract(random, ws);
    if (!way)
        return NULL;
    sg_tensor *square = sg_sum_product(way, way, SG_SHAPE(way->shape.size[0], 1, 1));
    sg_tensor *scale =
        sg_affine(sg_power(sg_affine(square, 1, 1e-30), -0.5), tuner->options.locality_radius, 0);
    return sg_add(ws, sg_multiply(way, scale));
}

/* Returns pictures as LPIPS takes them: levels of at most three colours. */
static sg_tensor *levels_of(sg_tensor *pictures)
{
    sg_tensor *levels = sg_affine(pictures, 127.5, 127.5);
    return levels && levels->shape.size[3] > 3 ? sg_slice(levels, 3, 0, 3) : levels;
}

sg_tensor *sg_tuner_locality(sg_tuner *tuner, sg_tensor *points)
{
    const sg_tuning_options *o = &tuner->options;
    const sg_lpips_tape *lpips = tuner->networks.lpips;
    sg_tensor *original = paint(tuner->original, points, SG_NOISE_NONE);
    sg_tensor *tuned = paint(tuner->networks.generator, points, SG_NOISE_NONE);
    sg_tensor *difference = sg_subtract(tuned, original);
    if (!difference)
        return NULL;
    sg_tensor *sum =
        sg_affine(sg_mean_all(sg_multiply(difference, difference)), o->locality_pixel, 0);
    if (!lpips || o->locality_lpips == 0)
        return sum;
    const sg_lpips_features a = sg_lpips_tape_features(lpips, levels_of(tuned));
    const sg_lpips_features b = sg_lpips_tape_features(lpips, levels_of(original));
    return sg_add(sum, sg_affine(sg_lpips_tape_distance(&a, &b), o->locality_lpips, 0));
}

/* Computes the losses of the step, on the tape. */
static sg_tensor *losses(sg_tuner *tuner, const sg_tuner_target *target, sg_tuning_report *report)
{
    sg_tensor *distances[SG_INVERT_LOSS_COUNT];
    sg_tensor *loss = sg_comparison_distance(
        &target->comparison, paint(tuner->networks.generator, target->ws, SG_NOISE_CONST),
        distances);
    for (int i = 0; loss && i < SG_INVERT_LOSS_COUNT; i++)
        report->distances[i] = distances[i] ? sg_tensor_value(distances[i], 0) : 0;
    if (loss && sg_tuner_has_locality(tuner, report->step)) {
        sg_tensor *term = sg_tuner_locality(tuner, sg_tuner_points(tuner, target->ws));
        report->locality = term ? sg_tensor_value(term, 0) : (double)NAN;
        loss = sg_add(loss, term);
    }
    report->loss = loss ? sg_tensor_value(loss, 0) : (double)NAN;
    return loss;
}

sg_status sg_tuner_evaluate(sg_tuner *tuner, sg_tuning_report *report, sg_error *error)
{
    sg_context *context = tuner->context;
    sg_trainable_list *list = &tuner->list;
    const bool recording = context->recording;
    const size_t scope = sg_scope_open(context);
    *report = (sg_tuning_report){.step = tuner->step, .target = (size_t)tuner->step % tuner->count};
    sg_tuner_target *target = &tuner->targets[report->target];
    sg_trainable_list_release_gradients(list);
    context->recording = true;
    sg_parameter_set_require_gradient(&tuner->variables, true);
    sg_tensor *loss = losses(tuner, target, report);
    report->enough = target->comparison.weights.of[SG_INVERT_LPIPS] > 0 &&
                     report->distances[SG_INVERT_LPIPS] <= tuner->options.enough;
    if (loss && !report->enough)
        sg_gradient(loss, NULL, list->tensors, list->count, (sg_gradient_options){0},
                    list->gradients);
    sg_parameter_set_require_gradient(&tuner->variables, false);
    context->recording = recording;
    for (size_t i = 0; i < list->count; i++)
        sg_tensor_retain(list->gradients[i]);
    sg_scope_close(context, scope, NULL);
    target->done = report->enough;
    return sg_context_take_error(context, error);
}

void sg_tuner_move(sg_tuner *tuner)
{
    sg_optimiser_step(tuner->optimiser, tuner->list.gradients);
}

sg_status sg_tuner_step(sg_tuner *tuner, sg_tuning_report *report, sg_error *error)
{
    sg_tuning_report own;
    sg_tuning_report *found = report ? report : &own;
    if (sg_tuner_has_locality(tuner, tuner->step))
        draw(tuner);
    SG_TRY(sg_tuner_evaluate(tuner, found, error));
    if (!isfinite(found->loss) || !isfinite(sg_gradient_norm(&tuner->list)))
        return sg_fail(error, SG_ERROR_NUMERIC,
                       "the loss of step %d is not a finite number; a lower rate may help",
                       tuner->step);
    if (!found->enough)
        sg_tuner_move(tuner);
    tuner->step++;
    return SG_OK;
}
