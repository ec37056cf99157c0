/* Projectors: options, life, results; see projector.h. */
#include "invert/projector.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/allocate.h"
#include "invert/projector_inside.h"
#include "ops/arithmetic.h"
#include "ops/layout.h"

static const char *const space_names[] = {"w", "w+", "z"};
static const char *const noise_names[] = {"optimise", "fixed", "none"};
static const char *const start_names[] = {"average", "seed", "given"};
static const char *const schedule_names[] = {"ramped", "constant"};

const sg_choices sg_invert_spaces = SG_CHOICES(space_names);
const sg_choices sg_invert_noises = SG_CHOICES(noise_names);
const sg_choices sg_invert_starts = SG_CHOICES(start_names);
const sg_choices sg_invert_schedules = SG_CHOICES(schedule_names);

sg_projector_options sg_projector_options_default(void)
{
    return (sg_projector_options){.steps = 1000,
                                  .rate = 0.1,
                                  .rate_rampup = 0.05,
                                  .rate_rampdown = 0.25,
                                  .w_noise = 0.05,
                                  .w_noise_ramp = 0.75,
                                  .noise_weight = 1e5,
                                  .seed = 303,
                                  .w_avg_samples = 10000,
                                  .start_psi = 0.7,
                                  .class_index = -1};
}

sg_status sg_projector_add_variables(sg_projector *projector, sg_error *error)
{
    sg_numpy_random_seed(&projector->random, projector->options.seed);
    if (projector->options.noise == SG_INVERT_NOISE_OPTIMISE) {
        SG_TRY(sg_noise_buffers_find(&projector->noise,
                                     sg_generator_parameters(projector->generator), error));
        projector->optimises_noise = true;
        sg_noise_buffers_draw(&projector->noise, &projector->random);
    }
    for (size_t i = 0; i < projector->noise.count; i++)
        if (!sg_parameter_share(&projector->variables, projector->noise.buffers[i]))
            return sg_context_take_error(projector->context, error);
    const sg_optimiser_options adam = {
        .kind = SG_ADAM, .beta1 = 0.9, .beta2 = 0.999, .epsilon = 1e-8};
    projector->optimiser = sg_optimiser_create(&projector->variables, adam);
    return projector->optimiser && sg_trainable_list_make(&projector->list, &projector->variables)
               ? SG_OK
               : sg_fail_memory(error, "a projection");
}

static sg_status check_options(const sg_projector_options *options, sg_error *error)
{
    if (options->steps < 1 || options->w_avg_samples < 1)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"steps\" is %d and \"w_avg_samples\" %d, but both must be at least 1",
                       options->steps, options->w_avg_samples);
    return SG_OK;
}

/* Copies the generator's parameters off the tape: nobody asks for their gradients. */
static sg_status prepare(sg_projector *projector, const sg_invert_networks *networks,
                         const sg_projector_targets *targets, const sg_watch *watch,
                         sg_error *error)
{
    SG_TRY(check_options(&projector->options, error));
    SG_TRY(sg_comparison_make(&projector->comparison, networks, &projector->options.weights,
                              &targets->pictures, targets->mask, error));
    SG_TRY(sg_projector_start(projector, watch, error));
    return sg_projector_add_variables(projector, error);
}

sg_status sg_projector_create(const sg_invert_networks *networks,
                              const sg_projector_options *options,
                              const sg_projector_targets *targets, const sg_watch *watch,
                              sg_projector **projector, sg_error *error)
{
    sg_projector *made = sg_allocate(1, sizeof *made);
    *projector = NULL;
    if (!made)
        return sg_fail_memory(error, "a projection");
    made->options = *options;
    made->generator = networks->generator;
    made->context = sg_generator_parameters(networks->generator)->context;
    const bool recording = made->context->recording;
    made->context->recording = false;
    const sg_status status = prepare(made, networks, targets, watch, error);
    made->context->recording = recording;
    made->options.start_values = made->options.label = NULL;
    if (status)
        sg_projector_destroy(made);
    else
        *projector = made;
    return status;
}

void sg_projector_clear(sg_projector *projector)
{
    if (projector->optimises_noise)
        sg_noise_buffers_swap(&projector->noise);
    sg_trainable_list_clear(&projector->list);
    sg_optimiser_destroy(projector->optimiser);
    if (projector->variables.context)
        sg_parameter_set_clear(&projector->variables);
    sg_noise_buffers_clear(&projector->noise);
    sg_latent_penalties_clear(&projector->penalties);
    sg_comparison_clear(&projector->comparison);
    sg_tensor_release(projector->draw);
    sg_tensor_release(projector->mean_w);
    sg_tensor_release(projector->label);
}

void sg_projector_destroy(sg_projector *projector)
{
    if (projector)
        sg_projector_clear(projector);
    free(projector);
}

sg_status sg_projector_run(sg_projector *projector, const sg_projector_hooks *hooks, bool *stopped,
                           sg_error *error)
{
    const sg_projector_hooks none = {0};
    const sg_projector_hooks *h = hooks ? hooks : &none;
    const int steps = projector->options.steps;
    bool asked = false;
    while (projector->step < steps && !asked) {
        char remark[40];
        sg_projector_report report;
        SG_TRY(sg_projector_step(projector, &report, error));
        if (h->after)
            SG_TRY(h->after(h->user, projector, &report, error));
        snprintf(remark, sizeof remark, "loss %.4g", report.loss);
        asked = sg_watch_step(&h->watch, projector->step, steps, remark);
    }
    if (stopped)
        *stopped = asked && projector->step < steps;
    return SG_OK;
}

int sg_projector_steps_done(const sg_projector *projector)
{
    return projector->step;
}

int sg_projector_class(const sg_projector *projector)
{
    return projector->class_index;
}

sg_tensor *sg_projector_ws(sg_projector *projector)
{
    sg_tensor *copy = sg_affine(sg_tensor_detach(projector->latent), 1, 0);
    return sg_projector_styles(projector, copy);
}

sg_tensor *sg_projector_z(sg_projector *projector)
{
    if (projector->options.space != SG_INVERT_Z)
        return NULL;
    return sg_reshape(sg_affine(sg_tensor_detach(projector->latent), 1, 0),
                      SG_SHAPE(1, projector->latent->shape.size[2]));
}

const sg_tensor *sg_projector_mean_w(const sg_projector *projector)
{
    return projector->mean_w;
}

double sg_projector_w_std(const sg_projector *projector)
{
    return projector->w_std;
}

sg_tensor *sg_projector_picture(sg_projector *projector)
{
    sg_context *context = projector->context;
    const bool recording = context->recording;
    const size_t scope = sg_scope_open(context);
    context->recording = false;
    if (projector->optimises_noise)
        sg_noise_buffers_swap(&projector->noise);
    sg_tensor *picture = sg_projector_paint(projector, sg_projector_ws(projector));
    if (projector->optimises_noise)
        sg_noise_buffers_swap(&projector->noise);
    context->recording = recording;
    return sg_scope_close(context, scope, picture);
}
