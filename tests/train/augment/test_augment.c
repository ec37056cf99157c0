/*
 * The pipe: what each transform does to a picture, which channels it leaves, what happens at p of
 * 0, and derivatives of first and second order through all of it.
 */
#include "train/augment/augment.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/parallel.h"
#include "ops/activation.h"
#include "ops/convolution/convolution.h"
#include "ops/layout.h"
#include "support/gradient_check.h"
#include "support/tensors.h"
#include "train/augment/augment_filter.h"

static sg_augment_spec spec_of(const char *text)
{
    sg_augment_spec spec;
    assert_int_equal(sg_augment_spec_parse(text, "pipe", &spec, NULL), SG_OK);
    return spec;
}

static void draw(const sg_augment_spec *spec, const sg_shape *images, uint64_t seed,
                 sg_augment_draws *draws)
{
    sg_random random = sg_random_stream(seed, 4);
    const int64_t *size = images->size;
    assert_int_equal(sg_augment_draws_random(spec,
                                             (sg_augment_size){size[0], size[3], size[1], size[2]},
                                             &random, draws, NULL),
                     SG_OK);
}

/* Augments with random draws of a seed. */
static sg_tensor *augment(const char *pipe, double p, uint64_t seed, sg_tensor *images)
{
    const sg_augment_spec spec = spec_of(pipe);
    sg_augment_draws draws;
    draw(&spec, &images->shape, seed, &draws);
    sg_tensor *y = sg_augment(&spec, p, &draws, images);
    sg_augment_draws_free(&draws);
    return y;
}

/* Augments one picture with one transform, whose draws are given. */
static sg_tensor *apply(const char *pipe, sg_augment_slot slot, double value, double other,
                        sg_tensor *images)
{
    const sg_augment_spec spec = spec_of(pipe);
    sg_augment_draws draws;
    draw(&spec, &images->shape, 1, &draws);
    for (int64_t n = 0; n < draws.samples; n++)
        draws.rows[n][slot] = (sg_augment_draw){{value, other}, 0};
    sg_tensor *y = sg_augment(&spec, 1, &draws, images);
    sg_augment_draws_free(&draws);
    return y;
}

static sg_tensor *pixel(sg_context *context, int channels, const double *values)
{
    return leaf_of(context, SG_SHAPE(1, 1, 1, channels), values);
}

static void assert_pixel(const char *what, sg_tensor *y, const double *expected)
{
    for (int64_t c = 0; c < sg_tensor_count(y); c++)
        if (fabs(sg_tensor_value(y, c) - expected[c]) > 1e-12)
            fail_msg("%s: channel %d is %.15g, expected %.15g", what, (int)c, sg_tensor_value(y, c),
                     expected[c]);
}

/* ---- colour ---- */

static void test_colours(void **state)
{
    sg_context *context = *state;
    sg_tensor *x = pixel(context, 3, (double[]){0.1, 0.4, 0.7});
    assert_pixel("brightness", apply("brightness", SG_DRAW_BRIGHTNESS, 1.5, 0, x),
                 (double[]){0.4, 0.7, 1});
    assert_pixel("contrast", apply("contrast", SG_DRAW_CONTRAST, 2, 0, x),
                 (double[]){0.2, 0.8, 1.4});
    assert_pixel("luma kept", apply("lumaflip", SG_DRAW_LUMAFLIP, 0.4, 0, x),
                 (double[]){0.1, 0.4, 0.7});
    assert_pixel("luma flipped", apply("lumaflip", SG_DRAW_LUMAFLIP, 0.6, 0, x),
                 (double[]){-0.7, -0.4, -0.1});
    /* A third of a turn, 2 pi / 3 = (2 u - 1) pi, takes red to green. */
    assert_pixel("hue", apply("hue", SG_DRAW_HUE, 5.0 / 6, 0, x), (double[]){0.7, 0.1, 0.4});
    assert_pixel("saturation", apply("saturation", SG_DRAW_SATURATION, -1, 0, x),
                 (double[]){0.25, 0.4, 0.55});
}

/* Grey follows the mean of equal colours; further channels are no colours. */
static void test_other_channels(void **state)
{
    sg_context *context = *state;
    sg_tensor *grey = pixel(context, 1, (double[]){0.5});
    sg_tensor *two = pixel(context, 2, (double[]){0.5, 0.25});
    sg_tensor *five = pixel(context, 5, (double[]){0.1, 0.4, 0.7, 0.9, -0.3});
    assert_pixel("grey", apply("brightness", SG_DRAW_BRIGHTNESS, 1, 0, grey), (double[]){0.7});
    assert_pixel("grey flipped", apply("lumaflip", SG_DRAW_LUMAFLIP, 0.6, 0, grey),
                 (double[]){-0.5});
    assert_pixel("grey and alpha", apply("contrast", SG_DRAW_CONTRAST, 2, 0, two),
                 (double[]){1, 0.25});
    assert_pixel("grey has no hue", apply("hue", SG_DRAW_HUE, 0.1, 0, two), (double[]){0.5, 0.25});
    assert_pixel("five", apply("hue", SG_DRAW_HUE, 5.0 / 6, 0, five),
                 (double[]){0.7, 0.1, 0.4, 0.9, -0.3});
}

/* ---- filter, noise, cutout ---- */

/* The bands add up to the filter that changes nothing. */
static void test_filter_bank(void **state)
{
    double bank[SG_AUGMENT_BANDS][SG_AUGMENT_TAPS];
    (void)state;
    sg_augment_filter_bank(bank);
    for (int k = 0; k < SG_AUGMENT_TAPS; k++) {
        const double sum = bank[0][k] + bank[1][k] + bank[2][k] + bank[3][k];
        assert_true(fabs(sum - (k == SG_AUGMENT_TAPS / 2)) < 1e-11);
        assert_true(fabs(bank[2][k] - bank[2][SG_AUGMENT_TAPS - 1 - k]) < 1e-15);
    }
}

/* A flat picture has the lowest band only, whose gain is 2 over the root of the mean power, in both
 * axes; pictures smaller than the filter are padded as well. */
static void test_filter_of_flat_pictures(void **state)
{
    sg_context *context = *state;
    const double gain = 2 / sqrt(10.0 / 13 * 4 + 3.0 / 13);
    const sg_shape shapes[] = {SG_SHAPE(1, 30, 24, 3), SG_SHAPE(1, 4, 9, 1), SG_SHAPE(1, 1, 2, 2)};
    for (int i = 0; i < 3; i++) {
        const sg_augment_spec spec = spec_of("imgfilter");
        sg_augment_draws draws;
        draw(&spec, &shapes[i], 1, &draws);
        for (int band = 0; band < SG_AUGMENT_BANDS; band++)
            draws.rows[0][SG_DRAW_BAND + band] = (sg_augment_draw){{1, 0}, band == 0 ? 0 : 1};
        sg_tensor *x = sg_tensor_full(context, SG_F64, shapes[i], 0.5);
        assert_tensors_near("flat", sg_augment(&spec, 1, &draws, x),
                            sg_tensor_full(context, SG_F64, shapes[i], 0.5 * gain * gain), 1e-9);
        sg_augment_draws_free(&draws);
    }
}

/* Noise is stored by channels, pictures by pixels. */
static void test_noise(void **state)
{
    sg_context *context = *state;
    const sg_augment_spec spec = spec_of("noise=0.25");
    sg_tensor *x = random_tensor(context, SG_F64, SG_SHAPE(2, 2, 3, 2), 1);
    sg_augment_draws draws;
    draw(&spec, &x->shape, 1, &draws);
    draws.rows[0][SG_DRAW_STRENGTH_OF_NOISE] = (sg_augment_draw){{-2, 0}, 0.2};
    draws.rows[1][SG_DRAW_STRENGTH_OF_NOISE] = (sg_augment_draw){{-2, 0}, 0.9};
    sg_tensor *y = sg_augment(&spec, 0.5, &draws, x);
    for (int64_t i = 0; i < 24; i++) {
        const int64_t at = i % 2 * 6 + i / 2 % 6;
        const double added = i < 12 ? 0.5 * (double)draws.noise[at] : 0;
        assert_true(fabs(sg_f64(y)[i] - sg_f64(x)[i] - added) < 1e-12);
    }
    sg_augment_draws_free(&draws);
}

/* Half of the width around 0.25 and of the height around 0.875. */
static void test_cutout(void **state)
{
    sg_context *context = *state;
    sg_tensor *x = sg_tensor_full(context, SG_F64, SG_SHAPE(1, 4, 8, 3), 1);
    sg_tensor *y = apply("cutout", SG_DRAW_CUTOUT, 0.25, 0.875, x);
    for (int64_t i = 0; i < 4 * 8 * 3; i++) {
        const bool cut = i / 3 % 8 < 4 && i / 24 >= 3;
        assert_true(sg_f64(y)[i] == (cut ? 0 : 1));
    }
}

/* ---- the whole ---- */

static void test_nothing_happens_at_p_0(void **state)
{
    sg_context *context = *state;
    for (int channels = 1; channels <= 5; channels++) {
        sg_tensor *x = random_tensor(context, SG_F32, SG_SHAPE(3, 9, 32, channels), 1);
        sg_tensor *y = augment("bgcfnc", 0, 2, x);
        assert_memory_equal(sg_f32(y), sg_f32(x), x->storage->bytes);
    }
}

/* A shift of whole pixels, as well as a quarter turn, moves pixels of a picture as they are. */
static void test_blits(void **state)
{
    sg_context *context = *state;
    sg_tensor *x = random_tensor(context, SG_F64, SG_SHAPE(1, 16, 16, 2), 1);
    sg_tensor *moved = apply("xint", SG_DRAW_XINT, 0.999, 0.5, x); /* 2 pixels to the right */
    assert_tensors_near("moved", sg_slice(moved, 2, 2, 14), sg_slice(x, 2, 0, 14), 1e-6);
    assert_tensors_near("reflected", sg_slice(moved, 2, 1, 1), sg_slice(x, 2, 1, 1), 1e-6);
}

/* Results do not depend on threads. */
static void test_threads(void **state)
{
    sg_context *context = *state;
    sg_tensor *x = random_tensor(context, SG_F32, SG_SHAPE(4, 40, 33, 3), 1);
    sg_set_thread_count(1);
    sg_tensor *one = augment("bgcfnc", 0.9, 5, x);
    sg_set_thread_count(3);
    sg_tensor *three = augment("bgcfnc", 0.9, 5, x);
    sg_set_thread_count(0);
    assert_memory_equal(sg_f32(one), sg_f32(three), x->storage->bytes);
}

/* Scores of a layer with kinks nowhere: the second derivatives of what R1 needs, for pictures and
 * weights. */
static sg_tensor *score_augmented(sg_context *context, sg_tensor *const *in, const void *options)
{
    (void)context;
    sg_convolution_options layer = sg_convolution_defaults();
    layer.pad_left = layer.pad_top = 1;
    sg_tensor *y = augment("bgcfnc", 0.8, *(const uint64_t *)options, in[0]);
    return sg_activate(sg_convolution(y, in[1], layer), SG_TANH, 0, 0);
}

static void test_derivatives_of_r1(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 6; seed++) {
        const int64_t channels = 1 + (int64_t)seed % 5;
        assert_gradients_right(
            &(gradient_case){.name = "scores of augmented pictures",
                             .function = score_augmented,
                             .options = &seed,
                             .inputs = {{GRADIENT_SIGNED, SG_SHAPE(2, 3, 2, channels)},
                                        {GRADIENT_SIGNED, SG_SHAPE(1, channels, 3, 3)}},
                             .seed = 60 + seed});
    }
}

static void test_refuses_draws_of_another_batch(void **state)
{
    sg_context *context = *state;
    const sg_augment_spec spec = spec_of("bgc");
    const sg_shape other = SG_SHAPE(3, 8, 8, 3);
    sg_augment_draws draws;
    draw(&spec, &other, 1, &draws);
    sg_tensor *x = random_tensor(context, SG_F32, SG_SHAPE(2, 8, 8, 3), 1);
    assert_refused(context, sg_augment(&spec, 1, &draws, x), SG_ERROR_SHAPE);
    assert_null(sg_augment(&spec, 1, &draws, NULL));
    sg_augment_draws_free(&draws);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, context_setup, context_teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_colours),
        TEST(test_other_channels),
        cmocka_unit_test(test_filter_bank),
        TEST(test_filter_of_flat_pictures),
        TEST(test_noise),
        TEST(test_cutout),
        TEST(test_nothing_happens_at_p_0),
        TEST(test_blits),
        TEST(test_threads),
        cmocka_unit_test(test_derivatives_of_r1),
        TEST(test_refuses_draws_of_another_batch),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
