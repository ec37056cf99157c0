/* `--label` of the commands for pictures, and "label" in jobs: numbers in place of a class. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "support/generated.h"
#include "support/program.h"
#include "support/temporary_folder.h"

/* A class is the label with a 1 at its place; the network has five. */
static void a_class_is_the_one_hot_label(void **state)
{
    static const char *const labels[] = {"0,0,0,1,0", "3=1"};
    assert_done(GENERATE("--network", CONDITIONAL, "--seeds", "7", "--class", "3"), "");
    rename_result(state, "seed0007.png", "class.png");
    for (int i = 0; i < 2; i++) {
        assert_done(GENERATE("--network", CONDITIONAL, "--seeds", "7", "--label", labels[i]), "");
        assert_same_pictures(state, "seed0007.png", "class.png", true);
        assert_remark(state, "seed0007.png", "label", labels[i]);
    }
    assert_done(GENERATE("--network", CONDITIONAL, "--seeds", "7", "--label", "1=1,3=0.5"), "");
    assert_same_pictures(state, "seed0007.png", "class.png", false);
}

/* The center of truncation has the label too, and so have all commands. */
static void every_command_takes_labels(void **state)
{
    const char *folder = *state;
    assert_done(GENERATE("--network", CONDITIONAL, "--seeds", "7,8", "--label", "0.2,0.8,0,0,0",
                         "--new-center", "4", "--trunc", "0.5", "--grid", "2x1"),
                "");
    assert_remark(state, "grid.png", "label", "0.2,0.8,0,0,0");
    assert_done(RUN("mix", "--network", CONDITIONAL, "--rows", "1", "--cols", "2", "--styles",
                    "0-1", "--label", "0=1,1=1", "--outdir", folder),
                "");
    assert_done(RUN("truncate", "--network", CONDITIONAL, "--seeds", "1", "--trunc", "0,1",
                    "--label", "0=1,1=1", "--outdir", folder),
                "");
    assert_done(RUN("variation", "--network", CONDITIONAL, "--seeds", "1", "--label", "0=1,1=1",
                    "--outdir", folder),
                "");
    char *film = temporary_path(state, "film.png");
    assert_done(RUN("interpolate", "--network", CONDITIONAL, "--seeds", "1,2", "--label", "0=1,1=1",
                    "--frames", "2", "--output", film),
                "");
    free(film);
}

static void bad_labels_are_refused(void **state)
{
    assert_fails(GENERATE("--network", CONDITIONAL, "--seeds", "1", "--label", "0.2,0.8"), 2,
                 "--label is \"0.2,0.8\", but must be 5 numbers with commas between");
    assert_fails(GENERATE("--network", CONDITIONAL, "--seeds", "1", "--label", "5=1"), 2,
                 "INDEX=NUMBER from 0=... to 4=...");
    assert_fails(
        GENERATE("--network", CONDITIONAL, "--seeds", "1", "--label", "1=1", "--class", "1"), 2,
        "--label is given in place of a class, so --class must not be");
    assert_fails(RUN("mix", "--network", CONDITIONAL, "--rows", "1", "--cols", "2", "--class",
                     "1,3", "--outdir", *state),
                 2, "takes one class for all pictures, not \"1,3\"; --label takes several at once");
    program_result result = GENERATE("--network", NETWORK, "--seeds", "1", "--label", "0.2,0.8");
    assert_holds(result.errors, "--label is ignored, since ");
    assert_done(result, "");
}

/* The answer to a job must hold `part`. */
static void ask(conversation *talk, const char *line, const char *part)
{
    char *answer = conversation_ask(talk, line);
    assert_holds(answer, part);
    free(answer);
}

static void jobs_take_labels(void **state)
{
    conversation talk = conversation_start(
        (const char *const[]){"generate", "--jobs", "-", "--network", CONDITIONAL, "--outdir",
                              *state, "--label", "2=1", NULL});
    ask(&talk, "{\"seed\": 7, \"output\": \"common.png\"}", "common.png");
    ask(&talk, "{\"seed\": 7, \"class\": 2, \"output\": \"class.png\"}", "class.png");
    ask(&talk, "{\"seed\": 7, \"label\": [0, 1, 0, 1, 0], \"output\": \"own.png\"}", "own.png");
    ask(&talk, "{\"seed\": 7, \"class\": 3, \"output\": \"other.png\"}", "other.png");
    ask(&talk, "{\"seed\": 7, \"label\": [0, 1]}", "\\\"label\\\" must be a list of 5 numbers");
    ask(&talk, "{\"seed\": 7, \"label\": 1}", "a list of numbers, such as [0.2, 0.8]");
    ask(&talk, "{\"seed\": 7, \"label\": [0, 1, 0, 1, 0], \"class\": 1}", "not both");
    program_result result = conversation_end(&talk);
    program_result_clear(&result);
    assert_same_pictures(state, "common.png", "class.png", true);
    assert_same_pictures(state, "common.png", "own.png", false);
    assert_same_pictures(state, "other.png", "class.png", false);
}

#define IN_FOLDER(test)                                                                            \
    cmocka_unit_test_setup_teardown(test, temporary_folder_setup, temporary_folder_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(a_class_is_the_one_hot_label),
        IN_FOLDER(every_command_takes_labels),
        IN_FOLDER(bad_labels_are_refused),
        IN_FOLDER(jobs_take_labels),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
