/* What the files of a tuner share. */
#ifndef SG_INVERT_TUNER_INSIDE_H
#define SG_INVERT_TUNER_INSIDE_H

#include "base/numpy_random.h"
#include "invert/comparison.h"
#include "invert/pivotal_tuning.h"
#include "optim/gradients.h"
#include "optim/optimiser.h"

/* A target: what it is compared by, its w, and whether it is done. */
typedef struct sg_tuner_target {
    sg_comparison comparison;
    sg_tensor *ws; /* [1, num_ws, w_dim] */
    bool done;
} sg_tuner_target;

struct sg_tuner {
    sg_tuning_options options;
    sg_invert_networks networks;
    sg_context *context;
    sg_generator *original; /* NULL without the locality term */
    sg_tuner_target *targets;
    size_t count;
    sg_parameter_set variables; /* the parameters that move */
    sg_trainable_list list;     /* of them, with the last step's gradients */
    sg_optimiser *optimiser;
    sg_numpy_random random;
    sg_tensor *z; /* [samples, z_dim]: the locality term's latents of the step */
    int step;     /* the next one */
};

/* True if a step has the locality term. */
bool sg_tuner_has_locality(const sg_tuner *tuner, int step);

/* Returns the points [samples, num_ws, w_dim] where the term compares, for a target's w. NULL
 * (error in the context) on failure, as do the next. */
sg_tensor *sg_tuner_points(sg_tuner *tuner, sg_tensor *ws);

/* Returns the locality term at points, a scalar, on the tape. */
sg_tensor *sg_tuner_locality(sg_tuner *tuner, sg_tensor *points);

/* Computes losses and gradients of the step's target; nothing moves. */
sg_status sg_tuner_evaluate(sg_tuner *tuner, sg_tuning_report *report, sg_error *error);

/* Moves the parameters by the list's gradients. */
void sg_tuner_move(sg_tuner *tuner);

#endif
