/* The command `blend`: what it writes and says, and what it refuses. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/files/file.h"
#include "support/generated.h"
#include "support/networks.h"
#include "support/program.h"
#include "support/temporary_folder.h"

#define FIRST "tests/golden/sg2-skip-32/network.safetensors"
#define PICKLE "tests/golden/sg2-skip-32/network.pkl"
#define OTHER "tests/golden/sg2-cond-gray-16/network.safetensors"
#define THIRD "tests/golden/sg3-t-32/network.safetensors"

static void help_shows_options_and_traps(void **state)
{
    (void)state;
    program_result result = RUN("blend", "--help");
    assert_holds(result.output, "--at RESOLUTION");
    assert_holds(result.output, "three traps");
    assert_done(result, "Examples:\n  stylegan blend ");
    assert_done(RUN("--help"), "  blend       Join two networks");
}

/* A blend of a network with itself paints what it paints. */
static void a_network_with_itself_stays(void **state)
{
    char *output = temporary_path(state, "folder/blend.safetensors");
    assert_done(RUN("blend", FIRST, PICKLE, "--at", "8", "--soft", "1", "--output", output),
                "with layers of " PICKLE);
    assert_done(RUN("info", output), "blend: published, 8, level 0, width 1, share 1, with "
                                     "network.pkl");
    assert_paint_the_same(state, FIRST, output);
    free(output);
}

/* Every layer of the second network, with the first's mapping. */
static void another_network_shows(void **state)
{
    char *a = temporary_path(state, "a.safetensors");
    char *b = temporary_path(state, "b.safetensors");
    char *output = temporary_path(state, "blend.safetensors");
    const sg_generator_config config = tiny_generator_config(SG_ARCHITECTURE_SKIP, 3, 0);
    save_tiny_generator(a, &config, 1);
    save_tiny_generator(b, &config, 2);
    const char *const ways[][4] = {{"--linear", "1", NULL, NULL},
                                   {"--at", "4", "--rule", "plain"},
                                   {"--at", "4", NULL, NULL},
                                   {"--at", "8", "--rule", "plain"}};
    const bool whole[] = {true, true, false, false};
    for (int i = 0; i < 4; i++) {
        const char *arguments[] = {"blend",    a,          b,          "--output", output,
                                   ways[i][0], ways[i][1], ways[i][2], ways[i][3], NULL};
        assert_done(run_program(arguments), output);
        char name[32];
        snprintf(name, sizeof name, "pictures%d", i);
        char *folder = temporary_path(state, name);
        assert_done(RUN("generate", "--network", output, "--seeds", "1", "--outdir", folder),
                    "1 picture");
        free(folder);
    }
    assert_same_pictures(state, "pictures0/seed0001.png", "pictures1/seed0001.png", whole[1]);
    assert_same_pictures(state, "pictures0/seed0001.png", "pictures2/seed0001.png", whole[2]);
    /* The published switch comes one position late: at 4 pixels it takes the blocks from 8 on. */
    assert_same_pictures(state, "pictures2/seed0001.png", "pictures3/seed0001.png", true);
    free(output);
    free(b);
    free(a);
}

static void stylegan3_is_blended_plainly(void **state)
{
    char *output = temporary_path(state, "blend.safetensors");
    assert_done(RUN("blend", THIRD, THIRD, "--at", "16", "--rule", "plain", "--output", output),
                output);
    assert_fails(RUN("blend", THIRD, THIRD, "--at", "16", "--output", output), 2,
                 "--rule must be \"plain\"");
    free(output);
}

/* By its own name, or by a link to it. */
static void an_input_is_never_replaced(void **state)
{
    char *a = temporary_path(state, "a.safetensors");
    char *b = temporary_path(state, "b.safetensors");
    char *link_to_b = temporary_path(state, "link.safetensors");
    const sg_generator_config config = tiny_generator_config(SG_ARCHITECTURE_SKIP, 3, 0);
    save_tiny_generator(a, &config, 1);
    save_tiny_generator(b, &config, 2);
    assert_int_equal(symlink("b.safetensors", link_to_b), 0);
    const char *const outputs[] = {a, b, link_to_b};
    for (int i = 0; i < 3; i++)
        assert_fails(RUN("blend", a, b, "--linear", "0.5", "--output", outputs[i]), 2,
                     "which is read and would be replaced");
    assert_done(RUN("blend", a, a, "--linear", "0.5", "--output", b), b);
    free(link_to_b);
    free(b);
    free(a);
}

static void mistakes_are_sentences(void **state)
{
    char *output = temporary_path(state, "blend.safetensors");
    assert_fails(RUN("blend", FIRST, "--at", "8", "--output", output), 2,
                 "a blend is of two network files, not of 1");
    assert_fails(RUN("blend", FIRST, FIRST, FIRST, "--at", "8", "--output", output), 2, "not of 3");
    assert_fails(RUN("blend", FIRST, FIRST, "--output", output), 2, "--at");
    assert_fails(RUN("blend", FIRST, FIRST, "--at", "8"), 2, "--output is missing");
    assert_fails(RUN("blend", FIRST, FIRST, "--at", "8", "--output", "a.pkl"), 2,
                 "must end in .safetensors");
    assert_fails(RUN("blend", FIRST, FIRST, "--linear", "1", "--soft", "1", "--output", output), 2,
                 "--soft needs --at");
    assert_fails(RUN("blend", FIRST, FIRST, "--at", "8", "--level", "1", "--rule", "plain",
                     "--output", output),
                 2, "--level goes with --rule published");
    assert_fails(RUN("blend", FIRST, FIRST, "--at", "8", "--rule", "best", "--output", output), 2,
                 "published or plain");
    assert_fails(RUN("blend", FIRST, FIRST, "--at", "8", "--soft", "nan", "--output", output), 2,
                 "--soft");
    assert_fails(RUN("blend", FIRST, FIRST, "--at", "12", "--output", output), 2,
                 "--at is 12, but must be a power of two from 4 to 32");
    assert_fails(RUN("blend", FIRST, OTHER, "--at", "8", "--output", output), 1,
                 "cannot be blended");
    assert_fails(RUN("blend", FIRST, THIRD, "--at", "8", "--output", output), 1,
                 "different families");
    assert_fails(RUN("blend", FIRST, "absent.pkl", "--at", "8", "--output", output), 1,
                 "absent.pkl");
    assert_false(sg_path_exists(output));
    free(output);
}

#define IN_FOLDER(test)                                                                            \
    cmocka_unit_test_setup_teardown(test, temporary_folder_setup, temporary_folder_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(help_shows_options_and_traps),
        IN_FOLDER(a_network_with_itself_stays),
        IN_FOLDER(another_network_shows),
        IN_FOLDER(stylegan3_is_blended_plainly),
        IN_FOLDER(an_input_is_never_replaced),
        IN_FOLDER(mistakes_are_sentences),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
