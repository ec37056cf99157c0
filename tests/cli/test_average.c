/* The command `average`: what it writes and says, and what it refuses. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/files/file.h"
#include "support/generated.h"
#include "support/program.h"
#include "support/temporary_folder.h"

#define SNAPSHOT "tests/golden/sg2-skip-32/network.pkl"
#define NATIVE "tests/golden/sg2-skip-32/network.safetensors"
#define OTHER "tests/golden/sg2-cond-gray-16/network.pkl"

static void help_shows_options_and_examples(void **state)
{
    (void)state;
    program_result result = RUN("average", "--help");
    assert_holds(result.output, "--output FILE");
    assert_done(result, "Examples:\n  stylegan average ");
    assert_done(RUN("--help"), "  average     Write the mean of several snapshots\n");
}

/* The mean of a network and itself is the network. */
static void the_mean_of_equal_networks_paints_the_same(void **state)
{
    char *output = temporary_path(state, "folder/mean.safetensors");
    program_result result =
        RUN("average", SNAPSHOT, NATIVE, "--network", NATIVE, "--output", output);
    assert_holds(result.output,
                 "holds the mean of D, G_ema of 3 files, and the buffers of " NATIVE);
    assert_done(result, output);
    assert_paint_the_same(state, NATIVE, output);
    free(output);
}

static void mistakes_are_sentences(void **state)
{
    char *output = temporary_path(state, "mean.safetensors");
    assert_fails(RUN("average", NATIVE, "--output", output), 2,
                 "an average needs two network files or more, not 1");
    assert_fails(RUN("average", NATIVE, SNAPSHOT), 2, "--output");
    assert_fails(RUN("average", NATIVE, SNAPSHOT, "--output", "mean.pkl"), 2,
                 "must end in .safetensors");
    assert_fails(RUN("average", NATIVE, SNAPSHOT, "--output", NATIVE), 2,
                 "which is read and would be replaced");
    assert_fails(RUN("average", NATIVE, OTHER, "--output", output), 1, "their networks differ in ");
    assert_fails(RUN("average", NATIVE, "absent.pkl", "--output", output), 1, "absent.pkl");
    assert_false(sg_path_exists(output));
    free(output);
}

#define IN_FOLDER(test)                                                                            \
    cmocka_unit_test_setup_teardown(test, temporary_folder_setup, temporary_folder_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(help_shows_options_and_examples),
        IN_FOLDER(the_mean_of_equal_networks_paints_the_same),
        IN_FOLDER(mistakes_are_sentences),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
