/*
 * Tuners: options, life, runs; see pivotal_tuning.h.
 *
 * Tested by: tests/invert/test_pivotal_tuning.c
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/text.h"
#include "invert/tuner_inside.h"

sg_tuning_options sg_tuning_options_default(void)
{
    return (sg_tuning_options){.steps = 350,
                               .rate = 3e-4,
                               .enough = 0.06,
                               .locality_interval = 1,
                               .locality_pixel = 0.1,
                               .locality_lpips = 0.1,
                               .locality_radius = 30,
                               .locality_psi = 0.5};
}

/* ---- what moves ---- */

/* True if the name is the module's, or of a tensor in it. */
static bool is_in(const char *name, const char *module)
{
    const size_t length = strlen(module);
    return sg_has_prefix(name, module) && (name[length] == '\0' || name[length] == '.');
}

static bool is_frozen(const sg_tuning_options *options, const char *name)
{
    bool frozen = !sg_has_prefix(name, "synthesis.");
    for (size_t i = 0; i < options->frozen_count && !frozen; i++)
        frozen = is_in(name, options->frozen[i]);
    return frozen;
}

/* Returns how many parameters a tuning moves. */
static size_t count_moved(const sg_tuning_options *options, const sg_parameter_set *parameters)
{
    size_t count = 0;
    for (size_t i = 0; i < parameters->count; i++)
        count += parameters->items[i].trainable && !is_frozen(options, parameters->items[i].name);
    return count;
}

sg_status sg_tuning_check_frozen(const sg_tuning_options *options, sg_generator *generator,
                                 sg_error *error)
{
    const sg_parameter_set *parameters = sg_generator_parameters(generator);
    for (size_t i = 0; i < options->frozen_count; i++) {
        bool found = false;
        for (size_t k = 0; k < parameters->count && !found; k++)
            found = is_in(parameters->items[k].name, options->frozen[i]);
        if (!found)
            return sg_fail(error, SG_ERROR_ARGUMENT,
                           "\"freeze\" names \"%s\", but the generator has no such layer",
                           options->frozen[i]);
    }
    return count_moved(options, parameters) > 0
               ? SG_OK
               : sg_fail(error, SG_ERROR_ARGUMENT,
                         "\"freeze\" leaves nothing of the generator to tune");
}

static sg_status prepare_variables(sg_tuner *tuner, sg_error *error)
{
    const sg_parameter_set *all = sg_generator_parameters(tuner->networks.generator);
    const sg_optimiser_options adam = {.kind = SG_ADAM,
                                       .rate = tuner->options.rate,
                                       .beta1 = 0.9,
                                       .beta2 = 0.999,
                                       .epsilon = 1e-8};
    SG_TRY(sg_tuning_check_frozen(&tuner->options, tuner->networks.generator, error));
    sg_parameter_set_init(&tuner->variables, tuner->context, all->dtype, 0);
    for (size_t i = 0; i < all->count; i++)
        if (all->items[i].trainable && !is_frozen(&tuner->options, all->items[i].name) &&
            !sg_parameter_share(&tuner->variables, &all->items[i]))
            return sg_context_take_error(tuner->context, error);
    tuner->optimiser = sg_optimiser_create(&tuner->variables, adam);
    return tuner->optimiser && sg_trainable_list_make(&tuner->list, &tuner->variables)
               ? SG_OK
               : sg_fail_memory(error, "a tuning");
}

/* ---- targets ---- */

static sg_invert_weights weights_of(const sg_tuner *tuner)
{
    sg_invert_weights weights = tuner->options.weights;
    if (!sg_invert_weights_are_empty(&weights))
        return weights;
    weights.of[SG_INVERT_PIXEL] = 1;
    weights.of[tuner->networks.lpips ? SG_INVERT_LPIPS : SG_INVERT_PYRAMID] = 1;
    return weights;
}

static sg_status take_targets(sg_tuner *tuner, const sg_tuning_target *targets, size_t count,
                              sg_error *error)
{
    const sg_parameter_set *set = sg_generator_parameters(tuner->networks.generator);
    const int64_t num_ws = sg_generator_num_ws(tuner->networks.generator);
    const int64_t dim = sg_generator_config_of(tuner->networks.generator)->w_dim;
    const sg_invert_weights weights = weights_of(tuner);
    if (count == 0)
        return sg_fail(error, SG_ERROR_ARGUMENT, "there is no target to tune the generator to");
    tuner->targets = sg_allocate(count, sizeof *tuner->targets);
    if (!tuner->targets)
        return sg_fail_memory(error, "%zu targets", count);
    tuner->count = count;
    for (size_t i = 0; i < count; i++) {
        sg_tuner_target *target = &tuner->targets[i];
        const size_t scope = sg_scope_open(tuner->context);
        target->ws = sg_tensor_retain(
            sg_tensor_create(tuner->context, set->dtype, SG_SHAPE(1, num_ws, dim)));
        for (int64_t k = 0; target->ws && k < num_ws * dim; k++)
            sg_tensor_set_value(target->ws, k, (double)targets[i].ws[k]);
        sg_scope_close(tuner->context, scope, NULL);
        SG_TRY(sg_context_take_error(tuner->context, error));
        SG_TRY(sg_comparison_make(&target->comparison, &tuner->networks, &weights,
                                  &targets[i].picture, targets[i].mask, error));
    }
    return SG_OK;
}

/* ---- the original ---- */

static sg_status copy_original(sg_tuner *tuner, sg_error *error)
{
    const sg_generator *generator = tuner->networks.generator;
    const sg_parameter_set *from = sg_generator_parameters(tuner->networks.generator);
    const sg_generator_config *config = sg_generator_config_of(generator);
    if (tuner->options.locality_samples == 0)
        return SG_OK;
    if (config->c_dim > 0 &&
        (tuner->options.class_index < 0 || tuner->options.class_index >= config->c_dim))
        return sg_fail(error, SG_ERROR_ARGUMENT, "\"class\" is %d, but must be from 0 to %d",
                       tuner->options.class_index, config->c_dim - 1);
    const size_t scope = sg_scope_open(tuner->context);
    tuner->z = sg_tensor_retain(sg_tensor_full(
        tuner->context, from->dtype, SG_SHAPE(tuner->options.locality_samples, config->z_dim), 0));
    sg_scope_close(tuner->context, scope, NULL);
    tuner->original = sg_generator_create(tuner->context, config, from->dtype, 0);
    for (size_t i = 0; tuner->original && i < from->count; i++) {
        sg_tensor *to = sg_generator_parameters(tuner->original)->items[i].tensor;
        memcpy(to->storage->data, from->items[i].tensor->storage->data,
               (size_t)sg_tensor_count(to) * sg_dtype_bytes(to->dtype));
        sg_tensor_touch(to);
    }
    sg_numpy_random_seed(&tuner->random, tuner->options.seed);
    return sg_context_take_error(tuner->context, error);
}

/* ---- life ---- */

int sg_tuning_most_targets(int steps)
{
    return steps > 0 ? INT_MAX / steps : INT_MAX;
}

static sg_status check_options(const sg_tuning_options *options, size_t count, sg_error *error)
{
    if (options->steps < 1 || options->locality_samples < 0 || options->locality_interval < 1)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"steps\" is %d, \"locality_samples\" %d and \"locality_interval\" %d, but "
                       "must be at least 1, 0 and 1",
                       options->steps, options->locality_samples, options->locality_interval);
    if (count > (size_t)sg_tuning_most_targets(options->steps))
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "%d steps for each of %zu pictures are more than can be counted",
                       options->steps, count);
    return SG_OK;
}

static sg_status prepare(sg_tuner *tuner, const sg_tuning_target *targets, size_t count,
                         sg_error *error)
{
    SG_TRY(check_options(&tuner->options, count, error));
    SG_TRY(take_targets(tuner, targets, count, error));
    SG_TRY(copy_original(tuner, error));
    return prepare_variables(tuner, error);
}

sg_status sg_tuner_create(const sg_invert_networks *networks, const sg_tuning_options *options,
                          const sg_tuning_target *targets, size_t count, sg_tuner **tuner,
                          sg_error *error)
{
    sg_tuner *made = sg_allocate(1, sizeof *made);
    *tuner = NULL;
    if (!made)
        return sg_fail_memory(error, "a tuning");
    made->options = *options;
    made->networks = *networks;
    made->context = sg_generator_parameters(networks->generator)->context;
    const bool recording = made->context->recording;
    made->context->recording = false;
    const sg_status status = prepare(made, targets, count, error);
    made->context->recording = recording;
    made->options.frozen = NULL;
    if (status)
        sg_tuner_destroy(made);
    else
        *tuner = made;
    return status;
}

void sg_tuner_destroy(sg_tuner *tuner)
{
    if (!tuner)
        return;
    for (size_t i = 0; i < tuner->count; i++) {
        sg_comparison_clear(&tuner->targets[i].comparison);
        sg_tensor_release(tuner->targets[i].ws);
    }
    free(tuner->targets);
    sg_trainable_list_clear(&tuner->list);
    sg_optimiser_destroy(tuner->optimiser);
    if (tuner->variables.context)
        sg_parameter_set_clear(&tuner->variables);
    sg_tensor_release(tuner->z);
    sg_generator_destroy(tuner->original);
    free(tuner);
}

/* ---- runs ---- */

int sg_tuner_steps(const sg_tuner *tuner)
{
    return tuner->options.steps * (int)tuner->count;
}

bool sg_tuner_is_done(const sg_tuner *tuner)
{
    bool done = true;
    for (size_t i = 0; i < tuner->count; i++)
        done = done && tuner->targets[i].done;
    return done || tuner->step >= sg_tuner_steps(tuner);
}

sg_status sg_tuner_run(sg_tuner *tuner, const sg_tuner_hooks *hooks, bool *stopped, sg_error *error)
{
    const sg_tuner_hooks none = {0};
    const sg_tuner_hooks *h = hooks ? hooks : &none;
    bool asked = false;
    while (!sg_tuner_is_done(tuner) && !asked) {
        char remark[40];
        sg_tuning_report report;
        SG_TRY(sg_tuner_step(tuner, &report, error));
        if (h->after)
            SG_TRY(h->after(h->user, tuner, &report, error));
        snprintf(remark, sizeof remark, "loss %.4g", report.loss);
        asked = sg_watch_step(&h->watch, tuner->step, sg_tuner_steps(tuner), remark);
    }
    if (stopped)
        *stopped = asked && !sg_tuner_is_done(tuner);
    return SG_OK;
}

sg_tensor *sg_tuner_picture(sg_tuner *tuner, size_t target)
{
    sg_context *context = tuner->context;
    const bool recording = context->recording;
    context->recording = false;
    sg_tensor *picture =
        sg_generator_synthesize(tuner->networks.generator, tuner->targets[target].ws,
                                (sg_synthesis_options){.noise_mode = SG_NOISE_CONST});
    context->recording = recording;
    return picture;
}
