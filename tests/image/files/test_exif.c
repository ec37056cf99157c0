/* EXIF data of both byte orders, cut anywhere, and with entries that are no orientation. */
#include "image/files/exif.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Two entries: compression (5) and orientation (6). */
static const uint8_t big[] = {'M', 'M', 0, 42, 0, 0, 0, 8, 0, 2,            /* 2 entries */
                              1,   3,   0, 3,  0, 0, 0, 1, 0, 5, 0, 0,      /* compression */
                              1,   18,  0, 3,  0, 0, 0, 1, 0, 6, 0, 0};     /* orientation */
static const uint8_t little[] = {'I', 'I', 42, 0, 10, 0, 0, 0, 9, 9, 2, 0,  /* 2 entries */
                                 3,   1,   3,  0, 1,  0, 0, 0, 5, 0, 0, 0,  /* compression */
                                 18,  1,   3,  0, 1,  0, 0, 0, 8, 0, 0, 0}; /* orientation */

static void test_both_byte_orders(void **state)
{
    (void)state;
    assert_int_equal(sg_exif_orientation(big, sizeof big), 6);
    assert_int_equal(sg_exif_number(big, sizeof big, SG_EXIF_COMPRESSION), 5);
    assert_int_equal(sg_exif_orientation(little, sizeof little), 8);
    assert_int_equal(sg_exif_number(little, sizeof little, SG_EXIF_COMPRESSION), 5);
    assert_int_equal(sg_exif_number(little, sizeof little, 0x1234), -1);
}

static void test_the_prefix_is_passed_over(void **state)
{
    (void)state;
    uint8_t prefixed[6 + sizeof big] = "Exif\0";
    memcpy(prefixed + 6, big, sizeof big);
    assert_int_equal(sg_exif_orientation(prefixed, sizeof prefixed), 6);
}

/* Blocks of their own, so that a read beyond the end is noticed. */
static void test_cut_data(void **state)
{
    (void)state;
    for (size_t size = 0; size < sizeof big; size++) {
        uint8_t *part = malloc(size + 1);
        assert_non_null(part);
        memcpy(part, big, size);
        uint8_t *exact = realloc(part, size > 0 ? size : 1);
        assert_non_null(exact);
        assert_int_equal(sg_exif_orientation(exact, size), 1);
        free(exact);
    }
}

static void test_what_is_no_orientation(void **state)
{
    static const struct {
        size_t at;
        uint8_t value;
    } changes[] = {{0, 'X'}, {3, 43}, {4, 255}, {7, 30}, {25, 4}, {31, 0}, {31, 9}, {30, 1}};
    (void)state;
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        uint8_t changed[sizeof big];
        memcpy(changed, big, sizeof big);
        changed[changes[i].at] = changes[i].value;
        assert_int_equal(sg_exif_orientation(changed, sizeof changed), 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_both_byte_orders),
        cmocka_unit_test(test_the_prefix_is_passed_over),
        cmocka_unit_test(test_cut_data),
        cmocka_unit_test(test_what_is_no_orientation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
