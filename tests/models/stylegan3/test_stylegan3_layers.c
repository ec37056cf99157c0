/* The progression of StyleGAN3's layers against the sizes and channels of published networks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "models/config_rules.h"
#include "models/family.h"
#include "models/stylegan3/stylegan3_layers.h"
#include "support/close.h"

enum { LAYERS = 15 };

/* Layer by layer, as the names in the published stylegan3-t-ffhq-1024 and -r- have them. */
static const int sizes_1024[LAYERS] = {36,  36,  52,   52,   84,   148,  148, 276,
                                       276, 532, 1044, 1044, 1044, 1024, 1024};
static const int channels_t[LAYERS] = {512, 512, 512, 512, 512, 512, 512, 323,
                                       203, 128, 81,  51,  32,  32,  3};
static const int channels_r[LAYERS] = {1024, 1024, 1024, 1024, 1024, 1024, 1024, 645,
                                       406,  256,  161,  102,  64,   64,   3};

static void assert_published(const sg_generator_config *config, const int *channels)
{
    for (int i = 0; i < LAYERS; i++) {
        const sg_alias_free_layer_options layer = sg_stylegan3_layer_options(config, i);
        assert_int_equal(layer.out_size, sizes_1024[i]);
        assert_int_equal(layer.out_channels, channels[i]);
        assert_int_equal(layer.in_size, sizes_1024[i > 0 ? i - 1 : 0]);
        assert_int_equal(layer.in_channels, channels[i > 0 ? i - 1 : 0]);
    }
}

static void sizes_and_channels_are_the_published_ones(void **state)
{
    (void)state;
    sg_generator_config config = sg_generator_config_of_family(SG_STYLEGAN3);
    config.img_resolution = 1024;
    assert_published(&config, channels_t);
    config.channel_base *= 2;
    config.channel_max *= 2;
    assert_published(&config, channels_r);
}

/* Activations run at twice the higher rate; filters have 6 taps to each factor; colours have none.
 */
static void factors_and_filters_follow_the_rates(void **state)
{
    (void)state;
    sg_generator_config config = sg_generator_config_of_family(SG_STYLEGAN3);
    config.img_resolution = 1024;
    config.stylegan3.use_radial_filters = true;
    for (int i = 0; i < LAYERS; i++) {
        const sg_alias_free_layer_options layer = sg_stylegan3_layer_options(&config, i);
        const bool grows = i > 0 && i < 13 && sizes_1024[i] > sizes_1024[i - 1];
        const bool colours = i == LAYERS - 1;
        assert_int_equal(layer.to_colours, colours);
        assert_int_equal(layer.kernel_size, colours ? 1 : 3);
        assert_int_equal(layer.up, colours ? 1 : grows ? 4 : 2);
        assert_int_equal(layer.down, colours ? 1 : 2);
        assert_int_equal(layer.up_filter.taps, colours ? 1 : 6 * layer.up);
        assert_int_equal(layer.down_filter.taps, colours ? 1 : 12);
        assert_int_equal(layer.down_filter.radial, i < 12);
        assert_false(layer.up_filter.radial);
    }
}

static void cutoffs_grow_from_the_first_to_half_the_resolution(void **state)
{
    (void)state;
    sg_generator_config config = sg_generator_config_of_family(SG_STYLEGAN3);
    config.img_resolution = 1024;
    const sg_stylegan3_signal first = sg_stylegan3_signal_of(&config, 0);
    const sg_stylegan3_signal last = sg_stylegan3_signal_of(&config, 12);
    assert_close(first.cutoff, 2, 1e-12);
    assert_close(first.sampling_rate, 16, 0);
    assert_close(first.half_width, 8 - 2, 1e-12);
    assert_close(sg_stylegan3_signal_of(&config, 6).cutoff, 32, 1e-9);
    assert_close(last.cutoff, 512, 1e-9);
    /* Critically sampled: the transition goes beyond half the sampling rate. */
    assert_close(last.half_width, 512 * 1.2311444133449163 - 512, 1e-9);
}

/* What coarse, middle and fine styles are told by: 4 pixels at the input, all of them at the end.
 */
static void styles_are_of_the_details_resolution(void **state)
{
    static const int expected[LAYERS + 1] = {4,  4,   4,   8,   16,  16,   32,   64,
                                             64, 128, 256, 256, 512, 1024, 1024, 1024};
    (void)state;
    sg_generator_config config = sg_generator_config_of_family(SG_STYLEGAN3);
    config.img_resolution = 1024;
    const sg_synthesis_functions *functions = sg_family_of(SG_STYLEGAN3)->synthesis;
    assert_int_equal(functions->num_ws(&config), LAYERS + 1);
    for (int i = 0; i <= LAYERS; i++)
        assert_int_equal(functions->style_resolution(&config, i), expected[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes_and_channels_are_the_published_ones),
        cmocka_unit_test(factors_and_filters_follow_the_rates),
        cmocka_unit_test(styles_are_of_the_details_resolution),
        cmocka_unit_test(cutoffs_grow_from_the_first_to_half_the_resolution),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
