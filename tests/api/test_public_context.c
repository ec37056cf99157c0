/* Contexts as programs outside see them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/parallel.h"
#include "tensor/context.h"

static void test_defaults_open(void **state)
{
    (void)state;
    sg_error error;
    memset(&error, 0x55, sizeof error);
    sg_context *context = NULL;
    assert_int_equal(sg_context_open(NULL, &context, &error), SG_OK);
    assert_non_null(context);
    assert_int_equal(error.status, SG_OK);
    assert_string_equal(error.message, "");
    sg_context_close(context);
    sg_context_close(NULL);
}

static void test_the_callers_threads_stay(void **state)
{
    (void)state;
    sg_context *context = NULL;
    sg_context_options options;
    sg_context_options_init(&options);
    options.threads = 1;
    sg_set_thread_count(3);
    assert_int_equal(sg_context_open(&options, &context, NULL), SG_OK);
    assert_int_equal(context->threads, 1);
    assert_int_equal(sg_thread_count(), 3);
    sg_context_close(context);
}

static void test_bad_threads_are_refused(void **state)
{
    (void)state;
    const int bad[] = {-1, SG_MOST_THREADS + 1};
    for (size_t i = 0; i < 2; i++) {
        sg_error error;
        sg_context *context = (sg_context *)&error;
        const sg_context_options options = {.threads = bad[i]};
        assert_int_equal(sg_context_open(&options, &context, &error), SG_ERROR_ARGUMENT);
        assert_null(context);
        assert_non_null(strstr(error.message, "threads"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_defaults_open),
        cmocka_unit_test(test_the_callers_threads_stay),
        cmocka_unit_test(test_bad_threads_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
