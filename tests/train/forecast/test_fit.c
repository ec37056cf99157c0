/* Options that fit pictures, machine and time. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "train/forecast/fit.h"
#include "train/options/preset.h"

/* What was chosen. */
typedef struct chosen {
    sg_run_options options;
    sg_given given;
    sg_text reasons;
} chosen;

static void give(chosen *all, size_t offset)
{
    sg_given_set_at(&sg_training_table, &all->given, offset);
}

/* Chooses without measuring where widths are given; otherwise measuring changes little. */
static void choose(const sg_fit_situation *situation, chosen *all)
{
    sg_error error = {0};
    sg_work_times *times = sg_work_times_create(1, 0);
    all->options.cfg = (int)(sg_preset_find("fit") - sg_presets);
    if (sg_fit_choose(situation, times, &all->options, &all->given, &all->reasons, &error))
        fail_msg("%s", error.message);
    assert_non_null(all->reasons.bytes);
    sg_work_times_destroy(times);
}

static const sg_fit_situation usual = {
    .pictures = 500, .channels = 3, .side = 40, .seconds = 1e12, .memory_bytes = 1e12};

/* With all the time, the pictures' own size and the widest networks. */
static void time_brings_size_and_width(void **state)
{
    (void)state;
    chosen all = {0};
    choose(&usual, &all);
    const sg_generator_config *g = &all.options.trainer.generator;
    assert_int_equal(all.options.resolution, 32);
    assert_int_equal(g->channel_max, 512);
    assert_true(all.options.kimg == 25000);
    assert_true(SG_TRAINING_GIVEN(&all.given, resolution));
    assert_true(SG_TRAINING_GIVEN(&all.given, trainer.gamma));
    assert_non_null(strstr(all.reasons.bytes, "\"resolution\" 32: most of the pictures have no"));
    assert_non_null(strstr(all.reasons.bytes, "the widest networks"));
    sg_text_clear(&all.reasons);
}

/* In no time, the smallest pictures and narrow networks, with a warning. */
static void little_time_brings_a_warning(void **state)
{
    (void)state;
    chosen all = {0};
    sg_fit_situation situation = usual;
    situation.seconds = 0.01;
    choose(&situation, &all);
    assert_int_equal(all.options.resolution, 16);
    assert_true(all.options.trainer.generator.channel_max < 32);
    assert_true(all.options.kimg < sg_fit_needed_kimg(16));
    assert_non_null(strstr(all.reasons.bytes, "Warning: the time is short"));
    assert_non_null(strstr(all.reasons.bytes, "\"resolution\" 16: there is no time for more"));
    sg_text_clear(&all.reasons);
}

/* Between the two, the next size is the one that there is no time for. */
static void the_next_size_is_out_of_reach(void **state)
{
    (void)state;
    chosen all = {0};
    sg_fit_situation situation = usual;
    situation.side = 1024;
    situation.seconds = 1e6; /* enough for small pictures on the slowest machine */
    choose(&situation, &all);
    assert_true(all.options.resolution < 1024);
    assert_true(all.options.kimg >= 0.9 * sg_fit_needed_kimg(all.options.resolution));
    assert_true(all.options.tick <= all.options.kimg / 90);
    assert_non_null(strstr(all.reasons.bytes, " pixels a side would need about "));
    assert_null(strstr(all.reasons.bytes, "Warning"));
    sg_text_clear(&all.reasons);
}

/* What is given stays, and the rest follows from it. */
static void given_values_stay(void **state)
{
    (void)state;
    chosen all = {.options = {.resolution = 32,
                              .kimg = 7,
                              .trainer = {.batch = 4, .generator = {.channel_max = 24}}}};
    give(&all, offsetof(sg_run_options, resolution));
    give(&all, offsetof(sg_run_options, kimg));
    give(&all, offsetof(sg_run_options, trainer.batch));
    give(&all, offsetof(sg_run_options, trainer.generator.channel_max));
    choose(&usual, &all);
    assert_int_equal(all.options.resolution, 32);
    assert_true(all.options.kimg == 7);
    assert_int_equal(all.options.trainer.batch, 4);
    assert_int_equal(all.options.trainer.generator.channel_max, 24);
    assert_true(all.options.tick >= 0.07 - 1e-9 && all.options.tick <= 1.4 + 1e-9);
    assert_non_null(strstr(all.reasons.bytes, "\"resolution\" 32: as asked"));
    assert_int_equal(all.options.trainer.augment.mode, SG_AUGMENT_ADAPTIVE);
    assert_true(all.options.trainer.augment.kimg == 20); /* a fifth of 7 is too fast */
    sg_text_clear(&all.reasons);
}

/* Pictures that are alike and fit networks stay as they are if there is time for their size. */
static void fitting_pictures_stay_as_they_are(void **state)
{
    (void)state;
    chosen all = {.options = {.trainer = {.generator = {.channel_max = 24}}}};
    sg_fit_situation situation = usual;
    situation.side = 24;
    situation.native = (sg_picture_base){.base_height = 3, .base_width = 4, .resolution = 32};
    give(&all, offsetof(sg_run_options, trainer.generator.channel_max));
    choose(&situation, &all);
    assert_false(SG_TRAINING_GIVEN(&all.given, resolution));
    assert_non_null(strstr(all.reasons.bytes, "32x24 pixels: the pictures as they are"));
    sg_text_clear(&all.reasons);
}

/* Where memory is short, pictures are smaller than time allows. */
static void memory_is_kept(void **state)
{
    (void)state;
    chosen all = {.options = {.trainer = {.generator = {.channel_max = 64}}}};
    sg_fit_situation situation = usual;
    situation.side = 1024;
    situation.memory_bytes = 1e9;
    give(&all, offsetof(sg_run_options, trainer.generator.channel_max));
    choose(&situation, &all);
    assert_true(all.options.resolution < 1024);
    assert_non_null(strstr(all.reasons.bytes, " MB of memory, of which 1000 are there"));
    sg_text_clear(&all.reasons);
}

static void lengths_are_round(void **state)
{
    (void)state;
    assert_true(fabs(sg_fit_length(1000, 1) - 950) < 1e-9);
    assert_true(fabs(sg_fit_length(1234, 1) - 1100) < 1e-9);
    assert_true(fabs(sg_fit_length(10, 8) - 1.1) < 1e-9);
    assert_true(sg_fit_length(1e9, 1) == 25000);
    assert_true(sg_fit_length(0, 1) > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(time_brings_size_and_width),
        cmocka_unit_test(little_time_brings_a_warning),
        cmocka_unit_test(the_next_size_is_out_of_reach),
        cmocka_unit_test(given_values_stay),
        cmocka_unit_test(fitting_pictures_stay_as_they_are),
        cmocka_unit_test(memory_is_kept),
        cmocka_unit_test(lengths_are_round),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
