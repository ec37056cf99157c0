/* `stylegan compare`, called as people call it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/files/file.h"
#include "base/files/input_file.h"
#include "support/made_run.h"
#include "support/program.h"
#include "support/temporary_folder.h"

/* "folder/runs" with two runs, on the heap. */
static char *make_runs(void **state)
{
    free(made_run(state, "runs/00000-a", "{\"loss\":\"wgan\"}", 3, 2));
    free(made_run(state, "runs/00001-b", "{\"loss\":\"hinge\"}", 3, 3));
    return temporary_path(state, "runs");
}

static void test_a_folder_of_runs_becomes_a_page(void **state)
{
    char *runs = make_runs(state);
    char *out = temporary_path(state, "new/out");
    char *page = temporary_path(state, "new/out/compare.html");
    char *run = temporary_path(state, "runs/00000-a");
    made_run_file(run, "log.txt", "tick 0 kimg 1.0\nWarning: \"discriminator_rate\" is a field.\n");
    assert_done(RUN("compare", runs, "--outdir", out, "--by", "time", "--smooth", "2", "--cells",
                    "2x1", "--columns", "2", "--labels", "one,two"),
                "new/out/compare.html");
    /* The page spells options as the command line does. */
    unsigned char *text = NULL;
    size_t size = 0;
    assert_int_equal(sg_read_file(page, 1 << 24, &text, &size, NULL), SG_OK);
    assert_holds((const char *)text, "kimg 1: --dlr is a field.");
    free(text);
    free(run);
    free(page);
    free(out);
    free(runs);
}

static void test_mistakes_are_sentences(void **state)
{
    char *runs = make_runs(state);
    char *out = temporary_path(state, "out");
    assert_fails(RUN("compare", "--outdir", out), 2, "--run");
    assert_fails(RUN("compare", runs), 2, "--outdir");
    assert_fails(RUN("compare", runs, "--outdir", out, "--labels", "one"), 2,
                 "--labels has 1 name, but there are 2 runs");
    assert_fails(RUN("compare", runs, "--outdir", out, "--by", "days"), 2, "kimg, steps or time");
    assert_fails(RUN("compare", runs, "--outdir", out, "--at", "x"), 2, "list of lengths in kimg");
    assert_fails(RUN("compare", *state, "--outdir", out), 1, "holds no run");
    assert_fails(RUN("compare", "/nowhere", "--outdir", out), 1, "/nowhere");
    assert_fails(RUN("compare", runs, "--outdir", out, "--cells", "17x1"), 2, "17");
    made_run_file(*state, "sweep.json", "{}");
    assert_fails(RUN("compare", runs, "--outdir", *state), 2, "is the folder of a sweep");
    free(out);
    free(runs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_a_folder_of_runs_becomes_a_page,
                                        temporary_folder_setup, temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(test_mistakes_are_sentences, temporary_folder_setup,
                                        temporary_folder_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
