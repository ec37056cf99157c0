/*
 * LPIPS on the tape: distances against those of the forward-only network from the same files,
 * gradients against differences in double, grey and large pictures, refusals.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "features/feature_network.h"
#include "features/tape/lpips_tape.h"
#include "ops/arithmetic.h"
#include "ops/gradient.h"
#include "support/filled_network.h"
#include "support/temporary_folder.h"
#include "support/tensors.h"

enum { SIDE = 32, PATH_BYTES = 400 };

static char file[PATH_BYTES];

static int setup(void **state)
{
    if (temporary_folder_setup(state))
        return -1;
    snprintf(file, sizeof file, "%s/vgg16.safetensors", (const char *)*state);
    return write_filled_vgg16(file, FILLED_LAYERS | FILLED_HEADS, NULL);
}

static sg_lpips_tape *open_tape(sg_context *context, sg_dtype dtype)
{
    const char *path = file;
    sg_lpips_tape *lpips = NULL;
    assert_int_equal(sg_lpips_tape_find(context, dtype, &path, 1, &lpips, NULL), SG_OK);
    return lpips;
}

/* Fills a picture of whole levels; of one channel, the red one. */
static float *picture(const char *name, size_t height, size_t width, size_t channels)
{
    unsigned char *bytes = malloc(height * width * 3);
    float *values = malloc(height * width * channels * sizeof *values);
    assert_non_null(bytes);
    assert_non_null(values);
    fill_picture(name, height, width, 8, bytes);
    for (size_t i = 0; i < height * width * channels; i++)
        values[i] = (float)bytes[channels == 1 ? 3 * i : i];
    free(bytes);
    return values;
}

/* Compares the two networks' distances of a pair of pictures. */
static void check_distance(size_t height, size_t width, size_t channels)
{
    const char *path = file;
    sg_feature_network *network = NULL;
    assert_int_equal(sg_feature_network_find("lpips", &path, 1, &network, NULL), SG_OK);
    float *pair[] = {picture("one", height, width, channels),
                     picture("other", height, width, channels)};
    sg_feature_pictures sets[2];
    sg_tensor *tensors[2];
    sg_lpips_features features[2];
    double expected = 0;
    sg_context *context = sg_context_create(0);
    const size_t scope = sg_scope_open(context);
    sg_lpips_tape *lpips = open_tape(context, SG_F32);
    for (int i = 0; i < 2; i++) {
        sets[i] = (sg_feature_pictures){
            .count = 1, .height = height, .width = width, .channels = channels, .floats = pair[i]};
        tensors[i] = sg_tensor_from_floats(
            context, SG_F32, SG_SHAPE(1, (int64_t)height, (int64_t)width, (int64_t)channels),
            pair[i]);
        features[i] = sg_lpips_tape_features(lpips, tensors[i]);
    }
    assert_int_equal(
        sg_feature_network_distances(network, &sets[0], &sets[1], false, &expected, NULL, NULL),
        SG_OK);
    const sg_tensor *distance = sg_lpips_tape_distance(&features[0], &features[1]);
    assert_non_null(distance);
    assert_true(fabs(sg_tensor_value(distance, 0) / expected - 1) < 1e-5);
    sg_scope_close(context, scope, NULL);
    sg_lpips_tape_close(lpips);
    sg_context_destroy(context);
    sg_feature_network_close(network);
    free(pair[0]);
    free(pair[1]);
}

static void test_distances_are_those_of_the_forward_network(void **state)
{
    (void)state;
    check_distance(SIDE, SIDE, 3);
    check_distance(17, 35, 3);
}

static void test_one_channel_is_repeated(void **state)
{
    (void)state;
    check_distance(SIDE, SIDE, 1);
}

/* Twice 256 by boxes; 300x140 to 256x119, where neither side is a whole multiple. */
static void test_large_pictures_are_reduced(void **state)
{
    (void)state;
    check_distance(512, 64, 3);
    check_distance(140, 300, 3);
}

/* Returns the distance of x, of values around 128, from a fixed picture. */
static sg_tensor *distance_of(const sg_lpips_tape *lpips, sg_tensor *x, const sg_tensor *fixed)
{
    const sg_lpips_features a = sg_lpips_tape_features(lpips, sg_affine(x, 100, 128));
    const sg_lpips_features b = sg_lpips_tape_features(lpips, (sg_tensor *)fixed);
    return sg_lpips_tape_distance(&a, &b);
}

/* The derivative along a random direction; the step is small against the distance of kinks. */
static void test_gradients_against_differences(void **state)
{
    (void)state;
    const double step = 1e-6;
    sg_context *context = sg_context_create(0);
    const size_t scope = sg_scope_open(context);
    sg_lpips_tape *lpips = open_tape(context, SG_F64);
    const sg_shape shape = SG_SHAPE(1, 16, 16, 3);
    context->recording = true;
    sg_tensor *x = random_leaf(context, SG_F64, shape, 1);
    sg_tensor *direction = random_tensor(context, SG_F64, shape, 2);
    const sg_tensor *fixed = sg_affine(random_tensor(context, SG_F64, shape, 3), 100, 128);
    sg_tensor *gradient = NULL;
    assert_int_equal(
        sg_gradient(distance_of(lpips, x, fixed), NULL, &x, 1, (sg_gradient_options){0}, &gradient),
        SG_OK);
    context->recording = false;
    double product = 0;
    double values[2];
    for (int64_t i = 0; i < sg_tensor_count(x); i++)
        product += sg_tensor_value(gradient, i) * sg_tensor_value(direction, i);
    for (int side = 0; side < 2; side++) {
        sg_tensor *moved =
            sg_add(sg_tensor_detach(x), sg_affine(direction, side ? step : -step, 0));
        values[side] = sg_tensor_value(distance_of(lpips, moved, fixed), 0);
    }
    assert_true(fabs((values[1] - values[0]) / (2 * step) / product - 1) < 1e-5);
    sg_tensor_require_gradient(x, false);
    sg_scope_close(context, scope, NULL);
    sg_lpips_tape_close(lpips);
    sg_context_destroy(context);
}

/* Pictures without any active unit have a gradient of zeros, not of NaN. */
static void test_gradients_stay_finite_where_nothing_is_active(void **state)
{
    (void)state;
    sg_context *context = sg_context_create(0);
    const size_t scope = sg_scope_open(context);
    sg_lpips_tape *lpips = NULL;
    assert_int_equal(sg_lpips_tape_random(context, SG_F32, &lpips, NULL), SG_OK);
    context->recording = true;
    sg_tensor *x = sg_tensor_full(context, SG_F32, SG_SHAPE(1, 16, 16, 3), 0);
    sg_tensor *fixed = sg_tensor_full(context, SG_F32, SG_SHAPE(1, 16, 16, 3), 255);
    sg_tensor *gradient = NULL;
    sg_tensor_require_gradient(x, true);
    const sg_lpips_features a = sg_lpips_tape_features(lpips, sg_affine(x, 0, 123.675));
    const sg_lpips_features b = sg_lpips_tape_features(lpips, fixed);
    assert_int_equal(sg_gradient(sg_lpips_tape_distance(&a, &b), NULL, &x, 1,
                                 (sg_gradient_options){0}, &gradient),
                     SG_OK);
    for (int64_t i = 0; i < sg_tensor_count(gradient); i++)
        assert_true(isfinite(sg_tensor_value(gradient, i)));
    context->recording = false;
    sg_scope_close(context, scope, NULL);
    sg_lpips_tape_close(lpips);
    sg_context_destroy(context);
}

static void test_pictures_that_do_not_fit_are_refused(void **state)
{
    (void)state;
    static const int64_t sizes[][4] = {{1, 15, 16, 3}, {1, 16, 15, 3}, {1, 16, 16, 2}};
    sg_context *context = sg_context_create(0);
    const size_t scope = sg_scope_open(context);
    sg_lpips_tape *lpips = open_tape(context, SG_F32);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        sg_tensor *x = sg_tensor_full(context, SG_F32, sg_shape_of(4, sizes[i]), 0);
        const sg_lpips_features features = sg_lpips_tape_features(lpips, x);
        assert_refused(context, features.blocks[0], SG_ERROR_ARGUMENT);
        assert_null(sg_lpips_tape_distance(&features, &features));
    }
    sg_scope_close(context, scope, NULL);
    sg_lpips_tape_close(lpips);
    sg_context_destroy(context);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_distances_are_those_of_the_forward_network),
        cmocka_unit_test(test_one_channel_is_repeated),
        cmocka_unit_test(test_large_pictures_are_reduced),
        cmocka_unit_test(test_gradients_against_differences),
        cmocka_unit_test(test_gradients_stay_finite_where_nothing_is_active),
        cmocka_unit_test(test_pictures_that_do_not_fit_are_refused),
    };
    return cmocka_run_group_tests(tests, setup, temporary_folder_teardown);
}
