/* What the discriminator's phases do under each loss, and whose turn it is. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/parallel.h"
#include "models/config_rules.h"
#include "support/close.h"
#include "support/networks.h"
#include "support/numbers.h"
#include "support/tensors.h"
#include "train/step/trainer.h"

static sg_trainer_options options_for(sg_loss_kind loss, int classes)
{
    sg_trainer_options options = sg_trainer_options_default();
    options.generator = tiny_generator_config(SG_ARCHITECTURE_SKIP, 2, classes);
    options.discriminator = tiny_discriminator_config(SG_ARCHITECTURE_RESNET, 2, classes);
    options.loss = loss;
    options.batch = 4;
    options.gamma = 0;
    options.pl_weight = 0;
    options.d_interval = 0;
    options.seed = 5;
    return options;
}

static sg_trainer *create(sg_context *context, const sg_trainer_options *options)
{
    context->recording = false;
    sg_trainer *trainer = sg_trainer_create(context, options, NULL);
    if (!trainer)
        fail_msg("%s", context->error.message);
    return trainer;
}

static void train(sg_trainer *trainer, const sg_trainer_options *options, int steps,
                  sg_statistics *statistics)
{
    float *reals = random_floats(options->batch * 128, 40);
    float *labels = calloc((size_t)(options->batch * options->generator.c_dim) + 1, sizeof *labels);
    assert_non_null(labels);
    for (int i = 0; i < options->batch && options->generator.c_dim; i++)
        labels[i * options->generator.c_dim + 1] = 1;
    for (int i = 0; i < steps; i++)
        assert_int_equal(sg_trainer_step(trainer, reals, labels, statistics), SG_OK);
    free(reals);
    free(labels);
}

static uint64_t count_of(const sg_statistics *statistics, sg_statistic statistic)
{
    return statistics->moments[statistic].count;
}

static double mean_of(const sg_statistics *statistics, sg_statistic statistic)
{
    return sg_moments_mean(&statistics->moments[statistic]);
}

static void every_loss_trains(void **state)
{
    for (int loss = 0; loss < SG_LOSS_COUNT; loss++)
        for (int classes = 0; classes <= 3; classes += 3) {
            const sg_trainer_options options = options_for((sg_loss_kind)loss, classes);
            sg_statistics statistics = {0};
            sg_trainer *trainer = create(*state, &options);
            train(trainer, &options, 4, &statistics);
            const bool bounded =
                sg_adversarial_loss_of((sg_loss_kind)loss)->bound != SG_LIPSCHITZ_FREE;
            assert_int_equal(count_of(&statistics, SG_STATISTIC_DISTANCE), bounded ? 4 : 0);
            assert_int_equal(count_of(&statistics, SG_STATISTIC_GRADIENT_PENALTY),
                             loss == SG_LOSS_WGAN_GP ? 4 : 0);
            assert_int_equal(count_of(&statistics, SG_STATISTIC_LOSS_G), 4);
            sg_trainer_destroy(trainer);
        }
}

/* What the discriminator's phase leaves in Adam's first moment, which with beta1 0 is its gradient.
 */
static double *first_gradient(sg_context *context, const sg_trainer_options *options,
                              sg_statistics *statistics, int64_t *count)
{
    sg_trainer *trainer = create(context, options);
    const sg_parameter_set *d =
        sg_discriminator_parameters(sg_trainer_networks_of(trainer).discriminator);
    float *reals = random_floats(options->batch * 128, 40);
    assert_int_equal(sg_trainer_run_phase(trainer, SG_PHASE_D_MAIN, reals, NULL, statistics),
                     SG_OK);
    double *gradients = zero_doubles(sg_parameter_set_count_values(d));
    *count = 0;
    for (size_t i = 0, at = 0; i < d->count; i++) {
        if (!d->items[i].trainable)
            continue;
        const float *moment =
            sg_optimiser_moment(sg_trainer_networks_of(trainer).d_optimiser, at++, 0);
        for (int64_t k = 0; k < sg_tensor_count(d->items[i].tensor); k++)
            gradients[(*count)++] = (double)moment[k];
    }
    free(reals);
    sg_trainer_destroy(trainer);
    return gradients;
}

/* The penalty and the drift come in with their weights, on top of the plain Wasserstein loss. */
static void penalties_are_weighted(void **state)
{
    static const sg_gradient_penalty weights[] = {{0, 0, SG_POINTS_USUAL},
                                                  {10, 0, SG_POINTS_USUAL},
                                                  {20, 0, SG_POINTS_USUAL},
                                                  {0, 1, SG_POINTS_USUAL},
                                                  {0, 2, SG_POINTS_USUAL}};
    enum { CASES = sizeof weights / sizeof *weights };
    sg_trainer_options options = options_for(SG_LOSS_WGAN, 0);
    double *gradients[CASES];
    int64_t count = 0;
    sg_statistics plain = {0};
    double *wasserstein = first_gradient(*state, &options, &plain, &count);
    options.loss = SG_LOSS_WGAN_GP;
    for (int i = 0; i < CASES; i++) {
        sg_statistics statistics = {0};
        options.penalty = weights[i];
        gradients[i] = first_gradient(*state, &options, &statistics, &count);
        assert_close(mean_of(&statistics, SG_STATISTIC_DISTANCE),
                     mean_of(&plain, SG_STATISTIC_DISTANCE), 1e-6);
    }
    assert_doubles_near("no penalty", gradients[0], wasserstein, count, 1e-6);
    for (int first = 1; first <= 3; first += 2) {
        double largest = 0;
        for (int64_t k = 0; k < count; k++) {
            const double once = gradients[first][k] - gradients[0][k];
            assert_close(gradients[first + 1][k] - gradients[0][k], 2 * once,
                         1e-4 * fmax(1, fabs(once)));
            largest = fmax(largest, fabs(once));
        }
        assert_true(largest > 1e-3);
    }
    for (int i = 0; i < CASES; i++)
        free(gradients[i]);
    free(wasserstein);
}

static void the_distance_is_a_difference_of_scores(void **state)
{
    sg_trainer_options options = options_for(SG_LOSS_WGAN_GP, 0);
    sg_statistics statistics = {0};
    int64_t count;
    free(first_gradient(*state, &options, &statistics, &count));
    assert_close(mean_of(&statistics, SG_STATISTIC_DISTANCE),
                 mean_of(&statistics, SG_STATISTIC_SCORES_REAL) -
                     mean_of(&statistics, SG_STATISTIC_SCORES_FAKE),
                 1e-6);
}

static void clipped_weights_stay_within(void **state)
{
    sg_trainer_options options = options_for(SG_LOSS_WGAN, 0);
    sg_statistics statistics = {0};
    options.clip_weights = 0.25;
    options.optimiser = SG_RMSPROP;
    sg_trainer *trainer = create(*state, &options);
    train(trainer, &options, 3, &statistics);
    const sg_parameter_set *sets[] = {
        sg_discriminator_parameters(sg_trainer_networks_of(trainer).discriminator),
        sg_generator_parameters(sg_trainer_networks_of(trainer).generator)};
    double largest[2] = {0};
    for (int s = 0; s < 2; s++)
        for (size_t i = 0; i < sets[s]->count; i++)
            for (int64_t k = 0;
                 sets[s]->items[i].trainable && k < sg_tensor_count(sets[s]->items[i].tensor); k++)
                largest[s] = fmax(largest[s], fabs(sg_tensor_value(sets[s]->items[i].tensor, k)));
    assert_close(largest[0], 0.25, 1e-7);
    assert_true(largest[1] > 1);
    sg_trainer_destroy(trainer);
}

static void the_generator_waits_for_the_discriminator(void **state)
{
    sg_trainer_options options = options_for(SG_LOSS_WGAN_GP, 0);
    options.n_critic = 3;
    options.pl_weight = 2;
    options.g_interval = 2;
    sg_trainer *trainer = create(*state, &options);
    assert_int_equal(sg_trainer_phase_interval(&options, SG_PHASE_G_MAIN), 3);
    assert_int_equal(sg_trainer_phase_interval(&options, SG_PHASE_G_REG), 6);
    for (int step = 0; step < 12; step++) {
        sg_statistics statistics = {0};
        train(trainer, &options, 1, &statistics);
        assert_int_equal(count_of(&statistics, SG_STATISTIC_LOSS_G), step % 3 == 2);
        assert_int_equal(count_of(&statistics, SG_STATISTIC_LOSS_G_REG), step % 6 == 2);
        assert_int_equal(count_of(&statistics, SG_STATISTIC_LOSS_D), 1);
    }
    assert_int_equal(sg_optimiser_steps(sg_trainer_networks_of(trainer).g_optimiser), 4 + 2);
    sg_trainer_destroy(trainer);
}

/* R2 is R1 on generated pictures, in a phase of its own or in the main one. */
static void generated_pictures_are_regularised(void **state)
{
    for (int interval = 0; interval <= 2; interval += 2) {
        sg_trainer_options options = options_for(SG_LOSS_LOGISTIC, 0);
        sg_statistics statistics = {0};
        options.r2_gamma = 4;
        options.d_interval = interval;
        sg_trainer *trainer = create(*state, &options);
        train(trainer, &options, 4, &statistics);
        assert_int_equal(count_of(&statistics, SG_STATISTIC_R2_PENALTY), interval ? 2 : 4);
        assert_int_equal(count_of(&statistics, SG_STATISTIC_R1_PENALTY), 0);
        assert_close(mean_of(&statistics, SG_STATISTIC_LOSS_D_REG),
                     2 * mean_of(&statistics, SG_STATISTIC_R2_PENALTY),
                     1e-5 * mean_of(&statistics, SG_STATISTIC_LOSS_D_REG));
        assert_true(mean_of(&statistics, SG_STATISTIC_R2_PENALTY) > 0);
        sg_trainer_destroy(trainer);
    }
}

/* ---- further terms ---- */

/* The change of the discriminator's gradient, or of the generator's, from one set of options to
 * another: the largest difference over the largest value. */
static double change_of_gradient(sg_context *context, const sg_trainer_options *from,
                                 const sg_trainer_options *to)
{
    sg_statistics statistics = {0};
    int64_t count = 0;
    double *before = first_gradient(context, from, &statistics, &count);
    double *after = first_gradient(context, to, &statistics, &count);
    double difference = 0;
    double largest = 0;
    for (int64_t i = 0; i < count; i++) {
        difference = fmax(difference, fabs(after[i] - before[i]));
        largest = fmax(largest, fabs(before[i]));
    }
    free(before);
    free(after);
    return difference / largest;
}

static void penalties_go_with_any_loss(void **state)
{
    for (int points = SG_POINTS_INTERPOLATED; points <= SG_POINTS_FAKES; points++)
        for (int loss = 0; loss < SG_LOSS_COUNT; loss++) {
            sg_trainer_options options = options_for((sg_loss_kind)loss, 3);
            sg_statistics statistics = {0};
            options.penalty.points = (sg_penalty_points)points;
            sg_trainer *trainer = create(*state, &options);
            train(trainer, &options, 2, &statistics);
            assert_int_equal(count_of(&statistics, SG_STATISTIC_GRADIENT_PENALTY), 2);
            sg_trainer_destroy(trainer);
        }
    const sg_trainer_options plain = options_for(SG_LOSS_LOGISTIC, 0);
    sg_trainer_options mixed = plain;
    mixed.penalty.points = SG_POINTS_INTERPOLATED;
    sg_trainer_options at_fakes = plain;
    at_fakes.penalty.points = SG_POINTS_FAKES;
    sg_trainer_options of_no_weight = at_fakes;
    of_no_weight.penalty.weight = 0;
    assert_true(change_of_gradient(*state, &plain, &mixed) > 0.1);
    assert_true(change_of_gradient(*state, &mixed, &at_fakes) > 0.01);
    assert_true(change_of_gradient(*state, &plain, &of_no_weight) < 1e-6);
}

/* A number added to all scores is nothing to pairs, so the bias of the last layer never moves. */
static void pairs_have_no_origin(void **state)
{
    for (int loss = SG_LOSS_LOGISTIC; loss <= SG_LOSS_RPGAN; loss += SG_LOSS_RPGAN) {
        sg_trainer_options options = options_for((sg_loss_kind)loss, 0);
        sg_statistics statistics = {0};
        options.r2_gamma = options.gamma = 1;
        sg_trainer *trainer = create(*state, &options);
        train(trainer, &options, 3, &statistics);
        const sg_tensor *bias =
            sg_parameter_find(
                sg_discriminator_parameters(sg_trainer_networks_of(trainer).discriminator),
                "b4.out.bias")
                ->tensor;
        assert_int_equal(fabs(sg_tensor_value(bias, 0)) < 1e-9, loss == SG_LOSS_RPGAN);
        assert_int_equal(count_of(&statistics, SG_STATISTIC_SCORES_REAL), 12);
        assert_int_equal(count_of(&statistics, SG_STATISTIC_R2_PENALTY), 3);
        sg_trainer_destroy(trainer);
    }
}

/* Gradients of the generator with the share of its best pictures that it learns from. */
static double *generator_gradient(sg_context *context, double top_k, int64_t *count)
{
    sg_trainer_options options = options_for(SG_LOSS_LOGISTIC, 0);
    sg_statistics statistics = {0};
    options.top_k = top_k;
    options.top_k_kimg = 0;
    sg_trainer *trainer = create(context, &options);
    assert_int_equal(sg_trainer_run_phase(trainer, SG_PHASE_G_MAIN, NULL, NULL, &statistics),
                     SG_OK);
    const sg_parameter_set *g = sg_generator_parameters(sg_trainer_networks_of(trainer).generator);
    double *gradients = zero_doubles(sg_parameter_set_count_values(g));
    *count = 0;
    for (size_t i = 0, at = 0; i < g->count; i++) {
        if (!g->items[i].trainable)
            continue;
        const float *moment =
            sg_optimiser_moment(sg_trainer_networks_of(trainer).g_optimiser, at++, 0);
        for (int64_t k = 0; k < sg_tensor_count(g->items[i].tensor); k++)
            gradients[(*count)++] = (double)moment[k];
    }
    assert_int_equal(count_of(&statistics, SG_STATISTIC_SCORES_FAKE), 4);
    sg_trainer_destroy(trainer);
    return gradients;
}

static void the_generator_learns_from_its_best_pictures(void **state)
{
    int64_t count = 0;
    double *all = generator_gradient(*state, 1, &count);
    double *half = generator_gradient(*state, 0.5, &count);
    double *same = generator_gradient(*state, 0.51, &count);
    double difference = 0;
    for (int64_t i = 0; i < count; i++)
        difference = fmax(difference, fabs(all[i] - half[i]));
    assert_true(difference > 1e-3);
    assert_doubles_near("rounded to two of four", same, half, count, 0);
    free(all);
    free(half);
    free(same);
}

static void instance_noise_fades(void **state)
{
    sg_trainer_options options = options_for(SG_LOSS_LOGISTIC, 0);
    options.gamma = 1;
    sg_trainer_options noisy = options;
    noisy.instance_noise = 0.5;
    noisy.instance_noise_kimg = 0.008;
    assert_true(change_of_gradient(*state, &options, &noisy) > 0.01);
    assert_close(sg_trainer_noise(&noisy, 0), 0.5, 0);
    assert_close(sg_trainer_noise(&noisy, 2), 0.375, 1e-12);
    assert_close(sg_trainer_noise(&noisy, 8), 0, 0);
    assert_close(sg_trainer_noise(&noisy, 1000), 0, 0);
    assert_close(sg_trainer_noise(&options, 5), 0, 0);
}

static void the_share_of_the_best_falls(void **state)
{
    (void)state;
    sg_trainer_options options = options_for(SG_LOSS_LOGISTIC, 0);
    assert_int_equal(sg_trainer_best(&options, 32, 5000), 32);
    options.top_k = 0.25;
    options.top_k_kimg = 10;
    assert_int_equal(sg_trainer_best(&options, 32, 0), 32);
    assert_int_equal(sg_trainer_best(&options, 32, 5000), 16);
    assert_int_equal(sg_trainer_best(&options, 32, 10000), 8);
    assert_int_equal(sg_trainer_best(&options, 32, 90000), 8);
    assert_int_equal(sg_trainer_best(&options, 1, 90000), 1);
}

/* The path length penalty in every step, within the main phase. */
static void path_lengths_may_be_held_in_every_step(void **state)
{
    for (int layers = 0; layers <= 2; layers += 2) {
        sg_trainer_options options = options_for(SG_LOSS_LOGISTIC, 0);
        sg_statistics statistics = {0};
        options.generator.mapping.num_layers = layers;
        sg_generator_config_set_w(&options.generator);
        options.pl_weight = 2;
        options.g_interval = 0;
        sg_trainer *trainer = create(*state, &options);
        assert_int_equal(sg_trainer_phase_interval(&options, SG_PHASE_G_REG), 0);
        train(trainer, &options, 3, &statistics);
        assert_int_equal(count_of(&statistics, SG_STATISTIC_PATH_PENALTY), 3);
        assert_int_equal(sg_optimiser_steps(sg_trainer_networks_of(trainer).g_optimiser), 3);
        sg_trainer_destroy(trainer);
    }
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
        WITH_CONTEXT(every_loss_trains),
        WITH_CONTEXT(penalties_are_weighted),
        WITH_CONTEXT(the_distance_is_a_difference_of_scores),
        WITH_CONTEXT(clipped_weights_stay_within),
        WITH_CONTEXT(the_generator_waits_for_the_discriminator),
        WITH_CONTEXT(generated_pictures_are_regularised),
        WITH_CONTEXT(penalties_go_with_any_loss),
        WITH_CONTEXT(pairs_have_no_origin),
        WITH_CONTEXT(the_generator_learns_from_its_best_pictures),
        WITH_CONTEXT(instance_noise_fades),
        cmocka_unit_test(the_share_of_the_best_falls),
        WITH_CONTEXT(path_lengths_may_be_held_in_every_step),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
