/*
 * StyleSpace (Wu et al. 2021, "StyleSpace analysis"): the styles of a generator's layers, which are
 * the outputs of their affine maps of w, before demodulation; those of to-RGB layers before the
 * gain 1/sqrt(channels).
 *
 * A style is w times the affine weight, plus the affine bias. So a bias moved by an amount moves
 * that style of every picture by the amount, and the gradient with respect to the biases is the sum
 * over pictures of the gradients with respect to the styles: neither asks anything of a family's
 * synthesis network.
 */
#ifndef SG_EDIT_STYLE_SPACE_H
#define SG_EDIT_STYLE_SPACE_H

#include "edit/direction.h"
#include "latent/codes.h"
#include "nn/linear.h"

/* A layer with styles. */
typedef struct sg_style_layer {
    char name[SG_LAYER_NAME_BYTES]; /* "b4.conv1": its module without "synthesis." */
    sg_linear affine;               /* borrows the generator's tensors */
    int input;                      /* the input of the synthesis network whose w it takes */
    size_t channels;
    size_t first; /* of its channels among those of all layers */
} sg_style_layer;

/* All layers of a generator with styles, in the order of their computation; zero it before use,
 * clear it after. The generator outlives it. */
typedef struct sg_style_space {
    sg_generator *generator;
    sg_style_layer *layers; /* owned */
    size_t count;
    size_t channels; /* of all layers */
} sg_style_space;

/* Finds the layers. Fails with SG_ERROR_ARGUMENT for a generator that has none, such as DCGAN's. */
sg_status sg_style_space_open(sg_generator *generator, sg_style_space *space, sg_error *error);
void sg_style_space_clear(sg_style_space *space);

/* Returns the layer of that name, borrowed; NULL, with a sentence, where there is none. */
const sg_style_layer *sg_style_layer_find(const sg_style_space *space, const char *name,
                                          sg_error *error);

/* Returns a layer's styles [N, channels] of ws [N, num_ws, w_dim]. NULL (error in the context) on
 * failure. */
sg_tensor *sg_style_values(const sg_style_layer *layer, sg_tensor *ws);

/*
 * Computes mean and standard deviation (1/n) of all channels over the styles of `count` latents,
 * RandomState(seed).randn(count, z_dim), truncated by `psi`. The caller clears `moments`
 * [channels]. Fails with SG_ERROR_MEMORY or as the generator does.
 */
sg_status sg_style_moments(const sg_style_space *space, uint32_t seed, size_t count,
                           sg_style_label label, double psi, sg_moments *moments, sg_error *error);

/* How the standard deviations are taken that edits count in. */
enum { SG_STYLE_SEED = 5, SG_STYLE_CODES = 500 };
#define SG_STYLE_PSI 0.7

/* A channel of one layer and how far it is moved, in the style's own units. */
typedef struct sg_style_shift {
    size_t layer, channel;
    double amount;
} sg_style_shift;

/*
 * Moves the styles of all pictures from now on; with `sign` -1, moves them back. `saved` [count]
 * keeps the biases, so that moving back restores them bit for bit. Shifts of the same channel add
 * up.
 */
void sg_style_shift_begin(const sg_style_space *space, const sg_style_shift *shifts, size_t count,
                          double *saved);
void sg_style_shift_end(const sg_style_space *space, const sg_style_shift *shifts, size_t count,
                        const double *saved);

/* Puts the styles on the tape (for one picture at a time), or takes them off. */
void sg_style_space_require_gradient(const sg_style_space *space, bool required);

/*
 * Computes the gradient of a number that was computed from one picture's styles on the tape, with
 * respect to all of them: `gradient` [channels]; 0 for styles that it does not depend on. Fails as
 * sg_gradient does.
 */
sg_status sg_style_gradient(const sg_style_space *space, sg_tensor *number, double *gradient);

#endif
