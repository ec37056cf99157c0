/* Mappers: groups of fully connected layers; see mapper.h. */
#include "models/mapper/mapper.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/allocate.h"
#include "nn/linear.h"
#include "ops/arithmetic.h"
#include "ops/layout.h"
#include "ops/normalize.h"
#include "tensor/context.h"

/* The published part of the layers' result by which w move. */
static const double step = 0.1;

/* The layers learn slowly, as those of the mapping network do. */
static const double learning_rate_multiplier = 0.01;

enum { GROUPS = 3 };
static const char *const group_names[GROUPS] = {"course_mapping", "medium_mapping", "fine_mapping"};

struct sg_mapper {
    sg_mapper_config config;
    sg_parameter_set parameters;
    sg_linear layers[GROUPS][SG_MAPPER_MOST_LAYERS];
};

/* Returns the first input of a group; of the group after the last, their number. */
static int first_input(const sg_mapper_config *config, int group)
{
    const int first[GROUPS + 1] = {0, config->coarse, config->middle, config->num_ws};
    return first[group];
}

static bool has_group(const sg_mapper_config *config, int group)
{
    return first_input(config, group + 1) > first_input(config, group);
}

static void create_layers(sg_mapper *mapper)
{
    const sg_linear_options options = {.in_features = mapper->config.w_dim,
                                       .out_features = mapper->config.w_dim,
                                       .activation = SG_LRELU,
                                       .lr_multiplier = learning_rate_multiplier};
    for (int group = 0; group < GROUPS; group++)
        for (int i = 0; i < mapper->config.num_layers && has_group(&mapper->config, group); i++) {
            char name[SG_PARAMETER_NAME_BYTES];
            /* The published layer 0 is the normalisation, which has no tensors. */
            snprintf(name, sizeof name, "mapping.%d", i + 1);
            mapper->layers[group][i] =
                sg_linear_create(&mapper->parameters, group_names[group], name, options);
        }
}

sg_mapper *sg_mapper_create(sg_context *context, const sg_mapper_config *config, sg_dtype dtype,
                            uint64_t seed)
{
    sg_error error = {0};
    if (sg_mapper_config_check(config, &error)) {
        sg_context_fail(context, error.status, "%s", error.message);
        return NULL;
    }
    sg_mapper *mapper = sg_allocate(1, sizeof *mapper);
    if (!mapper) {
        sg_context_fail_memory(context, "a mapper");
        return NULL;
    }
    mapper->config = *config;
    sg_parameter_set_init(&mapper->parameters, context, dtype, seed);
    create_layers(mapper);
    if (!context->error.status)
        return mapper;
    sg_mapper_destroy(mapper);
    return NULL;
}

void sg_mapper_destroy(sg_mapper *mapper)
{
    if (!mapper)
        return;
    sg_parameter_set_clear(&mapper->parameters);
    free(mapper);
}

const sg_mapper_config *sg_mapper_config_of(const sg_mapper *mapper)
{
    return &mapper->config;
}

sg_parameter_set *sg_mapper_parameters(sg_mapper *mapper)
{
    return &mapper->parameters;
}

/* Returns what the layers of a group make of its inputs, [N, inputs, w_dim]. */
static sg_tensor *run_group(const sg_mapper *mapper, int group, sg_tensor *ws)
{
    const sg_mapper_config *config = &mapper->config;
    const int64_t samples = ws->shape.size[0];
    const int64_t first = first_input(config, group);
    const int64_t inputs = first_input(config, group + 1) - first;
    sg_tensor *x = sg_slice(ws, 1, first, inputs);
    x = x ? sg_reshape(x, SG_SHAPE(samples * inputs, config->w_dim)) : NULL;
    x = sg_normalize_second_moment(x, 1e-8);
    for (int i = 0; i < config->num_layers; i++)
        x = sg_linear_forward(&mapper->layers[group][i], x);
    return x ? sg_reshape(x, SG_SHAPE(samples, inputs, config->w_dim)) : NULL;
}

sg_tensor *sg_mapper_moves(const sg_mapper *mapper, sg_tensor *ws)
{
    sg_tensor *all = NULL;
    if (!ws)
        return NULL;
    sg_context *context = ws->context;
    const size_t scope = sg_scope_open(context);
    for (int group = 0; group < GROUPS; group++) {
        if (!has_group(&mapper->config, group))
            continue;
        sg_tensor *moves = run_group(mapper, group, ws);
        all = all ? sg_concatenate(all, moves, 1) : moves;
    }
    return sg_scope_close(context, scope, sg_affine(all, step, 0));
}

sg_tensor *sg_mapper_move(const sg_mapper *mapper, sg_tensor *ws, double strength)
{
    return sg_add(ws, sg_affine(sg_mapper_moves(mapper, ws), strength, 0));
}
