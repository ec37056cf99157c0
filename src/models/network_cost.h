/*
 * What one pass of a network takes, known before anything is read or computed: a hollow context
 * (tensor/context.h) runs the network's code without values. So the figures are those of the
 * kernels that a pass would choose on this processor.
 */
#ifndef SG_MODELS_NETWORK_COST_H
#define SG_MODELS_NETWORK_COST_H

#include "models/config.h"
#include "models/generator.h"
#include "nn/parameter.h"

typedef struct sg_network_cost {
    int64_t values;       /* weights, biases and buffers */
    double weight_bytes;  /* of them in memory */
    double peak_bytes;    /* with packed copies of weights, features, scratch and the program */
    double multiply_adds; /* of convolutions and matrix products, as direct ones */
} sg_network_cost;

/* What the program has beside its contexts' memory while it computes: libraries, the kernels that
 * oneDNN makes, pictures on their way to files. Measured; docs/performance.md has the table. */
#define SG_PROGRAM_BYTES 20e6

/* One picture from z, off the tape. `exact` as in sg_context. Fails as creating the network and its
 * pass do, and with SG_ERROR_MEMORY. */
sg_status sg_generator_cost(const sg_generator_config *config, bool exact, sg_network_cost *cost,
                            sg_error *error);

/* The score of one picture, off the tape. */
sg_status sg_discriminator_cost(const sg_discriminator_config *config, bool exact,
                                sg_network_cost *cost, sg_error *error);

/* Rehearses one picture from z, off the tape, in the hollow context of the generator and its open
 * scope. */
void sg_cost_paint(sg_generator *generator);

/* Returns the memory of steps with gradients whose pool and optimisers hold `bytes`: libraries take
 * more beside them, oneDNN's scratch in proportion to what it convolves, and the kernels that it
 * makes. Measured (docs/performance.md). */
double sg_cost_of_step(double bytes);

/* ---- for the costs of other kinds of networks ---- */

/* Returns a hollow context for one network; NULL with the error. */
sg_context *sg_cost_begin(bool exact, sg_error *error);

/* Notes the new network's parameters, before its pass. */
void sg_cost_note(const sg_parameter_set *set, sg_network_cost *cost);

/* Notes what the pass took and frees the context, whose network is gone. Returns its failure. */
sg_status sg_cost_end(sg_context *context, sg_network_cost *cost, sg_error *error);

#endif
