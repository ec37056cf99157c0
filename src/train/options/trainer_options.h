/* Options of a training step: networks, batch, loss, optimisers, regularisers, averaging. */
#ifndef SG_TRAIN_OPTIONS_TRAINER_OPTIONS_H
#define SG_TRAIN_OPTIONS_TRAINER_OPTIONS_H

#include "models/config.h"
#include "optim/optimiser.h"
#include "train/losses/losses.h"
#include "train/options/augment_options.h"
#include "train/options/encoding_options.h"
#include "train/options/growing.h"
#include "train/options/nada_options.h"

typedef enum sg_phase {
    SG_PHASE_G_MAIN,
    SG_PHASE_G_REG,
    SG_PHASE_D_MAIN,
    SG_PHASE_D_REG,
    SG_PHASE_COUNT
} sg_phase;

/* In the options of a preset, and so in the initial values of the public struct: a value that
 * sg_preset_resolve takes from the batch or the pictures' resolution. */
enum { SG_FOLLOWS = -1 };

/* Passes over the data in which top-k and instance noise take effect or fade, unless given. A
 * factor of 0.99 for each pass, as published, halves top-k's share in 70 passes. */
enum { SG_FADE_PASSES = 70 };

/* The largest number of images per step. */
enum { SG_LARGEST_BATCH = 65536 };

/* Returns "Gmain", "Greg", "Dmain" or "Dreg". */
const char *sg_phase_name(sg_phase phase);

/* Layers that keep their values (train/step/freeze.h); all zero: none. */
typedef struct sg_freezing {
    int d_layers;       /* of the discriminator, from the highest resolution */
    int mapping_layers; /* of the mapping network, from fc0 */
    bool embedding;     /* the label's layer in the mapping network */
    int g_resolution;   /* blocks of the synthesis up to this resolution */
} sg_freezing;

typedef struct sg_trainer_options {
    sg_generator_config generator;
    sg_discriminator_config discriminator;
    uint64_t seed;
    int batch;         /* images per step */
    int batch_part;    /* images at a time, a divisor of batch; gradients add up. 0: all */
    sg_loss_kind loss; /* logistic */
    double gamma;      /* weight of R1 */
    double r2_gamma;   /* weight of R2, 0 */
    sg_gradient_penalty penalty; /* 10, 0.001, under wgan-gp alone */
    double top_k;      /* share of a batch's generated pictures, the best, that the generator learns
                          from, once `top_k_kimg` are over; 1 */
    double top_k_kimg; /* thousands of images until the share has fallen to top_k; SG_FOLLOWS */
    double instance_noise;       /* deviation of noise on all that the discriminator sees, 0 */
    double instance_noise_kimg;  /* thousands of images until it is 0; SG_FOLLOWS */
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
    bool plain_rates;    /* weights learn as if stored with their gains; false */
    int g_interval, d_interval;   /* steps between regularisations, 4 and 16. 0: path length (R1 and
                                     R2) is part of the main phase, in every step */
    double ema_kimg;              /* half-life of the average; batch * 10 / 32 */
    bool track_w_in_g;            /* w_avg follows the w of the generator's main phase too, not only
                                     those of the discriminator's; false */
    double clip_gradient;         /* largest norm of a phase's gradients; 0: no clipping */
    double ema_rampup;            /* 0.05; 0: none */
    double blur_init_sigma;       /* blur of pictures at the start (train/losses/scorer.h), 0 */
    double blur_fade_kimg;        /* thousands of images until the blur has faded out, 0 */
    sg_augment_options augment;   /* of real and generated pictures before the discriminator */
    sg_freezing freezing;         /* layers that are not trained; none */
    sg_encoding_options encoding; /* of an encoder that is trained in place of a pair */
    sg_nada_options nada;         /* of a generator that is moved to another domain */
    sg_mapper_options mapping;    /* of a mapper that is trained in place of a pair */
    sg_growing_schedule growing;  /* initial_resolution 0: networks do not grow; otherwise batch
                                     and rates above are those of the full resolution */
} sg_trainer_options;

/* Returns StyleGAN2's published values, as noted beside the members; batch 32 and gamma 1. */
sg_trainer_options sg_trainer_options_default(void);

/* Tells whether a classifier is trained, the discriminator's body alone, and no generator. */
bool sg_trainer_classifies(const sg_trainer_options *options);

/* Tells whether one network is trained, a classifier, an encoder, a mapper or a generator that is
 * moved, in place of a pair. */
bool sg_trainer_trains_one(const sg_trainer_options *options);

/* Tells whether real pictures are trained on: not where a generator is moved or a mapper trained.
 */
bool sg_trainer_sees_data(const sg_trainer_options *options);

/* Tells whether the options ask for a gradient penalty. */
bool sg_trainer_penalises(const sg_trainer_options *options);

/* Returns how many of `samples` generated pictures the generator learns from after `images`: the
 * share falls from 1 by a constant factor. */
int64_t sg_trainer_best(const sg_trainer_options *options, int64_t samples, double images);

/* Returns the deviation of the noise after `images`, which falls linearly. */
double sg_trainer_noise(const sg_trainer_options *options, double images);

/* Returns how many steps are taken for each that runs `phase`; 0: none runs it. */
int sg_trainer_phase_interval(const sg_trainer_options *options, sg_phase phase);

#endif
