/* What fine-tuning sets, and what it leaves as given. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "support/close.h"
#include "support/program.h"
#include "train/options/finetune.h"
#include "train/options/preset_resolve.h"

/* Options of a training that fine-tunes, with one given member or NULL. */
static sg_run_options resolved(const char *cfg, int resolution, const char *option,
                               const char *value, sg_given *given)
{
    sg_error error = {0};
    sg_run_options options = {.cfg = (int)(sg_preset_find(cfg) - sg_presets), .finetune = true};
    const int index = option ? sg_field_find_option(&sg_training_table, option) : -1;
    *given = (sg_given){0};
    sg_given_set_at(&sg_training_table, given, offsetof(sg_run_options, finetune));
    if (index >= 0) {
        assert_int_equal(sg_field_parse(sg_field_at(&sg_training_table, (size_t)index), value,
                                        &options, SG_SPELL_OPTION, &error),
                         SG_OK);
        sg_given_set(given, (size_t)index);
    }
    if (sg_preset_resolve(&options, given, resolution, &options, &error))
        fail_msg("%s", error.message);
    return options;
}

static void rates_are_halved(void **state)
{
    sg_given given;
    sg_trainer_options o = resolved("stylegan2", 256, NULL, NULL, &given).trainer;
    (void)state;
    assert_close(o.g_rate, 0.001, 1e-12);
    assert_close(o.d_rate, 0.001, 1e-12);
    o = resolved("stylegan3-t", 256, NULL, NULL, &given).trainer;
    assert_close(o.g_rate, 0.00125, 1e-12);
    o = resolved("stylegan1", 256, NULL, NULL, &given).trainer;
    assert_close(o.growing.d_rate[8], 0.0015, 1e-12);
    o = resolved("auto", 64, "glr", "0.0004", &given).trainer;
    assert_close(o.g_rate, 0.0004, 1e-12);
    assert_close(o.d_rate, 0.0002, 1e-12); /* the discriminator's follows, and is halved */
}

static void blocks_above_16_are_frozen(void **state)
{
    static const struct {
        const char *cfg;
        int resolution, layers;
    } cases[] = {
        {"stylegan2", 16, 0}, {"stylegan2", 32, 4}, {"stylegan2", 64, 7}, {"stylegan2", 256, 10},
        {"cifar", 32, 3},     {"stylegan1", 64, 6}, {"dcgan", 64, 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sg_given given;
        const sg_run_options o = resolved(cases[i].cfg, cases[i].resolution, NULL, NULL, &given);
        assert_int_equal(o.trainer.freezing.d_layers, cases[i].layers);
    }
}

static void augmentation_is_adaptive_where_the_loss_allows(void **state)
{
    sg_given given;
    (void)state;
    assert_int_equal(resolved("stylegan2", 64, NULL, NULL, &given).trainer.augment.mode,
                     SG_AUGMENT_ADAPTIVE);
    assert_close(resolved("stylegan2", 64, NULL, NULL, &given).trainer.augment.kimg, 500, 0);
    assert_int_equal(resolved("stylegan2", 64, "aug", "noaug", &given).trainer.augment.mode,
                     SG_AUGMENT_NONE);
    assert_int_equal(resolved("stylegan2", 64, "loss", "wgan-gp", &given).trainer.augment.mode,
                     SG_AUGMENT_NONE);
}

static void what_is_given_stays_and_is_said(void **state)
{
    sg_given given;
    sg_text lines = {0};
    const sg_run_options o = resolved("stylegan2", 256, "freezed", "2", &given);
    (void)state;
    assert_int_equal(o.trainer.freezing.d_layers, 2);
    sg_finetune_describe(&given, &o.trainer, &lines);
    assert_holds(lines.bytes, "\"freeze_discriminator\" 2, as given\n");
    assert_holds(lines.bytes, "\"augment\" \"ada\", adaptive");
    assert_holds(lines.bytes, "\"generator_rate\" 0.001, half the usual rate");
    sg_text_clear(&lines);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rates_are_halved),
        cmocka_unit_test(blocks_above_16_are_frozen),
        cmocka_unit_test(augmentation_is_adaptive_where_the_loss_allows),
        cmocka_unit_test(what_is_given_stays_and_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
