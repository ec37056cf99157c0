/* Names in tables: of texts, and of structs that begin with a name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/choices.h"

static const char *const texts[] = {"lanczos", "box", "area"};
static const struct {
    const char *name;
    int value;
} rows[] = {{"one", 1}, {"two", 2}};

static const sg_choices filters = SG_CHOICES(texts);
static const sg_choices numbers = SG_CHOICES(rows);

static void test_names_and_indices(void **state)
{
    (void)state;
    assert_string_equal(sg_choice_name(&filters, 2), "area");
    assert_string_equal(sg_choice_name(&numbers, 1), "two");
    assert_string_equal(sg_choice_name(&numbers, 2), "?");
    assert_int_equal(sg_choice_find(&filters, "box"), 1);
    assert_int_equal(sg_choice_find(&numbers, "one"), 0);
    assert_int_equal(sg_choice_find(&numbers, "box"), -1);
}

static void test_lists(void **state)
{
    (void)state;
    char text[32];
    assert_string_equal(sg_choice_list(&filters, text, sizeof text), "lanczos, box or area");
    assert_string_equal(sg_choice_list(&numbers, text, sizeof text), "one or two");
    assert_string_equal(sg_choice_list(&filters, text, 5), "lanc");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names_and_indices),
        cmocka_unit_test(test_lists),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
