/* Names of the pictures of directions. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "pictures/directions/strip_files.h"

/* Names that differ in characters alone that no file should have. */
static void no_two_directions_share_a_file(void **state)
{
    static const char *const names[] = {"a/b", "smile",   "a_b",   "a\\b", ".hidden",
                                        "A_B", "answers", "a_b-2", "a/b"};
    static const char *const expected[] = {"a_b-3.png",     "smile.png",   "a_b.png",
                                           "a_b-4.png",     "_hidden.png", "A_B-2.png",
                                           "answers-2.png", "a_b-2-2.png", "a_b-5.png"};
    enum { COUNT = sizeof names / sizeof *names };
    char(*files)[SG_STRIP_FILE_BYTES] = NULL;
    (void)state;
    assert_int_equal(sg_strip_files_name(names, COUNT, &files, NULL), SG_OK);
    for (size_t i = 0; i < COUNT; i++)
        assert_string_equal(files[i], expected[i]);
    free(files);
}

static void long_names_are_cut(void **state)
{
    char a[400];
    char b[400];
    const char *const names[] = {a, b};
    char(*files)[SG_STRIP_FILE_BYTES] = NULL;
    (void)state;
    memset(a, 'x', sizeof a);
    memcpy(b, a, sizeof a);
    a[399] = '\0';
    b[300] = '\0';
    assert_int_equal(sg_strip_files_name(names, 2, &files, NULL), SG_OK);
    assert_int_equal(strlen(files[0]), 204);
    assert_int_equal(strlen(files[1]), 206);
    assert_string_equal(files[1] + 200, "-2.png");
    free(files);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_two_directions_share_a_file),
        cmocka_unit_test(long_names_are_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
