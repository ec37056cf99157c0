/* Gradients: lists of trainable tensors, norms, scaling, numbers that are not finite. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "optim/gradients.h"
#include "support/close.h"
#include "support/tensors.h"

/* Trainable a [3] and b [20], a buffer between them; all zero. */
static sg_parameter_set make_set(sg_context *context)
{
    const sg_initial zero = {SG_INITIAL_CONSTANT, 0};
    sg_parameter_set set;
    sg_parameter_set_init(&set, context, SG_F32, 0);
    assert_non_null(sg_parameter_add(&set, "", "a", SG_SHAPE(3), true, zero));
    assert_non_null(sg_parameter_add(&set, "", "buffer", SG_SHAPE(2), false, zero));
    assert_non_null(sg_parameter_add(&set, "", "b", SG_SHAPE(20), true, zero));
    return set;
}

/* A list of the set with two gradients of its own, or NULL. */
static sg_trainable_list make_list(const sg_parameter_set *set, sg_tensor *first, sg_tensor *second)
{
    sg_trainable_list list;
    assert_true(sg_trainable_list_make(&list, set));
    assert_int_equal(list.count, 2);
    assert_ptr_equal(list.tensors[1], set->items[2].tensor);
    list.gradients[0] = first;
    list.gradients[1] = second;
    sg_tensor_retain(first);
    sg_tensor_retain(second);
    return list;
}

static void norms_are_of_all_gradients_together(void **state)
{
    sg_context *context = *state;
    sg_parameter_set set = make_set(context);
    sg_trainable_list list = make_list(&set, sg_tensor_full(context, SG_F32, SG_SHAPE(3), 2),
                                       sg_tensor_full(context, SG_F32, SG_SHAPE(20), -0.5));
    assert_close(sg_gradient_norm(&list), sqrt(3 * 4 + 20 * 0.25), 1e-12);
    sg_gradient_scale(&list, 0.5);
    assert_close(sg_tensor_value(list.gradients[1], 19), -0.25, 0);
    sg_tensor_release(list.gradients[0]);
    list.gradients[0] = NULL;
    assert_close(sg_gradient_norm(&list), sqrt(20) * 0.25, 1e-12);
    sg_gradient_scale(&list, 2);
    sg_trainable_list_clear(&list);
    sg_parameter_set_clear(&set);
}

static void large_gradients_are_still_finite(void **state)
{
    sg_context *context = *state;
    sg_parameter_set set = make_set(context);
    sg_trainable_list list =
        make_list(&set, NULL, sg_tensor_full(context, SG_F32, SG_SHAPE(20), 3e38));
    assert_true(isfinite(sg_gradient_norm(&list)));
    assert_int_equal(sg_gradient_make_finite(&list), 0);
    assert_close(sg_tensor_value(list.gradients[1], 7), (double)3e38F, 0);
    sg_trainable_list_clear(&list);
    sg_parameter_set_clear(&set);
}

static void broken_gradients_become_numbers(void **state)
{
    sg_context *context = *state;
    static const double broken[] = {1, (double)NAN, (double)INFINITY, (double)-INFINITY, 2e6, -3};
    static const double expected[] = {1, 0, 1e5, -1e5, 2e6, -3};
    sg_parameter_set set = make_set(context);
    sg_trainable_list list =
        make_list(&set, NULL, sg_tensor_full(context, SG_F32, SG_SHAPE(20), 1));
    for (int i = 0; i < 6; i++)
        sg_tensor_set_value(list.gradients[1], 14 + i, broken[i]);
    assert_true(!isfinite(sg_gradient_norm(&list)));
    assert_int_equal(sg_gradient_make_finite(&list), 3);
    for (int i = 0; i < 6; i++)
        assert_close(sg_tensor_value(list.gradients[1], 14 + i), expected[i], 0);
    assert_close(sg_gradient_norm(&list), sqrt(14 + 1 + 2e10 + 4e12 + 9), 1e-3);
    sg_trainable_list_clear(&list);
    sg_parameter_set_clear(&set);
}

static void the_tensor_with_a_broken_weight_is_named(void **state)
{
    sg_parameter_set set = make_set(*state);
    assert_null(sg_find_not_finite(&set));
    sg_tensor_set_value(set.items[1].tensor, 1, (double)NAN);
    assert_string_equal(sg_find_not_finite(&set), "buffer");
    sg_parameter_set_clear(&set);
}

#define WITH_CONTEXT(test) cmocka_unit_test_setup_teardown(test, context_setup, context_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_CONTEXT(norms_are_of_all_gradients_together),
        WITH_CONTEXT(large_gradients_are_still_finite),
        WITH_CONTEXT(broken_gradients_become_numbers),
        WITH_CONTEXT(the_tensor_with_a_broken_weight_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
