/* Pieces that the synthesis networks of several families are built from. */
#ifndef SG_MODELS_STYLE_INPUTS_H
#define SG_MODELS_STYLE_INPUTS_H

#include "models/config.h"
#include "tensor/tensor.h"

/* For families with square pictures: returns the side. */
int sg_square_side(const sg_generator_config *config);

/* For families whose only input is w: returns 1, the number of w inputs. */
int sg_single_w(const sg_generator_config *config);

/* Returns the w of input `index`, [N, w_dim], of ws [N, num_ws, w_dim]. */
sg_tensor *sg_pick_style(sg_tensor *ws, int index);

/* Returns a learned constant [C, H, W] for every sample, [N, H, W, C]. */
sg_tensor *sg_repeat_constant(sg_tensor *constant, int64_t samples);

#endif
