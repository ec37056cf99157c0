/* The config of an encoder from the names and shapes of its tensors, for files that state none. */
#ifndef SG_MODELS_ENCODER_ENCODER_SHAPES_H
#define SG_MODELS_ENCODER_ENCODER_SHAPES_H

#include "models/encoder/encoder_config.h"
#include "tensor/tensor.h"

/* Looks a tensor up by its name, without "encoder."; false when there is none. */
typedef struct sg_encoder_shapes {
    bool (*find)(const void *user, const char *name, sg_shape *shape);
    const void *user;
} sg_encoder_shapes;

/*
 * Sets what the tensors tell; the rest of *config keeps its values: between psp and e4e, and of a w
 * encoder num_ws and img_resolution, they tell nothing. Stages begin where channels change. Fails
 * with SG_ERROR_FORMAT for what is no such encoder.
 */
sg_status sg_encoder_config_infer(const sg_encoder_shapes *shapes, sg_encoder_config *config,
                                  sg_error *error);

#endif
