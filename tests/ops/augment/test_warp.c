/*
 * Warped pictures: the kernel against the ops that define it, over sizes, channels and maps; its
 * adjoint, derivatives, independence of threads, what it copies, and what it refuses.
 */
#include "ops/augment/warp.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/parallel.h"
#include "base/random.h"
#include "ops/gradient.h"
#include "ops/reduce.h"
#include "support/gradient_check.h"
#include "support/tensors.h"

/* A random map: turned, mirrored now and then, stretched by up to `stretch`, moved by a share of
 * the size. */
static void fill_map(double *map, double width, double height, double stretch, sg_random *random)
{
    const double angle = 6.2831853 * sg_random_uniform(random);
    const double sign = sg_random_uniform(random) < 0.5 ? -1 : 1;
    const double x = pow(stretch, 2 * sg_random_uniform(random) - 1);
    const double y = pow(stretch, 2 * sg_random_uniform(random) - 1);
    map[0] = sign * x * cos(angle);
    map[1] = -y * sin(angle);
    map[2] = width * (sg_random_uniform(random) - 0.5);
    map[3] = sign * x * sin(angle);
    map[4] = y * cos(angle);
    map[5] = height * (sg_random_uniform(random) - 0.5);
}

static sg_tensor *random_maps(sg_context *context, const sg_shape *images, double stretch,
                              uint64_t seed)
{
    sg_random random = sg_random_stream(seed, 1);
    sg_tensor *maps = sg_tensor_create(context, SG_F64, SG_SHAPE(images->size[0], 2, 3));
    for (int64_t n = 0; n < images->size[0]; n++)
        fill_map(sg_f64(maps) + 6 * n, (double)images->size[2], (double)images->size[1], stretch,
                 &random);
    return maps;
}

static sg_tensor *identity_maps(sg_context *context, int64_t samples)
{
    sg_tensor *maps = sg_tensor_full(context, SG_F64, SG_SHAPE(samples, 2, 3), 0);
    for (int64_t n = 0; n < samples; n++)
        sg_f64(maps)[6 * n] = sg_f64(maps)[6 * n + 4] = 1;
    return maps;
}

/* The warped picture and the gradient of its product with `weights`. */
static void run_warp(sg_tensor *x, sg_tensor *maps, sg_tensor *weights, bool reference,
                     sg_tensor *results[2])
{
    x->context->reference_kernels = reference;
    results[0] = sg_warp(x, maps);
    sg_gradient(results[0], weights, &x, 1, (sg_gradient_options){0}, &results[1]);
    x->context->reference_kernels = false;
    assert_string_equal(x->context->error.message, "");
}

typedef struct warp_size {
    int64_t samples, height, width, channels;
    double stretch;
} warp_size;

static const warp_size sizes[] = {
    {2, 16, 16, 3, 1.5}, {3, 32, 32, 1, 1.2}, {1, 40, 33, 4, 1.5}, {2, 12, 20, 2, 2},
    {1, 65, 31, 5, 1.3}, {2, 5, 9, 3, 3},     {1, 1, 1, 3, 2},     {1, 1, 8, 1, 2},
    {2, 2, 3, 6, 1.5},   {1, 50, 50, 1, 3},   {1, 33, 64, 3, 0.2}, {1, 7, 7, 3, 30},
};
enum { SIZES = (int)(sizeof sizes / sizeof sizes[0]) };

static void test_kernel_equals_ops(void **state)
{
    sg_context *context = *state;
    const sg_dtype dtypes[] = {SG_F64, SG_F32};
    for (int i = 0; i < 2 * SIZES; i++) {
        const warp_size *s = &sizes[i / 2];
        const sg_dtype dtype = dtypes[i % 2];
        const sg_shape shape = SG_SHAPE(s->samples, s->height, s->width, s->channels);
        size_t scope = sg_scope_open(context);
        sg_tensor *x = random_leaf(context, dtype, shape, (uint64_t)i);
        sg_tensor *weights = random_tensor(context, dtype, shape, 100 + (uint64_t)i);
        sg_tensor *maps = random_maps(context, &shape, s->stretch, (uint64_t)i);
        sg_tensor *found[2];
        sg_tensor *expected[2];
        run_warp(x, maps, weights, false, found);
        run_warp(x, maps, weights, true, expected);
        const double tolerance = dtype == SG_F64 ? 1e-10 : 1e-5;
        assert_tensors_near("warped", found[0], expected[0], tolerance);
        assert_tensors_near("gradient", found[1], expected[1], tolerance);
        sg_scope_close(context, scope, NULL);
    }
}

static sg_tensor *warp_squared(sg_context *context, sg_tensor *const *in, const void *options)
{
    const sg_shape *shape = &in[0]->shape;
    sg_tensor *y = sg_warp(in[0], random_maps(context, shape, 1.5, *(const uint64_t *)options));
    return sg_sum_product(y, y, SG_SHAPE(1, shape->size[1], shape->size[2], shape->size[3]));
}

static void test_derivatives(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 4; seed++)
        assert_gradients_right(&(gradient_case){
            .name = "warped and squared",
            .function = warp_squared,
            .options = &seed,
            .inputs = {{GRADIENT_SIGNED, GRADIENT_SHAPE(2, 5, 4, 1 + (int64_t)seed)}},
            .seed = seed});
}

static void test_threads_do_not_change_bits(void **state)
{
    sg_context *context = *state;
    const sg_shape shape = SG_SHAPE(3, 70, 40, 3);
    sg_tensor *x = random_leaf(context, SG_F32, shape, 7);
    sg_tensor *maps = random_maps(context, &shape, 1.5, 8);
    sg_tensor *one[2];
    sg_tensor *many[2];
    sg_set_thread_count(1);
    run_warp(x, maps, x, false, one);
    sg_set_thread_count(4);
    run_warp(x, maps, x, false, many);
    sg_set_thread_count(0);
    for (int i = 0; i < 2; i++)
        assert_memory_equal(sg_f32(one[i]), sg_f32(many[i]), one[i]->storage->bytes);
}

/* The filters keep a picture that is not moved; in single precision it is copied, to the bit. */
static void test_unmoved_pictures_stay(void **state)
{
    sg_context *context = *state;
    static const int64_t sides[] = {1, 2, 5, 6, 7, 8, 13, 33};
    for (size_t i = 0; i < sizeof sides / sizeof sides[0]; i++) {
        const int64_t side = sides[i];
        const sg_shape shape = SG_SHAPE(2, side, side + 5, 3);
        sg_tensor *maps = identity_maps(context, 2);
        sg_tensor *x = random_leaf(context, SG_F64, shape, 1);
        sg_tensor *y = sg_warp(x, maps);
        if (side >= 7)
            assert_tensors_near("in double", y, x, 1e-6);
        sg_tensor *found[2];
        sg_tensor *expected[2];
        sg_tensor *single = random_leaf(context, SG_F32, shape, 2);
        run_warp(single, maps, single, false, found);
        run_warp(single, maps, single, true, expected);
        assert_tensors_near("in single", found[0], expected[0], 1e-6);
        assert_tensors_near("gradient", found[1], expected[1], 1e-6);
        if (side >= 7)
            assert_memory_equal(sg_f32(found[0]), sg_f32(single), single->storage->bytes);
    }
}

/* Maps that are no numbers give zeros. */
static void test_maps_that_are_not_finite(void **state)
{
    sg_context *context = *state;
    const double values[] = {(double)NAN, (double)INFINITY, 1e300, -1e300};
    for (int i = 0; i < 24; i++) {
        sg_tensor *maps = identity_maps(context, 1);
        sg_f64(maps)[i % 6] = values[i / 6];
        sg_tensor *x = random_leaf(context, SG_F32, SG_SHAPE(1, 9, 34, 3), 1);
        sg_tensor *results[2];
        run_warp(x, maps, x, false, results);
        for (int64_t k = 0; k < sg_tensor_count(results[0]); k++)
            assert_true(isfinite(sg_f32(results[0])[k]) && isfinite(sg_f32(results[1])[k]));
    }
}

static void test_refuses_other_maps(void **state)
{
    sg_context *context = *state;
    sg_tensor *x = random_leaf(context, SG_F32, SG_SHAPE(2, 3, 3, 2), 1);
    assert_refused(context, sg_warp(x, random_tensor(context, SG_F32, SG_SHAPE(2, 2, 3), 1)),
                   SG_ERROR_SHAPE);
    assert_refused(context, sg_warp(x, identity_maps(context, 1)), SG_ERROR_SHAPE);
    assert_null(sg_warp(NULL, identity_maps(context, 1)));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, context_setup, context_teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_kernel_equals_ops),          cmocka_unit_test(test_derivatives),
        TEST(test_threads_do_not_change_bits), TEST(test_unmoved_pictures_stay),
        TEST(test_maps_that_are_not_finite),   TEST(test_refuses_other_maps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
