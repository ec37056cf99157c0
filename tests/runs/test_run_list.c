/* Lists of runs: single ones, those of a folder, and folders without any. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "runs/run_list.h"
#include "support/made_run.h"
#include "support/temporary_folder.h"

static void test_folders_of_runs_open_in_order(void **state)
{
    sg_run_list list = {0};
    sg_error error = {0};
    char *second = made_run_folder(state, "runs/00002-b", "{}", NULL);
    char *first = made_run_folder(state, "runs/00001-a", NULL, "");
    char *other = made_run_folder(state, "runs/pictures", NULL, NULL);
    char *runs = temporary_path(state, "runs");
    assert_int_equal(sg_run_list_add(&list, second, &error), SG_OK);
    assert_int_equal(sg_run_list_add(&list, runs, &error), SG_OK);
    assert_int_equal(list.count, 3);
    assert_string_equal(list.folders[0], second);
    assert_string_equal(list.folders[1], first);
    assert_string_equal(list.folders[2], second);
    assert_int_equal(sg_run_list_add(&list, other, &error), SG_ERROR_FILE);
    assert_non_null(strstr(error.message, "holds no run"));
    error = (sg_error){0};
    assert_int_equal(sg_run_list_add(&list, "/nowhere/at/all", &error), SG_ERROR_FILE);
    sg_run_list_clear(&list);
    free(first);
    free(second);
    free(other);
    free(runs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_folders_of_runs_open_in_order, temporary_folder_setup,
                                        temporary_folder_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
