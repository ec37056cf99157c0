/*
 * One step of training, phase by phase (Karras et al. 2020, sections 2-3 and appendix B; 2021,
 * appendix G): main and regularisation phases of generator and discriminator, their optimisers,
 * moving average.
 *
 * Every random number is a function of (seed, purpose, phase, step), so that a step does not depend
 * on what was drawn before it.
 */
#ifndef SG_TRAIN_STEP_TRAINER_H
#define SG_TRAIN_STEP_TRAINER_H

#include "models/generator.h"
#include "optim/optimiser.h"
#include "train/losses/losses.h"
#include "train/options/growing.h"
#include "train/step/statistics.h"

typedef enum sg_phase {
    SG_PHASE_G_MAIN,
    SG_PHASE_G_REG,
    SG_PHASE_D_MAIN,
    SG_PHASE_D_REG,
    SG_PHASE_COUNT
} sg_phase;

/* The largest number of images per step. */
enum { SG_LARGEST_BATCH = 65536 };

/* "Gmain", "Greg", "Dmain", "Dreg". */
const char *sg_phase_name(sg_phase phase);

typedef struct sg_trainer_options {
    sg_generator_config generator;
    sg_discriminator_config discriminator;
    uint64_t seed;
    int batch;      /* images per step */
    int batch_part; /* images at a time, a divisor of batch: gradients add up over the parts; 0: all
                     */
    sg_loss_kind loss;           /* logistic */
    double gamma;                /* weight of R1 */
    double r2_gamma;             /* weight of R2, 0 */
    sg_gradient_penalty penalty; /* under wgan-gp: 10, 0.001 */
    double clip_weights;         /* largest magnitude of the discriminator's weights; 0: no limit */
    int n_critic;                /* steps of the discriminator for each of the generator, 1 */
    sg_optimiser_kind optimiser; /* of both networks, Adam */
    double pl_weight;            /* weight of the path length penalty, 2; 0: none */
    double pl_decay;             /* 0.01 */
    double style_mixing_prob;    /* 0.9 */
    double g_rate,
        d_rate;          /* the optimisers', before the correction for lazy regularisation; 0.002 */
    double beta1, beta2; /* 0, 0.99 */
    double epsilon;      /* 1e-8 */
    int g_interval, d_interval; /* steps between regularisations, 4 and 16; g_interval 0: the
                                   generator is never regularised; d_interval 0: R1 and R2
                                   are parts of the main phase, in every step */
    double ema_kimg;            /* half-life of the average; batch * 10 / 32 */
    bool track_w_in_g;          /* the average of w follows the generator's pictures too, not only
                                   those for the discriminator: no */
    double clip_gradient;       /* largest norm of a phase's gradients; 0: no clipping */
    double ema_rampup;          /* 0.05; 0: none */
    double blur_init_sigma; /* of what the discriminator sees at first (train/losses/critic.h), 0 */
    double blur_fade_kimg;  /* until which the blur has faded out, 0 */
    sg_growing_schedule growing; /* of networks that grow, whose batch and rates are then those of
                                    the full resolution; initial_resolution 0: they do not */
} sg_trainer_options;

/* StyleGAN2's published values, as noted beside the fields; batch 32 and gamma 1. */
sg_trainer_options sg_trainer_options_default(void);

typedef struct sg_trainer sg_trainer;

/*
 * Networks with initial weights and optimisers at rest. `label_counts` [c_dim] says how often each
 * class occurs, for drawing labels of generated images; NULL when unconditional. NULL (error in the
 * context) on failure.
 */
sg_trainer *sg_trainer_create(sg_context *context, const sg_trainer_options *options,
                              const uint64_t *label_counts);
void sg_trainer_destroy(sg_trainer *trainer);

/* The networks, borrowed. */
sg_generator *sg_trainer_generator(sg_trainer *trainer);
sg_generator *sg_trainer_average(sg_trainer *trainer);
sg_discriminator *sg_trainer_discriminator(sg_trainer *trainer);

/*
 * Runs one phase and its optimiser step at the present stage. `reals` [batch, H, W, C] and `labels`
 * [batch, c_dim] (NULL when unconditional) are f32; the generator's phases read neither.
 */
sg_status sg_trainer_run_phase(sg_trainer *trainer, sg_phase phase, const float *reals,
                               const float *labels, sg_statistics *statistics);

/* How many steps are taken for each that runs `phase`; 0: none runs it. */
int sg_trainer_phase_interval(const sg_trainer_options *options, sg_phase phase);

/* Whether `phase` is due in the step that comes next. */
bool sg_trainer_is_due(const sg_trainer *trainer, sg_phase phase);

/*
 * What the step that comes next trains with: its batch, and the resolution that its real pictures
 * must have. It is the same for ever unless the networks grow.
 */
sg_growing_stage sg_trainer_stage(const sg_trainer *trainer);

/* Whether its networks grow by a schedule. */
bool sg_trainer_grows(const sg_trainer *trainer);

/* The level of detail of the last step, 0 where networks do not grow. */
double sg_trainer_lod(const sg_trainer *trainer);

/*
 * All phases that are due, then the moving average; counts the step. `reals` and `labels` are those
 * of the stage; real pictures come unfaded.
 */
sg_status sg_trainer_step(sg_trainer *trainer, const float *reals, const float *labels,
                          sg_statistics *statistics);

/* What a training is besides its networks and optimisers: for saving and going on exactly. */
typedef struct sg_trainer_counters {
    uint64_t steps;        /* done so far */
    uint64_t images;       /* real images seen so far */
    uint64_t stage_images; /* how many had been seen when the present stage was taken */
    uint64_t random_round; /* other rounds draw other random numbers; raised after a rollback */
    double path_mean;      /* the moving average of path lengths */
} sg_trainer_counters;

sg_trainer_counters sg_trainer_counters_of(const sg_trainer *trainer);
void sg_trainer_set_counters(sg_trainer *trainer, const sg_trainer_counters *counters);

/* The optimisers, borrowed. */
sg_optimiser *sg_trainer_generator_optimiser(sg_trainer *trainer);
sg_optimiser *sg_trainer_discriminator_optimiser(sg_trainer *trainer);

/* Steps done so far; images seen so far. */
uint64_t sg_trainer_steps(const sg_trainer *trainer);
uint64_t sg_trainer_images(const sg_trainer *trainer);

#endif
