/* The context: who owns op results, and how failures are kept. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/parallel.h"
#include "ops/arithmetic.h"
#include "support/tensors.h"

static sg_tensor *small_tensor(sg_context *context, double value)
{
    return sg_tensor_full(context, SG_F32, SG_SHAPE(3), value);
}

static size_t in_use(const sg_context *context)
{
    return sg_pool_bytes_in_use(context->pool);
}

static void test_closing_a_scope_releases_what_it_owns(void **state)
{
    sg_context *context = *state;
    size_t scope = sg_scope_open(context);
    for (int i = 0; i < 1000; i++)
        assert_non_null(small_tensor(context, i));
    assert_true(in_use(context) > 0);
    assert_null(sg_scope_close(context, scope, NULL));
    assert_int_equal(in_use(context), 0);
}

static void test_closing_a_scope_keeps_one(void **state)
{
    sg_context *context = *state;
    size_t outer = sg_scope_open(context);
    size_t inner = sg_scope_open(context);
    small_tensor(context, 1);
    sg_tensor *kept = small_tensor(context, 2);
    small_tensor(context, 3);
    size_t all = in_use(context);
    assert_ptr_equal(sg_scope_close(context, inner, kept), kept);
    assert_int_equal(in_use(context), all / 3);
    assert_int_equal(kept->references, 1);
    assert_true(sg_tensor_value(kept, 0) == 2);
    sg_scope_close(context, outer, NULL);
    assert_int_equal(in_use(context), 0);
}

static void test_closing_a_scope_keeps_a_pair(void **state)
{
    sg_context *context = *state;
    size_t outer = sg_scope_open(context);
    size_t inner = sg_scope_open(context);
    sg_tensor *a = small_tensor(context, 1);
    small_tensor(context, 2);
    sg_tensor *b = small_tensor(context, 3);
    small_tensor(context, 4);
    size_t all = in_use(context);
    sg_scope_close_pair(context, inner, a, b);
    assert_int_equal(in_use(context), all / 2);
    assert_true(sg_tensor_value(a, 0) == 1 && sg_tensor_value(b, 0) == 3);
    sg_scope_close(context, outer, NULL);
    assert_int_equal(in_use(context), 0);
}

static void test_a_pair_may_be_half_or_none(void **state)
{
    sg_context *context = *state;
    size_t outer = sg_scope_open(context);
    for (int kept = 0; kept < 3; kept++) {
        size_t inner = sg_scope_open(context);
        sg_tensor *a = small_tensor(context, 1);
        size_t one = in_use(context);
        sg_tensor *b = small_tensor(context, 2);
        sg_scope_close_pair(context, inner, kept == 1 ? a : NULL, kept == 2 ? b : NULL);
        assert_int_equal(in_use(context), kept == 0 ? 0 : one);
        sg_scope_close(context, outer, NULL);
    }
    sg_tensor *twice = small_tensor(context, 5);
    sg_scope_close_pair(context, outer, twice, twice);
    assert_true(sg_tensor_value(twice, 0) == 5);
    sg_scope_close(context, outer, NULL);
    assert_int_equal(in_use(context), 0);
}

static void test_scopes_nest(void **state)
{
    sg_context *context = *state;
    size_t first = sg_scope_open(context);
    sg_tensor *a = small_tensor(context, 1);
    size_t second = sg_scope_open(context);
    sg_tensor *b = small_tensor(context, 2);
    size_t third = sg_scope_open(context);
    sg_tensor *c = sg_scope_close(context, third, sg_add(a, b));
    assert_true(sg_tensor_value(b, 0) == 2);
    c = sg_scope_close(context, second, c);
    assert_true(sg_tensor_value(a, 0) == 1);
    assert_true(sg_tensor_value(c, 0) == 3);
    assert_int_equal(context->scope_count, first + 2);
    c = sg_scope_close(context, first, c);
    assert_int_equal(context->scope_count, first + 1);
    assert_true(sg_tensor_value(c, 2) == 3);
}

/* A tensor of a surrounding scope may be kept again; its own scope still holds it. */
static void test_an_outer_tensor_can_be_kept(void **state)
{
    sg_context *context = *state;
    size_t outer = sg_scope_open(context);
    sg_tensor *a = small_tensor(context, 1);
    size_t inner = sg_scope_open(context);
    assert_ptr_equal(sg_scope_close(context, inner, a), a);
    assert_int_equal(a->references, 2);
    sg_scope_close(context, outer, NULL);
    assert_int_equal(in_use(context), 0);
}

static void test_a_reference_outlives_the_scope(void **state)
{
    sg_context *context = *state;
    size_t scope = sg_scope_open(context);
    sg_tensor *parameter = sg_tensor_retain(small_tensor(context, 4));
    sg_scope_close(context, scope, NULL);
    assert_true(in_use(context) > 0);
    assert_true(sg_tensor_value(parameter, 1) == 4);
    scope = sg_scope_open(context);
    assert_ptr_equal(sg_scope_own(context, parameter), parameter);
    sg_scope_close(context, scope, NULL);
    assert_int_equal(in_use(context), 0);
}

static void test_the_first_failure_stays(void **state)
{
    sg_context *context = *state;
    sg_error error = {0};
    assert_null(sg_context_fail(context, SG_ERROR_SHAPE, "tensor %d does not fit", 1));
    assert_null(sg_context_fail(context, SG_ERROR_MEMORY, "tensor %d is too large", 2));
    assert_int_equal(context->error.status, SG_ERROR_SHAPE);
    assert_int_equal(sg_context_take_error(context, &error), SG_ERROR_SHAPE);
    assert_int_equal(error.status, SG_ERROR_SHAPE);
    assert_string_equal(error.message, "tensor 1 does not fit");
}

static void test_a_failure_is_taken_once(void **state)
{
    sg_context *context = *state;
    sg_error error = {0};
    assert_int_equal(sg_context_take_error(context, &error), SG_OK);
    assert_int_equal(error.status, SG_OK);
    sg_context_fail(context, SG_ERROR_SHAPE, "the first");
    assert_int_equal(sg_context_take_error(context, NULL), SG_ERROR_SHAPE);
    assert_int_equal(sg_context_take_error(context, &error), SG_OK);
    sg_context_fail(context, SG_ERROR_NUMERIC, "the second");
    assert_int_equal(sg_context_take_error(context, &error), SG_ERROR_NUMERIC);
    assert_string_equal(error.message, "the second");
}

/* A network is written without checks: what depends on a failure is NULL, and one sentence stays.
 */
static void test_a_failure_passes_through_ops(void **state)
{
    sg_context *context = *state;
    sg_tensor *a = small_tensor(context, 1);
    sg_tensor *b = sg_tensor_full(context, SG_F32, SG_SHAPE(4), 1);
    sg_tensor *sum = sg_add(a, b);
    assert_null(sum);
    char first[sizeof context->error.message];
    strcpy(first, context->error.message);
    assert_null(sg_multiply(sg_affine(sg_power(sum, 2), 2, 0), a));
    assert_string_equal(context->error.message, first);
    assert_refused(context, sum, SG_ERROR_SHAPE);
}

static void test_long_sentences_are_cut(void **state)
{
    sg_context *context = *state;
    char text[3000];
    sg_error error = {0};
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    sg_context_fail(context, SG_ERROR_FILE, "%s", text);
    assert_int_equal(sg_context_take_error(context, &error), SG_ERROR_FILE);
    assert_int_equal(strlen(error.message), sizeof error.message - 1);
}

static void count_call(void *argument)
{
    ++*(int *)argument;
}

static void test_destroying_frees_scopes_and_attachments(void **state)
{
    (void)state;
    int calls = 0;
    sg_context *context = sg_context_create(1);
    assert_non_null(context);
    assert_int_equal(sg_thread_count(), 1);
    small_tensor(context, 1);
    context->convolution.state = &calls;
    context->convolution.destroy = count_call;
    sg_context_destroy(context);
    assert_int_equal(calls, 1);
    sg_context_destroy(NULL);
}

#define IN_CONTEXT(test) cmocka_unit_test_setup_teardown(test, context_setup, context_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_CONTEXT(test_closing_a_scope_releases_what_it_owns),
        IN_CONTEXT(test_closing_a_scope_keeps_one),
        IN_CONTEXT(test_closing_a_scope_keeps_a_pair),
        IN_CONTEXT(test_a_pair_may_be_half_or_none),
        IN_CONTEXT(test_scopes_nest),
        IN_CONTEXT(test_an_outer_tensor_can_be_kept),
        IN_CONTEXT(test_a_reference_outlives_the_scope),
        IN_CONTEXT(test_the_first_failure_stays),
        IN_CONTEXT(test_a_failure_is_taken_once),
        IN_CONTEXT(test_a_failure_passes_through_ops),
        IN_CONTEXT(test_long_sentences_are_cut),
        cmocka_unit_test(test_destroying_frees_scopes_and_attachments),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
