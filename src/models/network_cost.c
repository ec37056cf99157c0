/* Costs of networks by rehearsals; see network_cost.h. */
#include "models/network_cost.h"

#include <math.h>

#include "models/discriminator.h"
#include "models/generator.h"
#include "tensor/tensor.h"

sg_context *sg_cost_begin(bool exact, sg_error *error)
{
    sg_context *context = sg_context_create_hollow();
    if (!context) {
        (void)sg_fail_memory(error, "a forecast");
        return NULL;
    }
    context->exact = exact;
    context->blank_parameters = true; /* filters of a file are not designed */
    return context;
}

void sg_cost_note(const sg_parameter_set *set, sg_network_cost *cost)
{
    cost->values = sg_parameter_set_count_values(set);
    cost->weight_bytes = (double)sg_pool_bytes_held(set->context->pool);
}

sg_status sg_cost_end(sg_context *context, sg_network_cost *cost, sg_error *error)
{
    const sg_status status = sg_context_take_error(context, error);
    cost->peak_bytes = (double)sg_pool_bytes_held(context->pool) + SG_PROGRAM_BYTES;
    cost->multiply_adds = (double)context->multiply_adds;
    sg_context_destroy(context);
    return status;
}

double sg_cost_of_step(double bytes)
{
    static const double library_share = 1.15;
    static const double kernel_bytes = 20e6;
    return library_share * bytes + kernel_bytes;
}

/* Returns labels [1, c_dim] of zeros; NULL without labels. */
static sg_tensor *no_label(sg_context *context, int c_dim)
{
    return c_dim > 0 ? sg_tensor_create(context, SG_F32, SG_SHAPE(1, c_dim)) : NULL;
}

void sg_cost_paint(sg_generator *generator)
{
    const sg_generator_config *config = sg_generator_config_of(generator);
    sg_context *context = sg_generator_parameters(generator)->context;
    sg_tensor *z = sg_tensor_create(context, SG_F32, SG_SHAPE(1, config->z_dim));
    sg_tensor *w = sg_generator_map(generator, z, no_label(context, config->c_dim));
    const sg_synthesis_options options = {.noise_mode = SG_NOISE_CONST};
    sg_generator_synthesize(generator, sg_generator_broadcast(generator, w), options);
}

sg_status sg_generator_cost(const sg_generator_config *config, bool exact, sg_network_cost *cost,
                            sg_error *error)
{
    *cost = (sg_network_cost){0};
    sg_context *context = sg_cost_begin(exact, error);
    if (!context)
        return SG_ERROR_MEMORY;
    sg_generator *generator = sg_generator_create(context, config, SG_F32, 0);
    if (generator) {
        sg_cost_note(sg_generator_parameters(generator), cost);
        sg_cost_paint(generator);
        sg_scope_close(context, 0, NULL);
    }
    sg_generator_destroy(generator);
    return sg_cost_end(context, cost, error);
}

sg_status sg_discriminator_cost(const sg_discriminator_config *config, bool exact,
                                sg_network_cost *cost, sg_error *error)
{
    *cost = (sg_network_cost){0};
    sg_context *context = sg_cost_begin(exact, error);
    if (!context)
        return SG_ERROR_MEMORY;
    sg_discriminator *network = sg_discriminator_create(context, config, SG_F32, 0);
    if (network) {
        sg_cost_note(sg_discriminator_parameters(network), cost);
        sg_tensor *picture =
            sg_tensor_create(context, SG_F32,
                             SG_SHAPE(1, sg_discriminator_height(config),
                                      sg_discriminator_width(config), config->img_channels));
        const bool labelled = config->c_dim > 0 && !sg_discriminator_classifies(config);
        sg_discriminator_score(network, picture, no_label(context, labelled ? config->c_dim : 0));
        sg_scope_close(context, 0, NULL);
    }
    sg_discriminator_destroy(network);
    return sg_cost_end(context, cost, error);
}
