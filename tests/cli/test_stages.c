/* `stylegan progress`, called as people call it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/files/file.h"
#include "support/made_run.h"
#include "support/program.h"
#include "support/temporary_folder.h"

static void test_stages_become_a_picture(void **state)
{
    char *run = made_run(state, "00000-a", "{}", 3, 2);
    char *out = temporary_path(state, "stages.png");
    assert_done(
        RUN("progress", run, "--output", out, "--form", "strip", "--cells", "2x2", "--stages", "2"),
        "2 stages of ");
    assert_true(sg_path_exists(out));
    free(out);
    free(run);
}

static void test_mistakes_are_sentences(void **state)
{
    char *run = made_run(state, "00000-a", "{}", 1, 2);
    char *out = temporary_path(state, "stages.txt");
    assert_fails(RUN("progress", run), 2, "--output");
    assert_fails(RUN("progress", "--output", out), 2, "--run");
    assert_fails(RUN("progress", run, "--output", out), 2, "must end in .png for a picture");
    assert_fails(RUN("progress", run, "--output", out, "--form", "rows"), 2, "must end in .png");
    assert_fails(RUN("progress", run, "--output", "x.png", "--cells", "33x1"), 2, "--cells is 33");
    assert_fails(RUN("progress", "/nowhere", "--output", "x.png"), 1, "no run folder");
    free(out);
    free(run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_stages_become_a_picture, temporary_folder_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(test_mistakes_are_sentences, temporary_folder_setup,
                                        temporary_folder_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
