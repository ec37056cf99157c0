/* Tensors of normal numbers: those of the stream in every type, none in a hollow context. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tensor/normal.h"
#include "tensor/work.h"

enum { COUNT = 2500 }; /* more than two blocks */

static void numbers_are_the_streams_next(void **state)
{
    static const sg_dtype dtypes[] = {SG_F32, SG_F64};
    static float expected[COUNT + 1];
    (void)state;
    sg_random stream = sg_random_stream(7, 3);
    sg_random_normal_fill(&stream, expected, COUNT + 1);
    for (int d = 0; d < 2; d++) {
        float next;
        sg_context *context = sg_context_create(1);
        const size_t scope = sg_scope_open(context);
        sg_random random = sg_random_stream(7, 3);
        const sg_tensor *tensor =
            sg_tensor_normal(context, dtypes[d], SG_SHAPE(COUNT / 5, 5), &random);
        assert_non_null(tensor);
        for (int i = 0; i < COUNT; i++)
            assert_true(sg_tensor_value(tensor, i) == (double)expected[i]);
        sg_random_normal_fill(&random, &next, 1);
        assert_true(next == expected[COUNT]);
        sg_scope_close(context, scope, NULL);
        sg_context_destroy(context);
    }
}

static void hollow_contexts_note_them(void **state)
{
    (void)state;
    sg_context *context = sg_context_create_hollow();
    const size_t scope = sg_scope_open(context);
    sg_random random = sg_random_stream(7, 3);
    const sg_random before = random;
    assert_non_null(sg_tensor_normal(context, SG_F32, SG_SHAPE(COUNT), &random));
    assert_memory_equal(&random, &before, sizeof random);
    assert_int_equal(context->work->count, 1);
    assert_string_equal(context->work->items[0].kind, sg_normal_kind);
    sg_scope_close(context, scope, NULL);
    sg_context_destroy(context);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_the_streams_next),
        cmocka_unit_test(hollow_contexts_note_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
