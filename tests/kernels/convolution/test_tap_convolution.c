/* Convolutions and pools of tap images against plain loops, in every variant of the kernels. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "kernels/convolution/reference.h"
#include "kernels/convolution/tap_convolution.h"
#include "kernels/convolution/tap_pool.h"
#include "support/convolution_cases.h"
#include "support/kernel_variants.h"

enum { ALIGNMENT = 64 };

/* A batch of pictures with memory of its own. */
typedef struct picture_batch {
    sg_tap_layout layout;
    sg_tap_image image;
    void *memory;
} picture_batch;

static picture_batch make_batch(const sg_tap_layout *layout)
{
    picture_batch made = {.layout = *layout};
    const size_t bytes = (sg_tap_layout_bytes(layout) + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    made.memory = aligned_alloc(ALIGNMENT, bytes);
    assert_non_null(made.memory);
    memset(made.memory, 0, bytes);
    made.image = sg_tap_layout_image(layout, made.memory);
    return made;
}

static void store_batch(const picture_batch *batch, const float *values)
{
    const int64_t row = batch->layout.width * batch->layout.channels;
    for (int64_t i = 0; i < batch->layout.batch; i++)
        for (int64_t y = 0; y < batch->layout.height; y++, values += row)
            sg_tap_image_store(&batch->image, i, y, 0, values, row);
}

static void read_batch(const picture_batch *batch, float *values)
{
    const int64_t row = batch->layout.width * batch->layout.channels;
    for (int64_t i = 0; i < batch->layout.batch; i++)
        for (int64_t y = 0; y < batch->layout.height; y++, values += row)
            sg_tap_image_read(&batch->image, i, y, 0, values, row);
}

/* Weights [out, in, taps] with the taps outside of the channels. */
static float *taps_outside(const convolution_case *c)
{
    const int64_t in = c->shape.in_channels;
    const int64_t taps = c->shape.kernel_height * c->shape.kernel_width;
    float *weights = malloc((size_t)count_w(&c->shape) * sizeof *weights);
    assert_non_null(weights);
    for (int64_t i = 0; i < count_w(&c->shape); i++)
        weights[(i / (in * taps) * taps + i % taps) * in + i / taps % in] = c->w[i];
    return weights;
}

/* Runs a case, with zeros of padding around its source. */
static void run_case(const convolution_case *c, const char *variant)
{
    const sg_convolution_shape *s = &c->shape;
    const sg_tap_convolution size = {s->in_channels, s->kernel_height, s->kernel_width,
                                     s->stride_x,    s->pad_top,       s->pad_left};
    const picture_batch source = make_batch(&(sg_tap_layout){.batch = s->batch,
                                                             .height = s->in_height,
                                                             .width = s->in_width,
                                                             .channels = s->in_channels,
                                                             .rows = s->pad_top,
                                                             .gap = s->pad_left,
                                                             .parts = true});
    const picture_batch target = make_batch(&(sg_tap_layout){.batch = s->batch,
                                                             .height = s->out_height,
                                                             .width = s->out_width,
                                                             .channels = s->out_channels,
                                                             .gap = 1,
                                                             .parts = true});
    float *weights = taps_outside(c);
    float *packed = unwritten_bytes(sg_tap_packed_bytes(&size, s->out_channels));
    float *found = unwritten_floats(count_y(s));
    sg_tap_pack_weights(&size, s->out_channels, weights, packed);
    const sg_tap_layer layer = {
        .packed = packed, .channels = s->out_channels, .target = target.image};
    store_batch(&source, c->x);
    sg_tap_convolution_run(&size, &source.image, &layer, 1, s->batch);
    read_batch(&target, found);
    assert_near_by_norm(c->name, variant, found, c->forward, count_y(s), 2e-6);
    free(source.memory);
    free(target.memory);
    free(weights);
    free(packed);
    free(found);
}

/* Batch, height, width, channels in and out, kernel, stride and padding. */
static const convolution_geometry geometries[] = {
    {1, 9, 9, 3, 32, 3, 3, 2, 0, 0, 0, 0, 1},    /* the first layer's: rows of few numbers */
    {2, 11, 13, 32, 48, 3, 3, 1, 1, 1, 1, 1, 1}, /* zeros shared by rows and pictures */
    {1, 12, 10, 80, 64, 3, 3, 1, 0, 0, 0, 0, 1}, /* a depth that is no multiple of 32 */
    {3, 8, 8, 64, 80, 1, 1, 1, 0, 0, 0, 0, 1},   /* blocks over the ends of pictures */
    {2, 17, 17, 48, 32, 1, 7, 1, 0, 3, 0, 3, 1}, /* wide */
    {2, 17, 17, 48, 32, 7, 1, 1, 3, 0, 3, 0, 1}, /* tall */
    {1, 35, 35, 48, 64, 5, 5, 1, 2, 2, 2, 2, 1}, /**/
    {2, 17, 17, 96, 32, 3, 3, 2, 0, 0, 0, 0, 1}, /* rows shorter than a block, stride 2 */
    {1, 71, 70, 16, 16, 3, 3, 2, 0, 0, 0, 0, 1}, /* rows longer than a block, stride 2 */
    {1, 5, 5, 640, 96, 3, 3, 1, 1, 1, 1, 1, 1},  /* deep */
};

static void test_convolutions(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof geometries / sizeof *geometries; i++) {
        sg_convolution_shape shape;
        convolution_case made;
        assert_true(shape_of_geometry(&geometries[i], false, &shape));
        make_convolution_case(&made, &shape, 1, CASE_FORWARD);
        for (int variant = 0; variant < KERNEL_VARIANTS; variant++) {
            const char *name = choose_kernel_variant(variant);
            if (name)
                run_case(&made, name);
        }
        free_convolution_case(&made);
    }
}

/* Values that show where they come from. */
static void fill_ramp(float *values, int64_t count)
{
    for (int64_t i = 0; i < count; i++)
        values[i] = (float)((i * 37 + 11) % 101 - 50) / 8;
}

/* Layers of one source: bias and rectifier, some channels of a joined image, and plain floats. */
static void check_layers(void)
{
    enum { SIDE = 6, IN = 32, FIRST = 16, SECOND = 48, PIXELS = SIDE * SIDE };
    const sg_tap_convolution size = {IN, 1, 1, 1, 0, 0};
    const sg_tap_layout in = {1, SIDE, SIDE, IN, 0, 0, true};
    const sg_tap_layout joined = {1, SIDE, SIDE, 64, 0, 2, true};
    const sg_tap_layout plain = {1, SIDE, SIDE, SECOND, 0, 0, false};
    const picture_batch source = make_batch(&in);
    const picture_batch target = make_batch(&joined);
    const picture_batch floats = make_batch(&plain);
    float x[PIXELS * IN];
    float w[SECOND * IN];
    float bias[SECOND];
    float found[PIXELS * 64];
    float *packed = unwritten_bytes(sg_tap_packed_bytes(&size, SECOND));
    fill_ramp(x, PIXELS * IN);
    fill_ramp(w, SECOND * IN);
    fill_ramp(bias, SECOND);
    sg_tap_pack_weights(&size, SECOND, w, packed);
    store_batch(&source, x);
    const sg_tap_layer layers[] = {
        {packed, bias, FIRST, true, sg_tap_image_from(&target.image, 0, 40)},
        {packed, NULL, SECOND, false, floats.image}};
    sg_tap_convolution_run(&size, &source.image, layers, 2, 1);
    read_batch(&target, found);
    for (int64_t p = 0; p < PIXELS; p++)
        for (int64_t c = 0; c < SECOND; c++) {
            double sum = 0;
            for (int64_t i = 0; i < IN; i++)
                sum += (double)x[p * IN + i] * (double)w[c * IN + i];
            const double rectified = fmax(sum + (double)bias[c], 0);
            assert_true(fabs((double)((float *)floats.image.values)[p * SECOND + c] - sum) < 1e-3);
            if (c < FIRST)
                assert_float_equal(found[p * 64 + 40 + c], rectified, 1e-3);
        }
    assert_true(found[39] == 0 && found[40 + FIRST] == 0); /* other channels stay */
    free(source.memory);
    free(target.memory);
    free(floats.memory);
    free(packed);
}

static void test_layers(void **state)
{
    (void)state;
    for (int variant = 0; variant < KERNEL_VARIANTS; variant++)
        if (choose_kernel_variant(variant))
            check_layers();
}

/* Pools pixel (y, x) of channel c by the definition. */
static double pool_plainly(const sg_tap_pool *pool, const float *x, int64_t side, int64_t y,
                           int64_t column, int64_t c)
{
    double sum = 0;
    double most = -HUGE_VAL;
    int count = 0;
    for (int64_t i = y * pool->stride - pool->pad; i < y * pool->stride - pool->pad + pool->side;
         i++)
        for (int64_t j = column * pool->stride - pool->pad;
             j < column * pool->stride - pool->pad + pool->side; j++) {
            if (i < 0 || j < 0 || i >= side || j >= side)
                continue;
            const double value = (double)x[(i * side + j) * pool->channels + c];
            sum += value;
            most = fmax(most, value);
            count++;
        }
    return pool->average ? sum / count : most;
}

static void check_pool(const sg_tap_pool *pool, int64_t side, int64_t out, bool parts)
{
    enum { MOST = 9 * 9 * 48 };
    const picture_batch source = make_batch(&(sg_tap_layout){
        .batch = 1, .height = side, .width = side, .channels = pool->channels, .parts = parts});
    const picture_batch target = make_batch(&(sg_tap_layout){
        .batch = 1, .height = out, .width = out, .channels = pool->channels, .parts = true});
    float x[MOST];
    float found[MOST];
    fill_ramp(x, side * side * pool->channels);
    store_batch(&source, x);
    sg_tap_pool_run(pool, &source.image, &target.image, 1);
    read_batch(&target, found);
    for (int64_t i = 0; i < out * out * pool->channels; i++) {
        const int64_t c = i % pool->channels;
        double expected =
            pool_plainly(pool, x, side, i / pool->channels / out, i / pool->channels % out, c);
        if (pool->bias)
            expected += (double)pool->bias[c];
        if (pool->rectified)
            expected = fmax(expected, 0);
        assert_float_equal(found[i], expected, 1e-5);
    }
    free(source.memory);
    free(target.memory);
}

static void test_pools(void **state)
{
    (void)state;
    float bias[48];
    fill_ramp(bias, 48);
    const sg_tap_pool pools[] = {
        {.side = 3, .stride = 2, .channels = 48},
        {.side = 3, .stride = 1, .pad = 1, .channels = 16},
        {.side = 2, .stride = 2, .channels = 32},
        {.side = 3, .stride = 1, .pad = 1, .channels = 48, .average = true},
        {3, 1, 1, 48, true, bias, true},
    };
    for (int variant = 0; variant < KERNEL_VARIANTS; variant++)
        for (size_t i = 0; choose_kernel_variant(variant) && i < sizeof pools / sizeof *pools; i++)
            for (int parts = 0; parts < 2; parts++) {
                const int64_t out = (9 + 2 * pools[i].pad - pools[i].side) / pools[i].stride + 1;
                check_pool(&pools[i], 9, out, parts);
            }
}

static void test_means(void **state)
{
    (void)state;
    enum { PIXELS = 12, CHANNELS = 48 };
    float x[2 * PIXELS * CHANNELS];
    float means[2 * CHANNELS];
    fill_ramp(x, 2 * PIXELS * CHANNELS);
    for (int variant = 0; variant < KERNEL_VARIANTS; variant++) {
        if (!choose_kernel_variant(variant))
            continue;
        const picture_batch source = make_batch(&(sg_tap_layout){2, 3, 4, CHANNELS, 0, 0, true});
        store_batch(&source, x);
        sg_tap_means(&source.image, 2, CHANNELS, means);
        for (int64_t i = 0; i < 2 * CHANNELS; i++) {
            double sum = 0;
            for (int64_t p = 0; p < PIXELS; p++)
                sum += (double)x[(i / CHANNELS * PIXELS + p) * CHANNELS + i % CHANNELS];
            assert_float_equal(means[i], sum / PIXELS, 1e-5);
        }
        free(source.memory);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_convolutions, choose_best_kernel_variant),
        cmocka_unit_test_teardown(test_layers, choose_best_kernel_variant),
        cmocka_unit_test_teardown(test_pools, choose_best_kernel_variant),
        cmocka_unit_test_teardown(test_means, choose_best_kernel_variant),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
