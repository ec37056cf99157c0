/* Colours of pixels against dot products in double: all counts, vector widths and thread counts. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/parallel.h"
#include "kernels/product/colours.h"
#include "support/convolution_cases.h"
#include "support/fused_pass_case.h"
#include "support/kernel_variants.h"
#include "support/numbers.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static void check_threads(const char *name, const fused_pass_case *made, const float *x,
                          const double *expected)
{
    const fused_pass_size *s = &made->size;
    int64_t count = s->batch * s->out_pixels * made->colours.count;
    float *first = NULL;
    for (int threads = 1; threads < 4; threads++) {
        float *found = unwritten_floats(count);
        sg_colours colours = made->colours;
        colours.picture = found;
        sg_set_thread_count(threads);
        sg_to_colours(&colours, s->batch, s->out_pixels, x);
        assert_floats_near(name, found, expected, count, 3e-6);
        if (!first)
            first = found;
        else if (memcmp(first, found, (size_t)count * sizeof *found) != 0)
            fail_msg("%s: not the bytes of one thread", name);
        if (first != found)
            free(found);
    }
    free(first);
}

static void check_colours(int64_t batch, int64_t pixels, int64_t channels, int64_t count,
                          unsigned parts)
{
    char name[100];
    fused_pass_case made;
    make_fused_pass_case(&made, &(fused_pass_size){batch, 0, 0, pixels, channels}, parts, count);
    float *x = random_floats(batch * pixels * channels, 1);
    double *wide = doubles_of(x, batch * pixels * channels);
    double *expected = colours_of(&made, wide);
    for (int v = 0; v < KERNEL_VARIANTS; v++) {
        const char *variant = choose_kernel_variant(v);
        if (!variant)
            continue;
        snprintf(name, sizeof name, "%s: %d x %d pixels, %d channels to %d", variant, (int)batch,
                 (int)pixels, (int)channels, (int)count);
        check_threads(name, &made, x, expected);
    }
    free_fused_pass_case(&made);
    free(x);
    free(wide);
    free(expected);
}

/* Pixels that threads share out within and between samples. */
static void test_colours_of_all_counts(void **state)
{
    (void)state;
    static const int64_t sizes[][3] = {{1, 1, 16}, {2, 300, 32}, {3, 517, 48}, {2, 64, 528}};
    for (size_t i = 0; i < COUNT(sizes); i++)
        for (int64_t count = 1; count <= SG_MAX_COLOURS; count++) {
            check_colours(sizes[i][0], sizes[i][1], sizes[i][2], count, 0);
            check_colours(sizes[i][0], sizes[i][1], sizes[i][2], count, PASS_LIMIT);
        }
}

static void test_limits_hold_on_both_sides(void **state)
{
    (void)state;
    float x[16] = {0};
    float weights[32] = {0};
    const float bias[2] = {0.25f, -0.25f};
    float found[2];
    x[3] = 2;
    weights[3] = 10;
    weights[16 + 3] = -10;
    const sg_colours colours = {16, 2, weights, bias, 0.5f, found};
    sg_to_colours(&colours, 1, 1, x);
    assert_true(found[0] == 0.5f && found[1] == -0.5f);
}

static void test_sizes_that_suit(void **state)
{
    (void)state;
    assert_true(sg_colours_suit(16, 1));
    assert_true(sg_colours_suit(48, SG_MAX_COLOURS));
    assert_false(sg_colours_suit(24, 3));
    assert_false(sg_colours_suit(16, 0));
    assert_false(sg_colours_suit(16, SG_MAX_COLOURS + 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_colours_of_all_counts),
        cmocka_unit_test(test_limits_hold_on_both_sides),
        cmocka_unit_test(test_sizes_that_suit),
    };
    return cmocka_run_group_tests(tests, NULL, choose_best_kernel_variant);
}
