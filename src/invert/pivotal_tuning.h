/*
 * Pivotal tuning (Roich et al. 2021): the generator itself is fitted to pictures, each with the w
 * that projection found for it, so that edits of that w keep what the picture shows.
 *
 * A step paints one target, the targets taking turns, and moves the synthesis network's parameters
 * by Adam. The locality term keeps what the network paints elsewhere: at points on the way from w
 * to random w, the tuned network must paint what the original one does.
 */
#ifndef SG_INVERT_PIVOTAL_TUNING_H
#define SG_INVERT_PIVOTAL_TUNING_H

#include "base/watch.h"
#include "features/feature_pictures.h"
#include "invert/invert_losses.h"

/* How tuning proceeds; sg_tuning_options_default has the published defaults. */
typedef struct sg_tuning_options {
    int steps;   /* 350 for each target */
    double rate; /* 3e-4 */
    sg_invert_weights
        weights;   /* all 0: pixel 1, and lpips 1 where it is there, otherwise pyramid 1 */
    double enough; /* 0.06: LPIPS at or below which a target is done; 0: never */

    int locality_samples;  /* 0: without the term */
    int locality_interval; /* 1: the term is on in the first step and in every such one after it */
    double locality_pixel, locality_lpips; /* 0.1: the weights of its parts */
    double locality_radius;                /* 30: the distance from w of the points */
    double locality_psi;                   /* 0.5: truncation of the random w */
    uint32_t seed;                         /* of the term's latents, by RandomState(seed).randn */
    int class_index;                       /* of the term's latents, for conditional generators */

    /* Parameters that stay: names, or modules, such as "synthesis.b4"; borrowed during create. */
    const char *const *frozen;
    size_t frozen_count;
} sg_tuning_options;

sg_tuning_options sg_tuning_options_default(void);

/* A picture with its w; borrowed during create. */
typedef struct sg_tuning_target {
    sg_feature_pictures picture; /* one, as in sg_projector_targets */
    const float *mask;           /* as there */
    const float *ws;             /* [num_ws, w_dim] */
} sg_tuning_target;

/* Fails with SG_ERROR_ARGUMENT for a name in `frozen` that no parameter of the generator has, and
 * where the names leave nothing to tune: before a search whose result tuning takes. */
sg_status sg_tuning_check_frozen(const sg_tuning_options *options, sg_generator *generator,
                                 sg_error *error);

/* Returns how many pictures may be tuned together by so many steps each: all steps are one int. */
int sg_tuning_most_targets(int steps);

typedef struct sg_tuner sg_tuner;

/*
 * Prepares tuning. The networks are borrowed and must outlive the tuner, which changes the
 * generator in place. *tuner (NULL on failure) must be destroyed. Fails with SG_ERROR_ARGUMENT for
 * targets that do not fit, for losses whose network is absent, and for names in `frozen` that no
 * parameter has.
 */
sg_status sg_tuner_create(const sg_invert_networks *networks, const sg_tuning_options *options,
                          const sg_tuning_target *targets, size_t count, sg_tuner **tuner,
                          sg_error *error);
void sg_tuner_destroy(sg_tuner *tuner);

/* What a step computed, before it moved the network. */
typedef struct sg_tuning_report {
    int step;                               /* from 0 */
    size_t target;                          /* the one painted */
    double loss;                            /* the weighted sum of all that follows */
    double distances[SG_INVERT_LOSS_COUNT]; /* each without its weight */
    double locality;                        /* 0 in steps without the term */
    bool enough;                            /* the target was done, and nothing moved */
} sg_tuning_report;

/* Takes a step; the report may be NULL. Fails with SG_ERROR_NUMERIC when the loss is not finite,
 * the network then being that before the step. */
sg_status sg_tuner_step(sg_tuner *tuner, sg_tuning_report *report, sg_error *error);

/* True when all steps were taken, or all targets are done. */
bool sg_tuner_is_done(const sg_tuner *tuner);

/* Returns the number of all steps. */
int sg_tuner_steps(const sg_tuner *tuner);

/* Callbacks of sg_tuner_run; any may be NULL. */
typedef struct sg_tuner_hooks {
    sg_watch watch; /* steps; the remark is "loss L"; a stop ends the run, the network as it is */
    void *user;
    sg_status (*after)(void *user, sg_tuner *tuner, const sg_tuning_report *report,
                       sg_error *error);
} sg_tuner_hooks;

/* Takes steps until tuning is done. A stop by the watcher is no failure: *stopped (may be NULL)
 * tells. */
sg_status sg_tuner_run(sg_tuner *tuner, const sg_tuner_hooks *hooks, bool *stopped,
                       sg_error *error);

/* Returns the tuned network's picture of a target's w, [1, H, W, C] in [-1, 1], owned by the
 * innermost scope; NULL (error in the context) on failure. */
sg_tensor *sg_tuner_picture(sg_tuner *tuner, size_t target);

#endif
