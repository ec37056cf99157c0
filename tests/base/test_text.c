/* The growing string. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"

static void test_appends_and_stays_terminated(void **state)
{
    (void)state;
    sg_text text = {0};
    sg_text_append(&text, "%s-%d", "seed", 4);
    assert_string_equal(text.bytes, "seed-4");
    sg_text_append_bytes(&text, "\0z", 2);
    assert_int_equal(text.length, 8);
    assert_memory_equal(text.bytes, "seed-4\0z", 9);
    sg_text_append(&text, "%s", "");
    assert_int_equal(text.length, 8);
    assert_false(text.failed);
    sg_text_clear(&text);
    assert_null(text.bytes);
    assert_int_equal(text.length, 0);
}

static void test_appending_nothing_gives_an_empty_string(void **state)
{
    (void)state;
    sg_text text = {0};
    sg_text_append_bytes(&text, NULL, 0);
    assert_string_equal(text.bytes, "");
    sg_text_clear(&text);
    sg_text_clear(&text);
}

static void test_grows_over_many_pieces(void **state)
{
    (void)state;
    sg_text text = {0};
    for (int i = 0; i < 10000; i++)
        sg_text_append(&text, "%05d", i);
    assert_int_equal(text.length, 50000);
    assert_int_equal(strlen(text.bytes), 50000);
    assert_memory_equal(text.bytes + 5 * 7321, "07321", 5);
    assert_true(text.capacity > text.length && text.capacity < 200000);
    sg_text_clear(&text);
}

static void test_a_failure_keeps_the_text_and_is_remembered(void **state)
{
    (void)state;
    sg_text text = {0};
    sg_text_append(&text, "kept");
    sg_text_append_bytes(&text, "x", SIZE_MAX - 2);
    assert_true(text.failed);
    assert_string_equal(text.bytes, "kept");
    sg_text_append(&text, "lost");
    sg_text_append_bytes(&text, "lost", 4);
    assert_string_equal(text.bytes, "kept");
    assert_int_equal(text.length, 4);
    sg_text_clear(&text);
    assert_false(text.failed);
}

static void test_control_characters_become_question_marks(void **state)
{
    (void)state;
    char text[] = "a\tb\x1b[2J\x7f \xc2\x9b[m \xc2\x80\xc2\x9f \xc2\xa0\xc3\x9b";
    assert_ptr_equal(sg_text_make_safe(text), text);
    assert_string_equal(text, "a?b?[2J? ??[m ???? \xc2\xa0\xc3\x9b");
    char cut[] = "\xc2";
    assert_string_equal(sg_text_make_safe(cut), "\xc2");
}

static void test_suffixes(void **state)
{
    (void)state;
    assert_true(sg_has_suffix("a.png", ".png"));
    assert_true(sg_has_suffix(".png", ".png"));
    assert_true(sg_has_suffix("a", ""));
    assert_true(sg_has_suffix("", ""));
    assert_false(sg_has_suffix("png", ".png"));
    assert_false(sg_has_suffix("a.PNG", ".png"));
    assert_false(sg_has_suffix("a.png.", ".png"));
    assert_false(sg_has_suffix("", "g"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_appends_and_stays_terminated),
        cmocka_unit_test(test_appending_nothing_gives_an_empty_string),
        cmocka_unit_test(test_grows_over_many_pieces),
        cmocka_unit_test(test_a_failure_keeps_the_text_and_is_remembered),
        cmocka_unit_test(test_control_characters_become_question_marks),
        cmocka_unit_test(test_suffixes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
