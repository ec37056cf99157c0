/*
 * The losses of an encoder (Richardson et al. 2021, section 3; Tov et al. 2021, section 4). The
 * generator's weights are constants: gradients go through it to the codes. Of its own pictures w is
 * known, so that codes are compared too.
 *
 * Tested by: tests/cli/test_train_encoder.c
 */
#include "train/step/encoding_phase.h"

#include <math.h>
#include <stdlib.h>

#include "base/allocate.h"
#include "invert/comparison.h"
#include "invert/latent_penalties.h"
#include "ops/arithmetic.h"
#include "ops/layout.h"
#include "ops/reduce.h"
#include "train/losses/encoding.h"

static const sg_synthesis_options as_stored = {.noise_mode = SG_NOISE_CONST};

/* Pictures, the w of the first of them, and how many have a known w. */
typedef struct encoded_batch {
    sg_tensor *pictures, *known;
    int64_t own;
} encoded_batch;

/* Replaces the first pictures of a batch by the generator's own; the tape is off. */
static encoded_batch draw_batch(sg_trainer *trainer, sg_tensor *reals)
{
    const int samples = trainer->samples;
    const int own = (int)lround(trainer->options.encoding.own_share * samples);
    encoded_batch batch = {.pictures = reals, .own = own};
    if (own == 0)
        return batch;
    sg_tensor *z = sg_draw_normal(trainer, SG_DRAW_LATENTS, SG_PHASE_D_MAIN,
                                  SG_SHAPE(own, trainer->options.generator.z_dim), 1);
    sg_tensor *labels = sg_draw_labels(trainer, SG_PHASE_D_MAIN, own);
    batch.known =
        sg_generator_broadcast(trainer->painter, sg_generator_map(trainer->painter, z, labels));
    sg_tensor *painted =
        sg_clamp(sg_generator_synthesize(trainer->painter, batch.known, as_stored), 1);
    batch.pictures = own < samples
                         ? sg_concatenate(painted, sg_slice(reals, 0, own, samples - own), 0)
                         : painted;
    return batch;
}

/* Takes pictures [N, H, W, C] as targets of the losses of pictures. */
static bool take_targets(sg_trainer *trainer, const sg_tensor *pictures, sg_comparison *targets)
{
    const int64_t *size = pictures->shape.size;
    const size_t count = (size_t)sg_tensor_count(pictures);
    const size_t known = sg_is_hollow(trainer->context) ? 0 : count; /* a rehearsal has none */
    const sg_invert_networks networks = {
        .generator = trainer->painter, .discriminator = trainer->judge, .lpips = trainer->lpips};
    sg_error error = {0};
    float *levels = sg_allocate(count, sizeof *levels);
    for (size_t i = 0; levels && i < known; i++)
        levels[i] = sg_f32(pictures)[i] * 127.5F + 127.5F;
    const sg_feature_pictures taken = {.count = (size_t)size[0],
                                       .height = (size_t)size[1],
                                       .width = (size_t)size[2],
                                       .channels = (size_t)size[3],
                                       .floats = levels};
    if (!levels)
        (void)sg_fail_memory(&error, "pictures");
    else
        sg_comparison_make(targets, &networks, &trainer->options.encoding.losses, &taken, NULL,
                           &error);
    if (error.status)
        sg_context_fail(trainer->context, error.status, "%s", error.message);
    free(levels);
    return !error.status;
}

/* Returns the mean square difference of styles from known ones, in units of the spread of these
 * around the mean of w. */
static sg_tensor *code_loss(sg_trainer *trainer, sg_tensor *styles, sg_tensor *known)
{
    if (!styles || !known)
        return NULL;
    const sg_tensor *average = sg_encoder_average(trainer->encoder);
    const int64_t values = sg_tensor_count(average);
    const int64_t count = sg_is_hollow(trainer->context) ? 0 : sg_tensor_count(known);
    double spread = 0;
    for (int64_t i = 0; i < count; i++)
        spread += pow((double)sg_f32(known)[i] - (double)sg_f32(average)[i % values], 2);
    spread /= (double)sg_tensor_count(known);
    sg_tensor *difference = sg_subtract(sg_slice(styles, 0, 0, known->shape.size[0]), known);
    return sg_affine(sg_mean_all(sg_multiply(difference, difference)), 1 / (spread + 1e-8), 0);
}

/* Adds weight * term to a sum, either of which may be NULL. */
static sg_tensor *add_term(sg_tensor *sum, sg_tensor *term, double weight)
{
    if (!term)
        return sum;
    sg_tensor *weighted = sg_affine(term, weight, 0);
    return sum ? sg_add(sum, weighted) : weighted;
}

static void note(sg_statistics *statistics, sg_statistic which, const sg_tensor *value)
{
    if (value)
        sg_statistics_add(statistics, which, sg_tensor_value(value, 0));
}

/* Returns the peak signal-to-noise ratio of pictures [-1, 1] as 8 bits store them, in decibel; the
 * mean over samples. */
static double mean_psnr(const sg_tensor *found, const sg_tensor *wanted)
{
    const int64_t samples = wanted->shape.size[0];
    const int64_t values = sg_tensor_count(wanted) / samples;
    double sum = 0;
    for (int64_t n = 0; n < samples; n++) {
        double square = 1e-8;
        for (int64_t i = n * values; i < (n + 1) * values; i++) {
            const double clamped = fmax(-1, fmin(1, (double)sg_f32(found)[i]));
            square += pow(clamped - (double)sg_f32(wanted)[i], 2) / (double)values;
        }
        sum += 10 * log10(4 / square);
    }
    return sum / (double)samples;
}

/* Returns the losses of codes by their weights. */
static sg_tensor *losses_of_codes(sg_trainer *trainer, sg_tensor *codes, sg_tensor *styles,
                                  const encoded_batch *batch, int stage, sg_statistics *statistics)
{
    const sg_encoding_options *o = &trainer->options.encoding;
    sg_tensor *known =
        o->code_weight > 0 && batch->own > 0 ? code_loss(trainer, styles, batch->known) : NULL;
    sg_tensor *norm = o->norm_weight > 0 ? sg_loss_code_norm(codes) : NULL;
    sg_tensor *delta = o->delta_weight > 0 && o->encoder.kind == SG_ENCODER_E4E
                           ? sg_penalty_of_delta(codes, stage)
                           : NULL;
    note(statistics, SG_STATISTIC_CODE, known);
    sg_tensor *sum = add_term(NULL, known, o->code_weight);
    sum = add_term(sum, norm, o->norm_weight);
    return add_term(sum, delta, o->delta_weight);
}

sg_tensor *sg_encoding_loss(sg_trainer *trainer, sg_tensor *reals, sg_statistics *statistics)
{
    sg_comparison targets;
    sg_tensor *distances[SG_INVERT_LOSS_COUNT] = {NULL};
    sg_context *context = trainer->context;
    const int stage = sg_encoding_stage(&trainer->options.encoding, (double)trainer->images);
    const sg_encoder_pass pass = {.norm = {true, true}, .stage = stage};
    context->recording = false;
    const encoded_batch batch = draw_batch(trainer, reals);
    if (!batch.pictures || !take_targets(trainer, batch.pictures, &targets))
        return NULL;
    sg_parameter_set_require_gradient(sg_encoder_parameters(trainer->encoder), true);
    context->recording = true;
    sg_tensor *codes = sg_encoder_codes(trainer->encoder, batch.pictures, pass);
    sg_tensor *styles = sg_encoder_styles(trainer->encoder, codes);
    sg_tensor *painted = sg_generator_synthesize(trainer->painter, styles, as_stored);
    sg_tensor *loss = sg_comparison_distance(&targets, painted, distances);
    loss = add_term(losses_of_codes(trainer, codes, styles, &batch, stage, statistics), loss, 1);
    note(statistics, SG_STATISTIC_LOSS_E, loss);
    if (painted && !sg_is_hollow(context))
        sg_statistics_add(statistics, SG_STATISTIC_PSNR, mean_psnr(painted, batch.pictures));
    sg_comparison_clear(&targets);
    return loss;
}

void sg_encoding_score(sg_trainer *trainer, sg_tensor *pictures, sg_statistics *statistics)
{
    const sg_encoder_pass pass = {
        .stage = sg_encoding_stage(&trainer->options.encoding, (double)trainer->images)};
    trainer->context->recording = false;
    sg_tensor *codes = sg_encoder_codes(trainer->encoder, pictures, pass);
    const sg_tensor *painted = sg_generator_synthesize(
        trainer->painter, sg_encoder_styles(trainer->encoder, codes), as_stored);
    for (int64_t i = 0; painted && i < pictures->shape.size[0]; i++)
        sg_statistics_add(statistics, SG_STATISTIC_PSNR_HELD_OUT, mean_psnr(painted, pictures));
}
