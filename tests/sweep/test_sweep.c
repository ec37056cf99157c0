/* Sweeps in a folder that other processes work in. */
#include "sweep/sweep.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/files/file.h"
#include "base/files/folders.h"
#include "support/temporary_folder.h"

static void give(sg_sweep_request *request, const char *option, const char *text)
{
    const int row = sg_field_find_option(&sg_training_table, option);
    assert_int_equal(
        sg_sweep_set_option((size_t)row, text, &request->options, &request->given, NULL), SG_OK);
}

/* A sweep of trainings whose pictures are missing: each of them fails as soon as it begins. */
static sg_sweep_request request_in(const char *folder)
{
    sg_sweep_request request = {.vary = {"gamma=1,2"}, .vary_count = 1, .rounds = 1, .threads = 1};
    request.options = sg_run_options_default();
    give(&request, "data", "no/pictures");
    give(&request, "outdir", folder);
    give(&request, "kimg", "1");
    return request;
}

/* Writes sweep.json with so many rounds that are over. */
static void write_file(const char *folder, const sg_sweep_request *request, int rounds)
{
    sg_sweep_plan plan;
    sg_error error = {0};
    assert_int_equal(sg_make_folders(folder, &error), SG_OK);
    assert_int_equal(sg_sweep_plan_make(request, &plan, &error), SG_OK);
    for (size_t i = 0; i < plan.run_count; i++)
        plan.runs[i].rounds = rounds;
    assert_int_equal(sg_sweep_file_write(folder, request, &plan, &error), SG_OK);
    sg_sweep_plan_clear(&plan);
}

/* Another process ended the trainings after this one had opened the sweep. */
static void progress_of_others_counts(void **state)
{
    char *folder = temporary_path(state, "sweep");
    const sg_sweep_request request = request_in(folder);
    for (int had_file = 0; had_file < 2; had_file++) {
        sg_sweep sweep = {0};
        sg_error error = {0};
        assert_int_equal(sg_sweep_open(&request, 1, &sweep, &error), SG_OK);
        write_file(folder, &request, 1);
        if (sg_sweep_run_all(&sweep, NULL, &error))
            fail_msg("%s", error.message);
        assert_int_equal(sweep.plan.runs[1].rounds, 1);
        sg_sweep_clear(&sweep);
        write_file(folder, &request, 0);
    }
    free(folder);
}

/* Another process began another sweep in the folder. */
static void another_sweep_is_left_alone(void **state)
{
    char *folder = temporary_path(state, "sweep");
    const sg_sweep_request request = request_in(folder);
    sg_sweep_request other = request;
    sg_sweep sweep = {0};
    sg_error error = {0};
    other.vary[0] = "gamma=3,4";
    assert_int_equal(sg_sweep_open(&request, 1, &sweep, &error), SG_OK);
    write_file(folder, &other, 1);
    assert_int_equal(sg_sweep_run_all(&sweep, NULL, &error), SG_ERROR_ARGUMENT);
    sg_sweep_clear(&sweep);
    free(folder);
}

#define IN_FOLDER(test)                                                                            \
    cmocka_unit_test_setup_teardown(test, temporary_folder_setup, temporary_folder_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(progress_of_others_counts),
        IN_FOLDER(another_sweep_is_left_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
