/* Lists of whole numbers and of decimals. */
#include "base/number_list.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static sg_status read_numbers(const char *text, sg_number_list *list, sg_error *error)
{
    return sg_number_list_parse(text, "seeds", UINT32_MAX, list, error);
}

static void assert_numbers(const char *text, const uint32_t *expected, size_t count)
{
    sg_error error = {0};
    sg_number_list list = {0};
    assert_int_equal(read_numbers(text, &list, &error), SG_OK);
    assert_int_equal(list.count, count);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(list.values[i], expected[i]);
    sg_number_list_clear(&list);
    assert_null(list.values);
    assert_int_equal(list.count, 0);
}

static void lists_are_read_in_order(void **state)
{
    (void)state;
    assert_numbers("7", (uint32_t[]){7}, 1);
    assert_numbers("0,1,4-6", (uint32_t[]){0, 1, 4, 5, 6}, 5);
    assert_numbers("5-5,3,3", (uint32_t[]){5, 3, 3}, 3);
    assert_numbers(" 1 , 2 - 3 ", (uint32_t[]){1, 2, 3}, 3);
    assert_numbers("0007", (uint32_t[]){7}, 1);
}

static void the_largest_numbers_are_read(void **state)
{
    (void)state;
    assert_numbers("4294967295", (uint32_t[]){UINT32_MAX}, 1);
    assert_numbers("4294967294-4294967295", (uint32_t[]){UINT32_MAX - 1, UINT32_MAX}, 2);
}

static void a_million_numbers_are_the_limit(void **state)
{
    (void)state;
    sg_number_list list = {0};
    assert_int_equal(read_numbers("1-1000000", &list, NULL), SG_OK);
    assert_int_equal(list.count, SG_LIST_LIMIT);
    assert_int_equal(list.values[SG_LIST_LIMIT - 1], 1000000);
    sg_number_list_clear(&list);
    assert_int_equal(read_numbers("0-1000000", &list, NULL), SG_ERROR_ARGUMENT);
    assert_int_equal(read_numbers("1-1000000,5", &list, NULL), SG_ERROR_ARGUMENT);
    assert_int_equal(read_numbers("0-4294967295,0-4294967295", &list, NULL), SG_ERROR_ARGUMENT);
    assert_null(list.values);
}

/* The sentence must quote `quoted`. */
static void assert_mistake(const char *text, const char *quoted)
{
    sg_error error = {0};
    sg_number_list list = {.count = 5};
    assert_int_equal(read_numbers(text, &list, &error), SG_ERROR_ARGUMENT);
    assert_null(list.values);
    assert_int_equal(list.count, 0);
    if (!strstr(error.message, quoted))
        fail_msg("\"%s\" gave \"%s\", which does not hold %s", text, error.message, quoted);
}

static void mistakes_are_quoted(void **state)
{
    (void)state;
    assert_mistake("", "empty");
    assert_mistake("  ", "empty");
    assert_mistake("a", "\"a\"");
    assert_mistake("1,two,3", "\"two\"");
    assert_mistake("1,,3", "\"\"");
    assert_mistake("1,", "\"\"");
    assert_mistake(",1", "\"\"");
    assert_mistake("-1", "\"-1\"");
    assert_mistake("1-", "\"1-\"");
    assert_mistake("1-2-3", "\"1-2-3\"");
    assert_mistake("1 2", "\"1 2\"");
    assert_mistake("1.5", "\"1.5\"");
    assert_mistake("0x10", "\"0x10\"");
    assert_mistake("4294967296", "\"4294967296\"");
    assert_mistake("99999999999999999999999999", "\"99999999999999999999999999\"");
    assert_mistake("6-4", "\"6-4\"");
    assert_mistake("1,6-4,2", "\"6-4\"");
}

/* The largest number allowed is the last one, and the sentence says which list it is. */
static void lists_may_have_a_largest_number(void **state)
{
    (void)state;
    sg_error error = {0};
    sg_number_list list = {0};
    assert_int_equal(sg_number_list_parse("0-9", "classes", 9, &list, NULL), SG_OK);
    assert_int_equal(list.count, 10);
    sg_number_list_clear(&list);
    assert_int_equal(sg_number_list_parse("10", "classes", 9, &list, &error), SG_ERROR_ARGUMENT);
    assert_non_null(strstr(error.message, "\"10\" in the list of classes"));
    assert_non_null(strstr(error.message, "from 0 to 9"));
    assert_int_equal(sg_number_list_parse("5-10", "classes", 9, &list, NULL), SG_ERROR_ARGUMENT);
    assert_int_equal(sg_number_list_parse("0", "classes", 0, &list, NULL), SG_OK);
    sg_number_list_clear(&list);
}

static void assert_decimals(const char *text, const double *expected, size_t count)
{
    sg_error error = {0};
    sg_decimal_list list = {0};
    assert_int_equal(sg_decimal_list_parse(text, "truncations", &list, &error), SG_OK);
    assert_int_equal(list.count, count);
    for (size_t i = 0; i < count; i++)
        assert_true(list.values[i] == expected[i]);
    sg_decimal_list_clear(&list);
    assert_null(list.values);
    assert_int_equal(list.count, 0);
}

static void decimals_are_read_in_order(void **state)
{
    (void)state;
    assert_decimals("0.7", (double[]){0.7}, 1);
    assert_decimals("-0.5,0,+.25,1e1", (double[]){-0.5, 0, 0.25, 10}, 4);
    assert_decimals(" 1 ,\t1 ", (double[]){1, 1}, 2);
}

static void assert_decimal_mistake(const char *text, const char *quoted)
{
    sg_error error = {0};
    sg_decimal_list list = {.count = 5};
    assert_int_equal(sg_decimal_list_parse(text, "truncations", &list, &error), SG_ERROR_ARGUMENT);
    assert_null(list.values);
    assert_int_equal(list.count, 0);
    if (!strstr(error.message, quoted))
        fail_msg("\"%s\" gave \"%s\", which does not hold %s", text, error.message, quoted);
}

static void mistakes_in_decimals_are_quoted(void **state)
{
    (void)state;
    assert_decimal_mistake("", "\"\"");
    assert_decimal_mistake("  ", "\"\"");
    assert_decimal_mistake("much", "\"much\" in the list of truncations");
    assert_decimal_mistake("0,much,1", "\"much\"");
    assert_decimal_mistake("0,,1", "\"\"");
    assert_decimal_mistake("0,", "\"\"");
    assert_decimal_mistake("0-1", "\"0-1\"");
    assert_decimal_mistake("0.5 0.7", "\"0.5 0.7\"");
    assert_decimal_mistake("1,nan", "\"nan\"");
    assert_decimal_mistake("1,-inf", "\"-inf\"");
    assert_decimal_mistake("1e999", "\"1e999\"");
}

static void a_million_decimals_are_the_limit(void **state)
{
    (void)state;
    sg_decimal_list list = {0};
    char *text = malloc(2 * (SG_LIST_LIMIT + 1));
    assert_non_null(text);
    for (size_t i = 0; i <= SG_LIST_LIMIT; i++)
        memcpy(text + 2 * i, "1,", 2);
    text[2 * SG_LIST_LIMIT + 1] = '\0';
    assert_int_equal(sg_decimal_list_parse(text, "truncations", &list, NULL), SG_ERROR_ARGUMENT);
    text[2 * SG_LIST_LIMIT - 1] = '\0';
    assert_int_equal(sg_decimal_list_parse(text, "truncations", &list, NULL), SG_OK);
    assert_int_equal(list.count, SG_LIST_LIMIT);
    sg_decimal_list_clear(&list);
    free(text);
}

static void the_first_of_equal_numbers_stays(void **state)
{
    static const uint32_t numbers[] = {7, 0, 4, 5};
    static const double decimals[] = {1, -0.5, 0.7};
    sg_error error = {0};
    sg_number_list list = {0};
    sg_decimal_list psis = {0};
    (void)state;
    assert_int_equal(sg_number_list_parse("7,0,7,4-5,0,4", "seeds", 9, &list, &error), SG_OK);
    assert_int_equal(sg_number_list_unite(&list, &error), SG_OK);
    assert_int_equal(list.count, 4);
    assert_memory_equal(list.values, numbers, sizeof numbers);
    assert_int_equal(sg_decimal_list_parse("1,-0.5,1.0,0.7,-.5", "psis", &psis, &error), SG_OK);
    assert_int_equal(sg_decimal_list_unite(&psis, &error), SG_OK);
    assert_int_equal(psis.count, 3);
    assert_memory_equal(psis.values, decimals, sizeof decimals);
    sg_decimal_list_clear(&psis);
    sg_number_list_clear(&list);
    assert_int_equal(sg_number_list_unite(&list, &error), SG_OK);
    assert_int_equal(list.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_are_read_in_order),
        cmocka_unit_test(the_largest_numbers_are_read),
        cmocka_unit_test(a_million_numbers_are_the_limit),
        cmocka_unit_test(mistakes_are_quoted),
        cmocka_unit_test(lists_may_have_a_largest_number),
        cmocka_unit_test(decimals_are_read_in_order),
        cmocka_unit_test(mistakes_in_decimals_are_quoted),
        cmocka_unit_test(a_million_decimals_are_the_limit),
        cmocka_unit_test(the_first_of_equal_numbers_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
