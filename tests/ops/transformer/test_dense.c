/* Linear layers: derivatives, values, shapes, refusals. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "kernels/product/product.h"
#include "nn/parameter.h"
#include "ops/arithmetic.h"
#include "ops/gradient.h"
#include "ops/layout.h"
#include "ops/matmul.h"
#include "ops/transformer/dense.h"
#include "support/gradient_check.h"
#include "support/tensors.h"

static sg_tensor *run(sg_context *context, sg_tensor *const *in, const void *options)
{
    (void)context, (void)options;
    return sg_dense(in[0], in[1], in[2]);
}

static void test_derivatives(void **state)
{
    (void)state;
    static const gradient_case cases[] = {
        {"rows",
         run,
         NULL,
         {{GRADIENT_SIGNED, GRADIENT_SHAPE(3, 4)},
          {GRADIENT_SIGNED, GRADIENT_SHAPE(2, 4)},
          {GRADIENT_SIGNED, GRADIENT_SHAPE(2)}},
         1},
        {"tokens without a bias",
         run,
         NULL,
         {{GRADIENT_SIGNED, GRADIENT_SHAPE(2, 2, 3)}, {GRADIENT_SIGNED, GRADIENT_SHAPE(4, 3)}},
         2},
        {"weights of which no gradient is sought",
         run,
         NULL,
         {{GRADIENT_SIGNED, GRADIENT_SHAPE(2, 3)},
          {GRADIENT_CONSTANT, GRADIENT_SHAPE(4, 3)},
          {GRADIENT_CONSTANT, GRADIENT_SHAPE(4)}},
         3},
    };
    assert_all_gradients_right(cases, sizeof cases / sizeof *cases);
}

static void test_values_are_those_of_plain_operations(void **state)
{
    sg_context *context = *state;
    static const int64_t shapes[][4] = {
        {1, 1, 1, 1}, {2, 3, 5, 7}, {2, 50, 64, 96}, {1, 7, 128, 32}, {3, 33, 96, 160}};
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        const int64_t *s = shapes[i];
        sg_tensor *x = random_tensor(context, SG_F32, SG_SHAPE(s[0], s[1], s[2]), 1);
        sg_tensor *w = random_tensor(context, SG_F32, SG_SHAPE(s[3], s[2]), 2);
        sg_tensor *bias = random_tensor(context, SG_F32, SG_SHAPE(s[3]), 3);
        sg_tensor *rows = sg_reshape(x, SG_SHAPE(s[0] * s[1], s[2]));
        sg_tensor *expected = sg_add(sg_matmul(rows, false, w, true, 1), bias);
        assert_tensors_near("dense", sg_dense(x, w, bias),
                            sg_reshape(expected, SG_SHAPE(s[0], s[1], s[3])), 1e-5);
    }
}

/* Parameters are multiplied by the kernel with packed weights, forward and backward; sizes are
 * whole panels, parts of such, and several blocks of rows. */
static void assert_packed_is_plain(sg_context *context)
{
    static const int64_t shapes[][3] = {{2, 16, 16},   {50, 96, 64},  {33, 100, 130},
                                        {7, 768, 300}, {700, 64, 48}, {130, 3072, 40}};
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        const int64_t *s = shapes[i];
        sg_parameter_set set;
        sg_parameter_set_init(&set, context, SG_F32, 1);
        sg_tensor *w = sg_parameter_add(&set, "", "w", SG_SHAPE(s[2], s[1]), false,
                                        (sg_initial){SG_INITIAL_UNIFORM, 1});
        sg_tensor *bias = random_tensor(context, SG_F32, SG_SHAPE(s[2]), 3);
        sg_tensor *x = random_leaf(context, SG_F32, SG_SHAPE(s[0], s[1]), 1);
        sg_tensor *g = random_tensor(context, SG_F32, SG_SHAPE(s[0], s[2]), 4);
        sg_tensor *gradient = NULL;
        sg_tensor *y = sg_dense(x, w, bias);
        const double tolerance = 1e-5 * sqrt((double)s[1]);
        assert_tensors_near("packed", y, sg_add(sg_matmul(x, false, w, true, 1), bias), tolerance);
        sg_gradient(y, g, &x, 1, (sg_gradient_options){0}, &gradient);
        assert_tensors_near("gradient", gradient, sg_matmul(g, false, w, false, 1),
                            1e-5 * sqrt((double)s[2]));
        sg_parameter_set_clear(&set);
    }
}

/* In both formats, where the processor has the split one. */
static void test_packed_weights_give_the_values_of_plain_ones(void **state)
{
    assert_packed_is_plain(*state);
    sg_product_forbid_split(true);
    assert_packed_is_plain(*state);
    sg_product_forbid_split(false);
}

static void test_refuses_shapes_that_do_not_fit(void **state)
{
    sg_context *context = *state;
    sg_tensor *x = random_tensor(context, SG_F32, SG_SHAPE(2, 3), 1);
    sg_tensor *w = random_tensor(context, SG_F32, SG_SHAPE(4, 2), 1);
    sg_tensor *right = random_tensor(context, SG_F32, SG_SHAPE(4, 3), 1);
    assert_refused(context, sg_dense(x, w, NULL), SG_ERROR_SHAPE);
    assert_refused(context, sg_dense(x, right, random_tensor(context, SG_F32, SG_SHAPE(3), 1)),
                   SG_ERROR_SHAPE);
    assert_null(sg_dense(NULL, w, NULL));
}

#define IN_CONTEXT(test) cmocka_unit_test_setup_teardown(test, context_setup, context_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_derivatives),
        IN_CONTEXT(test_values_are_those_of_plain_operations),
        IN_CONTEXT(test_packed_weights_give_the_values_of_plain_ones),
        IN_CONTEXT(test_refuses_shapes_that_do_not_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
