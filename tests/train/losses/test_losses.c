/*
 * Losses: their values by definition, and their gradients for elements of every parameter tensor
 * against central differences. R1's and the path length's are gradients of gradients.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "models/config_rules.h"
#include "ops/arithmetic.h"
#include "ops/gradient.h"
#include "ops/picture_scale.h"
#include "support/close.h"
#include "support/networks.h"
#include "support/tensors.h"
#include "support/wgan_gp.h"
#include "train/losses/losses.h"

enum { SAMPLES = 4, ELEMENTS = 3 };

static const sg_synthesis_options stored_noise = {.noise_mode = SG_NOISE_CONST};

/* Both networks with inputs for them, in double precision, and an augmentation of the inputs. */
typedef struct setting {
    sg_context *context;
    sg_generator *generator;
    sg_discriminator *discriminator;
    sg_tensor *z, *labels, *reals, *noise;
    sg_augment_spec augment;
    sg_augment_draws draws;
} setting;

static setting make_setting(sg_context *context, sg_architecture of_generator,
                            sg_architecture of_discriminator, int classes)
{
    const sg_generator_config g = tiny_generator_config(of_generator, 2, classes);
    const sg_discriminator_config d = tiny_discriminator_config(of_discriminator, 2, classes);
    setting s = {.context = context,
                 .generator = tiny_generator(context, &g, SG_F64, 31),
                 .discriminator = tiny_discriminator(context, &d, SG_F64, 32),
                 .z = random_tensor(context, SG_F64, SG_SHAPE(SAMPLES, 6), 33),
                 .labels = one_hot(context, SG_F64, SAMPLES, classes, 0),
                 .reals = random_tensor(context, SG_F64, SG_SHAPE(SAMPLES, 8, 8, 2), 34),
                 .noise = random_tensor(context, SG_F64, SG_SHAPE(SAMPLES, 8, 8, 2), 35)};
    for (int64_t i = 0; i < sg_tensor_count(s.noise); i++)
        sg_f64(s.noise)[i] /= 8;
    sg_random random = sg_random_stream(36, 0);
    assert_int_equal(sg_augment_spec_parse("bgc", "pipe", &s.augment, NULL), SG_OK);
    assert_int_equal(sg_augment_draws_random(&s.augment, (sg_augment_size){SAMPLES, 2, 8, 8},
                                             &random, &s.draws, NULL),
                     SG_OK);
    return s;
}

static void release_setting(setting *s)
{
    sg_generator_destroy(s->generator);
    sg_discriminator_destroy(s->discriminator);
    sg_augment_draws_free(&s->draws);
}

static sg_scorer augmented(const setting *s)
{
    return (sg_scorer){.discriminator = s->discriminator,
                       .augment = &s->augment,
                       .augment_p = 0.7,
                       .draws = s->draws};
}

static sg_tensor *mapped(const setting *s)
{
    return sg_generator_broadcast(s->generator, sg_generator_map(s->generator, s->z, s->labels));
}

static sg_tensor *fake_scores(const setting *s)
{
    sg_tensor *pictures = sg_generator_synthesize(s->generator, mapped(s), stored_noise);
    return sg_discriminator_score(s->discriminator, pictures, s->labels);
}

/* ---- the losses as functions of a network's parameters ---- */

static sg_tensor *g_main(const setting *s)
{
    return sg_adversarial_loss_of(SG_LOSS_LOGISTIC)->real(fake_scores(s));
}

static sg_tensor *d_main(const setting *s)
{
    return sg_add(sg_adversarial_loss_of(SG_LOSS_LOGISTIC)->fake(fake_scores(s)),
                  sg_adversarial_loss_of(SG_LOSS_LOGISTIC)
                      ->real(sg_discriminator_score(s->discriminator, s->reals, s->labels)));
}

static sg_tensor *r1(const setting *s)
{
    return sg_loss_r1(&(sg_scorer){.discriminator = s->discriminator}, s->reals, s->labels, 10,
                      NULL);
}

/* R1's gradient is that of the pictures before the pipe. */
static sg_tensor *r1_through_the_pipe(const setting *s)
{
    const sg_scorer scorer = augmented(s);
    return sg_loss_r1(&scorer, s->reals, s->labels, 10, NULL);
}

static sg_tensor *g_main_through_the_pipe(const setting *s)
{
    const sg_scorer scorer = augmented(s);
    sg_tensor *pictures = sg_generator_synthesize(s->generator, mapped(s), stored_noise);
    return sg_adversarial_loss_of(SG_LOSS_LOGISTIC)
        ->generator(sg_score(&scorer, pictures, s->labels));
}

static const sg_gradient_penalty penalty = {.weight = 10, .drift = 0.5};

static sg_tensor *wgan_gp_with_norms(const setting *s, sg_tensor **norms)
{
    static const double shares[SAMPLES] = {0.1, 0.9, 0.5, 0.3};
    sg_tensor *mix = leaf_of(s->context, SG_SHAPE(SAMPLES, 1, 1, 1), shares);
    return wgan_gp_loss(&(sg_scorer){.discriminator = s->discriminator}, s->reals, s->noise,
                        s->labels, mix, &penalty, norms);
}

/* The noise takes the part of generated pictures. */
static sg_tensor *wgan_gp(const setting *s)
{
    return wgan_gp_with_norms(s, NULL);
}

static sg_tensor *path_length(const setting *s)
{
    sg_path_length state = {.mean = 0.3, .decay = 0.1, .weight = 2};
    sg_tensor *ws = mapped(s);
    sg_tensor *pictures = sg_generator_synthesize(s->generator, ws, stored_noise);
    return sg_loss_path_length(pictures, ws, s->noise, &state);
}

/* ---- further losses ---- */

static sg_tensor *scores_of(const setting *s, sg_tensor *pictures)
{
    return sg_discriminator_score(s->discriminator, pictures, s->labels);
}

/* Huang et al. 2024, equation 2, with f(t) = -log(1 + e^-t): each network's own side. */
static sg_tensor *rpgan_generator(const setting *s)
{
    return sg_adversarial_loss_of(SG_LOSS_RPGAN)
        ->generator(sg_subtract(fake_scores(s), scores_of(s, s->reals)));
}

static sg_tensor *rpgan_discriminator(const setting *s)
{
    const sg_scorer scorer = {.discriminator = s->discriminator};
    sg_tensor *loss = sg_adversarial_loss_of(SG_LOSS_RPGAN)
                          ->real(sg_subtract(scores_of(s, s->reals), scores_of(s, s->noise)));
    loss = sg_add(loss, sg_loss_r1(&scorer, s->reals, s->labels, 3, NULL));
    return sg_add(loss, sg_loss_r1(&scorer, s->noise, s->labels, 3, NULL));
}

static sg_tensor *top_two(const setting *s)
{
    sg_tensor *scores = fake_scores(s);
    return sg_adversarial_loss_of(SG_LOSS_LOGISTIC)->generator(sg_pick_best(scores, scores, 2));
}

/* The noise takes the part of generated pictures. */
static sg_tensor *logistic_with_penalty(const setting *s)
{
    const sg_adversarial_loss *logistic = sg_adversarial_loss_of(SG_LOSS_LOGISTIC);
    sg_tensor *loss =
        sg_add(logistic->fake(scores_of(s, s->noise)), logistic->real(scores_of(s, s->reals)));
    return sg_add(loss, sg_loss_gradient_penalty(&(sg_scorer){.discriminator = s->discriminator},
                                                 s->noise, s->labels, 10, NULL));
}

/* The same numbers in each call. */
static sg_tensor *noisy(const setting *s)
{
    const sg_scorer scorer = {
        .discriminator = s->discriminator, .noise_sigma = 0.4, .noise = sg_random_stream(3, 4)};
    sg_tensor *loss =
        sg_adversarial_loss_of(SG_LOSS_LOGISTIC)->real(sg_score(&scorer, s->reals, s->labels));
    return sg_add(loss, sg_loss_r1(&scorer, s->reals, s->labels, 2, NULL));
}

static sg_tensor *noisy_generator(const setting *s)
{
    const sg_scorer scorer = {
        .discriminator = s->discriminator, .noise_sigma = 0.4, .noise = sg_random_stream(3, 4)};
    sg_tensor *pictures = sg_generator_synthesize(s->generator, mapped(s), stored_noise);
    return sg_adversarial_loss_of(SG_LOSS_LOGISTIC)
        ->generator(sg_score(&scorer, pictures, s->labels));
}

typedef struct loss_case {
    const char *name;
    sg_tensor *(*compute)(const setting *s);
    bool of_generator;
} loss_case;

static const loss_case losses[] = {{"G_main", g_main, true},
                                   {"D_main", d_main, false},
                                   {"R1", r1, false},
                                   {"augmented G_main", g_main_through_the_pipe, true},
                                   {"augmented R1", r1_through_the_pipe, false},
                                   {"WGAN-GP", wgan_gp, false},
                                   {"path length", path_length, true}};
static const loss_case further[] = {{"RpGAN of G", rpgan_generator, true},
                                    {"RpGAN of D", rpgan_discriminator, false},
                                    {"top-k", top_two, true},
                                    {"logistic with penalty", logistic_with_penalty, false},
                                    {"instance noise of D", noisy, false},
                                    {"instance noise of G", noisy_generator, true}};

/* ---- the check ---- */

static double value_of(const loss_case *tested, const setting *s)
{
    size_t scope = sg_scope_open(s->context);
    const sg_tensor *loss = tested->compute(s);
    if (!loss)
        fail_msg("%s: %s", tested->name, s->context->error.message);
    const double value = sg_tensor_value(loss, 0);
    sg_scope_close(s->context, scope, NULL);
    return value;
}

/* The derivative at one element; the step fits mapping weights too, which are near 100. */
static double derivative(const loss_case *tested, const setting *s, sg_tensor *tensor,
                         int64_t element)
{
    const double value = sg_tensor_value(tensor, element);
    const double step = 1e-5 * fmax(1, fabs(value));
    double ends[2];
    for (int i = 0; i < 2; i++) {
        sg_tensor_set_value(tensor, element, i ? value - step : value + step);
        sg_tensor_touch(tensor);
        ends[i] = value_of(tested, s);
    }
    sg_tensor_set_value(tensor, element, value);
    sg_tensor_touch(tensor);
    return (ends[0] - ends[1]) / (2 * step);
}

/* Compares a few elements, spread over the tensor; true when some derivative is not zero. */
static bool compare(const loss_case *tested, const setting *s, const sg_parameter *parameter,
                    const sg_tensor *gradient)
{
    const int64_t count = sg_tensor_count(parameter->tensor);
    int64_t elements[ELEMENTS];
    double derivatives[ELEMENTS];
    double largest = 0;
    for (int i = 0; i < ELEMENTS; i++) {
        elements[i] = (i * 2 + 1) * count / (2 * ELEMENTS);
        derivatives[i] = derivative(tested, s, parameter->tensor, elements[i]);
        largest = fmax(largest, fabs(derivatives[i]));
    }
    for (int i = 0; i < ELEMENTS; i++) {
        const double found = gradient ? sg_tensor_value(gradient, elements[i]) : 0;
        if (!(fabs(found - derivatives[i]) <= 2e-6 * (fabs(derivatives[i]) + largest) + 1e-9))
            fail_msg("%s: the gradient for element %lld of %s is %.10g, differences say %.10g",
                     tested->name, (long long)elements[i], parameter->name, found, derivatives[i]);
    }
    return largest > 1e-7;
}

static void assert_loss_gradients(const loss_case *tested, const setting *s)
{
    sg_parameter_set *g = sg_generator_parameters(s->generator);
    sg_parameter_set *d = sg_discriminator_parameters(s->discriminator);
    const sg_parameter_set *set = tested->of_generator ? g : d;
    sg_parameter_set_require_gradient(g, tested->of_generator);
    sg_parameter_set_require_gradient(d, !tested->of_generator);
    sg_tensor **inputs = calloc(2 * set->count, sizeof *inputs);
    assert_non_null(inputs);
    sg_tensor **gradients = inputs + set->count;
    size_t count = 0;
    for (size_t i = 0; i < set->count; i++)
        if (set->items[i].trainable)
            inputs[count++] = set->items[i].tensor;
    assert_int_equal(
        sg_gradient(tested->compute(s), NULL, inputs, count, (sg_gradient_options){0}, gradients),
        SG_OK);
    size_t at = 0;
    size_t moving = 0;
    for (size_t i = 0; i < set->count; i++)
        if (set->items[i].trainable)
            moving += compare(tested, s, &set->items[i], gradients[at++]);
    /* Few do not matter to a loss: biases after the last activation have no part in R1. */
    assert_true(moving + 6 >= count);
    free(inputs);
}

static void assert_all_gradients(sg_context *context, sg_architecture of_generator,
                                 sg_architecture of_discriminator, int classes,
                                 const loss_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        setting s = make_setting(context, of_generator, of_discriminator, classes);
        assert_loss_gradients(&cases[i], &s);
        release_setting(&s);
        sg_scope_close(context, 0, NULL);
    }
}

#define ALL(cases) cases, sizeof(cases) / sizeof *(cases)

static void gradients_are_right_as_published(void **state)
{
    assert_all_gradients(*state, SG_ARCHITECTURE_SKIP, SG_ARCHITECTURE_RESNET, 0, ALL(losses));
}

static void gradients_are_right_with_labels(void **state)
{
    assert_all_gradients(*state, SG_ARCHITECTURE_RESNET, SG_ARCHITECTURE_SKIP, 3, ALL(losses));
}

static void gradients_of_further_losses_are_right(void **state)
{
    assert_all_gradients(*state, SG_ARCHITECTURE_SKIP, SG_ARCHITECTURE_RESNET, 2, ALL(further));
}

static void gradients_are_right_without_shortcuts(void **state)
{
    assert_all_gradients(*state, SG_ARCHITECTURE_ORIG, SG_ARCHITECTURE_ORIG, 0, ALL(losses));
}

/* ---- values ---- */

static double sum_of_scores(const setting *s, const sg_scorer *scorer)
{
    size_t scope = sg_scope_open(s->context);
    const sg_tensor *scores = sg_score(scorer, s->reals, s->labels);
    double sum = 0;
    for (int64_t i = 0; i < SAMPLES; i++)
        sum += sg_tensor_value(scores, i);
    sg_scope_close(s->context, scope, NULL);
    return sum;
}

static void check_r1(const setting *s, const sg_scorer *scorer)
{
    sg_score_slopes slopes = {0};
    const double loss = sg_tensor_value(sg_loss_r1(scorer, s->reals, NULL, 10, &slopes), 0);
    const sg_tensor *inner = slopes.gradient;
    double squares = 0;
    assert_non_null(inner);
    for (int64_t i = 0; i < sg_tensor_count(inner); i++)
        squares += pow(sg_tensor_value(inner, i), 2);
    assert_close(loss, 10.0 / 2 * squares / SAMPLES, 1e-12 * loss);
    for (int64_t i = 0; i < sg_tensor_count(inner); i += 37) {
        const double value = sg_tensor_value(s->reals, i);
        sg_tensor_set_value(s->reals, i, value + 1e-5);
        const double above = sum_of_scores(s, scorer);
        sg_tensor_set_value(s->reals, i, value - 1e-5);
        const double below = sum_of_scores(s, scorer);
        sg_tensor_set_value(s->reals, i, value);
        assert_close(sg_tensor_value(inner, i), (above - below) / 2e-5, 1e-7);
    }
}

static void r1_is_the_squared_gradient_for_the_pictures(void **state)
{
    setting s = make_setting(*state, SG_ARCHITECTURE_SKIP, SG_ARCHITECTURE_RESNET, 0);
    const sg_scorer plain = {.discriminator = s.discriminator};
    const sg_scorer piped = augmented(&s);
    check_r1(&s, &plain);
    check_r1(&s, &piped);
    release_setting(&s);
}

/* The norm of the derivatives of one picture's score by differences. */
static double norm_by_differences(const setting *s, const sg_tensor *pictures, int64_t n)
{
    setting moved = *s;
    const sg_scorer scorer = {.discriminator = s->discriminator};
    double squares = 0;
    moved.reals = sg_tensor_detach(pictures);
    for (int64_t i = n * 128; i < (n + 1) * 128; i++) {
        const double value = sg_tensor_value(pictures, i);
        sg_tensor_set_value(moved.reals, i, value + 1e-5);
        const double above = sum_of_scores(&moved, &scorer);
        sg_tensor_set_value(moved.reals, i, value - 1e-5);
        squares += pow((above - sum_of_scores(&moved, &scorer)) / 2e-5, 2);
        sg_tensor_set_value(moved.reals, i, value);
    }
    return sqrt(squares);
}

static void wgan_gp_follows_the_paper(void **state)
{
    setting s = make_setting(*state, SG_ARCHITECTURE_SKIP, SG_ARCHITECTURE_RESNET, 0);
    static const double shares[SAMPLES] = {0.1, 0.9, 0.5, 0.3};
    sg_tensor *norms = NULL;
    sg_tensor *mixed = sg_tensor_create(s.context, SG_F64, s.reals->shape);
    const sg_tensor *loss = wgan_gp_with_norms(&s, &norms);
    const sg_tensor *real = sg_discriminator_score(s.discriminator, s.reals, NULL);
    const sg_tensor *fake = sg_discriminator_score(s.discriminator, s.noise, NULL);
    double expected = 0;
    assert_non_null(norms);
    for (int64_t i = 0; i < sg_tensor_count(mixed); i++) {
        const double share = shares[i / 128];
        sg_tensor_set_value(mixed, i,
                            (1 - share) * sg_tensor_value(s.reals, i) +
                                share * sg_tensor_value(s.noise, i));
    }
    for (int64_t n = 0; n < SAMPLES; n++) {
        const double norm = norm_by_differences(&s, mixed, n);
        const double score = sg_tensor_value(real, n);
        assert_close(sg_tensor_value(norms, n), norm, 1e-7);
        expected += sg_tensor_value(fake, n) - score + 10 * pow(norm - 1, 2) + 0.5 * score * score;
    }
    assert_close(sg_tensor_value(loss, 0), expected / SAMPLES, 1e-6);
    release_setting(&s);
}

/* A root's derivative at zero is infinite, which must not make a flat score's gradient a NaN. */
static void a_flat_score_has_a_finite_penalty(void **state)
{
    setting s = make_setting(*state, SG_ARCHITECTURE_SKIP, SG_ARCHITECTURE_RESNET, 0);
    sg_parameter_set *set = sg_discriminator_parameters(s.discriminator);
    sg_tensor *weight = sg_parameter_find(set, "b4.out.weight")->tensor;
    sg_tensor *gradient = NULL;
    for (int64_t i = 0; i < sg_tensor_count(weight); i++)
        sg_tensor_set_value(weight, i, 0);
    sg_tensor_touch(weight);
    sg_parameter_set_require_gradient(set, true);
    sg_tensor *loss = sg_loss_gradient_penalty(&(sg_scorer){.discriminator = s.discriminator},
                                               s.reals, NULL, 10, NULL);
    assert_close(sg_tensor_value(loss, 0), 10, 1e-9);
    assert_int_equal(sg_gradient(loss, NULL, &weight, 1, (sg_gradient_options){0}, &gradient),
                     SG_OK);
    for (int64_t i = 0; i < sg_tensor_count(weight); i++)
        assert_true(isfinite(sg_tensor_value(gradient, i)));
    release_setting(&s);
}

/* sum(picture * noise) of sample n. */
static double projection(const setting *s, sg_tensor *ws, int64_t n)
{
    size_t scope = sg_scope_open(s->context);
    const sg_tensor *pictures = sg_generator_synthesize(s->generator, ws, stored_noise);
    double sum = 0;
    for (int64_t i = n * 128; i < (n + 1) * 128; i++)
        sum += sg_tensor_value(pictures, i) * sg_tensor_value(s->noise, i);
    sg_scope_close(s->context, scope, NULL);
    return sum;
}

/* sqrt(mean over inputs of the squared norm of the derivatives for w), by differences. */
static double plain_length(const setting *s, sg_tensor *ws, int64_t n)
{
    double squares = 0;
    for (int64_t i = n * 20; i < (n + 1) * 20; i++) {
        const double value = sg_tensor_value(ws, i);
        sg_tensor_set_value(ws, i, value + 1e-5);
        const double above = projection(s, ws, n);
        sg_tensor_set_value(ws, i, value - 1e-5);
        squares += pow((above - projection(s, ws, n)) / 2e-5, 2);
        sg_tensor_set_value(ws, i, value);
    }
    return sqrt(squares / 4);
}

/* Pairs by the formula of the paper: the mean of -f, f(t) = -log(1 + e^-t), and each penalty as
 * half of gamma times the mean squared norm of the score's gradient. */
static void rpgan_follows_the_paper(void **state)
{
    setting s = make_setting(*state, SG_ARCHITECTURE_SKIP, SG_ARCHITECTURE_RESNET, 0);
    const sg_tensor *real = scores_of(&s, s.reals);
    const sg_tensor *other = scores_of(&s, s.noise);
    const sg_tensor *fake = fake_scores(&s);
    double of_generator = 0;
    double of_discriminator = 0;
    for (int64_t n = 0; n < SAMPLES; n++) {
        of_generator += log1p(exp(sg_tensor_value(real, n) - sg_tensor_value(fake, n))) / SAMPLES;
        of_discriminator +=
            log1p(exp(sg_tensor_value(other, n) - sg_tensor_value(real, n))) / SAMPLES;
        of_discriminator += 3.0 / 2 * pow(norm_by_differences(&s, s.reals, n), 2) / SAMPLES;
        of_discriminator += 3.0 / 2 * pow(norm_by_differences(&s, s.noise, n), 2) / SAMPLES;
    }
    assert_close(sg_tensor_value(rpgan_generator(&s), 0), of_generator, 1e-12);
    assert_close(sg_tensor_value(rpgan_discriminator(&s), 0), of_discriminator, 1e-6);
    release_setting(&s);
}

/* Cross-entropy with lambda times the mean of (norm - 1)^2 at generated pictures. */
static void the_penalty_goes_with_cross_entropy(void **state)
{
    setting s = make_setting(*state, SG_ARCHITECTURE_SKIP, SG_ARCHITECTURE_RESNET, 0);
    const sg_tensor *real = scores_of(&s, s.reals);
    const sg_tensor *fake = scores_of(&s, s.noise);
    double expected = 0;
    for (int64_t n = 0; n < SAMPLES; n++) {
        const double real_sigmoid = 1 / (1 + exp(-sg_tensor_value(real, n)));
        const double fake_sigmoid = 1 / (1 + exp(-sg_tensor_value(fake, n)));
        expected -= (log(real_sigmoid) + log(1 - fake_sigmoid)) / SAMPLES;
        expected += 10 * pow(norm_by_differences(&s, s.noise, n) - 1, 2) / SAMPLES;
    }
    assert_close(sg_tensor_value(logistic_with_penalty(&s), 0), expected, 1e-6);
    release_setting(&s);
}

/* A growing discriminator of 16x16 pictures, in double precision. */
static sg_discriminator *growing_discriminator(sg_context *context, double lod)
{
    sg_discriminator_config config = sg_discriminator_config_of_family(SG_STYLEGAN1);
    config.img_resolution = 16;
    config.img_channels = 2;
    config.channel_base = 64;
    config.channel_max = 4;
    sg_discriminator *discriminator = tiny_discriminator(context, &config, SG_F64, 51);
    sg_discriminator_set_lod(discriminator, lod);
    return discriminator;
}

/* Pictures at the current resolution give the losses of the same pictures at the full one. */
static void small_pictures_stand_for_enlarged_ones(void **state)
{
    sg_context *context = *state;
    for (int level = 1; level <= 2; level++) {
        const int side = 16 >> level;
        const sg_scorer scorer = {.discriminator = growing_discriminator(context, level + 0.4)};
        sg_tensor *reals = random_tensor(context, SG_F64, SG_SHAPE(SAMPLES, side, side, 2), 52);
        sg_tensor *fakes = random_tensor(context, SG_F64, SG_SHAPE(SAMPLES, side, side, 2), 53);
        sg_tensor *mix = sg_tensor_full(context, SG_F64, SG_SHAPE(SAMPLES, 1, 1, 1), 0.3);
        sg_tensor *norms[2];
        double derivatives[2];
        double distances[2];
        for (int i = 0; i < 2; i++) {
            derivatives[i] = sg_tensor_value(sg_loss_r1(&scorer, reals, NULL, 10, NULL), 0);
            distances[i] = sg_tensor_value(
                wgan_gp_loss(&scorer, reals, fakes, NULL, mix, &penalty, &norms[i]), 0);
            reals = sg_enlarge_nearest(reals, 1 << level);
            fakes = sg_enlarge_nearest(fakes, 1 << level);
        }
        assert_true(derivatives[0] > 1e-9);
        assert_close(derivatives[0], derivatives[1], 1e-10 * derivatives[1]);
        assert_close(distances[0], distances[1], 1e-10 * fabs(distances[1]));
        assert_close(sg_tensor_value(norms[0], 1), sg_tensor_value(norms[1], 1), 1e-10);
        sg_discriminator_destroy(scorer.discriminator);
    }
}

static void path_lengths_follow_the_paper(void **state)
{
    setting s = make_setting(*state, SG_ARCHITECTURE_SKIP, SG_ARCHITECTURE_RESNET, 0);
    sg_tensor *ws = random_leaf(s.context, SG_F64, SG_SHAPE(SAMPLES, 4, 5), 36);
    sg_path_length path = {.mean = 0.3, .decay = 0.1, .weight = 2};
    sg_tensor *pictures = sg_generator_synthesize(s.generator, ws, stored_noise);
    const sg_tensor *loss = sg_loss_path_length(pictures, ws, s.noise, &path);
    double lengths[SAMPLES];
    double mean = 0;
    double expected = 0;
    assert_non_null(loss);
    for (int64_t n = 0; n < SAMPLES; n++) {
        lengths[n] = plain_length(&s, ws, n);
        assert_close(sg_tensor_value(path.lengths, n), lengths[n], 1e-7);
        mean += lengths[n] / SAMPLES;
    }
    const double moved = 0.9 * 0.3 + 0.1 * mean;
    for (int64_t n = 0; n < SAMPLES; n++)
        expected += 2 * pow(lengths[n] - moved, 2) / SAMPLES;
    assert_close(path.mean, moved, 1e-7);
    assert_close(sg_tensor_value(loss, 0), expected, 1e-6);
    release_setting(&s);
}

static void failures_pass_through(void **state)
{
    setting s = make_setting(*state, SG_ARCHITECTURE_SKIP, SG_ARCHITECTURE_RESNET, 0);
    sg_path_length path = {.mean = 0.3, .decay = 0.1, .weight = 2};
    sg_tensor *wrong = random_tensor(s.context, SG_F64, SG_SHAPE(SAMPLES, 8, 8, 3), 1);
    assert_refused(s.context,
                   sg_loss_r1(&(sg_scorer){.discriminator = s.discriminator}, wrong, NULL, 1, NULL),
                   SG_ERROR_SHAPE);
    assert_null(sg_adversarial_loss_of(SG_LOSS_LOGISTIC)->real(NULL));
    assert_null(sg_adversarial_loss_of(SG_LOSS_LOGISTIC)->fake(NULL));
    assert_null(sg_loss_path_length(NULL, NULL, NULL, &path));
    assert_close(path.mean, 0.3, 0);
    sg_context_take_error(s.context, NULL);
    release_setting(&s);
}

#define WITH_CONTEXT(test) cmocka_unit_test_setup_teardown(test, context_setup, context_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_CONTEXT(gradients_are_right_as_published),
        WITH_CONTEXT(gradients_are_right_with_labels),
        WITH_CONTEXT(gradients_are_right_without_shortcuts),
        WITH_CONTEXT(gradients_of_further_losses_are_right),
        WITH_CONTEXT(r1_is_the_squared_gradient_for_the_pictures),
        WITH_CONTEXT(wgan_gp_follows_the_paper),
        WITH_CONTEXT(rpgan_follows_the_paper),
        WITH_CONTEXT(the_penalty_goes_with_cross_entropy),
        WITH_CONTEXT(a_flat_score_has_a_finite_penalty),
        WITH_CONTEXT(small_pictures_stand_for_enlarged_ones),
        WITH_CONTEXT(path_lengths_follow_the_paper),
        WITH_CONTEXT(failures_pass_through),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
