/* Warnings of trainings that go wrong without an error. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "support/close.h"
#include "support/networks.h"
#include "support/parameters.h"
#include "support/tensors.h"
#include "train/run/warnings.h"

static void the_spread_is_a_deviation_over_samples(void **state)
{
    (void)state;
    /* Deviations 1, 0 and 2 of three values over two samples. */
    static const float pictures[] = {1, 5, -2, 3, 5, 2};
    assert_close(sg_picture_spread(pictures, 2, 3), sqrt((1 + 0 + 4) / 3.0), 1e-7);
    assert_close(sg_picture_spread(pictures, 1, 6), 0, 1e-7);
}

static void generators_that_ignore_latents_do_not_spread(void **state)
{
    sg_context *context = *state;
    context->recording = false;
    for (int classes = 0; classes <= 2; classes += 2) {
        const sg_generator_config config = tiny_generator_config(SG_ARCHITECTURE_SKIP, 3, classes);
        sg_generator *generator = tiny_generator(context, &config, SG_F32, 1);
        sg_parameter_set *set = sg_generator_parameters(generator);
        assert_true(sg_generator_spread(generator, NULL, 1) > 1e-3);
        sg_tensor *weight = parameter_named(set, "mapping.fc1.weight");
        for (int64_t i = 0; i < sg_tensor_count(weight); i++)
            sg_tensor_set_value(weight, i, 0);
        sg_tensor_touch(weight);
        assert_close(sg_generator_spread(generator, NULL, 1), 0, 1e-6);
        sg_generator_destroy(generator);
    }
    assert_int_equal(context->scope_count, 0);
}

static const sg_advice_case usual = {.pictures = 1000, .may_mirror = true, .gamma = 1};

static void collapses_are_noticed(void **state)
{
    (void)state;
    assert_non_null(sg_mode_collapsed(0.001, 0.5, &usual));
    assert_null(sg_mode_collapsed(0.3, 0.5, &usual));
    assert_null(sg_mode_collapsed(0.001, 0, &usual));
    assert_null(sg_mode_collapsed(-1, 0.5, &usual));
}

static void add(sg_statistics *statistics, double sign, double loss)
{
    sg_statistics_add(statistics, SG_STATISTIC_SIGNS_REAL, sign);
    sg_statistics_add(statistics, SG_STATISTIC_SIGNS_FAKE, -sign);
    sg_statistics_add(statistics, SG_STATISTIC_LOSS_G, loss);
}

static bool won(const sg_statistics *statistics)
{
    char text[SG_WARNING_BYTES];
    return sg_discriminator_won(statistics, &usual, text) != NULL;
}

static void discriminators_that_have_won_are_noticed(void **state)
{
    (void)state;
    sg_statistics statistics = {0};
    assert_false(won(&statistics));
    add(&statistics, 1, 9);
    assert_true(won(&statistics));
    add(&statistics, -1, 9);
    assert_false(won(&statistics));
    sg_statistics_reset(&statistics);
    add(&statistics, 1, 0.5);
    assert_false(won(&statistics));
    /* The saturating loss is near 0 then; scores tell. */
    sg_statistics_reset(&statistics);
    add(&statistics, 1, -0.01);
    assert_false(won(&statistics));
    sg_statistics_add(&statistics, SG_STATISTIC_SCORES_FAKE, -9);
    assert_true(won(&statistics));
    /* Scores that estimate a distance have no zero. */
    sg_statistics_add(&statistics, SG_STATISTIC_DISTANCE, 20);
    assert_false(won(&statistics));
}

/* Statistics of one real, one generated and one held-out score, with the sign of the real one. */
static sg_statistics scored(double real, double fake, double held_out, double sign)
{
    sg_statistics statistics = {0};
    sg_statistics_add(&statistics, SG_STATISTIC_SCORES_REAL, real);
    sg_statistics_add(&statistics, SG_STATISTIC_SIGNS_REAL, sign);
    sg_statistics_add(&statistics, SG_STATISTIC_SCORES_FAKE, fake);
    sg_statistics_add(&statistics, SG_STATISTIC_SCORES_HELD_OUT, held_out);
    return statistics;
}

static void overfitting_is_noticed(void **state)
{
    (void)state;
    const sg_overfitting_case plain = {.signed_scores = true};
    const sg_overfitting_case unsigned_scores = {.signed_scores = false};
    const sg_overfitting_case fixed = {.signed_scores = true, .augments = true};
    const sg_overfitting_case adaptive = {.signed_scores = true, .augments = true, .adapts = true};
    const sg_statistics nothing = {0};
    assert_null(sg_discriminator_overfits(&nothing, plain));
    const sg_statistics high = scored(2, -1, 1.9, 0.95);
    assert_non_null(strstr(sg_discriminator_overfits(&high, plain), "\"augment\" ada helps"));
    assert_non_null(strstr(sg_discriminator_overfits(&high, fixed), "\"augment_p\""));
    assert_non_null(strstr(sg_discriminator_overfits(&high, adaptive), "\"augment_kimg\""));
    assert_null(sg_discriminator_overfits(&high, unsigned_scores));
    const sg_statistics fine = scored(2, -1, 0.6, 0.9);
    assert_null(sg_discriminator_overfits(&fine, plain));
}

/* The advice fits the augmentation that there is. */
static void held_out_scores_tell_of_overfitting(void **state)
{
    (void)state;
    const sg_statistics fine = scored(2, -1, 0.6, 0.9);
    sg_overfitting_case overfit = {.held_out_share = 0.55};
    assert_non_null(strstr(sg_discriminator_overfits(&fine, overfit), "\"augment\" helps"));
    overfit.augments = true;
    assert_non_null(strstr(sg_discriminator_overfits(&fine, overfit), "larger \"augment_p\""));
    overfit.adapts = true;
    assert_non_null(strstr(sg_discriminator_overfits(&fine, overfit), "\"augment_target\""));
    overfit.held_out_share = 0.45;
    assert_null(sg_discriminator_overfits(&fine, overfit));
}

/* Held-out scores of one tick swing with the discriminator's mood; what counts is what stays. */
static void one_tick_of_held_out_scores_says_little(void **state)
{
    (void)state;
    const sg_statistics low = scored(1.5, -1.5, -0.6, 0.6);  /* r_v 0.7 */
    const sg_statistics high = scored(1.5, -1.5, 2.1, 0.6);  /* -0.2 */
    const sg_statistics learnt = scored(1.5, -1.5, -1.2, 1); /* 0.9 */
    double share = 0;
    for (int tick = 0; tick < 100; tick++) {
        share = sg_held_out_share(tick % 3 == 0 ? &low : &high, share);
        assert_true(share < 0.3);
    }
    for (int tick = 0; tick < 8; tick++)
        share = sg_held_out_share(&learnt, share);
    assert_true(share > 0.5 && share < 0.9);
    /* Nothing is told apart yet, or nothing held out. */
    const sg_statistics young = scored(0.05, 0, -3, 0.5);
    const sg_statistics nothing = {0};
    assert_close(sg_held_out_share(&young, 0), 0, 0);
    assert_close(sg_held_out_share(&nothing, 0), 0, 0);
}

static void sets_of_few_pictures_are_noticed(void **state)
{
    (void)state;
    sg_advice_case set = {.pictures = 5000, .may_mirror = true, .signed_scores = true};
    assert_null(sg_pictures_are_few(&set, false));
    set.pictures = 4999;
    assert_null(sg_pictures_are_few(&set, true));
    assert_non_null(strstr(sg_pictures_are_few(&set, false), "\"mirror\""));
    set.may_mirror = false;
    assert_null(strstr(sg_pictures_are_few(&set, false), "\"mirror\""));
    set.signed_scores = false;
    assert_non_null(strstr(sg_pictures_are_few(&set, false), "\"augment\" fixed"));
}

/* The advice of the sentence that the discriminator has won. */
static void assert_advised(sg_advice_case training, const char *advice)
{
    char text[SG_WARNING_BYTES];
    sg_statistics statistics = {0};
    add(&statistics, 1, 9);
    const char *sentence = sg_discriminator_won(&statistics, &training, text);
    assert_string_equal(strchr(sentence, '.') + 2, advice);
}

static void advice_fits_data_and_options(void **state)
{
    (void)state;
    assert_advised((sg_advice_case){.pictures = 100, .may_mirror = true, .gamma = 1},
                   "More data, \"mirror\", a larger \"gamma\" or a smaller "
                   "\"discriminator_rate\" help.");
    assert_advised((sg_advice_case){.pictures = 60000}, "A smaller \"discriminator_rate\" helps.");
    assert_advised((sg_advice_case){.pictures = 60000, .saturates = true},
                   "\"loss\" logistic (its gradient does not vanish there) or a smaller "
                   "\"discriminator_rate\" help.");
    const sg_advice_case without = {.gamma = 0, .signed_scores = true};
    const sg_advice_case distance = {.gamma = 0};
    assert_null(strstr(sg_mode_collapsed(0.001, 0.5, &without), "gamma"));
    assert_non_null(strstr(sg_mode_collapsed(0.001, 0.5, &without), "wgan-gp"));
    assert_null(strstr(sg_mode_collapsed(0.001, 0.5, &distance), "wgan-gp"));
}

static void broken_gradients_are_noticed(void **state)
{
    (void)state;
    sg_statistics statistics = {0};
    assert_null(sg_gradients_broke(&statistics));
    sg_statistics_add(&statistics, SG_STATISTIC_REPLACED, 3);
    assert_non_null(sg_gradients_broke(&statistics));
}

#define WITH_CONTEXT(test) cmocka_unit_test_setup_teardown(test, context_setup, context_teardown)

static void warnings_are_not_repeated_at_every_tick(void **state)
{
    static const char warning[] = "Warning: all is lost, so stop. Or go on.";
    char text[SG_WARNING_BYTES];
    sg_warning_record record = {0};
    (void)state;
    assert_null(sg_warning_due(NULL, &record, text));
    assert_ptr_equal(sg_warning_due(warning, &record, text), warning);
    /* It comes and goes, and is the same warning. */
    for (int i = 1; i < 16; i++)
        assert_null(sg_warning_due(i % 3 ? warning : NULL, &record, text));
    assert_string_equal(sg_warning_due(warning, &record, text),
                        "Still, after 16 ticks: all is lost.");
    for (int i = 1; i < 16; i++)
        assert_null(sg_warning_due(NULL, &record, text));
    assert_string_equal(sg_warning_due(warning, &record, text),
                        "Still, after 32 ticks: all is lost.");
    for (int i = 0; i < 16; i++)
        assert_null(sg_warning_due(NULL, &record, text));
    assert_ptr_equal(sg_warning_due(warning, &record, text), warning);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_spread_is_a_deviation_over_samples),
        WITH_CONTEXT(generators_that_ignore_latents_do_not_spread),
        cmocka_unit_test(advice_fits_data_and_options),
        cmocka_unit_test(collapses_are_noticed),
        cmocka_unit_test(discriminators_that_have_won_are_noticed),
        cmocka_unit_test(overfitting_is_noticed),
        cmocka_unit_test(held_out_scores_tell_of_overfitting),
        cmocka_unit_test(one_tick_of_held_out_scores_says_little),
        cmocka_unit_test(sets_of_few_pictures_are_noticed),
        cmocka_unit_test(broken_gradients_are_noticed),
        cmocka_unit_test(warnings_are_not_repeated_at_every_tick),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
