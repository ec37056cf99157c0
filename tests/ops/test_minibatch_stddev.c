/* Minibatch standard deviation: derivatives, values against the definition, refusals. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "ops/minibatch_stddev.h"
#include "support/gradient_check.h"
#include "support/tensors.h"

typedef struct grouping {
    int64_t group_size, channels;
} grouping;

static sg_tensor *run_stddev(sg_context *context, sg_tensor *const *in, const void *options)
{
    (void)context;
    const grouping *o = options;
    return sg_minibatch_stddev(in[0], o->group_size, o->channels);
}

static const grouping groupings[] = {{2, 1}, {4, 1}, {2, 2}, {0, 1}, {100, 2}, {1, 1}};
enum { GROUPINGS = (int)(sizeof groupings / sizeof *groupings) };

/* Groups of one have deviations of sqrt(1e-8), where differences by 1e-5 see no derivative. */
static void test_derivatives(void **state)
{
    (void)state;
    for (int i = 0; i < GROUPINGS - 1; i++) {
        char name[80];
        snprintf(name, sizeof name, "groups of %d, %d maps", (int)groupings[i].group_size,
                 (int)groupings[i].channels);
        gradient_case tested = {.name = name,
                                .function = run_stddev,
                                .options = &groupings[i],
                                .inputs = {{GRADIENT_SIGNED, GRADIENT_SHAPE(4, 2, 1, 2)}},
                                .seed = 10 + (uint64_t)i};
        assert_gradients_right(&tested);
    }
}

/* The deviation over a group at one pixel and channel of x, [4, 6, 4]. */
static double deviation(const sg_tensor *x, int64_t group, int64_t groups, int64_t at)
{
    double sum = 0;
    double squares = 0;
    int64_t size = 4 / groups;
    for (int64_t k = 0; k < size; k++) {
        double value = sg_tensor_value(x, (k * groups + group) * 24 + at);
        sum += value / (double)size;
        squares += value * value / (double)size;
    }
    return sqrt(fmax(squares - sum * sum, 0) + 1e-8);
}

/* Sample n's map f: the mean over pixels and the map's share of the channels. */
static double map_value(const sg_tensor *x, int64_t n, int64_t groups, int64_t f, int64_t maps)
{
    int64_t share = 4 / maps;
    double sum = 0;
    for (int64_t pixel = 0; pixel < 6; pixel++)
        for (int64_t c = f * share; c < (f + 1) * share; c++)
            sum += deviation(x, n % groups, groups, pixel * 4 + c);
    return sum / (double)(6 * share);
}

static void expect_defined(sg_context *context, const grouping *o)
{
    sg_tensor *x = random_tensor(context, SG_F64, SG_SHAPE(4, 2, 3, 4), 1);
    int64_t size = o->group_size > 0 && o->group_size < 4 ? o->group_size : 4;
    int64_t groups = 4 / size;
    int64_t width = 4 + o->channels;
    sg_tensor *expected = sg_tensor_create(context, SG_F64, SG_SHAPE(4, 2, 3, width));
    for (int64_t n = 0; n < 4; n++)
        for (int64_t pixel = 0; pixel < 6; pixel++)
            for (int64_t c = 0; c < width; c++)
                sg_f64(expected)[(n * 6 + pixel) * width + c] =
                    c < 4 ? sg_f64(x)[(n * 6 + pixel) * 4 + c]
                          : map_value(x, n, groups, c - 4, o->channels);
    assert_tensors_near("stddev", sg_minibatch_stddev(x, o->group_size, o->channels), expected,
                        1e-7);
}

static void test_values_are_the_defined_ones(void **state)
{
    sg_context *context = *state;
    for (int i = 0; i < GROUPINGS; i++)
        expect_defined(context, &groupings[i]);
}

static void test_unfit_shapes_are_refused(void **state)
{
    sg_context *context = *state;
    sg_tensor *x = random_tensor(context, SG_F64, SG_SHAPE(4, 2, 2, 6), 1);
    sg_tensor *matrix = random_tensor(context, SG_F64, SG_SHAPE(4, 6), 1);
    sg_tensor *none = sg_tensor_create(context, SG_F64, SG_SHAPE(0, 2, 2, 6));
    assert_refused(context, sg_minibatch_stddev(x, 3, 1), SG_ERROR_SHAPE);
    assert_refused(context, sg_minibatch_stddev(x, 4, 4), SG_ERROR_SHAPE);
    assert_refused(context, sg_minibatch_stddev(x, 4, 0), SG_ERROR_SHAPE);
    assert_refused(context, sg_minibatch_stddev(matrix, 4, 1), SG_ERROR_SHAPE);
    assert_refused(context, sg_minibatch_stddev(none, 4, 1), SG_ERROR_SHAPE);
    assert_null(sg_minibatch_stddev(NULL, 4, 1));
}

#define IN_CONTEXT(test) cmocka_unit_test_setup_teardown(test, context_setup, context_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_derivatives),
        IN_CONTEXT(test_values_are_the_defined_ones),
        IN_CONTEXT(test_unfit_shapes_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
