/*
 * The search for a latent whose picture a guide likes: StyleCLIP's latent optimisation (Patashnik
 * et al. 2021, section 4). Starts from the styles of a picture, and lowers by Adam
 *
 *     guide(G(w)) + distance * sum over layers and components of (w - start)^2
 *
 * with the schedule of StyleGAN2's projector, whose first step has rate 0. What moves is one step
 * for the w of all layers, a step for the w of each layer, or the channels of StyleSpace (Wu et al.
 * 2021); layers that are not chosen keep their w or styles.
 *
 *     sg_latent_search_create(generator, guide, &options, start, &search, error);
 *     while (!status && sg_latent_search_steps_done(search) < options.steps)
 *         status = sg_latent_search_step(search, &report, error);
 *     sg_latent_search_found(search, values);
 *     sg_latent_search_destroy(search);
 */
#ifndef SG_WORDS_LATENT_SEARCH_H
#define SG_WORDS_LATENT_SEARCH_H

#include "invert/projector.h"
#include "words/guide.h"

typedef enum sg_search_space { SG_SEARCH_W, SG_SEARCH_W_PLUS, SG_SEARCH_STYLES } sg_search_space;

/* "w", "w+", "styles". */
extern const sg_choices sg_search_spaces;

/* How a search proceeds. */
typedef struct sg_latent_search_options {
    sg_search_space space; /* SG_SEARCH_W_PLUS */
    int steps;             /* 300 */
    double rate;           /* 0.1 */
    sg_invert_schedule schedule;
    double distance;    /* 0.008: the weight of the distance from the start */
    const bool *layers; /* [num_ws]: the inputs that move; NULL: all; borrowed during create */
    bool without_noise; /* pictures have none; otherwise the network's constant noise */
} sg_latent_search_options;

/* StyleCLIP's defaults, as an initialiser. */
#define SG_LATENT_SEARCH_OPTIONS                                                                   \
    {                                                                                              \
        .space = SG_SEARCH_W_PLUS, .steps = 300, .rate = 0.1, .distance = 0.008                    \
    }

typedef struct sg_latent_search sg_latent_search;

/*
 * Prepares a search from `start` [1, num_ws, w_dim], which is copied. Generator and guide are
 * borrowed and must outlive the search; in StyleSpace, the generator paints what was found so far
 * until the search is destroyed. Fails with SG_ERROR_ARGUMENT for no steps, no layers, or a
 * generator without StyleSpace. *search (NULL on failure) must be destroyed.
 */
sg_status sg_latent_search_create(sg_generator *generator, const sg_guide *guide,
                                  const sg_latent_search_options *options, const sg_tensor *start,
                                  sg_latent_search **search, sg_error *error);
void sg_latent_search_destroy(sg_latent_search *search);

/* What a step computed, before it moved anything. */
typedef struct sg_search_report {
    int step;        /* from 0 */
    double loss;     /* the weighted sum of what follows */
    double guide;    /* the guide's loss */
    double distance; /* from the start, without its weight */
    double rate;
} sg_search_report;

/* Takes a step. Fails with SG_ERROR_ARGUMENT after the last one, and with SG_ERROR_NUMERIC when the
 * loss is not finite; nothing moves then. */
sg_status sg_latent_search_step(sg_latent_search *search, sg_search_report *report,
                                sg_error *error);

int sg_latent_search_steps_done(const sg_latent_search *search);

/* Counts the numbers of what is found, and writes them: what is added to each w, [num_ws, w_dim],
 * or to the styles of all layers, [channels]. */
size_t sg_latent_search_count(const sg_latent_search *search);
void sg_latent_search_found(const sg_latent_search *search, float *values);

/* Returns the picture [1, H, W, C] of what is found so far, off the tape, owned by the innermost
 * scope; NULL (error in the context) on failure. */
sg_tensor *sg_latent_search_picture(sg_latent_search *search);

#endif
