/* Presets: the published values. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "support/close.h"
#include "train/options/preset_resolve.h"

/* With options given as the command line spells them, each followed by its value. */
static sg_trainer_options resolved(const char *name, int resolution, const char *const *words)
{
    sg_error error = {0};
    sg_given given = {0};
    const sg_preset *preset = sg_preset_find(name);
    assert_non_null(preset);
    sg_run_options options = {.cfg = (int)(preset - sg_presets)};
    for (; *words; words += 2) {
        const int index = sg_field_find_option(&sg_training_table, words[0]);
        assert_true(index >= 0);
        assert_int_equal(sg_field_parse(sg_field_at(&sg_training_table, (size_t)index), words[1],
                                        &options, SG_SPELL_OPTION, &error),
                         SG_OK);
        sg_given_set(&given, (size_t)index);
    }
    if (sg_preset_resolve(&options, &given, resolution, &options, &error))
        fail_msg("%s", error.message);
    return options.trainer;
}

#define RESOLVED(name, resolution, ...)                                                            \
    resolved(name, resolution, (const char *const[]){__VA_ARGS__, NULL})

/* With a batch that is given; 0: with the preset's. */
static sg_trainer_options fitted(const char *name, int batch, int resolution)
{
    char number[16];
    snprintf(number, sizeof number, "%d", batch);
    return RESOLVED(name, resolution, batch > 0 ? "batch" : NULL, number);
}

static sg_trainer_options options_of(const char *name, int batch)
{
    return fitted(name, batch, 256);
}

static void stylegan2_is_the_default(void **state)
{
    (void)state;
    const sg_trainer_options o = options_of("stylegan2", 32);
    const sg_trainer_options expected = sg_trainer_options_default();
    assert_string_equal(sg_presets[0].name, "stylegan2");
    assert_int_equal(o.generator.family, SG_STYLEGAN2);
    assert_int_equal(o.generator.mapping.num_layers, 8);
    assert_int_equal(o.g_interval, 4);
    assert_close(o.pl_weight, 2, 0);
    assert_close(o.g_rate, 0.002, 0);
    assert_close(o.ema_kimg, expected.ema_kimg, 0);
    assert_close(o.blur_init_sigma, 0, 0);
}

static void stylegan3_has_values_of_its_own(void **state)
{
    static const char *const names[] = {"stylegan3-t", "stylegan3-r"};
    (void)state;
    for (int i = 0; i < 2; i++) {
        const sg_trainer_options o = options_of(names[i], 16);
        assert_int_equal(o.generator.family, SG_STYLEGAN3);
        assert_int_equal(o.generator.mapping.num_layers, 2);
        assert_int_equal(o.g_interval, 0);
        assert_int_equal(o.d_interval, 16);
        assert_close(o.pl_weight, 0, 0);
        assert_close(o.style_mixing_prob, 0, 0);
        assert_close(o.g_rate, 0.0025, 0);
        assert_close(o.d_rate, 0.002, 0);
        assert_close(o.ema_kimg, 5, 0);
        /* A half-life of 20 kimg. */
        assert_close(pow(o.generator.stylegan3.magnitude_ema_beta, 20000.0 / 16), 0.5, 1e-9);
        assert_int_equal(o.generator.stylegan3.conv_kernel, i ? 1 : 3);
        assert_int_equal(o.generator.stylegan3.use_radial_filters, i);
        assert_int_equal(o.generator.channel_base, i ? 65536 : 32768);
        assert_int_equal(o.generator.channel_max, i ? 1024 : 512);
        assert_int_equal(o.discriminator.channel_base, 32768);
        assert_close(o.blur_init_sigma, i ? 10 : 0, 0);
        assert_close(o.blur_fade_kimg, i ? 100 : 0, 0);
    }
}

static void a_path_length_penalty_becomes_lazy(void **state)
{
    (void)state;
    const sg_trainer_options options = RESOLVED("stylegan3-t", 256, "pl-weight", "1");
    assert_int_equal(options.g_interval, 4);
}

static void auto_follows_the_resolution(void **state)
{
    /* As the official train.py computes them for one processor. */
    const struct {
        int resolution, batch, group, channel_base;
        double rate, gamma;
    } expected[] = {{32, 32, 4, 16384, 0.0025, 0.0064},
                    {256, 16, 4, 16384, 0.0025, 0.8192},
                    {512, 8, 4, 32768, 0.0025, 6.5536},
                    {1024, 4, 4, 32768, 0.002, 52.4288}};
    (void)state;
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        const sg_trainer_options o = fitted("auto", 0, expected[i].resolution);
        assert_int_equal(o.batch, expected[i].batch);
        assert_int_equal(o.discriminator.mbstd_group_size, expected[i].group);
        assert_int_equal(o.generator.channel_base, expected[i].channel_base);
        assert_int_equal(o.discriminator.channel_base, expected[i].channel_base);
        assert_int_equal(o.generator.mapping.num_layers, 2);
        assert_close(o.g_rate, expected[i].rate, 0);
        assert_close(o.d_rate, expected[i].rate, 0);
        assert_close(o.gamma, expected[i].gamma, 1e-9);
        assert_close(o.ema_kimg, expected[i].batch * 10.0 / 32, 1e-12);
        assert_close(o.ema_rampup, 0.05, 0);
    }
    const sg_trainer_options given = fitted("auto", 2, 256);
    assert_int_equal(given.batch, 2);
    assert_int_equal(given.discriminator.mbstd_group_size, 2);
    assert_close(given.gamma, 0.0002 * 256 * 256 / 2, 1e-9);
}

static void gamma_has_a_floor_elsewhere(void **state)
{
    (void)state;
    assert_close(fitted("stylegan2", 32, 32).gamma, 1, 0);
    assert_close(fitted("stylegan2", 32, 1024).gamma, 6.5536, 1e-9);
}

static void cifar_and_configuration_e_have_their_values(void **state)
{
    (void)state;
    const sg_trainer_options cifar = fitted("cifar", 0, 32);
    assert_int_equal(cifar.batch, 64);
    assert_int_equal(cifar.discriminator.mbstd_group_size, 32);
    assert_int_equal(cifar.discriminator.architecture, SG_ARCHITECTURE_ORIG);
    assert_int_equal(cifar.generator.architecture, SG_ARCHITECTURE_SKIP);
    assert_int_equal(cifar.generator.mapping.num_layers, 2);
    assert_int_equal(cifar.generator.channel_base, 32768);
    assert_close(cifar.g_rate, 0.0025, 0);
    assert_close(cifar.d_rate, 0.0025, 0);
    assert_close(cifar.gamma, 0.01, 0);
    assert_close(cifar.ema_kimg, 500, 0);
    assert_close(cifar.style_mixing_prob, 0, 0);
    assert_close(cifar.pl_weight, 0, 0);
    const sg_trainer_options e = fitted("stylegan2-e", 0, 1024);
    assert_int_equal(e.batch, 32);
    assert_int_equal(e.generator.channel_base, 16384);
    assert_int_equal(e.discriminator.channel_base, 16384);
    assert_close(e.gamma, 100, 0);
}

static void growing_families_have_their_schedules(void **state)
{
    static const int stylegan_batch[] = {512, 256, 128, 64, 32, 32, 32, 32, 32};
    static const int progan_batch[] = {128, 128, 128, 64, 32, 16, 8, 4, 4};
    (void)state;
    const sg_trainer_options s = fitted("stylegan1", 0, 256);
    assert_int_equal(s.generator.family, SG_STYLEGAN1);
    assert_int_equal(s.discriminator.family, SG_STYLEGAN1);
    assert_int_equal(s.generator.channel_base, 16384);
    assert_int_equal(s.growing.initial_resolution, 8);
    assert_memory_equal(s.growing.batch, stylegan_batch, sizeof stylegan_batch);
    assert_int_equal(s.batch, 32);
    assert_close(s.g_rate, 0.002, 0);
    assert_close(s.growing.g_rate[0], 0.001, 0);
    assert_close(s.growing.d_rate[5], 0.0015, 0);
    assert_close(s.growing.d_rate[8], 0.003, 0);
    assert_close(s.gamma, 10, 0);
    assert_close(s.style_mixing_prob, 0.9, 0);
    assert_true(s.track_w_in_g);
    const sg_trainer_options p = fitted("progan", 0, 1024);
    assert_int_equal(p.generator.family, SG_PROGAN);
    assert_int_equal(p.growing.initial_resolution, 4);
    assert_memory_equal(p.growing.batch, progan_batch, sizeof progan_batch);
    assert_int_equal(p.batch, 4);
    assert_close(p.g_rate, 0.0015, 0);
    assert_close(p.growing.g_rate[7], 0.001, 0);
    assert_int_equal(p.loss, SG_LOSS_WGAN_GP);
    assert_close(p.gamma, 0, 0);
    const sg_trainer_options *const both[] = {&s, &p};
    for (int i = 0; i < 2; i++) {
        assert_close(both[i]->growing.stable_kimg, 600, 0);
        assert_close(both[i]->growing.fade_kimg, 600, 0);
        assert_int_equal(both[i]->growing.repeats, 4);
        assert_int_equal(both[i]->d_interval, 0);
        assert_close(both[i]->pl_weight, 0, 0);
        assert_close(both[i]->ema_kimg, 10, 0);
        assert_close(both[i]->ema_rampup, 0, 0);
        assert_close(both[i]->beta1, 0, 0);
        assert_close(both[i]->beta2, 0.99, 0);
    }
}

static void a_batch_that_is_given_is_for_all_resolutions(void **state)
{
    (void)state;
    const sg_trainer_options options = RESOLVED("stylegan1", 256, "batch", "16", "dlr", "0.5");
    for (int i = 0; i < SG_GROWING_LEVELS; i++) {
        assert_int_equal(options.growing.batch[i], 16);
        assert_close(options.growing.d_rate[i], 0.5, 0);
        assert_true(options.growing.g_rate[i] < 0.004);
    }
    assert_close(options.ema_kimg, 10, 0);
}

static void averages_of_short_fades_are_short(void **state)
{
    (void)state;
    const sg_trainer_options fades = RESOLVED("progan", 256, "grow-kimg", "25", "fade-kimg", "25");
    assert_close(fades.ema_kimg, 1.25, 1e-12);
    const sg_trainer_options given =
        RESOLVED("progan", 256, "grow-kimg", "25", "fade-kimg", "25", "ema-kimg", "3");
    assert_close(given.ema_kimg, 3, 0);
    const sg_trainer_options jumps = RESOLVED("progan", 256, "grow-kimg", "60", "fade-kimg", "0");
    assert_close(jumps.ema_kimg, 3, 1e-12);
}

/* The table of configurations in stylegan2-ada-pytorch's train.py. */
static void the_paper_configurations_are_the_official_ones(void **state)
{
    static const struct {
        const char *name;
        int batch, group, channel_base;
        double rate, gamma, half_life;
    } table[] = {{"paper256", 64, 8, 16384, 0.0025, 1, 20},
                 {"paper512", 64, 8, 32768, 0.0025, 0.5, 20},
                 {"paper1024", 32, 4, 32768, 0.002, 2, 10}};
    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        const sg_trainer_options o = fitted(table[i].name, 0, 256);
        assert_int_equal(o.batch, table[i].batch);
        assert_int_equal(o.discriminator.mbstd_group_size, table[i].group);
        assert_int_equal(o.generator.channel_base, table[i].channel_base);
        assert_int_equal(o.discriminator.channel_base, table[i].channel_base);
        assert_int_equal(o.generator.mapping.num_layers, 8);
        assert_close(o.g_rate, table[i].rate, 0);
        assert_close(o.d_rate, table[i].rate, 0);
        assert_close(o.gamma, table[i].gamma, 0);
        assert_close(o.ema_kimg, table[i].half_life, 0);
        assert_close(o.ema_rampup, 0, 0);
        assert_close(o.pl_weight, 2, 0);
    }
}

static void the_extended_configuration_has_a_wide_generator(void **state)
{
    (void)state;
    const sg_trainer_options o = fitted("stylegan2-ext", 0, 512);
    assert_int_equal(o.generator.channel_base, 65536);
    assert_int_equal(o.generator.channel_max, 1024);
    assert_int_equal(o.discriminator.channel_base, 32768);
    assert_int_equal(o.discriminator.channel_max, 512);
    assert_int_equal(o.discriminator.mbstd_num_channels, 4);
    assert_int_equal(o.generator.z_dim, 1024);
    assert_int_equal(o.generator.w_dim, 1024);
    assert_int_equal(o.generator.mapping.num_layers, 4);
    assert_close(o.g_rate, 0.0025, 0);
    assert_close(o.d_rate, 0.002, 0);
    assert_close(o.gamma, 0.0002 * 512 * 512 / 32, 1e-12);
    assert_close(o.pl_weight, 0, 0);
    assert_close(o.style_mixing_prob, 0, 0);
    assert_close(o.blur_init_sigma, 0, 0);
}

static void names_are_listed_with_meanings(void **state)
{
    char names[256];
    (void)state;
    sg_choice_list(&sg_preset_choices, names, sizeof names);
    assert_ptr_equal(strstr(names, "stylegan2, "), names);
    for (size_t i = 0; i < sg_preset_count; i++) {
        assert_non_null(strstr(names, sg_presets[i].name));
        assert_true(strlen(sg_presets[i].meaning) > 0);
        for (const char *line = sg_presets[i].meaning; *line; line += strspn(line, "\n")) {
            assert_true(strcspn(line, "\n") <= 62);
            line += strcspn(line, "\n");
        }
    }
}

static void other_names_are_none(void **state)
{
    (void)state;
    assert_null(sg_preset_find("stylegan3"));
    assert_null(sg_preset_find(""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stylegan2_is_the_default),
        cmocka_unit_test(stylegan3_has_values_of_its_own),
        cmocka_unit_test(a_path_length_penalty_becomes_lazy),
        cmocka_unit_test(auto_follows_the_resolution),
        cmocka_unit_test(gamma_has_a_floor_elsewhere),
        cmocka_unit_test(cifar_and_configuration_e_have_their_values),
        cmocka_unit_test(growing_families_have_their_schedules),
        cmocka_unit_test(a_batch_that_is_given_is_for_all_resolutions),
        cmocka_unit_test(averages_of_short_fades_are_short),
        cmocka_unit_test(the_paper_configurations_are_the_official_ones),
        cmocka_unit_test(the_extended_configuration_has_a_wide_generator),
        cmocka_unit_test(names_are_listed_with_meanings),
        cmocka_unit_test(other_names_are_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
