/*
 * Winograd's convolution with a fused pass against plain loops in double: every part of the pass
 * alone and all together, colours, weights that all threads share and those that each streams for
 * itself, all variants of the kernels. The number of threads does not change a byte.
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
#include "kernels/convolution/winograd_shape.h"
#include "kernels/product/product.h"
#include "support/convolution_cases.h"
#include "support/fused_pass_case.h"
#include "support/kernel_variants.h"
#include "support/numbers.h"
#include "support/tap_convolution.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

enum { MOST_THREADS = 3 };

typedef struct layer {
    int64_t batch, height, width, in_channels, out_channels;
    unsigned parts;
    int64_t colours;
} layer;

/* A layer with its operands and the expected result. */
typedef struct layer_case {
    char name[120];
    sg_convolution_shape shape;
    fused_pass_case made;
    float *x, *w;
    double *expected;
    int64_t count; /* of the result */
} layer_case;

static const double gain = 0.7;

/* Of the error's norm to the result's, which limits make smaller, but not the error before them. */
static const double plain_tolerance = 3e-5;
static const double split_tolerance = 2e-4;

static void expect(const layer *l, layer_case *c)
{
    const tap_convolution taps = {.batch = l->batch,
                                  .in_height = l->height,
                                  .in_width = l->width,
                                  .in_channels = l->in_channels,
                                  .out_height = l->height,
                                  .out_width = l->width,
                                  .out_channels = l->out_channels,
                                  .step = 1,
                                  .offset = 1,
                                  .reversed = true};
    double *scaled = apply_styles(&c->made, c->x);
    double *y = convolve_taps(&taps, gain, scaled, c->w);
    finish_pass(&c->made, y);
    c->expected = l->colours ? colours_of(&c->made, y) : y;
    if (l->colours)
        free(y);
    free(scaled);
}

static void make_layer_case(const layer *l, layer_case *c)
{
    const convolution_geometry geometry = {
        l->batch, l->height, l->width, l->in_channels, l->out_channels, 3, 3, 1, 1, 1, 1, 1, 1};
    int64_t pixels = l->height * l->width;
    *c = (layer_case){.count = l->batch * pixels * (l->colours ? l->colours : l->out_channels)};
    snprintf(c->name, sizeof c->name, "%d x %dx%d, %d to %d channels, parts %u, %d colours",
             (int)l->batch, (int)l->height, (int)l->width, (int)l->in_channels,
             (int)l->out_channels, l->parts, (int)l->colours);
    assert_true(shape_of_geometry(&geometry, false, &c->shape));
    make_fused_pass_case(
        &c->made, &(fused_pass_size){l->batch, pixels, l->in_channels, pixels, l->out_channels},
        l->parts, l->colours);
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

static float *run(layer_case *c)
{
    const sg_winograd_shape pass = sg_convolution_winograd_shape(&c->shape, SG_FORWARD);
    float *packed = unwritten_bytes(sg_winograd_packed_bytes(pass.in_channels, pass.out_channels));
    void *scratch = unwritten_bytes(sg_winograd_scratch_bytes(&pass));
    float *found = unwritten_floats(c->count);
    bool colours = c->made.pass.colours;
    c->made.colours.picture = found;
    sg_winograd_pack(&pass, gain, c->w, packed);
    sg_winograd_run(&pass, packed, c->x, colours ? NULL : found, scratch, &c->made.pass);
    free(packed);
    free(scratch);
    return found;
}

/* In the present variant: right, and the same bytes for one, two and three threads. */
static void check_threads(const char *variant, layer_case *c)
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

/* Each part alone, each absent, none and all. */
static void test_parts_of_the_pass(void **state)
{
    (void)state;
    const layer base = {
        .batch = 2, .height = 9, .width = 14, .in_channels = 32, .out_channels = 16};
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

/* One to four colours of few and many channels, with limits and without. */
static void test_colours(void **state)
{
    (void)state;
    for (int64_t colours = 1; colours <= SG_MAX_COLOURS; colours++) {
        check_layer(&(layer){2, 10, 7, 32, 16, PASS_ALL, colours});
        check_layer(&(layer){2, 5, 6, 16, 48, PASS_STYLES | PASS_BIAS, colours});
    }
    check_layer(&(layer){1, 4, 6, 16, SG_WINOGRAD_MAX_COLOUR_CHANNELS, PASS_ALL, 3});
}

/* Weights of more than a million floats, on which threads work together: one block and several, the
 * last ending within an image; a depth of several passes and slices. */
static void test_wide_weights(void **state)
{
    (void)state;
    static const layer layers[] = {
        {2, 7, 9, 32, 1024, PASS_ALL, 0},   {2, 6, 13, 272, 128, PASS_ALL & ~PASS_SCALE, 0},
        {1, 37, 39, 1040, 32, PASS_ALL, 0}, {2, 9, 8, 96, 320, PASS_ALL, 3},
        {1, 5, 6, 1056, 48, PASS_BIAS, 0},
    };
    for (size_t i = 0; i < COUNT(layers); i++)
        check_layer(&layers[i]);
}

/* Several blocks for each thread, that end within an image and between images. */
static void test_many_blocks(void **state)
{
    (void)state;
    check_layer(&(layer){3, 33, 35, 32, 32, PASS_ALL, 0});
    check_layer(&(layer){2, 41, 30, 48, 16, PASS_ALL, 3});
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parts_of_the_pass),
        cmocka_unit_test(test_colours),
        cmocka_unit_test(test_wide_weights),
        cmocka_unit_test(test_many_blocks),
    };
    return cmocka_run_group_tests(tests, NULL, choose_best_kernel_variant);
}
