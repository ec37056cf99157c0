/* A lock has one holder at a time, also within a process, and ends with it. */
#include "base/files/lock_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "support/temporary_folder.h"

static void a_lock_has_one_holder(void **state)
{
    int first = 0;
    int second = 7;
    sg_error error = {0};
    char *path = temporary_path(state, "lock");
    assert_int_equal(sg_lock_take(path, "it is taken", &first, NULL), SG_OK);
    assert_true(first > 2);
    assert_int_equal(sg_lock_take(path, "it is taken", &second, &error), SG_ERROR_FILE);
    assert_int_equal(second, 0);
    assert_string_equal(error.message, "it is taken");
    sg_lock_release(&first);
    assert_int_equal(first, 0);
    assert_int_equal(sg_lock_take(path, "it is taken", &second, NULL), SG_OK);
    sg_lock_release(&second);
    free(path);
}

static void a_dead_holder_has_none(void **state)
{
    int lock = 0;
    int result = 0;
    char *path = temporary_path(state, "lock");
    const pid_t child = fork();
    if (child == 0)
        _exit(sg_lock_take(path, "", &lock, NULL) == SG_OK && lock > 0 ? 0 : 1);
    assert_true(child > 0 && waitpid(child, &result, 0) == child && result == 0);
    assert_int_equal(sg_lock_take(path, "", &lock, NULL), SG_OK);
    sg_lock_release(&lock);
    free(path);
}

static void a_folder_that_is_missing_is_named(void **state)
{
    int lock = 0;
    sg_error error = {0};
    char *path = temporary_path(state, "missing/lock");
    assert_int_equal(sg_lock_take(path, "", &lock, &error), SG_ERROR_FILE);
    assert_non_null(strstr(error.message, path));
    free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_lock_has_one_holder, temporary_folder_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(a_dead_holder_has_none, temporary_folder_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(a_folder_that_is_missing_is_named, temporary_folder_setup,
                                        temporary_folder_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
