/*
 * The rehearsal of a projection: networks of the same configurations in a hollow context.
 * Tested by: tests/invert/test_projector_cost.c
 */
#include "invert/projector_cost.h"

#include "invert/projector_inside.h"

static sg_discriminator *hollow_discriminator(sg_context *context, const sg_discriminator *like)
{
    return like ? sg_discriminator_create(context, sg_discriminator_config_of(like), SG_F32, 0)
                : NULL;
}

static sg_status make_networks(sg_context *context, const sg_invert_networks *like,
                               sg_invert_networks *made, sg_error *error)
{
    made->generator =
        sg_generator_create(context, sg_generator_config_of(like->generator), SG_F32, 0);
    made->discriminator = hollow_discriminator(context, like->discriminator);
    made->classifier = hollow_discriminator(context, like->classifier);
    SG_TRY(sg_context_take_error(context, error));
    return like->lpips ? sg_lpips_tape_random(context, SG_F32, &made->lpips, error) : SG_OK;
}

static void destroy_networks(sg_invert_networks *made)
{
    sg_lpips_tape_close(made->lpips);
    sg_discriminator_destroy(made->classifier);
    sg_discriminator_destroy(made->discriminator);
    sg_generator_destroy(made->generator);
}

/* Makes the variables as a projection does, and evaluates them once. */
static sg_status rehearse(sg_projector *projector, const sg_invert_networks *networks,
                          sg_error *error)
{
    const sg_projector_targets targets = {
        .pictures = {.count = 1,
                     .height = (size_t)sg_generator_height(networks->generator),
                     .width = (size_t)sg_generator_width(networks->generator),
                     .channels = 3}};
    sg_projector_report report;
    SG_TRY(sg_comparison_make(&projector->comparison, networks, &projector->options.weights,
                              &targets.pictures, NULL, error));
    SG_TRY(sg_projector_add_latent(projector, error));
    SG_TRY(sg_projector_add_variables(projector, error));
    return sg_projector_evaluate(projector, &report, error);
}

sg_status sg_projector_cost(const sg_invert_networks *networks, const sg_projector_options *options,
                            sg_network_cost *cost, sg_error *error)
{
    const sg_context *like = sg_generator_parameters(networks->generator)->context;
    sg_invert_networks hollow = {0};
    *cost = (sg_network_cost){0};
    sg_context *context = sg_cost_begin(like->exact, error);
    if (!context)
        return SG_ERROR_MEMORY;
    sg_projector projector = {.options = *options, .context = context, .class_index = -1};
    /* The penalties of w are numbers beside a picture's features. */
    projector.options.penalties = (sg_invert_penalties){0};
    sg_status status = make_networks(context, networks, &hollow, error);
    if (!status) {
        projector.generator = hollow.generator;
        sg_cost_note(sg_generator_parameters(hollow.generator), cost);
        status = rehearse(&projector, &hollow, error);
    }
    sg_projector_clear(&projector);
    destroy_networks(&hollow);
    const sg_status ended = sg_cost_end(context, cost, error);
    return status ? status : ended;
}
