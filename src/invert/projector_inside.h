/* What the files of a projector share. */
#ifndef SG_INVERT_PROJECTOR_INSIDE_H
#define SG_INVERT_PROJECTOR_INSIDE_H

#include "base/numpy_random.h"
#include "invert/comparison.h"
#include "invert/latent_penalties.h"
#include "invert/noise_buffers.h"
#include "invert/projector.h"
#include "optim/gradients.h"
#include "optim/optimiser.h"

struct sg_projector {
    sg_projector_options options;
    sg_generator *generator;
    sg_context *context;
    sg_comparison comparison;
    sg_noise_buffers noise;
    bool optimises_noise; /* it holds the network's own buffers in `noise` while it does */

    sg_parameter_set variables; /* what is optimised: the latent, then the buffers */
    sg_tensor *latent;          /* [1, rows, dim]: w of one or all layers, or z; of `variables` */
    sg_tensor *draw;            /* of the same shape: the step's noise before its scale */
    sg_trainable_list list;     /* of `variables`, with the last step's gradients */
    sg_optimiser *optimiser;

    sg_tensor *mean_w; /* [1, w_dim] */
    double w_std;      /* around the start */
    sg_latent_penalties penalties;
    sg_tensor *label; /* [1, c_dim]; NULL without classes */
    int class_index;  /* -1: none */
    sg_numpy_random random;
    int step; /* the next one */
};

/* Finds class, mean w, its spread and the start, and makes the variables. */
sg_status sg_projector_start(sg_projector *projector, const sg_watch *watch, sg_error *error);

/* Adds the latent to the variables, with zeros; then the buffers, and makes the optimiser. */
sg_status sg_projector_add_latent(sg_projector *projector, sg_error *error);
sg_status sg_projector_add_variables(sg_projector *projector, sg_error *error);

/* Destroys what the projector holds. */
void sg_projector_clear(sg_projector *projector);

/* Draws the step's noise. */
void sg_projector_draw(sg_projector *projector);

/* Returns the styles [1, num_ws, w_dim] of a latent [1, rows, dim]; NULL (error in the context) on
 * failure. */
sg_tensor *sg_projector_styles(sg_projector *projector, sg_tensor *latent);

/* Returns the pictures of styles. */
sg_tensor *sg_projector_paint(sg_projector *projector, sg_tensor *ws);

/*
 * Computes the losses of the latent with the drawn noise, and the gradients of the variables into
 * the list; nothing moves.
 */
sg_status sg_projector_evaluate(sg_projector *projector, sg_projector_report *report,
                                sg_error *error);

/* Moves the variables by the list's gradients, and counts the step. */
void sg_projector_move(sg_projector *projector, double rate);

#endif
