/*
 * Mappers (Patashnik et al. 2021, "StyleCLIP", section 5): networks that tell how w must move for
 * the picture to change in one way, in one pass for any w. The inputs of the synthesis are in three
 * groups, each with layers of its own; names of tensors are those of the published program. Each w
 * is normalised over its numbers; the published program takes the mean over the inputs of a group
 * (PixelNorm, dimension 1), so that its weights move w otherwise here.
 */
#ifndef SG_MODELS_MAPPER_MAPPER_H
#define SG_MODELS_MAPPER_MAPPER_H

#include "models/mapper/mapper_config.h"
#include "nn/parameter.h"

typedef struct sg_mapper sg_mapper;

/* Returns a mapper with initial weights drawn from `seed`; NULL (error in the context) on failure.
 */
sg_mapper *sg_mapper_create(sg_context *context, const sg_mapper_config *config, sg_dtype dtype,
                            uint64_t seed);
void sg_mapper_destroy(sg_mapper *mapper);

/* Returns the config and the parameters; borrowed. */
const sg_mapper_config *sg_mapper_config_of(const sg_mapper *mapper);
sg_parameter_set *sg_mapper_parameters(sg_mapper *mapper);

/* Returns how ws [N, num_ws, w_dim] move at strength 1, in the same shape. NULL (error in the
 * context) on failure. */
sg_tensor *sg_mapper_moves(const sg_mapper *mapper, sg_tensor *ws);

/* Returns ws after their moves times `strength`. NULL (error in the context) on failure. */
sg_tensor *sg_mapper_move(const sg_mapper *mapper, sg_tensor *ws, double strength);

#endif
