/* The layers of a generator that train in a step of StyleGAN-NADA (Gal et al. 2022, section 4.2).
 */
#ifndef SG_TRAIN_STEP_NADA_LAYERS_H
#define SG_TRAIN_STEP_NADA_LAYERS_H

#include "models/generator.h"

/* Counts the convolutions of a generator that have styles; 0 for none. */
int sg_nada_layer_count(sg_generator *generator);

/*
 * Puts on the tape the tensors of the `count` convolutions whose w inputs have the largest `moves`
 * [num_ws]; takes all other tensors off. To-RGB layers and the constant stay as they are. Fails
 * with SG_ERROR_ARGUMENT for a generator that has no styles of layers.
 */
sg_status sg_nada_train_layers(sg_generator *generator, const double *moves, int count,
                               sg_error *error);

#endif
