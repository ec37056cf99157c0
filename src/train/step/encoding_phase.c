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
#include <string.h>

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

/* ---- the discriminator of w ---- */

/* Published values: R1 with gamma 10, in every 16th step at 16 times its weight. */
static const double latent_gamma = 10;
enum { LATENT_INTERVAL = 16, CHANCES = 5 /* for a sample */ };

/* Takes one w of each sample's first `codes` codes [N, L, w_dim], off the tape. */
static sg_tensor *pick_codes(const sg_tensor *styles, int64_t codes, const double *chances)
{
    const int64_t *size = styles->shape.size;
    sg_tensor *picked = sg_tensor_create(styles->context, SG_F32, SG_SHAPE(size[0], size[2]));
    for (int64_t n = 0; picked && !sg_is_hollow(styles->context) && n < size[0]; n++) {
        const int64_t code = (int64_t)(chances[n] * (double)codes);
        memcpy(sg_f32(picked) + n * size[2], sg_f32(styles) + (n * size[1] + code) * size[2],
               (size_t)size[2] * sizeof(float));
    }
    return picked;
}

/* Trains it on w of random latents and the encoder's present ones. */
static void train_judge(sg_trainer *trainer, const sg_tensor *styles, int64_t codes,
                        const double *chances, sg_statistics *statistics)
{
    sg_latent_judge *judge = trainer->latent_judge;
    const int64_t samples = styles->shape.size[0];
    const bool hollow = sg_is_hollow(trainer->context);
    const bool due = trainer->steps % LATENT_INTERVAL == 0 && trainer->part == 0;
    sg_tensor *z = sg_draw_normal(trainer, SG_DRAW_LATENTS, SG_PHASE_D_REG,
                                  SG_SHAPE(samples, trainer->options.generator.z_dim), 1);
    sg_tensor *labels = sg_draw_labels(trainer, SG_PHASE_D_REG, (int)samples);
    sg_tensor *reals = sg_generator_map(trainer->painter, z, labels);
    sg_tensor *fakes = pick_codes(styles, codes, chances);
    if (!hollow && reals && fakes) {
        reals = sg_latent_pool_query(&judge->reals, reals, chances + samples);
        fakes = sg_latent_pool_query(&judge->fakes, fakes, chances + 3 * samples);
    }
    const double loss =
        sg_latent_judge_step(judge, reals, fakes, due ? latent_gamma * LATENT_INTERVAL : 0);
    sg_statistics_add(statistics, SG_STATISTIC_LATENT_JUDGE, loss);
}

/* Trains the discriminator of w, and returns what it says of the styles; NULL: there is none. */
static sg_tensor *latent_loss(sg_trainer *trainer, sg_tensor *styles, int stage,
                              sg_statistics *statistics)
{
    if (!trainer->latent_judge || !styles)
        return NULL;
    sg_context *context = trainer->context;
    const int64_t *size = styles->shape.size;
    const int64_t codes = stage + 1 < size[1] ? stage + 1 : size[1];
    double *chances =
        sg_context_allocate(context, CHANCES * (size_t)size[0] * sizeof *chances, "random numbers");
    if (!chances)
        return NULL;
    sg_draw_chances(trainer, SG_DRAW_POOLS, SG_PHASE_D_MAIN, CHANCES * (size_t)size[0], chances);
    const size_t scope = sg_scope_open(context);
    context->recording = false;
    train_judge(trainer, styles, codes, chances, statistics);
    context->recording = true;
    sg_scope_close(context, scope, NULL);
    free(chances);
    sg_tensor *loss = sg_latent_judge_loss(trainer->latent_judge, styles, codes);
    note(statistics, SG_STATISTIC_LATENT, loss);
    return loss;
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
    loss = add_term(loss, latent_loss(trainer, styles, stage, statistics),
                    trainer->options.encoding.latent_weight);
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
