/*
 * Losses of inversion on tiny networks in double: 0 at the target, gradients against differences,
 * masks, channels, refusals. LPIPS has a test of its own (tests/features/tape/test_lpips_tape.c).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "invert/comparison.h"
#include "ops/arithmetic.h"
#include "ops/gradient.h"
#include "support/networks.h"
#include "support/tensors.h"

enum { SIDE = 8 };

/* Networks of pictures with so many channels. */
static sg_invert_networks make_networks(sg_context *context, int channels)
{
    const sg_generator_config generator = tiny_generator_config(SG_ARCHITECTURE_SKIP, channels, 0);
    const sg_discriminator_config discriminator =
        tiny_discriminator_config(SG_ARCHITECTURE_RESNET, channels, 0);
    return (sg_invert_networks){
        .generator = tiny_generator(context, &generator, SG_F64, 1),
        .discriminator = tiny_discriminator(context, &discriminator, SG_F64, 2),
        .classifier = tiny_discriminator(context, &discriminator, SG_F64, 3)};
}

static void free_networks(const sg_invert_networks *networks)
{
    sg_generator_destroy(networks->generator);
    sg_discriminator_destroy(networks->discriminator);
    sg_discriminator_destroy(networks->classifier);
}

/* Target levels [SIDE, SIDE, channels]. */
static sg_feature_pictures make_target(size_t channels, float *values)
{
    for (size_t i = 0; i < SIDE * SIDE * channels; i++)
        values[i] = (float)(i * 37 % 256);
    return (sg_feature_pictures){
        .count = 1, .height = SIDE, .width = SIDE, .channels = channels, .floats = values};
}

static double loss_at(const sg_comparison *comparison, sg_tensor *x)
{
    sg_tensor *distances[SG_INVERT_LOSS_COUNT];
    const sg_tensor *loss = sg_comparison_distance(comparison, x, distances);
    assert_non_null(loss);
    return sg_tensor_value(loss, 0);
}

static void check_gradient(sg_context *context, int channels, size_t target_channels, int loss)
{
    float values[SIDE * SIDE * 3];
    const sg_invert_networks networks = make_networks(context, channels);
    const sg_feature_pictures target = make_target(target_channels, values);
    const double step = 1e-6;
    const sg_shape shape = SG_SHAPE(1, SIDE, SIDE, channels);
    sg_invert_weights weights = {{0}};
    sg_comparison comparison;
    sg_tensor *distances[SG_INVERT_LOSS_COUNT];
    sg_tensor *gradient = NULL;
    double product = 0;
    weights.of[loss] = 0.7;
    const size_t scope = sg_scope_open(context);
    assert_int_equal(sg_comparison_make(&comparison, &networks, &weights, &target, NULL, NULL),
                     SG_OK);
    assert_true(fabs(loss_at(&comparison, comparison.native)) < 1e-12 || channels != 3);
    sg_tensor *x = random_leaf(context, SG_F64, shape, 4);
    sg_tensor *way = random_tensor(context, SG_F64, shape, 5);
    sg_tensor *sum = sg_comparison_distance(&comparison, x, distances);
    assert_true(fabs(sg_tensor_value(sum, 0) / sg_tensor_value(distances[loss], 0) - 0.7) < 1e-9);
    assert_int_equal(sg_gradient(sum, NULL, &x, 1, (sg_gradient_options){0}, &gradient), SG_OK);
    for (int64_t i = 0; i < sg_tensor_count(x); i++)
        product += sg_tensor_value(gradient, i) * sg_tensor_value(way, i);
    sg_tensor *still = sg_tensor_detach(x);
    const double high = loss_at(&comparison, sg_add(still, sg_affine(way, step, 0)));
    const double low = loss_at(&comparison, sg_add(still, sg_affine(way, -step, 0)));
    if (!(fabs((high - low) / (2 * step) / product - 1) < 1e-5))
        fail_msg("loss %d of %d channels: gradient %g, difference %g", loss, channels, product,
                 (high - low) / (2 * step));
    sg_tensor_require_gradient(x, false);
    sg_scope_close(context, scope, NULL);
    sg_comparison_clear(&comparison);
    free_networks(&networks);
}

static void test_gradients(void **state)
{
    static const int losses[] = {SG_INVERT_DISCRIMINATOR, SG_INVERT_PYRAMID, SG_INVERT_PIXEL,
                                 SG_INVERT_OWN};
    for (int i = 0; i < 4; i++) {
        check_gradient(*state, 3, 3, losses[i]);
        check_gradient(*state, 1, 3, losses[i]);
        check_gradient(*state, 1, 1, losses[i]);
        check_gradient(*state, 4, 3, losses[i]);
    }
}

/* Where the mask is 0, no loss sees what is painted. */
static void test_masked_pixels_do_not_count(void **state)
{
    sg_context *context = *state;
    float values[SIDE * SIDE * 3];
    float mask[SIDE * SIDE];
    const sg_invert_networks networks = make_networks(context, 3);
    const sg_feature_pictures target = make_target(3, values);
    const sg_invert_weights weights = {
        .of = {[SG_INVERT_DISCRIMINATOR] = 1, [SG_INVERT_PYRAMID] = 1, [SG_INVERT_PIXEL] = 1}};
    sg_comparison comparison;
    for (int i = 0; i < SIDE * SIDE; i++)
        mask[i] = i < SIDE * SIDE / 2 ? 1 : 0;
    const size_t scope = sg_scope_open(context);
    assert_int_equal(sg_comparison_make(&comparison, &networks, &weights, &target, mask, NULL),
                     SG_OK);
    sg_tensor *x = sg_affine(comparison.native, 1, 0);
    sg_tensor_set_value(x, sg_tensor_count(x) - 1, 5);
    assert_true(fabs(loss_at(&comparison, x)) < 1e-12);
    sg_tensor_set_value(x, 0, 5);
    assert_true(loss_at(&comparison, x) > 1e-3);
    sg_scope_close(context, scope, NULL);
    sg_comparison_clear(&comparison);
    free_networks(&networks);
}

/* The mean square of a picture that is off by 0.5 everywhere, against two targets: 0.25. */
static void test_pixel_losses_of_several_targets(void **state)
{
    sg_context *context = *state;
    float values[2 * SIDE * SIDE * 3];
    const sg_invert_networks networks = make_networks(context, 3);
    sg_feature_pictures target = make_target(3, values);
    const sg_invert_weights weights = {.of = {[SG_INVERT_PIXEL] = 1}};
    sg_comparison comparison;
    memcpy(values + SIDE * SIDE * 3, values, SIDE * SIDE * 3 * sizeof *values);
    target.count = 2;
    const size_t scope = sg_scope_open(context);
    assert_int_equal(sg_comparison_make(&comparison, &networks, &weights, &target, NULL, NULL),
                     SG_OK);
    sg_tensor *x = sg_tensor_create(context, SG_F64, SG_SHAPE(1, SIDE, SIDE, 3));
    for (int64_t i = 0; i < sg_tensor_count(x); i++)
        sg_tensor_set_value(x, i, sg_tensor_value(comparison.native, i) + 0.5);
    assert_true(fabs(loss_at(&comparison, x) - 0.25) < 1e-12);
    sg_scope_close(context, scope, NULL);
    sg_comparison_clear(&comparison);
    free_networks(&networks);
}

static void expect_refusal(sg_context *context, const sg_feature_pictures *target, int loss,
                           bool with_networks, const char *text)
{
    const sg_invert_networks networks = make_networks(context, 3);
    const sg_invert_networks bare = {.generator = networks.generator};
    sg_invert_weights weights = {{0}};
    sg_comparison comparison;
    sg_error error = {0};
    weights.of[loss] = 1;
    assert_int_equal(sg_comparison_make(&comparison, with_networks ? &networks : &bare, &weights,
                                        target, NULL, &error),
                     SG_ERROR_ARGUMENT);
    if (!strstr(error.message, text))
        fail_msg("\"%s\" lacks \"%s\"", error.message, text);
    sg_comparison_clear(&comparison);
    free_networks(&networks);
}

static void test_refusals(void **state)
{
    float values[SIDE * SIDE * 3];
    const sg_feature_pictures fits = make_target(3, values);
    sg_feature_pictures target = fits;
    target.height = SIDE / 2;
    expect_refusal(*state, &target, SG_INVERT_PIXEL, true,
                   "8x4 pixels, but the network paints 8x8");
    target = fits;
    target.channels = 2;
    expect_refusal(*state, &target, SG_INVERT_PIXEL, true, "of 1 or 3 channels");
    target = fits;
    target.count = 0;
    expect_refusal(*state, &target, SG_INVERT_PIXEL, true, "at least one");
    expect_refusal(*state, &fits, SG_INVERT_LPIPS, false, "needs LPIPS with VGG16");
    expect_refusal(*state, &fits, SG_INVERT_DISCRIMINATOR, false, "needs the discriminator");
    expect_refusal(*state, &fits, SG_INVERT_OWN, false, "needs a classifier");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_gradients, context_setup, context_teardown),
        cmocka_unit_test_setup_teardown(test_masked_pixels_do_not_count, context_setup,
                                        context_teardown),
        cmocka_unit_test_setup_teardown(test_pixel_losses_of_several_targets, context_setup,
                                        context_teardown),
        cmocka_unit_test_setup_teardown(test_refusals, context_setup, context_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
