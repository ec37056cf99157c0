/* Hollow contexts: tensors without values, and what is noted of their ops. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tensor/work.h"

static int setup(void **state)
{
    *state = sg_context_create_hollow();
    return *state ? 0 : -1;
}

static int teardown(void **state)
{
    sg_context_destroy(*state);
    return 0;
}

/* Scalars and filters have values, since they decide what is computed; large tensors have none. */
static void small_tensors_have_values(void **state)
{
    sg_context *context = *state;
    sg_tensor *small = sg_tensor_full(context, SG_F32, SG_SHAPE(4, 4), 0.5);
    sg_tensor *large = sg_tensor_full(context, SG_F32, SG_SHAPE(1 << 20, 1 << 20), 0.5);
    assert_non_null(small);
    assert_non_null(large);
    assert_true(sg_tensor_value(small, 15) == 0.5);
    sg_tensor_set_value(large, 7, 1);
    assert_true(sg_tensor_value(large, 7) == 0);
    assert_true(sg_pool_bytes_held(context->pool) >= (size_t)1 << 42);
    assert_true(sg_is_hollow(context));
}

static void equal_calls_are_one_item(void **state)
{
    sg_context *context = *state;
    static const char kind[] = "kind";
    const int options[] = {1, 2};
    sg_tensor *a = sg_tensor_create(context, SG_F32, SG_SHAPE(2, 3));
    sg_tensor *b = sg_tensor_create(context, SG_F32, SG_SHAPE(3));
    sg_work_note(kind, &options[0], sizeof(int), (sg_tensor *[]){a, NULL, b}, 3, a);
    context->work->weight = 0.25;
    sg_work_note(kind, &options[0], sizeof(int), (sg_tensor *[]){a, NULL, b}, 3, a);
    assert_int_equal(context->work->count, 1);
    const sg_work *first = &context->work->items[0];
    assert_true(first->calls == 1.25);
    assert_int_equal(first->operands[1].rank, -1);
    assert_int_equal(first->operands[2].size[0], 3);
    sg_work_note(kind, &options[1], sizeof(int), (sg_tensor *[]){a, NULL, b}, 3, a);
    sg_work_note(kind, &options[0], sizeof(int), (sg_tensor *[]){a, NULL, b}, 3, b);
    sg_work_note(kind, &options[0], sizeof(int), (sg_tensor *[]){b, NULL, b}, 3, a);
    assert_int_equal(context->work->count, 4);
    sg_work_note(kind, NULL, 0, NULL, 0, NULL);
    assert_int_equal(context->work->count, 4);
    sg_work_note_pass(sg_update_kind, a, 4);
    assert_int_equal(context->work->items[4].operand_count, 4);
    assert_int_equal(context->work->items[4].operands[3].size[1], 3);
}

/* Other contexts note nothing. */
static void real_contexts_note_nothing(void **state)
{
    (void)state;
    sg_context *context = sg_context_create(1);
    sg_tensor *a = sg_tensor_full(context, SG_F32, SG_SHAPE(2), 1);
    sg_work_note("kind", NULL, 0, NULL, 0, a);
    assert_null(context->work);
    sg_context_destroy(context);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(small_tensors_have_values, setup, teardown),
        cmocka_unit_test_setup_teardown(equal_calls_are_one_item, setup, teardown),
        cmocka_unit_test(real_contexts_note_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
