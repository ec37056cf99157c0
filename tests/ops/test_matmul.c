/* Matrix products: derivatives and values for all transposes, refusals. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "ops/layout.h"
#include "ops/matmul.h"
#include "support/gradient_check.h"
#include "support/tensors.h"

typedef struct product {
    bool transpose_a, transpose_b;
    double alpha;
} product;

static sg_tensor *run_matmul(sg_context *context, sg_tensor *const *in, const void *options)
{
    (void)context;
    const product *o = options;
    return sg_matmul(in[0], o->transpose_a, in[1], o->transpose_b, o->alpha);
}

static sg_tensor *run_gram(sg_context *context, sg_tensor *const *in, const void *options)
{
    (void)context;
    const product *o = options;
    return sg_matmul(in[0], o->transpose_a, in[0], o->transpose_b, o->alpha);
}

static gradient_input matrix(bool transposed, int64_t rows, int64_t columns)
{
    return (gradient_input){GRADIENT_SIGNED,
                            transposed ? SG_SHAPE(columns, rows) : SG_SHAPE(rows, columns)};
}

static void test_derivatives_for_all_transposes(void **state)
{
    (void)state;
    static const int64_t sizes[][3] = {{2, 3, 4}, {1, 3, 2}, {3, 2, 1}, {2, 1, 3}, {1, 1, 1}};
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++)
        for (int t = 0; t < 4; t++) {
            const product options = {t & 1, t >> 1, t == 0 ? 1 : -0.7};
            char name[60];
            snprintf(name, sizeof name, "matmul %d of size %zu", t, s);
            gradient_case tested = {
                .name = name,
                .function = run_matmul,
                .options = &options,
                .inputs = {matrix(options.transpose_a, sizes[s][0], sizes[s][2]),
                           matrix(options.transpose_b, sizes[s][2], sizes[s][1])},
                .seed = 60};
            assert_gradients_right(&tested);
        }
}

static void test_derivatives_of_a_gram_matrix(void **state)
{
    (void)state;
    for (int t = 0; t < 2; t++) {
        const product options = {t == 0, t == 1, 0.5};
        gradient_case tested = {.name = "gram matrix",
                                .function = run_gram,
                                .options = &options,
                                .inputs = {{GRADIENT_SIGNED, GRADIENT_SHAPE(2, 3)}},
                                .seed = 61};
        assert_gradients_right(&tested);
    }
}

static void test_values(void **state)
{
    sg_context *context = *state;
    sg_tensor *a = leaf_of(context, SG_SHAPE(2, 3), (double[]){1, 2, 3, 4, 5, 6});
    sg_tensor *b = leaf_of(context, SG_SHAPE(3, 2), (double[]){1, 0, 2, 1, 0, 3});
    sg_tensor *expected = leaf_of(context, SG_SHAPE(2, 2), (double[]){10, 22, 28, 46});
    sg_tensor *a_turned = sg_permute(a, (int[]){1, 0});
    sg_tensor *b_turned = sg_permute(b, (int[]){1, 0});
    assert_tensors_near("a b", sg_matmul(a, false, b, false, 2), expected, 1e-15);
    assert_tensors_near("a' b", sg_matmul(a_turned, true, b, false, 2), expected, 1e-15);
    assert_tensors_near("a b'", sg_matmul(a, false, b_turned, true, 2), expected, 1e-15);
    assert_tensors_near("a' b'", sg_matmul(a_turned, true, b_turned, true, 2), expected, 1e-15);
}

/* The op in float against itself on the reference kernels. */
static void test_float_agrees_with_the_reference(void **state)
{
    sg_context *context = *state;
    sg_tensor *a = random_tensor(context, SG_F32, SG_SHAPE(17, 65), 1);
    sg_tensor *b = random_tensor(context, SG_F32, SG_SHAPE(33, 65), 2);
    sg_tensor *fast = sg_matmul(a, false, b, true, 0.3);
    context->reference_kernels = true;
    assert_tensors_near("float", fast, sg_matmul(a, false, b, true, 0.3), 1e-5);
}

static void test_unfit_shapes_are_refused(void **state)
{
    sg_context *context = *state;
    sg_tensor *a = random_tensor(context, SG_F64, SG_SHAPE(2, 3), 1);
    sg_tensor *cube = random_tensor(context, SG_F64, SG_SHAPE(2, 3, 1), 1);
    sg_tensor *single = random_tensor(context, SG_F32, SG_SHAPE(3, 2), 1);
    assert_refused(context, sg_matmul(a, false, a, false, 1), SG_ERROR_SHAPE);
    assert_refused(context, sg_matmul(a, true, a, true, 1), SG_ERROR_SHAPE);
    assert_refused(context, sg_matmul(a, false, cube, false, 1), SG_ERROR_SHAPE);
    assert_refused(context, sg_matmul(cube, false, a, false, 1), SG_ERROR_SHAPE);
    assert_refused(context, sg_matmul(a, false, single, false, 1), SG_ERROR_SHAPE);
    assert_null(sg_matmul(a, false, NULL, false, 1));
    assert_null(sg_matmul(NULL, false, a, false, 1));
}

static void test_empty_matrices_are_fine(void **state)
{
    sg_context *context = *state;
    sg_tensor *a = sg_tensor_create(context, SG_F32, SG_SHAPE(2, 0));
    assert_tensors_near("over nothing", sg_matmul(a, false, a, true, 1),
                        sg_tensor_full(context, SG_F32, SG_SHAPE(2, 2), 0), 0);
    assert_int_equal(sg_tensor_count(sg_matmul(a, true, a, false, 1)), 0);
}

#define IN_CONTEXT(test) cmocka_unit_test_setup_teardown(test, context_setup, context_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_derivatives_for_all_transposes),
        cmocka_unit_test(test_derivatives_of_a_gram_matrix),
        IN_CONTEXT(test_values),
        IN_CONTEXT(test_float_agrees_with_the_reference),
        IN_CONTEXT(test_unfit_shapes_are_refused),
        IN_CONTEXT(test_empty_matrices_are_fine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
