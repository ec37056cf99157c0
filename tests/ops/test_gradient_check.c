/*
 * The finite-difference checker is itself checked: it passes right derivatives, and it catches a
 * wrong sign, a wrong scale and a missing term, at first order and at second.
 *
 * The op under test is y = a^3 b. Its first derivatives are an op of their own, "slope", with
 * s = g a^2 b, so that 3 s is the gradient for a; a fault can sit in either op's backward.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ops/arithmetic.h"
#include "support/gradient_check.h"

typedef enum fault_kind {
    NO_FAULT,
    WRONG_SIGN,
    WRONG_SCALE,
    MISSING_TERM,
    FIRST_ELEMENT_WRONG
} fault_kind;

typedef struct fault_pair {
    fault_kind first, second;
} fault_pair;

static const sg_op op_cube;
static const sg_op op_slope;

/* A result spoilt as the fault says; a missing term is no result. */
static sg_tensor *spoil(sg_tensor *gradient, fault_kind fault)
{
    switch (fault) {
    case WRONG_SIGN:
        return sg_affine(gradient, -1, 0);
    case WRONG_SCALE:
        return sg_affine(gradient, 1.001, 0);
    case MISSING_TERM:
        return NULL;
    case FIRST_ELEMENT_WRONG: {
        sg_tensor *mask = sg_tensor_full(gradient->context, SG_F64, gradient->shape, 1);
        sg_tensor_set_value(mask, 0, 0.5);
        return sg_multiply(gradient, mask);
    }
    default:
        return gradient;
    }
}

static sg_tensor *cube(sg_tensor *a, sg_tensor *b, const fault_pair *faults)
{
    sg_tensor *inputs[] = {a, b};
    sg_tensor *y = sg_tensor_create(a->context, SG_F64, a->shape);
    for (int64_t i = 0; i < sg_tensor_count(y); i++)
        sg_f64(y)[i] = sg_f64(a)[i] * sg_f64(a)[i] * sg_f64(a)[i] * sg_f64(b)[i];
    return sg_tape_record(&op_cube, faults, sizeof *faults, inputs, y);
}

static sg_tensor *slope(sg_tensor *g, sg_tensor *a, sg_tensor *b, const fault_pair *faults)
{
    sg_tensor *inputs[] = {g, a, b};
    sg_tensor *y = sg_tensor_create(a->context, SG_F64, a->shape);
    for (int64_t i = 0; i < sg_tensor_count(y); i++)
        sg_f64(y)[i] = sg_f64(g)[i] * sg_f64(a)[i] * sg_f64(a)[i] * sg_f64(b)[i];
    return sg_tape_record(&op_slope, faults, sizeof *faults, inputs, y);
}

static void backward_cube(sg_backward *call)
{
    const fault_pair *faults = call->attributes;
    sg_tensor *a = call->inputs[0];
    sg_tensor *g = call->gradient;
    if (call->wanted[0])
        call->results[0] =
            spoil(sg_affine(slope(g, a, call->inputs[1], faults), 3, 0), faults->first);
    if (call->wanted[1])
        call->results[1] = sg_multiply(g, sg_power(a, 3));
}

/* The fault is in the derivative by a. */
static void backward_slope(sg_backward *call)
{
    const fault_pair *faults = call->attributes;
    sg_tensor *g = call->inputs[0];
    sg_tensor *a = call->inputs[1];
    sg_tensor *b = call->inputs[2];
    sg_tensor *h = call->gradient;
    if (call->wanted[0])
        call->results[0] = sg_multiply(h, sg_multiply(sg_power(a, 2), b));
    if (call->wanted[1])
        call->results[1] = spoil(sg_affine(sg_multiply(sg_multiply(h, g), sg_multiply(a, b)), 2, 0),
                                 faults->second);
    if (call->wanted[2])
        call->results[2] = sg_multiply(h, sg_multiply(g, sg_power(a, 2)));
}

static const sg_op op_cube = {
    "cube", 2, {SG_READS_INPUT(0) | SG_READS_INPUT(1), SG_READS_INPUT(0)}, backward_cube};
static const sg_op op_slope = {"slope",
                               3,
                               {SG_READS_INPUT(1) | SG_READS_INPUT(2),
                                SG_READS_INPUT(0) | SG_READS_INPUT(1) | SG_READS_INPUT(2),
                                SG_READS_INPUT(0) | SG_READS_INPUT(1)},
                               backward_slope};

static sg_tensor *run_cube(sg_context *context, sg_tensor *const *inputs, const void *options)
{
    (void)context;
    return cube(inputs[0], inputs[1], options);
}

/* The faulty op within a longer graph. */
static sg_tensor *run_among_others(sg_context *context, sg_tensor *const *inputs,
                                   const void *options)
{
    (void)context;
    sg_tensor *a = sg_affine(inputs[0], 0.9, 0.05);
    return sg_multiply(cube(a, inputs[1], options), sg_add(inputs[0], inputs[1]));
}

static sg_tensor *run_nothing(sg_context *context, sg_tensor *const *inputs, const void *options)
{
    (void)options;
    sg_tensor *other = sg_tensor_full(context, SG_F64, SG_SHAPE(7, 5), 1);
    return sg_add(inputs[0], other);
}

static void assert_verdict(gradient_function function, fault_kind first, fault_kind second,
                           gradient_verdict expected)
{
    const fault_pair options = {first, second};
    gradient_case tested = {.name = "cube",
                            .function = function,
                            .options = &options,
                            .inputs = {{GRADIENT_SIGNED, GRADIENT_SHAPE(2, 3)},
                                       {GRADIENT_SIGNED, GRADIENT_SHAPE(2, 3)}},
                            .seed = 1};
    char message[400];
    gradient_verdict verdict = check_gradients(&tested, message);
    if (verdict != expected)
        fail_msg("fault %d, %d: verdict %d, expected %d (%s)", (int)first, (int)second,
                 (int)verdict, (int)expected, message);
}

static void test_right_derivatives_pass(void **state)
{
    (void)state;
    assert_verdict(run_cube, NO_FAULT, NO_FAULT, GRADIENTS_RIGHT);
    assert_verdict(run_among_others, NO_FAULT, NO_FAULT, GRADIENTS_RIGHT);
}

static void test_first_order_faults_are_caught(void **state)
{
    (void)state;
    for (fault_kind fault = WRONG_SIGN; fault <= FIRST_ELEMENT_WRONG; fault++) {
        assert_verdict(run_cube, fault, NO_FAULT, FIRST_ORDER_WRONG);
        assert_verdict(run_among_others, fault, NO_FAULT, FIRST_ORDER_WRONG);
    }
}

static void test_second_order_faults_are_caught(void **state)
{
    (void)state;
    for (fault_kind fault = WRONG_SIGN; fault <= FIRST_ELEMENT_WRONG; fault++) {
        assert_verdict(run_cube, NO_FAULT, fault, SECOND_ORDER_WRONG);
        assert_verdict(run_among_others, NO_FAULT, fault, SECOND_ORDER_WRONG);
    }
}

static void test_a_function_that_fails_is_not_right(void **state)
{
    (void)state;
    assert_verdict(run_nothing, NO_FAULT, NO_FAULT, GRADIENTS_NOT_COMPUTED);
}

static void test_the_message_names_the_place(void **state)
{
    (void)state;
    const fault_pair options = {NO_FAULT, WRONG_SIGN};
    gradient_case tested = {
        .name = "the case",
        .function = run_cube,
        .options = &options,
        .inputs = {{GRADIENT_SIGNED, GRADIENT_SHAPE(2)}, {GRADIENT_SIGNED, GRADIENT_SHAPE(2)}},
        .seed = 1};
    char message[400];
    assert_int_equal(check_gradients(&tested, message), SECOND_ORDER_WRONG);
    assert_non_null(strstr(message, "the case"));
    assert_non_null(strstr(message, "second"));
    assert_non_null(strstr(message, "input 0"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_right_derivatives_pass),
        cmocka_unit_test(test_first_order_faults_are_caught),
        cmocka_unit_test(test_second_order_faults_are_caught),
        cmocka_unit_test(test_a_function_that_fails_is_not_right),
        cmocka_unit_test(test_the_message_names_the_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
