/*
 * The published defaults of a training step, and how often its phases run.
 * Tested by: tests/train/step/test_trainer.c
 */
#include "train/options/trainer_options.h"

#include <math.h>

#include "models/config_rules.h"
#include "models/discriminator.h"

const char *sg_phase_name(sg_phase phase)
{
    static const char *const names[] = {"Gmain", "Greg", "Dmain", "Dreg"};
    return names[phase];
}

sg_trainer_options sg_trainer_options_default(void)
{
    return (sg_trainer_options){
        .generator = sg_generator_config_default(),
        .discriminator = sg_discriminator_config_default(),
        .batch = 32,
        .gamma = 1,
        .penalty = {.weight = 10, .drift = 0.001},
        .top_k = 1,
        .top_k_kimg = SG_FOLLOWS,
        .instance_noise_kimg = SG_FOLLOWS,
        .n_critic = 1,
        .pl_weight = 2,
        .pl_decay = 0.01,
        .style_mixing_prob = 0.9,
        .g_rate = 0.002,
        .d_rate = 0.002,
        .beta1 = 0,
        .beta2 = 0.99,
        .epsilon = 1e-8,
        .g_interval = 4,
        .d_interval = 16,
        .ema_kimg = 10,
        .ema_rampup = 0.05,
        .augment = {
            .p = SG_FOLLOWS, .target = 0.6, .kimg = SG_FOLLOWS, .pipe = sg_augment_pipe_default()}};
}

bool sg_trainer_classifies(const sg_trainer_options *o)
{
    return sg_discriminator_classifies(&o->discriminator);
}

bool sg_trainer_trains_one(const sg_trainer_options *o)
{
    return o->encoding.encodes || !sg_trainer_sees_data(o) || sg_trainer_classifies(o);
}

bool sg_trainer_sees_data(const sg_trainer_options *o)
{
    return !o->nada.moves && !o->mapping.maps;
}

bool sg_trainer_penalises(const sg_trainer_options *o)
{
    return o->penalty.points != SG_POINTS_USUAL ||
           sg_adversarial_loss_of(o->loss)->bound == SG_LIPSCHITZ_PENALISED;
}

int64_t sg_trainer_best(const sg_trainer_options *o, int64_t samples, double images)
{
    const double fade = o->top_k_kimg * 1000;
    const double share = fade > 0 ? fmax(o->top_k, pow(o->top_k, images / fade)) : o->top_k;
    const int64_t count = (int64_t)round(share * (double)samples);
    return count > 1 ? count : 1;
}

double sg_trainer_noise(const sg_trainer_options *o, double images)
{
    const double fade = o->instance_noise_kimg * 1000;
    return fade > 0 ? o->instance_noise * fmax(1 - images / fade, 0) : o->instance_noise;
}

int sg_trainer_phase_interval(const sg_trainer_options *o, sg_phase phase)
{
    if (sg_trainer_trains_one(o))
        return phase == (o->nada.moves ? SG_PHASE_G_MAIN : SG_PHASE_D_MAIN);
    switch (phase) {
    case SG_PHASE_G_MAIN:
        return o->n_critic;
    case SG_PHASE_G_REG:
        return o->pl_weight > 0 ? o->g_interval * o->n_critic : 0;
    case SG_PHASE_D_MAIN:
        return 1;
    default:
        return o->gamma > 0 || o->r2_gamma > 0 ? o->d_interval : 0;
    }
}
