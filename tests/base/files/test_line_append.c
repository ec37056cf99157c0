/* Lines are appended whole, also behind one that was torn. */
#include "base/files/line_append.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/files/atomic_file.h"
#include "base/files/file.h"
#include "support/temporary_folder.h"

static void assert_content(const char *path, const char *expected)
{
    size_t size = 0;
    unsigned char *bytes = NULL;
    assert_int_equal(sg_read_file(path, 1000, &bytes, &size, NULL), SG_OK);
    assert_string_equal((char *)bytes, expected);
    free(bytes);
}

static void lines_follow_one_another(void **state)
{
    char *path = temporary_path(state, "log");
    assert_int_equal(sg_append_line(path, "one", NULL), SG_OK);
    assert_int_equal(sg_append_line(path, "two", NULL), SG_OK);
    assert_content(path, "one\ntwo\n");
    assert_int_equal(sg_write_file(path, "one\ntw", 6, NULL), SG_OK);
    assert_int_equal(sg_append_line(path, "three", NULL), SG_OK);
    assert_content(path, "one\ntw\nthree\n");
    free(path);
}

static void what_cannot_be_written_is_named(void **state)
{
    sg_error error = {0};
    char *path = temporary_path(state, "missing/log");
    assert_int_equal(sg_append_line(path, "one", &error), SG_ERROR_FILE);
    assert_non_null(strstr(error.message, path));
    error = (sg_error){0};
    assert_int_equal(sg_append_line("/dev/full", "one", &error), SG_ERROR_FILE);
    assert_non_null(strstr(error.message, "No space left"));
    free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(lines_follow_one_another, temporary_folder_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(what_cannot_be_written_is_named, temporary_folder_setup,
                                        temporary_folder_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
