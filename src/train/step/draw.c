/*
 * What the phases of a training step draw at random.
 * Tested by: tests/train/step/test_phases.c
 */
#include "train/step/trainer_state.h"

#include <math.h>
#include <string.h>

#include "ops/layout.h"
#include "tensor/normal.h"
#include "train/step/trainer.h"

/* Returns the stream for one purpose in this step's phase and part. */
static sg_random stream_for(const sg_trainer *trainer, sg_draw_purpose what, sg_phase phase)
{
    uint64_t stream = (uint64_t)what << 56 | (uint64_t)phase << 52 | (uint64_t)trainer->part << 40;
    uint64_t seed = trainer->options.seed ^ trainer->random_round << 48;
    return sg_random_stream(seed, stream + trainer->steps);
}

sg_tensor *sg_draw_normal(sg_trainer *trainer, sg_draw_purpose what, sg_phase phase, sg_shape shape,
                          double scale)
{
    sg_random random = stream_for(trainer, what, phase);
    sg_tensor *tensor = sg_tensor_normal(trainer->context, SG_F32, shape, &random);
    if (!tensor || scale == 1 || sg_is_hollow(trainer->context))
        return tensor;
    for (int64_t i = 0; i < sg_tensor_count(tensor); i++)
        sg_f32(tensor)[i] *= (float)scale;
    return tensor;
}

/* Returns the label whose share of all holds `share`, from 0 to 1. */
static size_t row_at(const sg_trainer *trainer, double share)
{
    size_t low = 0;
    size_t high = trainer->label_rows - 1;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (share >= trainer->label_thresholds[middle])
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

sg_tensor *sg_draw_labels(sg_trainer *trainer, sg_phase phase, int samples)
{
    const int classes = trainer->options.generator.c_dim;
    if (classes == 0)
        return NULL;
    sg_random random = stream_for(trainer, SG_DRAW_LABELS, phase);
    sg_tensor *labels = sg_tensor_full(trainer->context, SG_F32, SG_SHAPE(samples, classes), 0);
    if (sg_is_hollow(trainer->context))
        return labels;
    for (int n = 0; labels && n < samples; n++) {
        const size_t row = row_at(trainer, sg_random_uniform(&random));
        float *values = sg_f32(labels) + n * classes;
        if (trainer->label_values)
            memcpy(values, trainer->label_values + row * (size_t)classes,
                   (size_t)classes * sizeof *values);
        else
            values[row] = 1;
    }
    return labels;
}

void sg_draw_chances(const sg_trainer *trainer, sg_draw_purpose what, sg_phase phase, size_t count,
                     double *chances)
{
    sg_random random = stream_for(trainer, what, phase);
    for (size_t i = 0; i < count; i++)
        chances[i] = sg_random_uniform(&random);
}

sg_tensor *sg_draw_mixes(sg_trainer *trainer, sg_phase phase, int samples)
{
    sg_random random = stream_for(trainer, SG_DRAW_MIXES, phase);
    sg_tensor *mixes = sg_tensor_create(trainer->context, SG_F32, SG_SHAPE(samples, 1, 1, 1));
    for (int n = 0; mixes && n < samples; n++)
        sg_tensor_set_value(mixes, n, sg_random_uniform(&random));
    return mixes;
}

/*
 * Mixes styles: with the given probability, the inputs from a random crossover on take the w of
 * other latents. The crossover is the same for the whole batch, as in the official loss, and lies
 * within the layers of the current level of detail.
 */
static sg_tensor *mix_styles(sg_trainer *trainer, sg_phase phase, sg_tensor *ws, sg_tensor *labels)
{
    sg_generator *g = trainer->generator;
    int num_ws = sg_generator_num_ws(g);
    sg_random random = stream_for(trainer, SG_DRAW_MIXING, phase);
    if (!ws || num_ws < 2 || sg_random_uniform(&random) >= trainer->options.style_mixing_prob)
        return ws;
    int current = num_ws - 2 * (int)trainer->stage.lod;
    int64_t crossover = 1 + (int64_t)sg_random_below(&random, (uint64_t)current - 1);
    sg_shape z_shape = SG_SHAPE(ws->shape.size[0], trainer->options.generator.z_dim);
    sg_tensor *z = sg_draw_normal(trainer, SG_DRAW_MIXED_LATENTS, phase, z_shape, 1);
    sg_tensor *others = sg_generator_broadcast(g, sg_generator_map(g, z, labels));
    return sg_concatenate(sg_slice(ws, 1, 0, crossover),
                          sg_slice(others, 1, crossover, num_ws - crossover), 1);
}

sg_tensor *sg_draw_ws(sg_trainer *trainer, sg_phase phase, int samples, sg_tensor *labels,
                      bool track)
{
    sg_generator *g = trainer->generator;
    sg_shape z_shape = SG_SHAPE(samples, trainer->options.generator.z_dim);
    sg_tensor *z = sg_draw_normal(trainer, SG_DRAW_LATENTS, phase, z_shape, 1);
    sg_tensor *w = sg_generator_map(g, z, labels);
    if (w && track)
        sg_generator_track_average(g, w);
    return mix_styles(trainer, phase, sg_generator_broadcast(g, w), labels);
}

sg_tensor *sg_draw_pictures(sg_trainer *trainer, sg_phase phase, sg_tensor *ws, bool track)
{
    sg_random random = stream_for(trainer, SG_DRAW_NOISE, phase);
    return sg_generator_synthesize(trainer->generator, ws,
                                   (sg_synthesis_options){.noise_mode = SG_NOISE_RANDOM,
                                                          .current_resolution = true,

                                                          .random = &random,
                                                          .batch_moments = true,
                                                          .update_averages = track});
}

static void draw_augmentation(sg_trainer *trainer, sg_draw_purpose what, sg_phase phase,
                              int samples, sg_scorer *scorer)
{
    sg_error error = {0};
    sg_random random = stream_for(trainer, what, phase);
    const sg_augment_size size = {samples, trainer->options.generator.img_channels,
                                  sg_stage_height(trainer), sg_stage_width(trainer)};
    scorer->augment = &trainer->options.augment.pipe.spec;
    scorer->augment_p = sg_trainer_augment_p(trainer);
    sg_augment_spec drawn = *scorer->augment;
    /* Where pictures have no values, noise needs none: as many numbers as a batch has. */
    if (sg_is_hollow(trainer->context))
        drawn.multiplier[SG_AUGMENT_NOISE] = 0;
    if (sg_augment_draws_random(&drawn, size, &random, &scorer->draws, &error))
        sg_context_fail(trainer->context, error.status, "%s", error.message);
}

sg_scorer sg_draw_scorer(sg_trainer *trainer, sg_draw_purpose what, sg_phase phase, int samples)
{
    const sg_trainer_options *o = &trainer->options;
    const double fade = o->blur_fade_kimg * 1000;
    const double left = fade > 0 ? fmax(1 - (double)trainer->images / fade, 0) : 0;
    const sg_draw_purpose of_noise =
        (sg_draw_purpose)((int)SG_DRAW_INPUT_NOISE + (int)what - (int)SG_DRAW_FOR_REALS);
    sg_scorer scorer = {.discriminator = trainer->discriminator,
                        .blur_sigma = left * o->blur_init_sigma,
                        .noise_sigma = sg_trainer_noise(o, (double)trainer->images),
                        .noise = stream_for(trainer, of_noise, phase)};
    /* A pipe that changes no picture would still round them. */
    if (sg_trainer_augment_p(trainer) > 0 && sg_augment_spec_is_on(&o->augment.pipe.spec))
        draw_augmentation(trainer, what, phase, samples, &scorer);
    return scorer;
}

void sg_scorer_close(sg_scorer *scorer)
{
    sg_augment_draws_free(&scorer->draws);
    scorer->augment = NULL;
}
