/*
 * The published defaults of a training step, and how often its phases run.
 * Tested by: tests/train/step/test_trainer.c
 */
#include "train/options/trainer_options.h"

#include "models/config_rules.h"

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

int sg_trainer_phase_interval(const sg_trainer_options *o, sg_phase phase)
{
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
