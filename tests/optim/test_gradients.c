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
    const char *bad_tensor = "unset";
    sg_trainable_list list = make_list(&set, sg_tensor_full(context, SG_F32, SG_SHAPE(3), 2),
                                       sg_tensor_full(context, SG_F32, SG_SHAPE(20), -0.5));
    assert_close(sg_gradient_norm(&list, &bad_tensor), sqrt(3 * 4 + 20 * 0.25), 1e-12);
    assert_null(bad_tensor);
    sg_gradient_scale(&list, 0.5);
    assert_close(sg_tensor_value(list.gradients[1], 19), -0.25, 0);
    sg_tensor_release(list.gradients[0]);
    list.gradients[0] = NULL;
    assert_close(sg_gradient_norm(&list, &bad_tensor), sqrt(20) * 0.25, 1e-12);
    sg_gradient_scale(&list, 2);
    sg_trainable_list_clear(&list);
    sg_parameter_set_clear(&set);
}

static void large_gradients_are_still_finite(void **state)
{
    sg_context *context = *state;
    sg_parameter_set set = make_set(context);
    const char *bad_tensor = NULL;
    sg_trainable_list list =
        make_list(&set, NULL, sg_tensor_full(context, SG_F32, SG_SHAPE(20), 3e38));
    assert_true(isfinite(sg_gradient_norm(&list, &bad_tensor)));
    assert_null(bad_tensor);
    sg_trainable_list_clear(&list);
    sg_parameter_set_clear(&set);
}

static void the_tensor_of_a_broken_gradient_is_named(void **state)
{
    sg_context *context = *state;
    static const double broken[] = {(double)NAN, (double)INFINITY, (double)-INFINITY};
    sg_parameter_set set = make_set(context);
    for (int i = 0; i < 3; i++) {
        const char *bad_tensor = NULL;
        sg_trainable_list list =
            make_list(&set, NULL, sg_tensor_full(context, SG_F32, SG_SHAPE(20), 1));
        sg_tensor_set_value(list.gradients[1], i * 9, broken[i]);
        const double norm = sg_gradient_norm(&list, &bad_tensor);
        sg_trainable_list_clear(&list);
        assert_true(isnan(norm) || isinf(norm));
        assert_string_equal(bad_tensor, "b");
    }
    const char *first = NULL;
    sg_trainable_list both =
        make_list(&set, sg_tensor_full(context, SG_F32, SG_SHAPE(3), (double)NAN),
                  sg_tensor_full(context, SG_F32, SG_SHAPE(20), (double)NAN));
    sg_gradient_norm(&both, &first);
    sg_trainable_list_clear(&both);
    assert_string_equal(first, "a");
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
        WITH_CONTEXT(the_tensor_of_a_broken_gradient_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
