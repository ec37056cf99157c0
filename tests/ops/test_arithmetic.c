/* Arithmetic: derivatives under every kind of broadcasting, values, and shapes that do not fit. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ops/arithmetic.h"
#include "support/gradient_check.h"
#include "support/tensors.h"

typedef sg_tensor *(*binary_function)(sg_tensor *a, sg_tensor *b);

typedef struct binary_op {
    const char *name;
    binary_function function;
} binary_op;

static const binary_op binary_ops[] = {
    {"add", sg_add}, {"subtract", sg_subtract}, {"multiply", sg_multiply}};

static sg_tensor *run_binary(sg_context *context, sg_tensor *const *in, const void *options)
{
    (void)context;
    return ((const binary_op *)options)->function(in[0], in[1]);
}

static sg_tensor *run_binary_with_itself(sg_context *context, sg_tensor *const *in,
                                         const void *options)
{
    (void)context;
    return ((const binary_op *)options)->function(in[0], in[0]);
}

typedef struct shape_pair {
    sg_shape a, b;
} shape_pair;

static const shape_pair broadcasts[] = {
    {GRADIENT_SHAPE(2, 3), GRADIENT_SHAPE(2, 3)},
    {GRADIENT_SHAPE(2, 3), GRADIENT_SHAPE(3)},
    {GRADIENT_SHAPE(3), GRADIENT_SHAPE(2, 3)},
    {GRADIENT_SHAPE(2, 3), GRADIENT_SHAPE(2, 1)},
    {GRADIENT_SHAPE(2, 1), GRADIENT_SHAPE(1, 3)},
    {GRADIENT_SHAPE(2, 1, 3), GRADIENT_SHAPE(4, 1)},
    {GRADIENT_SHAPE(1, 1), GRADIENT_SHAPE(1)},
    {GRADIENT_SHAPE(2, 3), {0}},
    {{0}, GRADIENT_SHAPE(2, 2)},
    {{0}, {0}},
    {GRADIENT_SHAPE(2, 2, 1, 3), GRADIENT_SHAPE(2, 1, 1, 3)},
    {GRADIENT_SHAPE(2, 1, 2, 1, 2), GRADIENT_SHAPE(1, 2, 1, 2, 1)},
};

static void test_binary_derivatives_under_broadcasting(void **state)
{
    (void)state;
    for (size_t o = 0; o < sizeof binary_ops / sizeof *binary_ops; o++)
        for (size_t i = 0; i < sizeof broadcasts / sizeof *broadcasts; i++) {
            gradient_case tested = {.name = binary_ops[o].name,
                                    .function = run_binary,
                                    .options = &binary_ops[o],
                                    .inputs = {{GRADIENT_SIGNED, broadcasts[i].a},
                                               {GRADIENT_POSITIVE, broadcasts[i].b}},
                                    .seed = 100 + i};
            assert_gradients_right(&tested);
        }
}

static void test_an_operand_may_be_used_twice(void **state)
{
    (void)state;
    for (size_t o = 0; o < sizeof binary_ops / sizeof *binary_ops; o++) {
        gradient_case tested = {.name = binary_ops[o].name,
                                .function = run_binary_with_itself,
                                .options = &binary_ops[o],
                                .inputs = {{GRADIENT_SIGNED, GRADIENT_SHAPE(2, 3)}},
                                .seed = 7};
        assert_gradients_right(&tested);
    }
}

/* One operand on the tape, the other a constant. */
static void test_a_constant_operand_takes_no_gradient(void **state)
{
    (void)state;
    for (size_t o = 0; o < sizeof binary_ops / sizeof *binary_ops; o++)
        for (int constant = 0; constant < 2; constant++) {
            gradient_case tested = {.name = binary_ops[o].name,
                                    .function = run_binary,
                                    .options = &binary_ops[o],
                                    .inputs = {{GRADIENT_SIGNED, GRADIENT_SHAPE(2, 3)},
                                               {GRADIENT_SIGNED, GRADIENT_SHAPE(3)}},
                                    .seed = 8};
            tested.inputs[constant].values = GRADIENT_CONSTANT;
            assert_gradients_right(&tested);
        }
}

static sg_tensor *run_affine(sg_context *context, sg_tensor *const *in, const void *options)
{
    (void)context;
    const double *numbers = options;
    return sg_affine(in[0], numbers[0], numbers[1]);
}

static sg_tensor *run_power(sg_context *context, sg_tensor *const *in, const void *options)
{
    (void)context;
    return sg_power(in[0], *(const double *)options);
}

static sg_tensor *run_clamp(sg_context *context, sg_tensor *const *in, const void *options)
{
    (void)context;
    return sg_clamp(in[0], *(const double *)options);
}

/* Squared, so that there is a second derivative to get wrong. */
static sg_tensor *run_clamp_squared(sg_context *context, sg_tensor *const *in, const void *options)
{
    (void)context;
    return sg_power(sg_clamp(in[0], *(const double *)options), 2);
}

static sg_tensor *run_clamp_gradient(sg_context *context, sg_tensor *const *in, const void *options)
{
    (void)context;
    return sg_clamp_gradient(in[0], in[1], *(const double *)options);
}

static void test_unary_derivatives(void **state)
{
    (void)state;
    static const double affine[] = {-1.7, 0.4};
    static const double half = 0.5;
    static const gradient_case cases[] = {
        {"affine", run_affine, affine, {{GRADIENT_SIGNED, GRADIENT_SHAPE(2, 3)}}, 1},
        {"clamp", run_clamp, &half, {{GRADIENT_SIGNED, GRADIENT_SHAPE(4, 5)}}, 2},
        {"clamp, squared", run_clamp_squared, &half, {{GRADIENT_SIGNED, GRADIENT_SHAPE(4, 5)}}, 3},
        {"clamp_gradient",
         run_clamp_gradient,
         &half,
         {{GRADIENT_SIGNED, GRADIENT_SHAPE(4, 5)}, {GRADIENT_SIGNED, GRADIENT_SHAPE(4, 5)}},
         4},
    };
    assert_all_gradients_right(cases, sizeof cases / sizeof *cases);
}

static void test_power_derivatives(void **state)
{
    (void)state;
    static const double exponents[] = {0.5, -0.5, -1, 2, 3, 1.5, 1, 0, -2};
    for (size_t i = 0; i < sizeof exponents / sizeof *exponents; i++) {
        double whole = floor(exponents[i]);
        gradient_case tested = {
            .name = "power",
            .function = run_power,
            .options = &exponents[i],
            .inputs = {{exponents[i] == whole ? GRADIENT_SIGNED : GRADIENT_POSITIVE,
                        GRADIENT_SHAPE(2, 3)}},
            .seed = 20 + i};
        assert_gradients_right(&tested);
    }
}

static void test_values_follow_numpys_broadcasting(void **state)
{
    sg_context *context = *state;
    sg_tensor *a = leaf_of(context, SG_SHAPE(2, 1), (double[]){10, 20});
    sg_tensor *b = leaf_of(context, SG_SHAPE(3), (double[]){1, 2, 4});
    static const double expected[3][6] = {
        {11, 12, 14, 21, 22, 24}, {9, 8, 6, 19, 18, 16}, {10, 20, 40, 20, 40, 80}};
    for (int i = 0; i < 3; i++)
        assert_tensors_near(binary_ops[i].name, binary_ops[i].function(a, b),
                            leaf_of(context, SG_SHAPE(2, 3), expected[i]), 1e-15);
}

static void test_clamp_values(void **state)
{
    sg_context *context = *state;
    sg_tensor *x = leaf_of(context, SG_SHAPE(5), (double[]){-3, -1, 0.5, 1, 2});
    assert_tensors_near("clamp", sg_clamp(x, 1),
                        leaf_of(context, SG_SHAPE(5), (double[]){-1, -1, 0.5, 1, 1}), 0);
    sg_tensor *ones = sg_tensor_full(context, SG_F64, x->shape, 1);
    assert_tensors_near("clamp_gradient", sg_clamp_gradient(ones, x, 1),
                        leaf_of(context, SG_SHAPE(5), (double[]){0, 0, 1, 0, 0}), 0);
}

static void test_accumulate_writes_only_into_what_is_owned(void **state)
{
    sg_context *context = *state;
    context->recording = false;
    sg_tensor *sum = leaf_of(context, SG_SHAPE(2), (double[]){1, 2});
    sg_tensor *term = leaf_of(context, SG_SHAPE(2), (double[]){10, 20});
    sg_tensor *total = leaf_of(context, SG_SHAPE(2), (double[]){11, 22});
    sg_tensor *fresh = sg_accumulate(sum, term, false);
    assert_ptr_not_equal(fresh, sum);
    assert_tensors_near("fresh", fresh, total, 0);
    assert_float_equal(sg_tensor_value(sum, 0), 1, 0);
    assert_ptr_equal(sg_accumulate(sum, term, true), sum);
    assert_tensors_near("owned", sum, total, 0);
}

static void test_unfit_operands_are_refused(void **state)
{
    sg_context *context = *state;
    sg_tensor *a = random_tensor(context, SG_F64, SG_SHAPE(2, 3), 1);
    sg_tensor *b = random_tensor(context, SG_F64, SG_SHAPE(2, 4), 2);
    sg_tensor *c = random_tensor(context, SG_F64, SG_SHAPE(2), 3);
    sg_tensor *single = random_tensor(context, SG_F32, SG_SHAPE(2, 3), 4);
    for (size_t o = 0; o < sizeof binary_ops / sizeof *binary_ops; o++) {
        assert_refused(context, binary_ops[o].function(a, b), SG_ERROR_SHAPE);
        assert_refused(context, binary_ops[o].function(a, c), SG_ERROR_SHAPE);
        assert_refused(context, binary_ops[o].function(a, single), SG_ERROR_SHAPE);
    }
    assert_refused(context, sg_clamp_gradient(a, b, 1), SG_ERROR_SHAPE);
    assert_refused(context, sg_clamp_gradient(a, single, 1), SG_ERROR_SHAPE);
}

static void test_a_missing_operand_gives_nothing(void **state)
{
    sg_context *context = *state;
    sg_tensor *a = random_tensor(context, SG_F64, SG_SHAPE(2, 3), 1);
    for (size_t o = 0; o < sizeof binary_ops / sizeof *binary_ops; o++) {
        assert_null(binary_ops[o].function(a, NULL));
        assert_null(binary_ops[o].function(NULL, a));
        assert_null(binary_ops[o].function(NULL, NULL));
    }
    assert_null(sg_affine(NULL, 1, 0));
    assert_null(sg_power(NULL, 2));
    assert_null(sg_clamp(NULL, 2));
    assert_null(sg_clamp_gradient(a, NULL, 2));
    assert_int_equal(context->error.status, SG_OK);
}

static void test_empty_tensors_are_fine(void **state)
{
    sg_context *context = *state;
    sg_tensor *a = sg_tensor_create(context, SG_F32, SG_SHAPE(0, 3));
    sg_tensor *b = random_tensor(context, SG_F32, SG_SHAPE(3), 1);
    for (size_t o = 0; o < sizeof binary_ops / sizeof *binary_ops; o++)
        assert_int_equal(sg_tensor_count(binary_ops[o].function(a, b)), 0);
    assert_int_equal(sg_tensor_count(sg_power(sg_affine(a, 2, 1), 3)), 0);
}

#define IN_CONTEXT(test) cmocka_unit_test_setup_teardown(test, context_setup, context_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_binary_derivatives_under_broadcasting),
        cmocka_unit_test(test_an_operand_may_be_used_twice),
        cmocka_unit_test(test_a_constant_operand_takes_no_gradient),
        cmocka_unit_test(test_unary_derivatives),
        cmocka_unit_test(test_power_derivatives),
        IN_CONTEXT(test_values_follow_numpys_broadcasting),
        IN_CONTEXT(test_clamp_values),
        IN_CONTEXT(test_accumulate_writes_only_into_what_is_owned),
        IN_CONTEXT(test_unfit_operands_are_refused),
        IN_CONTEXT(test_a_missing_operand_gives_nothing),
        IN_CONTEXT(test_empty_tensors_are_fine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
