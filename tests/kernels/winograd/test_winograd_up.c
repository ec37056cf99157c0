/*
 * The upsampling convolution against plain loops in double: a transposed convolution with stride 2,
 * the filter by the reference of upfirdn, the rest of the pass. Sizes with every remainder by the
 * tiles' four pixels, filters of all lengths and paddings, weights that threads share or each
 * stream for itself, all variants of the kernels. The number of threads does not change a byte.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/parallel.h"
#include "kernels/product/product.h"
#include "kernels/resample/upfirdn.h"
#include "kernels/winograd/winograd_up.h"
#include "support/convolution_cases.h"
#include "support/fused_pass_case.h"
#include "support/kernel_variants.h"
#include "support/numbers.h"
#include "support/tap_convolution.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

enum { MOST_THREADS = 3 };

typedef struct layer {
    int64_t batch, height, width, in_channels, out_channels;
    int64_t taps, pad;
    unsigned parts;
} layer;

/* A layer with its operands and the expected result. */
typedef struct layer_case {
    char name[120];
    sg_winograd_up_shape shape;
    fused_pass_case made;
    float *x, *w;
    double *expected;
    int64_t count; /* of the result */
} layer_case;

static const double gain = 0.7;

/* Of the error's norm to the result's. */
static const double plain_tolerance = 3e-5;
static const double split_tolerance = 2e-4;

/* One axis of the filter: x [batch, height, width, channels], of which height or width shrinks. */
static double *filter_axis(const sg_winograd_up_shape *s, bool vertical, int64_t width,
                           const double *x)
{
    const float *taps = vertical ? s->column : s->row;
    double wide[SG_WINOGRAD_UP_MAX_TAPS];
    const sg_upfirdn_shape shape = {.samples = s->batch,
                                    .in_height = 2 * s->in_height + vertical,
                                    .in_width = width,
                                    .channels = s->out_channels,
                                    .out_height = 2 * s->in_height,
                                    .out_width = width - !vertical,
                                    .filter_height = vertical ? s->taps : 1,
                                    .filter_width = vertical ? 1 : s->taps,
                                    .up_x = 1,
                                    .up_y = 1,
                                    .down_x = 1,
                                    .down_y = 1,
                                    .pad_x = vertical ? 0 : (int)s->pad,
                                    .pad_y = vertical ? (int)s->pad : 0,
                                    .correlate = true,
                                    .gain = 1};
    for (int64_t i = 0; i < s->taps; i++)
        wide[i] = (double)taps[i];
    double *y = zero_doubles(s->batch * shape.out_height * shape.out_width * s->out_channels);
    sg_upfirdn_reference_f64(&shape, x, wide, y);
    return y;
}

/* t [batch, 2 height + 1, 2 width + 1, out_channels] through the filter. */
static double *filter(const sg_winograd_up_shape *s, const double *t)
{
    int64_t width = 2 * s->in_width + 1;
    double *half = filter_axis(s, true, width, t);
    double *y = filter_axis(s, false, width, half);
    free(half);
    return y;
}

static void expect(const layer *l, layer_case *c)
{
    const tap_convolution taps = {.batch = l->batch,
                                  .in_height = l->height,
                                  .in_width = l->width,
                                  .in_channels = l->in_channels,
                                  .out_height = 2 * l->height + 1,
                                  .out_width = 2 * l->width + 1,
                                  .out_channels = l->out_channels,
                                  .step = 2};
    double *scaled = apply_styles(&c->made, c->x);
    double *t = convolve_taps(&taps, gain, scaled, c->w);
    c->expected = filter(&c->shape, t);
    finish_pass(&c->made, c->expected);
    free(scaled);
    free(t);
}

static void make_layer_case(const layer *l, layer_case *c)
{
    int64_t pixels = l->height * l->width;
    float *column = random_floats(l->taps, 3);
    float *row = random_floats(l->taps, 4);
    *c = (layer_case){.shape = {l->batch,
                                l->height,
                                l->width,
                                l->in_channels,
                                l->out_channels,
                                l->taps,
                                l->pad,
                                {0},
                                {0}},
                      .count = l->batch * 4 * pixels * l->out_channels};
    memcpy(c->shape.column, column, (size_t)l->taps * sizeof *column);
    memcpy(c->shape.row, row, (size_t)l->taps * sizeof *row);
    free(column);
    free(row);
    snprintf(c->name, sizeof c->name, "%d x %dx%d, %d to %d channels, %d taps from %d, parts %u",
             (int)l->batch, (int)l->height, (int)l->width, (int)l->in_channels,
             (int)l->out_channels, (int)l->taps, (int)l->pad, l->parts);
    make_fused_pass_case(
        &c->made, &(fused_pass_size){l->batch, pixels, l->in_channels, 4 * pixels, l->out_channels},
        l->parts, 0);
    c->x = random_floats(l->batch * pixels * l->in_channels, 1);
    c->w = random_floats(9 * l->in_channels * l->out_channels, 2);
    expect(l, c);
}

static void free_layer_case(layer_case *c)
{
    free_fused_pass_case(&c->made);
    free(c->x);
    free(c->w);
    free(c->expected);
}

static float *run(const layer_case *c)
{
    float *packed =
        unwritten_bytes(sg_winograd_packed_bytes(c->shape.in_channels, c->shape.out_channels));
    void *scratch = unwritten_bytes(sg_winograd_up_scratch_bytes(&c->shape));
    float *found = unwritten_floats(c->count);
    sg_winograd_up_pack(&c->shape, gain, c->w, packed);
    sg_winograd_up_run(&c->shape, packed, c->x, found, scratch, &c->made.pass);
    free(packed);
    free(scratch);
    return found;
}

/* In the present variant: right, and the same bytes for one, two and three threads. */
static void check_threads(const char *variant, const layer_case *c)
{
    char what[60];
    float *first = NULL;
    for (int threads = 1; threads <= MOST_THREADS; threads++) {
        sg_set_thread_count(threads);
        float *found = run(c);
        snprintf(what, sizeof what, "%s, %d threads", variant, threads);
        assert_near_by_norm(c->name, what, found, c->expected, c->count,
                            sg_product_splits(c->shape.in_channels) ? split_tolerance
                                                                    : plain_tolerance);
        if (!first)
            first = found;
        else if (memcmp(first, found, (size_t)c->count * sizeof *found) != 0)
            fail_msg("%s, %s: not the bytes of one thread", c->name, what);
        if (first != found)
            free(found);
    }
    free(first);
}

static void check_layer(const layer *l)
{
    layer_case c;
    make_layer_case(l, &c);
    for (int v = 0; v < KERNEL_VARIANTS; v++) {
        const char *variant = choose_kernel_variant(v);
        if (variant)
            check_threads(variant, &c);
    }
    free_layer_case(&c);
}

/* The loops of these tests know what a transposed convolution is. */
static void test_the_expectation_is_a_transposed_convolution(void **state)
{
    (void)state;
    const convolution_geometry geometry = {2, 11, 15, 4, 6, 3, 3, 2, 0, 0, 0, 0, 1};
    sg_convolution_shape shape;
    convolution_case made;
    assert_true(shape_of_geometry(&geometry, true, &shape));
    make_convolution_case(&made, &shape, gain, CASE_DATA);
    const tap_convolution taps = {2, 5, 7, 6, 11, 15, 4, 2, 0, false};
    double *y = doubles_of(made.y, count_y(&shape));
    double *found = convolve_taps(&taps, gain, y, made.w);
    assert_doubles_near("transposed", found, made.data, count_x(&shape), 1e-12);
    free(y);
    free(found);
    free_convolution_case(&made);
}

/* Every remainder of height and width; the published filter's four taps. */
static void test_sizes(void **state)
{
    (void)state;
    for (int64_t i = 0; i < 4; i++)
        for (int64_t k = 0; k < 4; k++)
            check_layer(&(layer){1 + (i + k) % 2, 20 + i, 24 + k, 16, 16, 4, 1, PASS_ALL});
    for (int64_t height = 1; height < 9; height++)
        check_layer(&(layer){2, height, 10 - height, 16, 16, 4, 1, PASS_ALL});
}

/* Every filter length at every place, on heights whose last row of tiles has most and least. */
static void test_filters(void **state)
{
    (void)state;
    for (int64_t taps = 2; taps <= SG_WINOGRAD_UP_MAX_TAPS; taps++)
        for (int64_t pad = 0; pad < taps; pad++) {
            check_layer(&(layer){1, 11, 8, 16, 16, taps, pad, PASS_SLOPES});
            if ((taps + pad) % 3 == 0)
                check_layer(&(layer){1, 8, 15, 16, 16, taps, pad, PASS_ALL});
        }
}

static void test_parts_of_the_pass(void **state)
{
    (void)state;
    const layer base = {2, 9, 14, 32, 16, 4, 1, 0};
    for (unsigned bit = 1; bit <= PASS_LIMIT; bit *= 2) {
        layer l = base;
        l.parts = bit;
        check_layer(&l);
        l.parts = PASS_ALL & ~bit;
        check_layer(&l);
    }
    for (unsigned parts = 0; parts <= PASS_ALL; parts += PASS_ALL) {
        layer l = base;
        l.parts = parts;
        check_layer(&l);
    }
}

/* Rows of tiles of several blocks, each thread on its own. */
static void test_channels(void **state)
{
    (void)state;
    static const layer layers[] = {
        {1, 20, 23, 48, 80, 4, 1, PASS_ALL},  {2, 8, 33, 16, 272, 6, 2, PASS_ALL},
        {1, 7, 90, 64, 96, 4, 1, PASS_ALL},   {1, 13, 42, 272, 16, 8, 3, PASS_ALL},
        {2, 9, 37, 32, 64, 3, 1, PASS_SCALE}, {1, 7, 22, 128, 160, 8, 0, PASS_ALL},
    };
    for (size_t i = 0; i < COUNT(layers); i++)
        check_layer(&layers[i]);
}

/* Weights of more than a million floats, on which threads work together: one and several groups of
 * rows of tiles, one and several blocks in a group, edges of one row. */
static void test_wide_weights(void **state)
{
    (void)state;
    static const layer layers[] = {
        {2, 5, 6, 272, 128, 4, 1, PASS_ALL},   {1, 8, 7, 128, 256, 4, 1, PASS_ALL},
        {1, 9, 36, 32, 1040, 4, 1, PASS_ALL},  {1, 8, 37, 32, 1040, 8, 3, PASS_ALL},
        {1, 26, 27, 1040, 32, 4, 1, PASS_ALL}, {1, 4, 9, 272, 128, 7, 0, PASS_LIMIT},
        {2, 7, 5, 96, 320, 8, 0, PASS_ALL},
    };
    for (size_t i = 0; i < COUNT(layers); i++)
        check_layer(&layers[i]);
}

static void test_shapes_that_suit(void **state)
{
    (void)state;
    const sg_winograd_up_shape fine = {1, 32, 16, 16, 48, 4, 1, {0}, {0}};
    assert_true(sg_winograd_up_suits(&fine));
    sg_winograd_up_shape unfit[] = {fine, fine, fine, fine, fine, fine, fine};
    unfit[0].in_channels = 24;
    unfit[1].out_channels = 40;
    unfit[2].taps = 1;
    unfit[3].taps = SG_WINOGRAD_UP_MAX_TAPS + 1;
    unfit[4].pad = -1;
    unfit[5].pad = 4;
    unfit[6].in_height = 31;
    for (size_t i = 0; i < COUNT(unfit); i++)
        if (sg_winograd_up_suits(&unfit[i]))
            fail_msg("shape %zu suits", i);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_expectation_is_a_transposed_convolution),
        cmocka_unit_test(test_sizes),
        cmocka_unit_test(test_filters),
        cmocka_unit_test(test_parts_of_the_pass),
        cmocka_unit_test(test_channels),
        cmocka_unit_test(test_wide_weights),
        cmocka_unit_test(test_shapes_that_suit),
    };
    return cmocka_run_group_tests(tests, NULL, choose_best_kernel_variant);
}
