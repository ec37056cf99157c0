/* Parameter sets: names, initial values, copies. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "nn/parameter.h"
#include "support/parameters.h"
#include "support/tensors.h"

static const sg_initial normal = {SG_INITIAL_NORMAL, 2};
static const sg_initial constant = {SG_INITIAL_CONSTANT, 0.75};

/* A set with a weight of 40 x 40, a bias of 3 and a buffer of 2 x 2. */
static sg_parameter_set small_set(sg_context *context, uint64_t seed)
{
    sg_parameter_set set;
    sg_parameter_set_init(&set, context, SG_F64, seed);
    assert_non_null(sg_parameter_add(&set, "a.b", "weight", SG_SHAPE(40, 40), true, normal));
    assert_non_null(sg_parameter_add(&set, "", "bias", SG_SHAPE(3), true, constant));
    assert_non_null(sg_parameter_add(&set, "a", "filter", SG_SHAPE(2, 2), false, normal));
    return set;
}

static void tensors_have_names_in_order(void **state)
{
    static const expected_parameter expected[] = {{"a.b.weight", true, {2, {40, 40}}},
                                                  {"bias", true, {1, {3}}},
                                                  {"a.filter", false, {2, {2, 2}}}};
    sg_parameter_set set = small_set(*state, 1);
    assert_parameters(&set, expected, 3);
    assert_ptr_equal(sg_parameter_find(&set, "bias"), &set.items[1]);
    assert_null(sg_parameter_find(&set, "b.weight"));
    assert_int_equal(sg_parameter_set_count_values(&set), 1603);
    sg_parameter_set_clear(&set);
    assert_int_equal(set.count, 0);
}

static void values_start_as_asked(void **state)
{
    sg_parameter_set set = small_set(*state, 1);
    assert_normal_values(set.items[0].tensor, 2);
    assert_all_values(set.items[1].tensor, 0.75);
    sg_parameter_set_clear(&set);
}

static bool same_values(const sg_tensor *a, const sg_tensor *b)
{
    return a->storage->bytes == b->storage->bytes &&
           memcmp(a->storage->data, b->storage->data, (size_t)sg_tensor_count(a) * 8) == 0;
}

static void values_depend_on_seed_and_name_only(void **state)
{
    sg_context *context = *state;
    sg_parameter_set one = small_set(context, 1);
    sg_parameter_set two = small_set(context, 2);
    sg_parameter_set other;
    sg_parameter_set_init(&other, context, SG_F64, 1);
    sg_tensor *renamed = sg_parameter_add(&other, "a.c", "weight", SG_SHAPE(40, 40), true, normal);
    sg_tensor *again = sg_parameter_add(&other, "a.b", "weight", SG_SHAPE(40, 40), true, normal);
    assert_true(same_values(one.items[0].tensor, again));
    assert_false(same_values(one.items[0].tensor, renamed));
    assert_false(same_values(one.items[0].tensor, two.items[0].tensor));
    sg_parameter_set_clear(&one);
    sg_parameter_set_clear(&two);
    sg_parameter_set_clear(&other);
}

static void only_trainable_tensors_go_on_the_tape(void **state)
{
    sg_parameter_set set = small_set(*state, 1);
    sg_parameter_set_require_gradient(&set, true);
    assert_non_null(set.items[0].tensor->node);
    assert_non_null(set.items[1].tensor->node);
    assert_null(set.items[2].tensor->node);
    sg_parameter_set_require_gradient(&set, false);
    assert_null(set.items[0].tensor->node);
    sg_parameter_set_clear(&set);
}

/* For networks that a file is about to fill. */
static void values_can_be_left_out(void **state)
{
    sg_context *context = *state;
    sg_parameter_set set;
    sg_parameter_set_init(&set, context, SG_F32, 0);
    context->blank_parameters = true;
    const sg_tensor *blank = sg_parameter_add(&set, "", "blank", SG_SHAPE(9), true, constant);
    context->blank_parameters = false;
    const sg_tensor *filled = sg_parameter_add(&set, "", "filled", SG_SHAPE(9), true, constant);
    assert_int_equal(set.count, 2);
    assert_true(sg_tensor_value(blank, 0) != constant.value);
    assert_true(sg_tensor_value(filled, 0) == constant.value);
    sg_parameter_set_clear(&set);
}

static void long_names_are_refused(void **state)
{
    sg_context *context = *state;
    char name[SG_PARAMETER_NAME_BYTES + 1];
    sg_parameter_set set;
    memset(name, 'n', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    sg_parameter_set_init(&set, context, SG_F32, 0);
    assert_refused(context, sg_parameter_add(&set, "", name, SG_SHAPE(1), true, constant),
                   SG_ERROR_ARGUMENT);
    name[sizeof name - 2] = '\0';
    assert_non_null(sg_parameter_add(&set, "", name, SG_SHAPE(1), true, constant));
    assert_int_equal(set.count, 1);
    sg_parameter_set_clear(&set);
}

#define WITH_CONTEXT(test) cmocka_unit_test_setup_teardown(test, context_setup, context_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_CONTEXT(tensors_have_names_in_order),
        WITH_CONTEXT(values_start_as_asked),
        WITH_CONTEXT(values_depend_on_seed_and_name_only),
        WITH_CONTEXT(only_trainable_tensors_go_on_the_tape),
        WITH_CONTEXT(values_can_be_left_out),
        WITH_CONTEXT(long_names_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
