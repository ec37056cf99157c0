/* Lists of layers: whole names, blocks, blanks, and names that are none. */
#include "layers/layer_choice.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void names_and_blocks_choose(void **state)
{
    (void)state;
    assert_true(sg_layer_is_chosen(NULL, "b4.conv1"));
    assert_true(sg_layer_is_chosen("b4.conv1", "b4.conv1"));
    assert_true(sg_layer_is_chosen("b8, b4", "b4.conv1"));
    assert_true(sg_layer_is_chosen("L3", "L3_36_512"));
    assert_false(sg_layer_is_chosen("b1", "b16.conv1"));
    assert_false(sg_layer_is_chosen("b16.conv", "b16.conv1"));
    assert_false(sg_layer_is_chosen("b16.conv10", "b16.conv1"));
    assert_false(sg_layer_is_chosen(",,", "b16.conv1"));
}

static void unknown_names_are_told(void **state)
{
    (void)state;
    static const char *const names[] = {"b4.const", "b4.conv1", "b8.conv0"};
    sg_error error = {0};
    assert_int_equal(sg_layer_choice_check("b4,b8.conv0", names, 3, &error), SG_OK);
    assert_int_equal(sg_layer_choice_check(NULL, names, 3, &error), SG_OK);
    assert_int_equal(sg_layer_choice_check("b4,b8.conf0", names, 3, &error), SG_ERROR_ARGUMENT);
    assert_non_null(strstr(error.message, "\"layers\" names \"b8.conf0\", but the network's 3"));
    assert_non_null(strstr(error.message, "the nearest is \"b8.conv0\""));
    assert_int_equal(sg_layer_choice_check("b4,,b8", names, 3, &error), SG_ERROR_ARGUMENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(names_and_blocks_choose),
                                       cmocka_unit_test(unknown_names_are_told)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
