/* The tape: gradient passes, what they keep and free, and what they refuse. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/resource.h>

#include <cmocka.h>

#include "ops/arithmetic.h"
#include "ops/gradient.h"
#include "support/tensors.h"

static const sg_gradient_options once = {0};
static const sg_gradient_options retaining = {.retain_graph = true};
static const sg_gradient_options creating = {.create_graph = true};

/* A leaf of three numbers: 1, -2 and 0.5. */
static sg_tensor *three_numbers(sg_context *context)
{
    return leaf_of(context, SG_SHAPE(3), (double[]){1, -2, 0.5});
}

/* The gradient with respect to one input; the pass must succeed. */
static sg_tensor *gradient_of(sg_tensor *output, sg_tensor *input, sg_gradient_options options)
{
    sg_tensor *result = NULL;
    assert_int_equal(sg_gradient(output, NULL, &input, 1, options, &result), SG_OK);
    return result;
}

static void assert_values(const sg_tensor *tensor, const double *expected)
{
    assert_non_null(tensor);
    for (int64_t i = 0; i < sg_tensor_count(tensor); i++)
        assert_true(sg_tensor_value(tensor, i) == expected[i]);
}

#define ASSERT_VALUES(tensor, ...) assert_values(tensor, (double[]){__VA_ARGS__})

static void test_gradient_of_a_product(void **state)
{
    sg_context *context = *state;
    sg_tensor *a = three_numbers(context);
    sg_tensor *b = leaf_of(context, SG_SHAPE(3), (double[]){4, 5, 6});
    sg_tensor *weights = leaf_of(context, SG_SHAPE(3), (double[]){1, 10, 100});
    sg_tensor *inputs[] = {a, b};
    sg_tensor *results[2];
    assert_int_equal(sg_gradient(sg_multiply(a, b), weights, inputs, 2, once, results), SG_OK);
    ASSERT_VALUES(results[0], 4, 50, 600);
    ASSERT_VALUES(results[1], 1, -20, 50);
    assert_null(results[0]->node);
}

static void test_a_second_pass_needs_retain(void **state)
{
    sg_context *context = *state;
    sg_tensor *x = three_numbers(context);
    sg_tensor *y = sg_power(x, 3);
    sg_tensor *result = x;
    ASSERT_VALUES(gradient_of(y, x, once), 3, 12, 0.75);
    assert_int_equal(sg_gradient(y, NULL, &x, 1, once, &result), SG_ERROR_ARGUMENT);
    assert_non_null(strstr(context->error.message, "power"));
    assert_non_null(strstr(context->error.message, "retain"));
    assert_refused(context, result, SG_ERROR_ARGUMENT);
    ASSERT_VALUES(gradient_of(sg_power(x, 2), x, once), 2, -4, 1);
}

/* The refusal holds for a node deep in a graph that is new otherwise. */
static void test_a_spent_part_is_refused(void **state)
{
    sg_context *context = *state;
    sg_tensor *x = three_numbers(context);
    sg_tensor *shared = sg_multiply(x, x);
    sg_tensor *result;
    gradient_of(sg_affine(shared, 2, 0), x, once);
    assert_int_equal(sg_gradient(sg_affine(shared, 3, 0), NULL, &x, 1, once, &result),
                     SG_ERROR_ARGUMENT);
    assert_refused(context, result, SG_ERROR_ARGUMENT);
}

static void test_a_retained_graph_can_be_used_again(void **state)
{
    sg_context *context = *state;
    sg_tensor *x = three_numbers(context);
    sg_tensor *y = sg_power(x, 3);
    for (int pass = 0; pass < 3; pass++)
        ASSERT_VALUES(gradient_of(y, x, retaining), 3, 12, 0.75);
    ASSERT_VALUES(gradient_of(y, x, once), 3, 12, 0.75);
}

/* x^3 and its derivatives 3x^2, 6x, 6 and 0. */
static void test_derivatives_of_derivatives(void **state)
{
    sg_context *context = *state;
    sg_tensor *x = three_numbers(context);
    sg_tensor *first = gradient_of(sg_power(x, 3), x, creating);
    ASSERT_VALUES(first, 3, 12, 0.75);
    assert_non_null(first->node);
    sg_tensor *second = gradient_of(first, x, creating);
    ASSERT_VALUES(second, 6, -12, 3);
    ASSERT_VALUES(gradient_of(second, x, once), 6, 6, 6);
}

/* The graph under a created one is kept as well. */
static void test_creating_a_graph_retains_it(void **state)
{
    sg_context *context = *state;
    sg_tensor *x = three_numbers(context);
    sg_tensor *y = sg_power(x, 3);
    gradient_of(y, x, creating);
    ASSERT_VALUES(gradient_of(y, x, once), 3, 12, 0.75);
}

/* d(sum(x^2 w))/dx = 2xw depends on w, too. */
static void test_second_derivatives_reach_the_output_gradient(void **state)
{
    sg_context *context = *state;
    sg_tensor *x = three_numbers(context);
    sg_tensor *w = leaf_of(context, SG_SHAPE(3), (double[]){3, 5, 7});
    sg_tensor *first;
    assert_int_equal(sg_gradient(sg_power(x, 2), w, &x, 1, creating, &first), SG_OK);
    ASSERT_VALUES(first, 6, -20, 7);
    ASSERT_VALUES(gradient_of(first, w, retaining), 2, -4, 1);
    ASSERT_VALUES(gradient_of(first, x, once), 6, 10, 14);
}

static void test_a_leaf_used_twice_adds_up(void **state)
{
    sg_context *context = *state;
    sg_tensor *x = three_numbers(context);
    ASSERT_VALUES(gradient_of(sg_multiply(x, x), x, once), 2, -4, 1);
    ASSERT_VALUES(gradient_of(sg_add(sg_affine(x, 2, 0), sg_affine(x, 5, 1)), x, once), 7, 7, 7);
    sg_tensor *sum = sg_add(sg_add(x, x), sg_add(x, sg_multiply(x, x)));
    ASSERT_VALUES(gradient_of(sum, x, once), 5, -1, 4);
    ASSERT_VALUES(gradient_of(x, x, once), 1, 1, 1);
}

/* Gradients are added in place where the tape may; what the caller gave must not be changed. */
static void test_the_given_gradient_is_left_alone(void **state)
{
    sg_context *context = *state;
    sg_tensor *x = three_numbers(context);
    sg_tensor *given = sg_tensor_full(context, SG_F64, SG_SHAPE(3), 2);
    sg_tensor *result;
    assert_int_equal(sg_gradient(sg_add(sg_add(x, x), x), given, &x, 1, once, &result), SG_OK);
    ASSERT_VALUES(result, 6, 6, 6);
    ASSERT_VALUES(given, 2, 2, 2);
}

/* z = (x^2)^2: with respect to x^2 and to x in one pass, and to x^2 alone. */
static void test_gradients_of_intermediate_tensors(void **state)
{
    sg_context *context = *state;
    sg_tensor *x = three_numbers(context);
    sg_tensor *square = sg_power(x, 2);
    sg_tensor *z = sg_power(square, 2);
    sg_tensor *inputs[] = {square, x, z};
    sg_tensor *results[3];
    assert_int_equal(sg_gradient(z, NULL, inputs, 3, retaining, results), SG_OK);
    ASSERT_VALUES(results[0], 2, 8, 0.5);
    ASSERT_VALUES(results[1], 4, -32, 0.5);
    ASSERT_VALUES(results[2], 1, 1, 1);
    ASSERT_VALUES(gradient_of(z, square, once), 2, 8, 0.5);
}

/* The walk ends at a tensor asked for: what lies below may be spent, and is not spent by it. */
static void test_an_intermediate_tensor_ends_the_walk(void **state)
{
    sg_context *context = *state;
    sg_tensor *x = three_numbers(context);
    sg_tensor *square = sg_power(x, 2);
    ASSERT_VALUES(gradient_of(sg_power(square, 2), square, once), 2, 8, 0.5);
    ASSERT_VALUES(gradient_of(square, x, once), 2, -4, 1);
    ASSERT_VALUES(gradient_of(sg_power(square, 2), square, once), 2, 8, 0.5);
}

/* What is not asked for is not walked: the other operand's branch stays usable. */
static void test_a_subset_of_the_inputs(void **state)
{
    sg_context *context = *state;
    sg_tensor *x = three_numbers(context);
    sg_tensor *y = three_numbers(context);
    sg_tensor *branch = sg_power(y, 3);
    sg_tensor *z = sg_add(sg_power(x, 2), branch);
    ASSERT_VALUES(gradient_of(z, x, once), 2, -4, 1);
    ASSERT_VALUES(gradient_of(branch, y, once), 3, 12, 0.75);
}

static void test_unrelated_inputs_get_nothing(void **state)
{
    sg_context *context = *state;
    sg_tensor *x = three_numbers(context);
    sg_tensor *stranger = three_numbers(context);
    sg_tensor *constant = random_tensor(context, SG_F64, SG_SHAPE(3), 1);
    sg_tensor *later = sg_affine(x, 2, 0);
    sg_tensor *inputs[] = {stranger, x, constant, later};
    sg_tensor *results[] = {x, x, x, x};
    assert_int_equal(sg_gradient(sg_multiply(x, constant), NULL, inputs, 4, once, results), SG_OK);
    assert_null(results[0]);
    assert_values(results[1], sg_f64(constant));
    assert_null(results[2]);
    assert_null(results[3]);
}

static void test_an_output_off_the_tape_gives_nothing(void **state)
{
    sg_context *context = *state;
    sg_tensor *x = three_numbers(context);
    sg_tensor *constant = random_tensor(context, SG_F64, SG_SHAPE(3), 1);
    assert_null(gradient_of(constant, x, once));
    context->recording = false;
    sg_tensor *unrecorded = sg_power(x, 2);
    context->recording = true;
    assert_null(unrecorded->node);
    assert_null(gradient_of(unrecorded, x, once));
}

static void test_detached_values_are_constants(void **state)
{
    sg_context *context = *state;
    sg_tensor *x = three_numbers(context);
    ASSERT_VALUES(gradient_of(sg_multiply(x, sg_tensor_detach(x)), x, once), 1, -2, 0.5);
    assert_null(gradient_of(sg_power(sg_tensor_detach(x), 2), x, once));
    sg_tensor_require_gradient(x, false);
    assert_null(x->node);
    assert_null(sg_power(x, 2)->node);
}

static void test_a_missing_output_is_no_crash(void **state)
{
    sg_context *context = *state;
    sg_tensor *x = three_numbers(context);
    sg_tensor *result = x;
    sg_tensor *unfit = sg_add(x, sg_tensor_full(context, SG_F64, SG_SHAPE(4), 1));
    assert_int_not_equal(sg_gradient(sg_power(unfit, 2), NULL, &x, 1, once, &result), SG_OK);
    assert_refused(context, result, SG_ERROR_SHAPE);
}

/* A failure that nobody has read stops the pass, and leaves nothing behind on the nodes. */
static void test_an_unread_failure_stops_the_pass(void **state)
{
    sg_context *context = *state;
    sg_tensor *x = three_numbers(context);
    sg_tensor *y = sg_power(x, 2);
    sg_tensor *result = x;
    sg_context_fail(context, SG_ERROR_NUMERIC, "something failed before");
    assert_int_equal(sg_gradient(y, NULL, &x, 1, once, &result), SG_ERROR_NUMERIC);
    assert_refused(context, result, SG_ERROR_NUMERIC);
    ASSERT_VALUES(gradient_of(y, x, once), 2, -4, 1);
}

static void test_an_unfit_output_gradient_is_refused(void **state)
{
    sg_context *context = *state;
    sg_tensor *x = three_numbers(context);
    sg_tensor *y = sg_power(x, 2);
    sg_tensor *unfit = sg_tensor_full(context, SG_F64, SG_SHAPE(1, 3), 1);
    sg_tensor *result = x;
    assert_int_equal(sg_gradient(y, unfit, &x, 1, once, &result), SG_ERROR_SHAPE);
    assert_refused(context, result, SG_ERROR_SHAPE);
    ASSERT_VALUES(gradient_of(y, x, once), 2, -4, 1);
}

/* An op whose backward returns a gradient of another shape. */
static void backward_wrongly(sg_backward *call)
{
    call->results[0] = sg_tensor_full(call->context, SG_F64, SG_SHAPE(2), 1);
}

static void test_a_backward_of_the_wrong_shape_is_refused(void **state)
{
    sg_context *context = *state;
    static const sg_op wrong = {"wrong", 1, {0}, backward_wrongly};
    sg_tensor *x = three_numbers(context);
    sg_tensor *result = x;
    sg_tensor *output = sg_tensor_full(context, SG_F64, SG_SHAPE(3), 1);
    sg_tensor *y = sg_tape_record(&wrong, NULL, 0, &x, output);
    assert_int_equal(sg_gradient(y, NULL, &x, 1, once, &result), SG_ERROR_SHAPE);
    assert_non_null(strstr(context->error.message, "wrong"));
    assert_refused(context, result, SG_ERROR_SHAPE);
}

static void test_recording_is_restored(void **state)
{
    sg_context *context = *state;
    sg_tensor *x = three_numbers(context);
    sg_tensor *y = sg_power(x, 2);
    gradient_of(y, x, retaining);
    assert_true(context->recording);
    context->recording = false;
    sg_tensor *created = gradient_of(y, x, creating);
    assert_false(context->recording);
    assert_non_null(created->node);
    context->recording = true;
}

/* A node keeps only what its backward reads: an addition nothing, a pass without retain frees. */
static void test_what_the_tape_keeps(void **state)
{
    sg_context *context = *state;
    sg_tensor *x = random_leaf(context, SG_F64, SG_SHAPE(1000), 1);
    size_t before = sg_pool_bytes_in_use(context->pool);
    size_t scope = sg_scope_open(context);
    sg_tensor *sum = sg_affine(sg_add(sg_affine(x, 2, 0), x), 3, 0);
    sum = sg_scope_close(context, scope, sum);
    size_t one_tensor = sg_pool_bytes_in_use(context->pool) - before;
    assert_true(one_tensor >= 8000 && one_tensor < 10000);
    scope = sg_scope_open(context);
    sg_tensor *power = sg_scope_close(context, scope, sg_power(sg_affine(x, 2, 0), 3));
    assert_int_equal(sg_pool_bytes_in_use(context->pool) - before, 3 * one_tensor);
    scope = sg_scope_open(context);
    assert_non_null(gradient_of(power, x, once));
    sg_scope_close(context, scope, NULL);
    assert_int_equal(sg_pool_bytes_in_use(context->pool) - before, 2 * one_tensor);
}

/* Limits how far the stack may grow; returns the limit until now. */
static rlim_t limit_stack(rlim_t bytes)
{
    struct rlimit limit;
    assert_int_equal(getrlimit(RLIMIT_STACK, &limit), 0);
    rlim_t before = limit.rlim_cur;
    limit.rlim_cur = bytes;
    assert_int_equal(setrlimit(RLIMIT_STACK, &limit), 0);
    return before;
}

/*
 * As deep as no network is, held by its last tensor alone: neither the walk nor the freeing may
 * follow the depth on the stack. Every other step turns a slope s to 1 - s.
 */
static void test_a_long_chain(void **state)
{
    sg_context *context = *state;
    enum { LENGTH = 100000 };
    rlim_t limit = limit_stack(1 << 20);
    size_t outer = sg_scope_open(context);
    sg_tensor *x = three_numbers(context);
    size_t chain = sg_scope_open(context);
    sg_tensor *y = x;
    for (int i = 0; i < LENGTH; i++)
        y = sg_scope_close(context, chain, i % 2 ? sg_affine(y, 1, 1) : sg_subtract(x, y));
    assert_int_equal(context->scope_count, chain + 1);
    ASSERT_VALUES(gradient_of(y, x, retaining), 1, 1, 1);
    ASSERT_VALUES(gradient_of(sg_subtract(x, y), x, retaining), 0, 0, 0);
    sg_scope_close(context, outer, NULL);
    assert_int_equal(sg_pool_bytes_in_use(context->pool), 0);
    limit_stack(limit);
}

/* Two branches that meet again and again: each node is freed once, whatever the order. */
static void test_a_long_ladder(void **state)
{
    sg_context *context = *state;
    enum { LENGTH = 20000 };
    size_t outer = sg_scope_open(context);
    sg_tensor *x = three_numbers(context);
    size_t ladder = sg_scope_open(context);
    sg_tensor *a = x;
    sg_tensor *b = sg_affine(x, 0.5, 0);
    for (int i = 0; i < LENGTH; i++) {
        sg_tensor *mean = sg_affine(sg_add(a, b), 0.5, 0);
        b = sg_add(sg_affine(a, 0.5, 0), sg_affine(mean, 0.5, 0));
        a = mean;
        sg_scope_close_pair(context, ladder, a, b);
    }
    sg_tensor *slope = gradient_of(a, x, once);
    double value = sg_tensor_value(slope, 0);
    assert_true(value > 0.5 && value < 1);
    assert_true(sg_tensor_value(slope, 2) == value);
    sg_scope_close(context, outer, NULL);
    assert_int_equal(sg_pool_bytes_in_use(context->pool), 0);
}

/* Several parents die with one node; each must give back the values that it keeps. */
static void test_branches_are_freed_together(void **state)
{
    sg_context *context = *state;
    size_t outer = sg_scope_open(context);
    sg_tensor *x = random_leaf(context, SG_F64, SG_SHAPE(100), 1);
    size_t before = sg_pool_bytes_in_use(context->pool);
    size_t scope = sg_scope_open(context);
    sg_tensor *left = sg_multiply(sg_power(sg_affine(x, 2, 1), 2), sg_power(sg_affine(x, 3, 1), 2));
    sg_tensor *right =
        sg_multiply(sg_power(sg_affine(x, 4, 1), 3), sg_power(sg_affine(x, 1, 5), 3));
    sg_tensor *y = sg_scope_close(context, scope, sg_multiply(left, right));
    assert_true(sg_pool_bytes_in_use(context->pool) - before > 8 * 800);
    sg_tensor_require_gradient(y, false);
    sg_scope_close(context, scope, NULL);
    assert_int_equal(sg_pool_bytes_in_use(context->pool), before);
    sg_scope_close(context, outer, NULL);
}

#define IN_CONTEXT(test) cmocka_unit_test_setup_teardown(test, context_setup, context_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_CONTEXT(test_gradient_of_a_product),
        IN_CONTEXT(test_a_second_pass_needs_retain),
        IN_CONTEXT(test_a_spent_part_is_refused),
        IN_CONTEXT(test_a_retained_graph_can_be_used_again),
        IN_CONTEXT(test_derivatives_of_derivatives),
        IN_CONTEXT(test_creating_a_graph_retains_it),
        IN_CONTEXT(test_second_derivatives_reach_the_output_gradient),
        IN_CONTEXT(test_a_leaf_used_twice_adds_up),
        IN_CONTEXT(test_the_given_gradient_is_left_alone),
        IN_CONTEXT(test_gradients_of_intermediate_tensors),
        IN_CONTEXT(test_an_intermediate_tensor_ends_the_walk),
        IN_CONTEXT(test_a_subset_of_the_inputs),
        IN_CONTEXT(test_unrelated_inputs_get_nothing),
        IN_CONTEXT(test_an_output_off_the_tape_gives_nothing),
        IN_CONTEXT(test_detached_values_are_constants),
        IN_CONTEXT(test_a_missing_output_is_no_crash),
        IN_CONTEXT(test_an_unread_failure_stops_the_pass),
        IN_CONTEXT(test_an_unfit_output_gradient_is_refused),
        IN_CONTEXT(test_a_backward_of_the_wrong_shape_is_refused),
        IN_CONTEXT(test_recording_is_restored),
        IN_CONTEXT(test_what_the_tape_keeps),
        IN_CONTEXT(test_a_long_chain),
        IN_CONTEXT(test_a_long_ladder),
        IN_CONTEXT(test_branches_are_freed_together),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
