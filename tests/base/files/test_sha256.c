/* SHA-256 against published examples. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/files/sha256.h"
#include "support/temporary_folder.h"

/* Hashes a text in pieces of `step` bytes. */
static void expect(const char *text, size_t length, size_t step, const char *digits)
{
    sg_sha256 hash;
    char found[SG_SHA256_TEXT_BYTES];
    sg_sha256_begin(&hash);
    for (size_t i = 0; i < length; i += step)
        sg_sha256_add(&hash, text + i, length - i < step ? length - i : step);
    sg_sha256_end(&hash, found);
    assert_string_equal(found, digits);
}

/* The examples of FIPS 180-4's tests: an empty text, one block, two blocks. */
static void test_examples(void **state)
{
    (void)state;
    static const char two[] = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
    expect("", 0, 1, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    expect("abc", 3, 3, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    for (size_t step = 1; step < sizeof two; step += 7)
        expect(two, sizeof two - 1, step,
               "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

/* A thousand bytes in pieces that end everywhere within blocks. */
static void test_pieces(void **state)
{
    (void)state;
    char text[1000];
    memset(text, 'a', sizeof text);
    for (size_t step = 1; step < 200; step += 13)
        expect(text, sizeof text, step,
               "41edece42d63e8d9bf515a9ba6932e1c20cbc9f5a5d134645adb5db1b9737ea3");
}

/* A file larger than the buffer, in which a hash goes on. */
static void test_file(void **state)
{
    enum { BYTES = 100000 };
    static char text[3 + BYTES] = "abc";
    char found[SG_SHA256_TEXT_BYTES];
    char expected[SG_SHA256_TEXT_BYTES];
    char *path = temporary_path(state, "file");
    sg_sha256 hash;
    memset(text + 3, 'b', BYTES);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text + 3, 1, BYTES, file), BYTES);
    assert_int_equal(fclose(file), 0);
    sg_sha256_begin(&hash);
    sg_sha256_add(&hash, text, sizeof text);
    sg_sha256_end(&hash, expected);
    sg_sha256_begin(&hash);
    sg_sha256_add(&hash, text, 3);
    assert_false(sg_sha256_add_file(&hash, path, NULL));
    sg_sha256_end(&hash, found);
    assert_string_equal(found, expected);
    assert_int_equal(sg_sha256_add_file(&hash, "absent", NULL), SG_ERROR_FILE);
    assert_int_equal(sg_sha256_add_file(&hash, *state, NULL), SG_ERROR_FILE); /* a folder */
    free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_examples),
        cmocka_unit_test(test_pieces),
        cmocka_unit_test_setup_teardown(test_file, temporary_folder_setup,
                                        temporary_folder_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
