/* SHA-256: the examples of the standard, in one piece and byte by byte. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/sha256.h"

static const struct {
    const char *message, *hash;
} examples[] = {
    {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
    {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
     "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
    {"0123456701234567012345670123456701234567012345670123456701234567",
     "8182cadb21af0e37c06414ece08e19c65bdb22c396d48ba7341012eea9ffdfdd"},
};

static void examples_hold(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
        const size_t size = strlen(examples[i].message);
        char text[SG_SHA256_TEXT_BYTES];
        sg_sha256 hash;
        sg_sha256_begin(&hash);
        sg_sha256_add(&hash, examples[i].message, size);
        sg_sha256_end(&hash, text);
        assert_string_equal(text, examples[i].hash);
        sg_sha256_begin(&hash);
        for (size_t k = 0; k < size; k++)
            sg_sha256_add(&hash, examples[i].message + k, 1);
        sg_sha256_end(&hash, text);
        assert_string_equal(text, examples[i].hash);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(examples_hold)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
