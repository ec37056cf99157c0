/*
 * Projection: the w (or z) with which a generator paints one's own picture, found by optimisation
 * (Karras et al. 2020, appendix D; StyleGAN2-ADA's projector.py, and its W+ form in
 * stylegan3-fun).
 *
 * Each step adds fading noise to w, paints, compares the picture with the targets, and moves w and,
 * where asked for, the network's noise buffers by Adam. One projector finds one w; several targets
 * share it, each with an equal part of the losses. Separate pictures take a projector each, one
 * after the other, with the same networks.
 *
 *     sg_projector_options options = sg_projector_options_default();
 *     options.space = SG_INVERT_W_PLUS;
 *     if (!sg_projector_create(&networks, &options, &targets, &projector, error))
 *         while (!status && sg_projector_steps_done(projector) < options.steps)
 *             status = sg_projector_step(projector, &report, error);
 *     sg_projector_ws(projector), sg_projector_picture(projector)
 *     sg_projector_destroy(projector);
 */
#ifndef SG_INVERT_PROJECTOR_H
#define SG_INVERT_PROJECTOR_H

#include "base/watch.h"
#include "features/feature_pictures.h"
#include "invert/invert_losses.h"
#include "models/generator.h"

/* What is optimised: one w for all layers, one w for each layer, or z. */
typedef enum sg_invert_space { SG_INVERT_W, SG_INVERT_W_PLUS, SG_INVERT_Z } sg_invert_space;

/* The network's noise buffers: replaced by normal draws and optimised, left alone, or not added. */
typedef enum sg_invert_noise {
    SG_INVERT_NOISE_OPTIMISE,
    SG_INVERT_NOISE_FIXED,
    SG_INVERT_NOISE_NONE
} sg_invert_noise;

/* Where w starts. */
typedef enum sg_invert_start {
    SG_INVERT_START_AVERAGE, /* the mean w of `w_avg_samples` latents; of z, the best of a few draws
                              */
    SG_INVERT_START_SEED,    /* the w of `start_seed`, truncated by `start_psi` */
    SG_INVERT_START_GIVEN    /* `start_values` */
} sg_invert_start;

/* The learning rate: raised over `rate_rampup`, lowered over `rate_rampdown`; or always `rate`. */
typedef enum sg_invert_schedule { SG_INVERT_RAMPED, SG_INVERT_CONSTANT } sg_invert_schedule;

/* Names: "w", "w+", "z"; "optimise", "fixed", "none"; "average", "seed", "given"; "ramped",
 * "constant". */
extern const sg_choices sg_invert_spaces, sg_invert_noises, sg_invert_starts, sg_invert_schedules;

/* Penalties, added to the losses; 0: not computed. */
typedef struct sg_invert_penalties {
    double
        distance; /* mean square distance of w from the mean w, in units of w_std; of z: from 0 */
    double delta; /* e4e's (Tov et al. 2021): sum over layers of ||w_i - w_0||; W+ alone */
    double
        mahalanobis; /* mean square of w whitened in P-norm space: w through a leaky ReLU of
                        slope 5, then the whitening of its principal components (Zhu et al. 2020) */
} sg_invert_penalties;

/* How a projection proceeds; sg_projector_options_default has the official defaults. */
typedef struct sg_projector_options {
    sg_invert_space space;
    int steps;                   /* 1000 */
    double rate;                 /* 0.1 */
    sg_invert_schedule schedule; /* SG_INVERT_RAMPED */
    double rate_rampup;          /* 0.05: parts of all steps */
    double rate_rampdown;        /* 0.25 */
    double w_noise;              /* 0.05: of w_std, at first */
    double w_noise_ramp;         /* 0.75: the part of all steps after which there is none */
    sg_invert_noise noise;       /* SG_INVERT_NOISE_OPTIMISE */
    double noise_weight;         /* 1e5: of the regulariser of noise buffers */
    uint32_t seed;               /* of the draws: NumPy's RandomState(seed).randn, buffers first */
    int w_avg_samples;           /* 10000: latents of RandomState(123) */

    sg_invert_start start;
    uint32_t start_seed;
    double start_psi;          /* 0.7 */
    const float *start_values; /* [num_ws, w_dim], of space z [z_dim]; borrowed during create. Of
                                  space w the mean of its layers counts */

    sg_invert_weights weights; /* of the losses; all 0: sg_invert_weights_default */
    sg_invert_penalties penalties;
    int class_index; /* of a conditional generator; negative: the class whose mean w comes nearest
                      */
    const float *label; /* [c_dim]: in place of a class; borrowed; NULL: the class */
} sg_projector_options;

sg_projector_options sg_projector_options_default(void);

/* Target pictures, all of the generator's size; borrowed during create. */
typedef struct sg_projector_targets {
    /* Of 1 channel or 3, values of 0 to 255. Where the generator has one channel, its pictures are
     * compared with coloured targets as grey ones of three channels. */
    sg_feature_pictures pictures;
    /* [height, width], 0 to 1: how much each pixel counts; NULL: all do. Where it is 0 the target's
     * pixels stand in for the painted ones in every loss (in-painting). */
    const float *mask;
} sg_projector_targets;

typedef struct sg_projector sg_projector;

/*
 * Prepares a projection: the mean w and its spread, the start, the class, the features of targets.
 * Pictures of one channel are repeated to three for LPIPS. The networks are borrowed and must
 * outlive the projector, which changes the generator's noise buffers until it is destroyed.
 * `watch` (or NULL) sees the search for the start. *projector (NULL on failure) must be destroyed.
 * Fails with SG_ERROR_ARGUMENT for what contradicts: pictures of another size, a loss whose network
 * is absent, a class that does not exist.
 */
sg_status sg_projector_create(const sg_invert_networks *networks,
                              const sg_projector_options *options,
                              const sg_projector_targets *targets, const sg_watch *watch,
                              sg_projector **projector, sg_error *error);
void sg_projector_destroy(sg_projector *projector);

/* What a step computed, before it moved w. */
typedef struct sg_projector_report {
    int step;                               /* from 0 */
    double loss;                            /* the weighted sum of all that follows */
    double distance;                        /* the weighted sum of the losses */
    double distances[SG_INVERT_LOSS_COUNT]; /* each without its weight; 0 where the weight is 0 */
    double noise_penalty;          /* the regulariser of noise buffers, without its weight */
    sg_invert_penalties penalties; /* each without its weight */
    double rate, w_noise_scale;
} sg_projector_report;

/*
 * Takes a step; the report may be NULL. Fails with SG_ERROR_ARGUMENT after the last one, and with
 * SG_ERROR_NUMERIC when the loss is not finite, w then being that before the step.
 */
sg_status sg_projector_step(sg_projector *projector, sg_projector_report *report, sg_error *error);

/* Callbacks of sg_projector_run; any may be NULL. */
typedef struct sg_projector_hooks {
    sg_watch watch; /* steps; the remark is "loss L"; a stop ends the run, w as it is */
    void *user;
    /* Is called after each step, with its report; sg_projector_picture may be called in it. */
    sg_status (*after)(void *user, sg_projector *projector, const sg_projector_report *report,
                       sg_error *error);
} sg_projector_hooks;

/* Takes all steps that remain. A stop by the watcher is no failure: *stopped (may be NULL) tells.
 */
sg_status sg_projector_run(sg_projector *projector, const sg_projector_hooks *hooks, bool *stopped,
                           sg_error *error);

/* Returns the number of steps taken, and the class in use (-1 without classes). */
int sg_projector_steps_done(const sg_projector *projector);
int sg_projector_class(const sg_projector *projector);

/* Returns the present w, [1, num_ws, w_dim], owned by the innermost scope; NULL (error in the
 * context) on failure. */
sg_tensor *sg_projector_ws(sg_projector *projector);

/* Returns the present z, [1, z_dim], in the same way; NULL without error in other spaces than z. */
sg_tensor *sg_projector_z(sg_projector *projector);

/* Returns the mean w [1, w_dim], and the root of the summed variance of w around the start. */
const sg_tensor *sg_projector_mean_w(const sg_projector *projector);
double sg_projector_w_std(const sg_projector *projector);

/*
 * Returns the picture of the present w with the network's own noise buffers, as other commands
 * paint it from the result: [1, H, W, C] in [-1, 1]; owned by the innermost scope. NULL (error in
 * the context) on failure.
 */
sg_tensor *sg_projector_picture(sg_projector *projector);

#endif
