/* `generate` with w in files of NumPy: --projected-w, --save-w, --new-center. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "checkpoint/numpy/numpy_file.h"
#include "checkpoint/torch/torch_file.h"
#include "support/generated.h"
#include "support/program.h"
#include "support/temporary_folder.h"

/* The choice of the array of this name. */
#define NAMED(name) ((sg_numpy_choice){(const char *const[]){name}, 1, false})

enum { NUM_WS = 8, W_DIM = 16 /* of NETWORK */, W_COUNT = NUM_WS * W_DIM };

/* The w that --save-w wrote, [1, NUM_WS, W_DIM], in `values`. */
static void read_w(void *const *state, const char *name, float *values)
{
    sg_numpy_array array;
    sg_error error = {0};
    char *path = temporary_path(state, name);
    if (sg_numpy_read(path, &NAMED("w"), &array, &error))
        fail_msg("%s", error.message);
    assert_int_equal(array.rank, 3);
    assert_int_equal(array.size[0], 1);
    assert_int_equal(array.size[1], NUM_WS);
    assert_int_equal(array.size[2], W_DIM);
    memcpy(values, array.values, W_COUNT * sizeof *values);
    sg_numpy_array_clear(&array);
    free(path);
}

/* Writes `count` w as an .npy file in the test's folder; the path is on the heap. */
static char *write_w(void *const *state, const char *name, const float *values, int64_t count)
{
    const sg_numpy_entry entry = {.rank = 3, .size = {count, NUM_WS, W_DIM}, .values = values};
    char *path = temporary_path(state, name);
    assert_int_equal(sg_numpy_write_npy(path, &entry, NULL), SG_OK);
    return path;
}

static void saved_w_give_the_picture_again(void **state)
{
    char *path = temporary_path(state, "seed0085.npz");
    assert_done(GENERATE("--network", NETWORK, "--seeds", "3,85", "--trunc", "0.7", "--save-w"),
                "2 pictures are in");
    assert_done(GENERATE("--network", NETWORK, "--projected-w", path), "1 picture is in");
    assert_same_pictures(state, "seed0085.png", "proj00.png", true);
    assert_same_pictures(state, "seed0003.png", "proj00.png", false);
    rename_result(state, "seed0085.npz", "before.npz");
    assert_done(GENERATE("--network", NETWORK, "--seeds", "85", "--trunc", "0.7", "--save-w"), "");
    assert_same_files(state, "seed0085.npz", "before.npz", true);
    free(path);
}

static void every_w_of_a_file_is_painted(void **state)
{
    float w[2 * W_COUNT];
    assert_done(
        GENERATE("--network", NETWORK, "--seeds", "1,2", "--save-w", "--grid", "2x1", "--plain"),
        "");
    read_w(state, "seed0001.npz", w);
    read_w(state, "seed0002.npz", w + W_COUNT);
    rename_result(state, "grid.png", "seeds.png");
    char *path = write_w(state, "both.npy", w, 2);
    program_result result = GENERATE("--network", NETWORK, "--projected-w", path, "--seeds", "7",
                                     "--grid", "2x1", "--plain", "--save-w");
    assert_holds(result.errors, "--seeds is ignored");
    assert_done(result, "2 pictures are in");
    assert_same_pictures(state, "seed0001.png", "proj00.png", true);
    assert_same_pictures(state, "seed0002.png", "proj01.png", true);
    assert_same_pictures(state, "seeds.png", "grid.png", true);
    assert_same_files(state, "seed0002.npz", "proj01.npz", true);
    assert_absent(state, "seed0007.png");
    free(path);
}

/* As encoders and projectors save one w: [num_ws, w_dim], and the dict of a picture in torch's
 * file. */
static void one_w_of_other_programs_is_one_picture(void **state)
{
    float w[W_COUNT];
    assert_done(GENERATE("--network", NETWORK, "--seeds", "1", "--save-w"), "");
    read_w(state, "seed0001.npz", w);
    const sg_numpy_entry whole = {.rank = 2, .size = {NUM_WS, W_DIM}, .values = w};
    char *path = temporary_path(state, "whole.npy");
    assert_int_equal(sg_numpy_write_npy(path, &whole, NULL), SG_OK);
    program_result result = GENERATE("--network", NETWORK, "--projected-w", path);
    assert_holds(result.errors, "whole.npy: the shape (8, 16) is read as one w for each of the 8 "
                                "inputs; 8 w of all inputs would be (8, 1, 16)");
    assert_done(result, "1 picture is in");
    assert_same_pictures(state, "seed0001.png", "proj00.png", true);
    free(path);
    const sg_tensor_entry tensors[] = {{"photo.png", "img", 1, {3}, w, 1},
                                       {"photo.png", "latent", 2, {NUM_WS, W_DIM}, w, 1}};
    path = temporary_path(state, "photo.pt");
    assert_int_equal(sg_torch_write(path, tensors, 2, NULL), SG_OK);
    rename_result(state, "proj00.png", "before.png");
    assert_done(GENERATE("--network", NETWORK, "--projected-w", path), "1 picture is in");
    assert_same_pictures(state, "seed0001.png", "proj00.png", true);
    free(path);
}

static void several_files_are_painted_in_their_order(void **state)
{
    char *one = temporary_path(state, "seed0001.npz");
    char *two = temporary_path(state, "seed0002.npz");
    char files[1000];
    assert_done(GENERATE("--network", NETWORK, "--seeds", "1,2", "--save-w"), "2 pictures");
    snprintf(files, sizeof files, "%s,%s,%s", two, one, two);
    assert_done(GENERATE("--network", NETWORK, "--projected-w", files), "3 pictures");
    assert_same_pictures(state, "proj00.png", "seed0002.png", true);
    assert_same_pictures(state, "proj01.png", "seed0001.png", true);
    assert_same_pictures(state, "proj02.png", "seed0002.png", true);
    free(one);
    free(two);
}

static void projected_w_are_truncated_as_seeds_are(void **state)
{
    char *path = temporary_path(state, "seed0004.npz");
    assert_done(GENERATE("--network", NETWORK, "--seeds", "4", "--save-w"), "");
    assert_done(GENERATE("--network", NETWORK, "--projected-w", path, "--trunc", "0.4,1",
                         "--trunc-cutoff", "3"),
                "2 pictures are in");
    rename_result(state, "seed0004.png", "whole.png");
    assert_done(
        GENERATE("--network", NETWORK, "--seeds", "4", "--trunc", "0.4", "--trunc-cutoff", "3"),
        "");
    assert_same_pictures(state, "proj00-trunc1.png", "whole.png", true);
    assert_same_pictures(state, "proj00-trunc0.4.png", "seed0004.png", true);
    free(path);
}

static void truncation_leads_to_the_new_center(void **state)
{
    char *path = temporary_path(state, "seed0005.npz");
    assert_done(GENERATE("--network", NETWORK, "--seeds", "5,6", "--save-w"), "");
    rename_result(state, "seed0006.png", "whole.png");
    assert_done(
        GENERATE("--network", NETWORK, "--seeds", "6", "--trunc", "0,0.5,1", "--new-center", "5"),
        "3 pictures are in");
    assert_same_pictures(state, "seed0006-trunc0.png", "seed0005.png", true);
    assert_same_pictures(state, "seed0006-trunc1.png", "whole.png", true);
    assert_same_pictures(state, "seed0006-trunc0.5.png", "whole.png", false);
    assert_done(
        GENERATE("--network", NETWORK, "--seeds", "6", "--trunc", "0.5", "--new-center", path),
        "1 picture is in");
    assert_same_pictures(state, "seed0006-trunc0.5.png", "seed0006.png", true);
    assert_done(GENERATE("--network", NETWORK, "--seeds", "6", "--trunc", "0.5"), "");
    assert_same_pictures(state, "seed0006-trunc0.5.png", "seed0006.png", false);
    free(path);
}

/* The inputs below the cutoff get the center's w at psi 0, the others keep their own. */
static void a_cutoff_holds_for_a_new_center(void **state)
{
    float center[W_COUNT], own[W_COUNT], mixed[W_COUNT];
    assert_done(GENERATE("--network", NETWORK, "--seeds", "5,6", "--save-w"), "");
    read_w(state, "seed0005.npz", center);
    read_w(state, "seed0006.npz", own);
    assert_done(GENERATE("--network", NETWORK, "--seeds", "6", "--save-w", "--trunc", "0",
                         "--trunc-cutoff", "3", "--new-center", "5"),
                "");
    read_w(state, "seed0006.npz", mixed);
    assert_memory_equal(mixed, center, 3 * W_DIM * sizeof *mixed);
    assert_memory_equal(mixed + 3 * W_DIM, own + 3 * W_DIM, 5 * W_DIM * sizeof *mixed);
}

/* The center of a seed is its w in the class of the picture. */
static void a_center_is_of_the_pictures_class(void **state)
{
    assert_done(GENERATE("--network", CONDITIONAL, "--seeds", "5", "--class", "2"), "");
    assert_done(GENERATE("--network", CONDITIONAL, "--seeds", "6", "--class", "1,2", "--trunc", "0",
                         "--new-center", "5"),
                "2 pictures are in");
    assert_same_pictures(state, "seed0006-class2.png", "seed0005.png", true);
    assert_same_pictures(state, "seed0006-class1.png", "seed0005.png", false);
}

static void projected_w_need_no_class(void **state)
{
    char *path = temporary_path(state, "seed0005.npz");
    assert_done(GENERATE("--network", CONDITIONAL, "--seeds", "5", "--class", "2", "--save-w"), "");
    assert_done(GENERATE("--network", CONDITIONAL, "--projected-w", path), "1 picture is in");
    assert_same_pictures(state, "proj00.png", "seed0005.png", true);
    program_result result =
        GENERATE("--network", CONDITIONAL, "--projected-w", path, "--class", "9");
    assert_holds(result.errors, "--class is ignored");
    assert_done(result, "1 picture is in");
    assert_fails(GENERATE("--network", CONDITIONAL, "--projected-w", path, "--new-center", "3"), 2,
                 "needs --class");
    free(path);
}

static void pictures_say_what_they_are_from(void **state)
{
    char *path = temporary_path(state, "seed0005.npz");
    assert_done(GENERATE("--network", NETWORK, "--seeds", "5", "--save-w"), "");
    assert_done(GENERATE("--network", NETWORK, "--projected-w", path, "--new-center", "17",
                         "--trunc", "0.25"),
                "");
    assert_remark(state, "proj00.png", "projected w", "seed0005.npz");
    assert_remark(state, "proj00.png", "index of w", "0");
    assert_remark(state, "proj00.png", "truncation psi", "0.25");
    assert_remark(state, "proj00.png", "truncation center", "17");
    assert_done(GENERATE("--network", NETWORK, "--seeds", "5", "--new-center", path), "");
    assert_remark(state, "seed0005.png", "truncation center", "seed0005.npz");
    free(path);
}

static void files_that_do_not_fit_are_refused(void **state)
{
    static const float zeros[2 * W_COUNT];
    char *two = write_w(state, "two.npy", zeros, 2);
    assert_fails(GENERATE("--network", CONDITIONAL, "--projected-w", two), 1,
                 "two.npy: the array has the shape (2, 8, 16), but w of this network are (N, 6, "
                 "20)");
    assert_fails(GENERATE("--network", NETWORK, "--projected-w", "absent.npz"), 1, "absent.npz");
    assert_fails(
        GENERATE("--network", NETWORK, "--projected-w", NETWORK), 1,
        "network.safetensors: the array \"G_ema.synthesis.b4.const\" has the shape (16, 4, 4)");
    assert_fails(GENERATE("--network", NETWORK, "--seeds", "1", "--new-center", two), 1,
                 "two.npy holds 2 w, but a new center is a single one");
    assert_fails(GENERATE("--network", NETWORK, "--seeds", "1", "--new-center", "4294967296"), 2,
                 "--new-center takes a seed from 0 to 4294967295");
    assert_fails(GENERATE("--network", NETWORK, "--projected-w", two, "--grid", "1x1"), 2,
                 "no room for 2 pictures");
    assert_absent(state, "proj00.png");
    free(two);
}

#define IN_FOLDER(test)                                                                            \
    cmocka_unit_test_setup_teardown(test, temporary_folder_setup, temporary_folder_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(saved_w_give_the_picture_again),
        IN_FOLDER(every_w_of_a_file_is_painted),
        IN_FOLDER(one_w_of_other_programs_is_one_picture),
        IN_FOLDER(several_files_are_painted_in_their_order),
        IN_FOLDER(projected_w_are_truncated_as_seeds_are),
        IN_FOLDER(truncation_leads_to_the_new_center),
        IN_FOLDER(a_cutoff_holds_for_a_new_center),
        IN_FOLDER(a_center_is_of_the_pictures_class),
        IN_FOLDER(projected_w_need_no_class),
        IN_FOLDER(pictures_say_what_they_are_from),
        IN_FOLDER(files_that_do_not_fit_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
