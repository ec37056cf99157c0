/* Base64: the examples of RFC 4648, section 10. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/files/base64.h"

static void examples_of_the_standard(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {{"f", "Zg=="},         {"fo", "Zm8="},
                                           {"foo", "Zm9v"},       {"foob", "Zm9vYg=="},
                                           {"fooba", "Zm9vYmE="}, {"foobar", "Zm9vYmFy"}};
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        char text[16] = "";
        const size_t size = strlen(pairs[i][0]);
        for (size_t at = 0; at < size; at += SG_BASE64_GROUP)
            sg_base64_group((const unsigned char *)pairs[i][0] + at, size - at,
                            text + at / SG_BASE64_GROUP * 4);
        assert_string_equal(text, pairs[i][1]);
    }
}

static void high_bits_become_the_last_digits(void **state)
{
    (void)state;
    char digits[5] = "";
    sg_base64_group((const unsigned char *)"\xff\xef\xbe", 3, digits);
    assert_string_equal(digits, "/+++");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(examples_of_the_standard),
        cmocka_unit_test(high_bits_become_the_last_digits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
