/* Which values go with a loss, and which options contradict each other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "support/close.h"
#include "train/options/loss_options.h"
#include "train/options/preset_resolve.h"

static void choosing_the_same_loss_changes_nothing(void **state)
{
    (void)state;
    const sg_trainer_options published = sg_trainer_options_default();
    sg_trainer_options options = published;
    sg_loss_choose(&options, SG_LOSS_LOGISTIC);
    assert_memory_equal(&options, &published, sizeof options);
}

static void free_critics_get_r1_back(void **state)
{
    (void)state;
    sg_error error = {0};
    sg_given given = {0};
    sg_run_options options = {.cfg = (int)(sg_preset_find("progan") - sg_presets)};
    sg_given_set_at(&sg_training_table, &given, offsetof(sg_run_options, trainer.loss));
    assert_int_equal(options.trainer.loss, SG_LOSS_LOGISTIC);
    assert_int_equal(sg_preset_resolve(&options, &given, 32, &options, &error), SG_OK);
    assert_close(options.trainer.gamma, 1, 0);
}

static void wasserstein_losses_leave_r1_out(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        sg_trainer_options options = sg_trainer_options_default();
        sg_loss_choose(&options, i ? SG_LOSS_WGAN : SG_LOSS_WGAN_GP);
        assert_close(options.gamma, 0, 0);
        assert_int_equal(sg_trainer_phase_interval(&options, SG_PHASE_D_REG), 0);
        assert_int_equal(options.optimiser, i ? SG_RMSPROP : SG_ADAM);
        assert_int_equal(options.n_critic, i ? 5 : 1);
        assert_close(options.penalty.weight, 10, 0);
        assert_close(options.penalty.drift, 0.001, 0);
    }
}

static void other_losses_keep_r1(void **state)
{
    (void)state;
    static const sg_loss_kind kinds[] = {SG_LOSS_MINIMAX, SG_LOSS_LSGAN, SG_LOSS_HINGE};
    for (int i = 0; i < 3; i++) {
        sg_error error = {0};
        sg_trainer_options options = sg_trainer_options_default();
        sg_loss_choose(&options, kinds[i]);
        assert_int_equal(options.loss, kinds[i]);
        assert_close(options.gamma, 1, 0);
        assert_int_equal(sg_loss_check(&options, &error), SG_OK);
    }
}

/* Huang et al. 2024: both penalties, the second with the first one's weight, in every step. */
static void pairs_bring_both_penalties(void **state)
{
    (void)state;
    static const char *const cfgs[] = {"stylegan2", "progan", "dcgan"};
    for (int i = 0; i < 3; i++)
        for (int given_gamma = 0; given_gamma < 2; given_gamma++) {
            sg_error error = {0};
            sg_given given = {0};
            sg_run_options options = {.cfg = (int)(sg_preset_find(cfgs[i]) - sg_presets)};
            options.trainer.loss = SG_LOSS_RPGAN;
            options.trainer.gamma = 7;
            sg_given_set_at(&sg_training_table, &given, offsetof(sg_run_options, trainer.loss));
            if (given_gamma)
                sg_given_set_at(&sg_training_table, &given,
                                offsetof(sg_run_options, trainer.gamma));
            if (sg_preset_resolve(&options, &given, 32, &options, &error))
                fail_msg("%s", error.message);
            assert_close(options.trainer.gamma, given_gamma ? 7 : 1, 0);
            assert_close(options.trainer.r2_gamma, options.trainer.gamma, 0);
            assert_int_equal(options.trainer.d_interval, 0);
            if (i == 2)
                assert_int_equal(options.trainer.discriminator.norm, SG_NORM_LAYER);
        }
}

/* A weight or points ask for the penalty, which takes the place of R1. */
static void penalties_replace_r1(void **state)
{
    (void)state;
    for (int i = 0; i < 4; i++) {
        sg_error error = {0};
        sg_given given = {0};
        sg_run_options options = {.cfg = 0};
        options.trainer.penalty =
            (sg_gradient_penalty){i == 2 ? 0 : 5, 0, i == 1 ? SG_POINTS_FAKES : SG_POINTS_USUAL};
        options.trainer.gamma = 2;
        sg_given_set_at(&sg_training_table, &given,
                        i == 1 ? offsetof(sg_run_options, trainer.penalty.points)
                               : offsetof(sg_run_options, trainer.penalty.weight));
        if (i == 3)
            sg_given_set_at(&sg_training_table, &given, offsetof(sg_run_options, trainer.gamma));
        const sg_status status = sg_preset_resolve(&options, &given, 32, &options, &error);
        assert_int_equal(status, i == 3 ? SG_ERROR_ARGUMENT : SG_OK);
        if (status) {
            assert_non_null(strstr(error.message, "make no sense with \"gp_weight\""));
            continue;
        }
        const sg_trainer_options *trainer = &options.trainer;
        assert_int_equal(sg_trainer_penalises(trainer), i != 2);
        assert_close(trainer->gamma, i == 2 ? 1 : 0, 0);
        assert_close(trainer->penalty.weight, i == 0 ? 5 : i == 1 ? 10 : 0, 0);
        assert_int_equal(trainer->penalty.points, i == 0   ? SG_POINTS_INTERPOLATED
                                                  : i == 1 ? SG_POINTS_FAKES
                                                           : SG_POINTS_USUAL);
    }
}

static void assert_contradiction(const sg_trainer_options *options, const char *reason)
{
    sg_error error = {0};
    assert_int_equal(sg_loss_check(options, &error), SG_ERROR_ARGUMENT);
    if (!strstr(error.message, reason))
        fail_msg("\"%s\" does not say \"%s\"", error.message, reason);
}

static void contradictions_are_refused_with_the_reason(void **state)
{
    (void)state;
    sg_error error = {0};
    sg_trainer_options options = sg_trainer_options_default();
    sg_loss_choose(&options, SG_LOSS_WGAN_GP);
    assert_int_equal(sg_loss_check(&options, &error), SG_OK);
    options.gamma = 1;
    assert_contradiction(&options, "towards 0");
    options.gamma = 0;
    options.r2_gamma = 1;
    assert_contradiction(&options, "\"r2_gamma\"");
    options.r2_gamma = 0;
    options.clip_weights = 0.01;
    assert_contradiction(&options, "\"clip_weights\" makes no sense with \"loss\" wgan-gp");
    sg_loss_choose(&options, SG_LOSS_WGAN);
    options.clip_weights = 0;
    assert_contradiction(&options, "needs \"clip_weights\"");
    options.clip_weights = 0.3;
    options.penalty.points = SG_POINTS_FAKES;
    assert_contradiction(&options, "wgan-gp has the penalty");
    options.penalty.points = SG_POINTS_USUAL;
    assert_int_equal(sg_loss_check(&options, &error), SG_OK);
    options.generator.family = SG_DCGAN;
    assert_contradiction(&options, "no mapping network");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(choosing_the_same_loss_changes_nothing),
        cmocka_unit_test(free_critics_get_r1_back),
        cmocka_unit_test(wasserstein_losses_leave_r1_out),
        cmocka_unit_test(other_losses_keep_r1),
        cmocka_unit_test(pairs_bring_both_penalties),
        cmocka_unit_test(penalties_replace_r1),
        cmocka_unit_test(contradictions_are_refused_with_the_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
