/* What a search is made of; for its own file and the comparison with published numbers. */
#ifndef SG_WORDS_LATENT_SEARCH_INSIDE_H
#define SG_WORDS_LATENT_SEARCH_INSIDE_H

#include "edit/style_space.h"
#include "optim/gradients.h"
#include "optim/optimiser.h"
#include "words/latent_search.h"

struct sg_latent_search {
    sg_latent_search_options options;
    sg_generator *generator;
    const sg_guide *guide;
    sg_context *context;

    sg_tensor *start; /* [1, num_ws, w_dim] */
    sg_tensor *mask;  /* [1, num_ws, 1]: 1 for layers that move */
    sg_tensor *step;  /* [1, rows, w_dim], rows 1 or num_ws: what is added; of `variables` */

    sg_style_space space; /* of styles, whose biases are the variables */
    sg_tensor **unmoved;  /* [space.count]: the biases at the start; NULL for layers that stay */
    sg_parameter_set variables;
    sg_trainable_list list; /* of `variables`, with the last step's gradients */
    sg_optimiser *optimiser;
    int done;
};

/* Computes the losses, and the gradients of the variables into the list; nothing moves. */
sg_status sg_latent_search_evaluate(sg_latent_search *search, sg_search_report *report,
                                    sg_error *error);

/* Moves the variables by the list's gradients, and counts the step. */
void sg_latent_search_move(sg_latent_search *search, double rate);

#endif
