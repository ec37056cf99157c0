/* Files that are cut or changed at every byte, or large ones at many: each ends in a sentence or in
 * harmless values. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/files/file.h"
#include "base/files/input_file.h"
#include "support/documents.h"

/* Small files of every container, whose every byte is cut at or changed. */
static const char *const small_files[] = {
    "tests/golden/pickle/tensors-4.pkl",       "tests/golden/pickle/tensors-2.pkl",
    "tests/golden/pickle/tensors.pt",          "tests/golden/pickle/tensors-stream.pt",
    "tests/golden/pickle/numpy-0.pkl",         "tests/golden/pickle/numpy-2.pkl",
    "tests/golden/pickle/numpy-5.pkl",         "tests/golden/pickle/values-0.pkl",
    "tests/golden/pickle/values-2.pkl",        "tests/golden/pickle/values-5.pkl",
    "tests/golden/pickle/tensors-deflated.pt", "tests/golden/pickle/tensors-big-endian.pt"};

enum { SMALL_FILES = sizeof small_files / sizeof small_files[0] };

static unsigned char *read_bytes(const char *path, size_t *size)
{
    unsigned char *bytes;
    assert_int_equal(sg_read_file(path, (size_t)64 << 20, &bytes, size, NULL), SG_OK);
    return bytes;
}

static void test_truncation_at_every_byte(void **state)
{
    (void)state;
    for (int i = 0; i < SMALL_FILES; i++) {
        size_t size;
        unsigned char *bytes = read_bytes(small_files[i], &size);
        for (size_t cut = 0; cut < size; cut++)
            if (survives(bytes, cut))
                fail_msg("%s was read whole although it was cut at %zu", small_files[i], cut);
        free(bytes);
    }
}

static void test_every_byte_changed(void **state)
{
    (void)state;
    for (int i = 0; i < SMALL_FILES; i++) {
        size_t size;
        unsigned char *bytes = read_bytes(small_files[i], &size);
        for (size_t at = 0; at < size; at++) {
            static const unsigned char masks[] = {0x01, 0x80, 0xff};
            unsigned char mask = masks[at % sizeof masks];
            bytes[at] ^= mask;
            survives(bytes, size);
            bytes[at] ^= mask;
        }
        free(bytes);
    }
}

/* The official snapshots are larger: cut and changed at every 997th byte. */
static void test_damaged_snapshots(void **state)
{
    (void)state;
    static const char *const paths[] = {"tests/golden/sg2-orig-16/network.pkl",
                                        "tests/golden/legacy/tf-skip-32/network.pkl",
                                        "tests/golden/legacy/rosinality-32/checkpoint.pt",
                                        "tests/golden/legacy/rosinality-converted-32/converted.pt"};
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        size_t size;
        unsigned char *bytes = read_bytes(paths[i], &size);
        for (size_t at = 0; at < size; at += 997) {
            assert_false(survives(bytes, at));
            bytes[at] ^= 0xff;
            survives(bytes, size);
            bytes[at] ^= 0xff;
        }
        free(bytes);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_truncation_at_every_byte),
        cmocka_unit_test(test_every_byte_changed),
        cmocka_unit_test(test_damaged_snapshots),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
