/* What is UTF-8 and what is not, after RFC 3629. */
#include "base/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static bool is_strict(const char *text)
{
    return sg_is_utf8(text, strlen(text), SG_UTF8_STRICT);
}

static void utf8_is_recognised(void **state)
{
    (void)state;
    assert_true(is_strict(""));
    assert_true(is_strict("plain\x7f"));
    assert_true(is_strict("\xc3\xa4 \xe2\x82\xac \xf0\x9f\x98\x80"));
    assert_true(is_strict("\xc2\x80 \xed\x9f\xbf \xee\x80\x80 \xf4\x8f\xbf\xbf"));
}

static void other_bytes_are_not(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "\x80",  /* a sequence without its start */
        "a\xc3", /* without its end */
        "\xe2\x82",
        "\xc3(",
        "\xc0\xaf", /* overlong */
        "\xe0\x9f\xbf",
        "\xf0\x8f\xbf\xbf",
        "\xed\xa0\x80",     /* a surrogate */
        "\xf4\x90\x80\x80", /* beyond U+10FFFF */
        "\xff",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        assert_false(is_strict(texts[i]));
}

static void surrogates_are_let_through_for_python(void **state)
{
    (void)state;
    assert_true(sg_is_utf8("\xed\xa0\x80", 3, SG_UTF8_SURROGATES));
    assert_false(sg_is_utf8("\xed\xa0\x80", 2, SG_UTF8_SURROGATES));
    assert_false(sg_is_utf8("\xe0\x9f\xbf", 3, SG_UTF8_SURROGATES));
}

static void cuts_are_between_characters(void **state)
{
    (void)state;
    static const char text[] = "a\xc3\xa4\xe2\x82\xac";
    static const size_t expected[] = {0, 1, 1, 3, 3, 3, 6, 6};
    for (size_t most = 0; most < sizeof expected / sizeof *expected; most++)
        assert_int_equal(sg_utf8_cut(text, most), expected[most]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(utf8_is_recognised),
        cmocka_unit_test(other_bytes_are_not),
        cmocka_unit_test(surrogates_are_let_through_for_python),
        cmocka_unit_test(cuts_are_between_characters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
