/* Code points: UTF-8 there and back, kinds, lower case. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/utf8.h"
#include "features/clip/unicode.h"

static void test_every_point_is_read_as_it_was_written(void **state)
{
    (void)state;
    for (uint32_t point = 1; point < 0x110000; point++) {
        char text[SG_UTF8_MOST_BYTES + 1] = {0};
        size_t bytes;
        if (point == 0xD800)
            point = 0xE000;
        const size_t written = sg_utf8_write(point, text);
        assert_true(sg_is_utf8(text, written, SG_UTF8_STRICT));
        assert_int_equal(sg_utf8_read(text, &bytes), point);
        assert_int_equal(bytes, written);
    }
}

static void test_what_is_no_point_is_replaced(void **state)
{
    (void)state;
    static const uint32_t none[] = {0xD800, 0xDFFF, 0x110000, UINT32_MAX};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        char text[SG_UTF8_MOST_BYTES];
        assert_int_equal(sg_utf8_write(none[i], text), 3);
        assert_memory_equal(text, "\xEF\xBF\xBD", 3);
    }
}

static void test_kinds(void **state)
{
    (void)state;
    static const uint32_t letters[] = {'a', 'Z', 0xE9, 0x416, 0x5D0, 0x4E2D, 0xAC00, 0x1D400};
    static const uint32_t numbers[] = {'0', '9', 0xB2, 0xBD, 0x664, 0x2167, 0x1D7CE};
    static const uint32_t white[] = {' ', '\t', '\n', 0x85, 0xA0, 0x2003, 0x3000};
    static const uint32_t others[] = {'!', '_', '\'', 0xB4, 0x301, 0x2014, 0x1F600};
    for (size_t i = 0; i < sizeof letters / sizeof *letters; i++)
        assert_true(sg_is_letter(letters[i]) && !sg_is_number(letters[i]));
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        assert_true(sg_is_number(numbers[i]) && !sg_is_letter(numbers[i]));
    for (size_t i = 0; i < sizeof white / sizeof *white; i++)
        assert_true(sg_is_white(white[i]) && !sg_is_letter(white[i]));
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_false(sg_is_letter(others[i]) || sg_is_number(others[i]) || sg_is_white(others[i]));
}

/* Runs of letters side by side, in turns, and alone. */
static void test_lower_case(void **state)
{
    (void)state;
    static const uint32_t pairs[][2] = {
        {'A', 'a'},     {'Z', 'z'},         {'[', '['},       {0xC0, 0xE0},        {0xD7, 0xD7},
        {0x100, 0x101}, {0x101, 0x101},     {0x178, 0xFF},    {0x391, 0x3B1},      {0x410, 0x430},
        {0x1E9E, 0xDF}, {0x10400, 0x10428}, {0x4E2D, 0x4E2D}, {0x10FFFF, 0x10FFFF}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        assert_int_equal(sg_lower_case(pairs[i][0]), pairs[i][1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_point_is_read_as_it_was_written),
        cmocka_unit_test(test_what_is_no_point_is_replaced),
        cmocka_unit_test(test_kinds),
        cmocka_unit_test(test_lower_case),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
