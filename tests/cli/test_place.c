/* Moving, turning and anchoring StyleGAN3's pictures: generate, its batches, interpolate. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "support/generated.h"
#include "support/networks.h"
#include "support/program.h"
#include "support/temporary_folder.h"

/* cmocka's setup: the folder holds "stylegan3.safetensors". */
static int setup(void **state)
{
    const int code = temporary_folder_setup(state);
    const sg_generator_config config = tiny_stylegan3_config(false, 3, 0);
    char *path = temporary_path(state, "stylegan3.safetensors");
    if (!code)
        save_tiny_generator(path, &config, 1);
    free(path);
    return code;
}

static void generate_moves_and_turns(void **state)
{
    char *network = temporary_path(state, "stylegan3.safetensors");
    assert_done(GENERATE("--network", network, "--seeds", "1"), "");
    rename_result(state, "seed0001.png", "plain.png");
    assert_done(GENERATE("--network", network, "--seeds", "1", "--translate", "0.25,-0.5"), "");
    rename_result(state, "seed0001.png", "moved.png");
    assert_done(GENERATE("--network", network, "--seeds", "1", "--rotate", "90"), "");
    rename_result(state, "seed0001.png", "turned.png");
    assert_done(
        GENERATE("--network", network, "--seeds", "1", "--rotate", "0", "--translate", "0,0"), "");
    assert_same_pictures(state, "plain.png", "seed0001.png", true);
    assert_same_pictures(state, "plain.png", "moved.png", false);
    assert_same_pictures(state, "plain.png", "turned.png", false);
    assert_same_pictures(state, "moved.png", "turned.png", false);
    free(network);
}

static void lines_of_a_batch_have_their_own_place(void **state)
{
    char *network = temporary_path(state, "stylegan3.safetensors");
    assert_done(GENERATE("--network", network, "--seeds", "1"), "");
    rename_result(state, "seed0001.png", "plain.png");
    assert_done(
        GENERATE("--network", network, "--seeds", "1", "--translate", "0.25,0", "--rotate", "20"),
        "");
    rename_result(state, "seed0001.png", "moved.png");
    conversation talk = conversation_start((const char *const[]){
        "generate", "--network", network, "--jobs", "-", "--outdir", *state, NULL});
    free(conversation_ask(&talk, "{\"seed\": 1, \"translate\": [0.25, 0], \"rotate\": 20, "
                                 "\"output\": \"first.png\"}"));
    free(conversation_ask(&talk, "{\"seed\": 1, \"output\": \"second.png\"}"));
    char *answer = conversation_ask(&talk, "{\"seed\": 1, \"translate\": [0.25]}");
    assert_holds(answer, "two numbers");
    free(answer);
    program_result result = conversation_end(&talk);
    assert_int_equal(result.status, 1);
    program_result_clear(&result);
    assert_same_pictures(state, "moved.png", "first.png", true);
    assert_same_pictures(state, "plain.png", "second.png", true);
    free(network);
}

/* On a closed way of six frames the first is in place; of open ones, the last is all the way. */
static void interpolate_pans_and_spins(void **state)
{
    char *network = temporary_path(state, "stylegan3.safetensors");
    char *frames = temporary_path(state, "frames/");
    assert_done(
        GENERATE("--network", network, "--seeds", "1", "--translate", "0.5,0", "--rotate", "90"),
        "");
    rename_result(state, "seed0001.png", "moved.png");
    assert_done(GENERATE("--network", network, "--seeds", "1"), "");
    assert_done(RUN("interpolate", "--network", network, "--seeds", "1,1", "--frames", "2",
                    "--no-loop", "--translate", "0.5,0", "--rotate", "90", "--output", frames),
                "3 frames");
    assert_same_pictures(state, "seed0001.png", "frames/frame0000.png", true);
    assert_same_pictures(state, "moved.png", "frames/frame0001.png", false);
    assert_same_pictures(state, "moved.png", "frames/frame0002.png", true);
    free(frames);
    free(network);
}

static void anchoring_is_for_all_pictures(void **state)
{
    char *network = temporary_path(state, "stylegan3.safetensors");
    assert_done(GENERATE("--network", network, "--seeds", "1", "--anchor"), "1 picture is");
    free(network);
}

static void others_cannot_be_moved(void **state)
{
    char *network = temporary_path(state, "stylegan3.safetensors");
    static const char *const options[][2] = {{"--rotate", "10"}, {"--translate", "0.1,0.2"}};
    for (int i = 0; i < 2; i++)
        assert_fails(GENERATE("--network", NETWORK, "--seeds", "1", options[i][0], options[i][1]),
                     2, "is a StyleGAN2");
    assert_fails(GENERATE("--network", NETWORK, "--seeds", "1", "--anchor"), 2, "is a StyleGAN2");
    assert_fails(GENERATE("--network", network, "--seeds", "1", "--translate", "1"), 2, "X,Y");
    assert_fails(GENERATE("--network", network, "--seeds", "1", "--translate", "1,2,3"), 2, "X,Y");
    assert_fails(GENERATE("--network", network, "--seeds", "1", "--rotate", "inf"), 2, "--rotate");
    free(network);
}

static void a_constant_is_moved_on_request(void **state)
{
    assert_done(GENERATE("--network", NETWORK, "--seeds", "1"), "");
    rename_result(state, "seed0001.png", "plain.png");
    assert_done(GENERATE("--network", NETWORK, "--seeds", "1", "--move-constant"), "");
    assert_same_pictures(state, "plain.png", "seed0001.png", true);
    assert_done(
        GENERATE("--network", NETWORK, "--seeds", "1", "--translate", "0.1,0", "--move-constant"),
        "");
    assert_same_pictures(state, "plain.png", "seed0001.png", false);
    assert_fails(GENERATE("--network", NETWORK, "--seeds", "1", "--anchor", "--move-constant"), 2,
                 "is a StyleGAN2");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, temporary_folder_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(generate_moves_and_turns),   TEST(lines_of_a_batch_have_their_own_place),
        TEST(interpolate_pans_and_spins), TEST(anchoring_is_for_all_pictures),
        TEST(others_cannot_be_moved),     TEST(a_constant_is_moved_on_request),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
