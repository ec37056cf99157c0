/* Training steps: which phases run, that a step repeats exactly, labels, and that networks learn.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/parallel.h"
#include "base/pool.h"
#include "optim/ema.h"
#include "optim/gradients.h"
#include "support/close.h"
#include "support/networks.h"
#include "support/numbers.h"
#include "support/parameters.h"
#include "support/tensors.h"
#include "train/step/trainer.h"

static sg_trainer_options tiny_options(int classes)
{
    sg_trainer_options options = sg_trainer_options_default();
    options.generator = tiny_generator_config(SG_ARCHITECTURE_SKIP, 2, classes);
    options.discriminator = tiny_discriminator_config(SG_ARCHITECTURE_RESNET, 2, classes);
    options.batch = 4;
    options.seed = 5;
    return options;
}

static sg_trainer *create(sg_context *context, const sg_trainer_options *options,
                          const sg_label_shares *labels)
{
    context->recording = false;
    sg_trainer *trainer = sg_trainer_create(context, options, labels);
    if (!trainer)
        fail_msg("%s", context->error.message);
    return trainer;
}

/* `steps` steps on random pictures; real labels, if any, are all class 1. */
static void train(sg_trainer *trainer, const sg_trainer_options *options, int steps,
                  sg_statistics *statistics)
{
    const int classes = options->generator.c_dim;
    float *reals = random_floats(options->batch * 128, 40);
    float *labels = calloc((size_t)(options->batch * classes) + 1, sizeof *labels);
    assert_non_null(labels);
    for (int i = 0; i < options->batch && classes; i++)
        labels[i * classes + 1] = 1;
    for (int i = 0; i < steps; i++) {
        const sg_status status =
            sg_trainer_step(trainer, reals, classes ? labels : NULL, statistics);
        assert_int_equal(status, SG_OK);
    }
    free(reals);
    free(labels);
}

static bool same_parameters(const sg_parameter_set *a, const sg_parameter_set *b)
{
    assert_int_equal(a->count, b->count);
    for (size_t i = 0; i < a->count; i++)
        if (memcmp(sg_f32(a->items[i].tensor), sg_f32(b->items[i].tensor),
                   (size_t)sg_tensor_count(a->items[i].tensor) * sizeof(float)) != 0)
            return false;
    return true;
}

static bool same_networks(sg_trainer *a, sg_trainer *b)
{
    return same_parameters(sg_generator_parameters(sg_trainer_networks_of(a).generator),
                           sg_generator_parameters(sg_trainer_networks_of(b).generator)) &&
           same_parameters(sg_generator_parameters(sg_trainer_networks_of(a).average),
                           sg_generator_parameters(sg_trainer_networks_of(b).average)) &&
           same_parameters(sg_discriminator_parameters(sg_trainer_networks_of(a).discriminator),
                           sg_discriminator_parameters(sg_trainer_networks_of(b).discriminator));
}

static uint64_t count_of(const sg_statistics *statistics, sg_statistic which)
{
    return statistics->moments[which].count;
}

static void phases_run_when_they_are_due(void **state)
{
    sg_trainer_options options = tiny_options(0);
    options.g_interval = 2;
    options.d_interval = 3;
    sg_trainer *trainer = create(*state, &options, NULL);
    for (int step = 0; step < 7; step++) {
        sg_statistics statistics = {0};
        train(trainer, &options, 1, &statistics);
        assert_int_equal(count_of(&statistics, SG_STATISTIC_LOSS_G), 1);
        assert_int_equal(count_of(&statistics, SG_STATISTIC_LOSS_D), 1);
        assert_int_equal(count_of(&statistics, SG_STATISTIC_LOSS_G_REG), step % 2 == 0);
        assert_int_equal(count_of(&statistics, SG_STATISTIC_LOSS_D_REG), step % 3 == 0);
        assert_int_equal(count_of(&statistics, SG_STATISTIC_SCORES_REAL), step % 3 == 0 ? 8 : 4);
        assert_int_equal(count_of(&statistics, SG_STATISTIC_SCORES_FAKE), 8);
        assert_int_equal(sg_trainer_counters_of(trainer).steps, step + 1);
        assert_int_equal(sg_trainer_images(trainer), 4 * (step + 1));
    }
    sg_trainer_destroy(trainer);
}

static void weights_of_zero_leave_regularisers_out(void **state)
{
    sg_trainer_options options = tiny_options(0);
    options.gamma = 0;
    options.pl_weight = 0;
    sg_trainer *trainer = create(*state, &options, NULL);
    sg_statistics statistics = {0};
    train(trainer, &options, 1, &statistics);
    assert_int_equal(count_of(&statistics, SG_STATISTIC_LOSS_G_REG), 0);
    assert_int_equal(count_of(&statistics, SG_STATISTIC_LOSS_D_REG), 0);
    sg_trainer_destroy(trainer);
}

static void r1_without_an_interval_is_part_of_every_main_phase(void **state)
{
    sg_trainer_options options = tiny_options(0);
    sg_trainer *trainers[2];
    options.d_interval = 0;
    for (int i = 0; i < 2; i++) {
        options.gamma = i ? 10 : 0;
        sg_statistics statistics = {0};
        trainers[i] = create(*state, &options, NULL);
        train(trainers[i], &options, 2, &statistics);
        assert_int_equal(count_of(&statistics, SG_STATISTIC_LOSS_D_REG), i ? 2 : 0);
        assert_int_equal(sg_optimiser_steps(sg_trainer_networks_of(trainers[i]).d_optimiser), 2);
    }
    assert_false(same_networks(trainers[0], trainers[1]));
    for (int i = 0; i < 2; i++)
        sg_trainer_destroy(trainers[i]);
}

static void phases_have_the_official_names(void **state)
{
    (void)state;
    static const char *const names[] = {"Gmain", "Greg", "Dmain", "Dreg"};
    for (int i = 0; i < SG_PHASE_COUNT; i++)
        assert_string_equal(sg_phase_name((sg_phase)i), names[i]);
}

static void equal_options_give_equal_bytes(void **state)
{
    sg_trainer_options options = tiny_options(3);
    sg_trainer *trainers[3];
    sg_statistics statistics[3] = {0};
    for (int i = 0; i < 3; i++) {
        options.seed = i == 2 ? 6 : 5;
        trainers[i] = create(*state, &options, NULL);
        train(trainers[i], &options, 3, &statistics[i]);
    }
    assert_true(same_networks(trainers[0], trainers[1]));
    assert_memory_equal(&statistics[0], &statistics[1], sizeof statistics[0]);
    assert_false(same_networks(trainers[0], trainers[2]));
    for (int i = 0; i < 3; i++)
        sg_trainer_destroy(trainers[i]);
}

static void steps_leave_no_memory_behind(void **state)
{
    sg_context *context = *state;
    const sg_trainer_options options = tiny_options(0);
    sg_trainer *trainer = create(context, &options, NULL);
    sg_statistics statistics = {0};
    train(trainer, &options, 1, &statistics);
    const size_t before = context->scope_count;
    train(trainer, &options, 2, &statistics);
    assert_int_equal(context->scope_count, before);
    assert_false(context->recording);
    sg_trainer_destroy(trainer);
    assert_int_equal(sg_pool_bytes_in_use(context->pool), 0);
}

/* The largest change of a trainable value since `before` (values of all tensors in a row). */
static double largest_change(const sg_parameter_set *set, const float *before)
{
    double largest = 0;
    for (size_t i = 0; i < set->count; i++) {
        const int64_t count = sg_tensor_count(set->items[i].tensor);
        for (int64_t k = 0; k < count; k++, before++)
            if (set->items[i].trainable)
                largest = fmax(largest, fabs((double)(sg_f32(set->items[i].tensor)[k] - *before)));
    }
    return largest;
}

static float *copy_values(const sg_parameter_set *set)
{
    int64_t total = 0;
    for (size_t i = 0; i < set->count; i++)
        total += sg_tensor_count(set->items[i].tensor);
    float *values = malloc((size_t)total * sizeof *values);
    assert_non_null(values);
    for (size_t i = 0, at = 0; i < set->count; i++) {
        const size_t count = (size_t)sg_tensor_count(set->items[i].tensor);
        memcpy(values + at, sg_f32(set->items[i].tensor), count * sizeof *values);
        at += count;
    }
    return values;
}

/* Adam's first step moves a value by its rate; lazy regularisation makes that
 * interval/(interval+1). */
static void first_steps_have_the_lazy_rate(void **state)
{
    const sg_trainer_options options = tiny_options(0);
    sg_trainer *trainer = create(*state, &options, NULL);
    const sg_parameter_set *g = sg_generator_parameters(sg_trainer_networks_of(trainer).generator);
    const sg_parameter_set *d =
        sg_discriminator_parameters(sg_trainer_networks_of(trainer).discriminator);
    sg_statistics statistics = {0};
    float *g_before = copy_values(g);
    float *d_before = copy_values(d);
    float *reals = random_floats(4 * 128, 40);
    assert_int_equal(sg_trainer_run_phase(trainer, SG_PHASE_G_MAIN, NULL, NULL, &statistics), 0);
    /* Mapping weights of some hundreds hold the change to 1e-5 only. */
    assert_close(largest_change(g, g_before), 0.002 * 4 / 5, 2e-5);
    assert_close(largest_change(d, d_before), 0, 0);
    free(g_before);
    g_before = copy_values(g);
    assert_int_equal(sg_trainer_run_phase(trainer, SG_PHASE_D_MAIN, reals, NULL, &statistics), 0);
    assert_close(largest_change(d, d_before), 0.002 * 16 / 17, 2e-5);
    assert_close(largest_change(g, g_before), 0, 0);
    free(g_before);
    free(d_before);
    free(reals);
    sg_trainer_destroy(trainer);
}

static void averages_follow_the_generator(void **state)
{
    const sg_trainer_options options = tiny_options(0);
    sg_trainer *trainer = create(*state, &options, NULL);
    const sg_parameter_set *g = sg_generator_parameters(sg_trainer_networks_of(trainer).generator);
    const sg_parameter_set *average =
        sg_generator_parameters(sg_trainer_networks_of(trainer).average);
    const sg_tensor *now = parameter_named(g, "synthesis.b4.const");
    const sg_tensor *mean = parameter_named(average, "synthesis.b4.const");
    assert_true(same_parameters(g, average));
    sg_statistics statistics = {0};
    double expected = sg_tensor_value(mean, 3);
    for (int step = 1; step <= 3; step++) {
        train(trainer, &options, 1, &statistics);
        const double decay = sg_ema_decay(4, options.ema_kimg, options.ema_rampup, 4 * (step - 1));
        expected = sg_tensor_value(now, 3) + (expected - sg_tensor_value(now, 3)) * decay;
        assert_close(sg_tensor_value(mean, 3), expected, 1e-6);
    }
    const sg_tensor *w_avg = parameter_named(g, "mapping.w_avg");
    assert_true(sg_tensor_value(w_avg, 0) != 0);
    assert_tensors_near("w_avg", parameter_named(average, "mapping.w_avg"), w_avg, 0);
    sg_trainer_destroy(trainer);
}

static bool column_changed(const sg_tensor *weight, const float *before, int column, int columns)
{
    for (int64_t i = column; i < sg_tensor_count(weight); i += columns)
        if (sg_f32(weight)[i] != before[i])
            return true;
    return false;
}

/* The embedding's column of a class that never occurs gets no gradient. */
static void labels_are_drawn_as_often_as_they_occur(void **state)
{
    static const uint64_t counts[] = {0, 50, 0, 7};
    const sg_trainer_options options = tiny_options(4);
    const sg_label_shares shares = {.rows = 4, .counts = counts};
    sg_trainer *trainer = create(*state, &options, &shares);
    const sg_tensor *weights[] = {
        parameter_named(sg_generator_parameters(sg_trainer_networks_of(trainer).generator),
                        "mapping.embed.weight"),
        parameter_named(sg_discriminator_parameters(sg_trainer_networks_of(trainer).discriminator),
                        "mapping.embed.weight")};
    float before[2][32];
    for (int i = 0; i < 2; i++) {
        assert_true(sg_tensor_count(weights[i]) <= 32);
        memcpy(before[i], sg_f32(weights[i]), (size_t)sg_tensor_count(weights[i]) * 4);
    }
    sg_statistics statistics = {0};
    train(trainer, &options, 8, &statistics);
    for (int i = 0; i < 2; i++)
        for (int label = 0; label < 4; label++)
            assert_int_equal(column_changed(weights[i], before[i], label, 4), counts[label] > 0);
    sg_trainer_destroy(trainer);
}

static void batches_of_one_work(void **state)
{
    sg_trainer_options options = tiny_options(0);
    options.batch = 1;
    sg_trainer *trainer = create(*state, &options, NULL);
    sg_statistics statistics = {0};
    train(trainer, &options, 2, &statistics);
    for (int i = 0; i < SG_STATISTIC_COUNT; i++) {
        const bool absent = i == SG_STATISTIC_R2_PENALTY || i == SG_STATISTIC_GRADIENT_PENALTY ||
                            i == SG_STATISTIC_DISTANCE || i >= SG_STATISTIC_REPLACED;
        assert_int_equal(statistics.moments[i].count > 0, !absent);
        assert_true(isfinite(statistics.moments[i].sum_of_squares));
    }
    sg_trainer_destroy(trainer);
}

/* Only the embedding's columns of numbers that are not 0 in some label that occurs get gradients.
 */
static void labels_may_be_rows_of_numbers(void **state)
{
    static const uint64_t counts[] = {3, 0, 1};
    static const float rows[] = {0.5f, 0, 0, -2, 0, 1, 0, 0, 0, 0, 0, 7};
    static const bool occurs[] = {true, false, false, true};
    const sg_trainer_options options = tiny_options(4);
    const sg_label_shares shares = {.rows = 3, .values = rows, .counts = counts};
    sg_trainer *trainer = create(*state, &options, &shares);
    const sg_tensor *weight = parameter_named(
        sg_generator_parameters(sg_trainer_networks_of(trainer).generator), "mapping.embed.weight");
    float before[32];
    assert_true(sg_tensor_count(weight) <= 32);
    memcpy(before, sg_f32(weight), (size_t)sg_tensor_count(weight) * 4);
    sg_statistics statistics = {0};
    train(trainer, &options, 8, &statistics);
    for (int label = 0; label < 4; label++)
        assert_int_equal(column_changed(weight, before, label, 4), occurs[label]);
    sg_trainer_destroy(trainer);
}

static void batches_that_do_not_divide_are_refused(void **state)
{
    sg_context *context = *state;
    sg_trainer_options options = tiny_options(0);
    sg_statistics statistics = {0};
    options.batch = 6;
    sg_trainer *trainer = create(context, &options, NULL);
    float *reals = random_floats(6 * 128, 40);
    assert_int_equal(sg_trainer_step(trainer, reals, NULL, &statistics), SG_ERROR_SHAPE);
    assert_int_equal(sg_trainer_counters_of(trainer).steps, 0);
    assert_refused(context, NULL, SG_ERROR_SHAPE);
    free(reals);
    sg_trainer_destroy(trainer);
}

static void impossible_networks_are_refused(void **state)
{
    sg_trainer_options options = tiny_options(0);
    sg_error error = {0};
    options.discriminator.img_resolution = 12;
    assert_null(sg_trainer_create(*state, &options, NULL));
    assert_int_equal(sg_context_take_error(*state, &error), SG_ERROR_ARGUMENT);
    assert_non_null(strstr(error.message, "img_resolution"));
}

/* The loss in the first and in the last of 30 steps, with one of the networks standing still. */
static void learn(sg_context *context, double g_rate, double d_rate, sg_statistic loss,
                  double *first, double *last)
{
    sg_trainer_options options = tiny_options(0);
    options.g_rate = g_rate;
    options.d_rate = d_rate;
    sg_trainer *trainer = create(context, &options, NULL);
    for (int step = 0; step < 30; step++) {
        sg_statistics statistics = {0};
        train(trainer, &options, 1, &statistics);
        *last = sg_moments_mean(&statistics.moments[loss]);
        if (step == 0)
            *first = *last;
    }
    sg_trainer_destroy(trainer);
}

static void each_network_learns_against_a_still_one(void **state)
{
    double first = 0;
    double last = 0;
    learn(*state, 0, 0.01, SG_STATISTIC_LOSS_D, &first, &last);
    assert_true(last < first - 0.2);
    learn(*state, 0.01, 0, SG_STATISTIC_LOSS_G, &first, &last);
    assert_true(last < first - 0.05);
}

/* The first moments of the discriminator after one phase on random pictures: with beta1 0, its
 * gradients. On the heap, one after the other; their number goes to *count. */
static double *gradients_of(sg_context *context, const sg_trainer_options *options, sg_phase phase,
                            int64_t *count)
{
    sg_trainer *trainer = create(context, options, NULL);
    const sg_parameter_set *d =
        sg_discriminator_parameters(sg_trainer_networks_of(trainer).discriminator);
    sg_optimiser *optimiser = sg_trainer_networks_of(trainer).d_optimiser;
    sg_statistics statistics = {0};
    float *reals = random_floats(options->batch * 128, 40);
    assert_int_equal(sg_trainer_run_phase(trainer, phase, reals, NULL, &statistics), SG_OK);
    double *gradients = zero_doubles(sg_parameter_set_count_values(d));
    *count = 0;
    for (size_t i = 0, at = 0; i < d->count; i++) {
        if (!d->items[i].trainable)
            continue;
        const float *moments = sg_optimiser_moment(optimiser, at++, 0);
        for (int64_t k = 0; k < sg_tensor_count(d->items[i].tensor); k++)
            gradients[(*count)++] = (double)moments[k];
    }
    free(reals);
    sg_trainer_destroy(trainer);
    return gradients;
}

static double norm_of(const double *values, int64_t count)
{
    double squares = 0;
    for (int64_t i = 0; i < count; i++)
        squares += values[i] * values[i];
    return sqrt(squares);
}

/* R1 draws nothing at random, so that parts of a batch must add up to the whole. */
static void parts_of_a_batch_add_up(void **state)
{
    sg_trainer_options options = tiny_options(0);
    int64_t count = 0;
    options.discriminator.mbstd_num_channels = 0;
    double *whole = gradients_of(*state, &options, SG_PHASE_D_REG, &count);
    for (int part = 1; part <= 4; part *= 2) {
        options.batch_part = part;
        double *sum = gradients_of(*state, &options, SG_PHASE_D_REG, &count);
        assert_doubles_near("parts", sum, whole, count, 1e-4);
        free(sum);
    }
    assert_true(norm_of(whole, count) > 0);
    free(whole);
}

static void gradients_are_clipped_by_their_norm(void **state)
{
    sg_trainer_options options = tiny_options(0);
    int64_t count = 0;
    double *free_ones = gradients_of(*state, &options, SG_PHASE_D_MAIN, &count);
    const double norm = norm_of(free_ones, count);
    options.clip_gradient = norm / 10;
    double *clipped = gradients_of(*state, &options, SG_PHASE_D_MAIN, &count);
    assert_close(norm_of(clipped, count), norm / 10, 1e-5 * norm);
    options.clip_gradient = norm * 2;
    double *untouched = gradients_of(*state, &options, SG_PHASE_D_MAIN, &count);
    assert_memory_equal(untouched, free_ones, (size_t)count * sizeof(double));
    free(free_ones);
    free(clipped);
    free(untouched);
}

static void broken_numbers_stop_a_step(void **state)
{
    sg_context *context = *state;
    const sg_trainer_options options = tiny_options(0);
    sg_trainer *trainer = create(context, &options, NULL);
    sg_trainer *fresh = create(context, &options, NULL);
    sg_statistics statistics = {0};
    sg_error error = {0};
    float *reals = random_floats(4 * 128, 40);
    reals[77] = NAN;
    assert_int_equal(sg_trainer_run_phase(trainer, SG_PHASE_D_MAIN, reals, NULL, &statistics),
                     SG_ERROR_NUMERIC);
    assert_int_equal(sg_context_take_error(context, &error), SG_ERROR_NUMERIC);
    assert_non_null(strstr(error.message, "Dmain"));
    assert_true(
        same_parameters(sg_discriminator_parameters(sg_trainer_networks_of(trainer).discriminator),
                        sg_discriminator_parameters(sg_trainer_networks_of(fresh).discriminator)));
    assert_int_equal(sg_optimiser_steps(sg_trainer_networks_of(trainer).d_optimiser), 0);
    free(reals);
    sg_trainer_destroy(trainer);
    sg_trainer_destroy(fresh);
}

/* The loss is finite here, the gradients are not. */
static void infinite_gradients_become_numbers(void **state)
{
    sg_trainer_options options = tiny_options(0);
    options.gamma = 1e30;
    options.d_interval = 1 << 30;
    sg_trainer *trainer = create(*state, &options, NULL);
    sg_statistics statistics = {0};
    float *reals = random_floats(4 * 128, 40);
    assert_int_equal(sg_trainer_run_phase(trainer, SG_PHASE_D_REG, reals, NULL, &statistics),
                     SG_OK);
    assert_int_equal(statistics.moments[SG_STATISTIC_REPLACED].count, 1);
    assert_true(statistics.moments[SG_STATISTIC_REPLACED].sum >= 1);
    assert_null(sg_find_not_finite(
        sg_discriminator_parameters(sg_trainer_networks_of(trainer).discriminator)));
    free(reals);
    sg_trainer_destroy(trainer);
}

/* The networks of a trainer after one phase on random pictures. */
static sg_trainer *after_phase(sg_context *context, sg_trainer_options options, sg_phase phase,
                               sg_augment_mode mode, double p)
{
    options.augment.mode = mode;
    options.augment.p = p;
    options.augment.kimg = 500;
    sg_trainer *trainer = create(context, &options, NULL);
    sg_statistics statistics = {0};
    float *reals = random_floats(4 * 128, 40);
    assert_int_equal(sg_trainer_run_phase(trainer, phase, reals, NULL, &statistics), SG_OK);
    free(reals);
    return trainer;
}

/* Every phase with scores sees augmented pictures; the path length penalty has none. */
static void phases_with_scores_augment(void **state)
{
    sg_trainer_options options = tiny_options(0);
    options.r2_gamma = 1;
    for (sg_phase phase = 0; phase < SG_PHASE_COUNT; phase++) {
        sg_trainer *plain = after_phase(*state, options, phase, SG_AUGMENT_NONE, 0);
        sg_trainer *zero = after_phase(*state, options, phase, SG_AUGMENT_FIXED, 0);
        sg_trainer *fixed = after_phase(*state, options, phase, SG_AUGMENT_FIXED, 0.8);
        sg_trainer *again = after_phase(*state, options, phase, SG_AUGMENT_ADAPTIVE, 0.8);
        assert_true(same_networks(plain, zero));
        assert_int_equal(same_networks(plain, fixed), phase == SG_PHASE_G_REG);
        assert_true(same_networks(fixed, again));
        sg_trainer_destroy(plain);
        sg_trainer_destroy(zero);
        sg_trainer_destroy(fixed);
        sg_trainer_destroy(again);
    }
}

/* R1's scores count when it has a phase of its own; p moves after every 4th step. */
static void p_follows_all_scores_of_real_pictures(void **state)
{
    sg_trainer_options options = tiny_options(0);
    sg_statistics statistics = {0};
    options.augment.mode = SG_AUGMENT_ADAPTIVE;
    options.augment.p = 0.25;
    options.augment.kimg = 0.064; /* a step of p is 0.25 */
    sg_trainer *trainer = create(*state, &options, NULL);
    train(trainer, &options, 1, &statistics);
    assert_int_equal(sg_trainer_counters_of(trainer).ada.scores, 8);
    train(trainer, &options, 2, &statistics);
    const sg_ada before = sg_trainer_counters_of(trainer).ada;
    assert_int_equal(before.scores, 16);
    assert_close((double)before.p, 0.25, 0);
    assert_close((double)before.sign_sum, statistics.moments[SG_STATISTIC_SIGNS_REAL].sum, 0);
    train(trainer, &options, 1, &statistics);
    const sg_ada after = sg_trainer_counters_of(trainer).ada;
    const double r_t = sg_moments_mean(&statistics.moments[SG_STATISTIC_SIGNS_REAL]);
    assert_int_equal(after.scores, 0);
    assert_close((double)after.p, r_t > 0.6 ? 0.5 : 0, 0);
    sg_trainer_destroy(trainer);
}

static void copy_optimiser(const sg_parameter_set *set, sg_optimiser *to, sg_optimiser *from)
{
    sg_optimiser_set_steps(to, sg_optimiser_steps(from));
    for (size_t i = 0, at = 0; i < set->count; i++) {
        if (!set->items[i].trainable)
            continue;
        const size_t bytes = (size_t)sg_tensor_count(set->items[i].tensor) * sizeof(float);
        for (int which = 0; which < 2; which++)
            memcpy(sg_optimiser_moment(to, at, which), sg_optimiser_moment(from, at, which), bytes);
        at++;
    }
}

/* A trainer that takes over another's tensors, moments and counters goes on as that one. */
static void state_taken_over_continues_exactly(void **state)
{
    const sg_trainer_options options = tiny_options(3);
    sg_statistics statistics = {0};
    sg_trainer *one = create(*state, &options, NULL);
    sg_trainer *two = create(*state, &options, NULL);
    sg_parameter_set *g = sg_generator_parameters(sg_trainer_networks_of(two).generator);
    sg_parameter_set *d = sg_discriminator_parameters(sg_trainer_networks_of(two).discriminator);
    train(one, &options, 3, &statistics);
    copy_parameters(g, sg_generator_parameters(sg_trainer_networks_of(one).generator));
    copy_parameters(d, sg_discriminator_parameters(sg_trainer_networks_of(one).discriminator));
    copy_parameters(sg_generator_parameters(sg_trainer_networks_of(two).average),
                    sg_generator_parameters(sg_trainer_networks_of(one).average));
    copy_optimiser(g, sg_trainer_networks_of(two).g_optimiser,
                   sg_trainer_networks_of(one).g_optimiser);
    copy_optimiser(d, sg_trainer_networks_of(two).d_optimiser,
                   sg_trainer_networks_of(one).d_optimiser);
    const sg_trainer_counters counters = sg_trainer_counters_of(one);
    assert_int_equal(counters.steps, 3);
    assert_true(counters.path_mean > 0);
    sg_trainer_set_counters(two, &counters);
    train(one, &options, 3, &statistics);
    train(two, &options, 3, &statistics);
    assert_true(same_networks(one, two));
    sg_trainer_destroy(one);
    sg_trainer_destroy(two);
}

/* Networks this small gain nothing from threads, and lose much on a busy machine. */
static int single_thread_setup(void **state)
{
    const int code = context_setup(state);
    sg_set_thread_count(1);
    return code;
}

#define WITH_CONTEXT(test)                                                                         \
    cmocka_unit_test_setup_teardown(test, single_thread_setup, context_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_CONTEXT(phases_run_when_they_are_due),
        WITH_CONTEXT(weights_of_zero_leave_regularisers_out),
        WITH_CONTEXT(r1_without_an_interval_is_part_of_every_main_phase),
        cmocka_unit_test(phases_have_the_official_names),
        WITH_CONTEXT(equal_options_give_equal_bytes),
        WITH_CONTEXT(steps_leave_no_memory_behind),
        WITH_CONTEXT(first_steps_have_the_lazy_rate),
        WITH_CONTEXT(averages_follow_the_generator),
        WITH_CONTEXT(labels_are_drawn_as_often_as_they_occur),
        WITH_CONTEXT(labels_may_be_rows_of_numbers),
        WITH_CONTEXT(batches_of_one_work),
        WITH_CONTEXT(batches_that_do_not_divide_are_refused),
        WITH_CONTEXT(impossible_networks_are_refused),
        WITH_CONTEXT(each_network_learns_against_a_still_one),
        WITH_CONTEXT(parts_of_a_batch_add_up),
        WITH_CONTEXT(gradients_are_clipped_by_their_norm),
        WITH_CONTEXT(broken_numbers_stop_a_step),
        WITH_CONTEXT(infinite_gradients_become_numbers),
        WITH_CONTEXT(phases_with_scores_augment),
        WITH_CONTEXT(p_follows_all_scores_of_real_pictures),
        WITH_CONTEXT(state_taken_over_continues_exactly),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
