/* Presets: the published values. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/close.h"
#include "train/preset.h"

static sg_trainer_options options_of(const char *name, int batch)
{
    const sg_preset *preset = sg_preset_find(name);
    assert_non_null(preset);
    sg_trainer_options options = sg_preset_options(preset);
    options.batch = batch;
    sg_preset_complete(preset, &options);
    return options;
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
    const sg_preset *preset = sg_preset_find("stylegan3-t");
    sg_trainer_options options = sg_preset_options(preset);
    options.pl_weight = 1;
    sg_preset_complete(preset, &options);
    assert_int_equal(options.g_interval, 4);
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
        cmocka_unit_test(other_names_are_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
