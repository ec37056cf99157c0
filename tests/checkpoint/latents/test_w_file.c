/* Sets of w: the shapes that files have them in, and what does not fit the network. */
#include "checkpoint/latents/w_file.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/files/file.h"
#include "checkpoint/numpy/numpy_file.h"
#include "checkpoint/safetensors/safetensors.h"
#include "support/foreign_pickle.h"
#include "support/temporary_folder.h"

enum { NUM_WS = 3, W_DIM = 2 };

static const float values[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};

/* Writes an array of the given shape as FOLDER/w.npy; the path is on the heap. */
static char *write_array(void **state, int rank, int64_t a, int64_t b, int64_t c,
                         const float *content)
{
    const sg_numpy_entry entry = {.rank = rank, .size = {a, b, c}, .values = content};
    char *path = temporary_path(state, "w.npy");
    assert_int_equal(sg_numpy_write_npy(path, &entry, NULL), SG_OK);
    return path;
}

static void check_read(char *path, size_t count, const float *expected)
{
    sg_w_set set;
    sg_error error = {0};
    if (sg_w_file_read(path, NUM_WS, W_DIM, &set, &error))
        fail_msg("%s", error.message);
    assert_int_equal(set.count, count);
    assert_int_equal(set.num_ws, NUM_WS);
    assert_int_equal(set.w_dim, W_DIM);
    assert_memory_equal(set.values, expected, count * NUM_WS * W_DIM * sizeof *expected);
    assert_ptr_equal(sg_w_set_at(&set, count - 1), set.values + (count - 1) * NUM_WS * W_DIM);
    sg_w_set_clear(&set);
    assert_null(set.values);
    free(path);
}

static void every_input_has_its_own(void **state)
{
    check_read(write_array(state, 3, 2, NUM_WS, W_DIM, values), 2, values);
    check_read(write_array(state, 3, 1, NUM_WS, W_DIM, values), 1, values);
}

static void one_goes_to_every_input(void **state)
{
    const float copied[] = {1, 2, 1, 2, 1, 2, 3, 4, 3, 4, 3, 4};
    const float four[] = {1, 2, 1, 2, 1, 2, 3, 4, 3, 4, 3, 4, 5, 6, 5, 6, 5, 6, 7, 8, 7, 8, 7, 8};
    check_read(write_array(state, 1, W_DIM, 1, 1, values), 1, copied);
    check_read(write_array(state, 2, 2, W_DIM, 1, values), 2, copied);
    check_read(write_array(state, 2, 4, W_DIM, 1, values), 4, four);
    check_read(write_array(state, 3, 2, 1, W_DIM, values), 2, copied);
}

/* [num_ws, w_dim], as encoders save one w: it says so, since it could be num_ws of all inputs. */
static void a_row_for_each_input_is_one(void **state)
{
    sg_w_set set;
    char *path = write_array(state, 2, NUM_WS, W_DIM, 1, values);
    assert_int_equal(sg_w_file_read(path, NUM_WS, W_DIM, &set, NULL), SG_OK);
    assert_true(set.taken_whole);
    sg_w_set_clear(&set);
    check_read(path, 1, values);
    path = write_array(state, 2, 2, W_DIM, 1, values);
    assert_int_equal(sg_w_file_read(path, NUM_WS, W_DIM, &set, NULL), SG_OK);
    assert_false(set.taken_whole);
    sg_w_set_clear(&set);
    free(path);
}

static char *committed(const char *name)
{
    char *path = sg_path_join("tests/checkpoint/latents", name);
    assert_non_null(path);
    return path;
}

static void torch_files_are_read(void **state)
{
    (void)state;
    check_read(committed("pivot.pt"), 1, values);
    check_read(committed("stream.pt"), 2, values);
    check_read(committed("list.pt"), 2, values);
    check_read(committed("projector.pt"), 2, values);
}

static void pickles_are_read(void **state)
{
    (void)state;
    check_read(committed("steps.npy"), 2, values);
    check_read(committed("inputs.pkl"), 1, values);
    check_read(committed("codes.pkl"), 2, values);
}

static void the_usual_name_is_preferred(void **state)
{
    const sg_safetensors_entry entries[] = {
        {"loss", SG_STORED_F32, 1, {5}, values},
        {"latent", SG_STORED_F32, 3, {1, NUM_WS, W_DIM}, values},
    };
    check_read(committed("named.npz"), 2, values);
    char *path = temporary_path(state, "w.safetensors");
    assert_int_equal(sg_safetensors_write(path, entries, 2, NULL, 0, NULL), SG_OK);
    check_read(path, 1, values);
    path = temporary_path(state, "w.safetensors");
    assert_int_equal(sg_safetensors_write(path, entries + 1, 1, NULL, 0, NULL), SG_OK);
    check_read(path, 1, values);
}

static void written_sets_are_read_back(void **state)
{
    static const char *const names[] = {"w.npz", "w.npy", "w"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char *path = temporary_path(state, names[i]);
        assert_int_equal(sg_w_file_write(path, values, 2, NUM_WS, W_DIM, NULL), SG_OK);
        check_read(path, 2, values);
    }
}

static void check_refused(char *path, const char *part)
{
    sg_w_set set = {.count = 7};
    sg_error error = {0};
    assert_int_equal(sg_w_file_read(path, NUM_WS, W_DIM, &set, &error), SG_ERROR_FORMAT);
    assert_null(set.values);
    assert_int_equal(set.count, 0);
    if (!strstr(error.message, path) || !strstr(error.message, part))
        fail_msg("\"%s\" lacks \"%s\"", error.message, part);
    free(path);
}

static void other_shapes_are_refused(void **state)
{
    check_refused(write_array(state, 3, 1, 2, W_DIM, values), "(1, 2, 2), but w of this network");
    check_refused(write_array(state, 3, 1, NUM_WS, 3, values), "(1, 3, 3)");
    check_refused(write_array(state, 2, 1, 6, 1, values), "(1, 6)");
    check_refused(write_array(state, 1, 6, 1, 1, values), "(6,)");
    check_refused(write_array(state, 0, 1, 1, 1, values), "()");
    check_refused(write_array(state, 3, 0, NUM_WS, W_DIM, NULL), "(0, 3, 2)");
    check_refused(write_array(state, 2, 0, W_DIM, 1, NULL), "(0, 2)");
}

/* A network's tensors may happen to have the shape of w. */
static void what_is_no_w_is_refused(void **state)
{
    (void)state;
    check_refused(committed("network.pt"), "the array \"conv.bias\" has the shape (4,)");
    check_refused(committed("nothing.pkl"), "holds no w: it is a dict of 2 entries");
    check_refused(committed("make_files.py"), "is no file of w: it seems to be a text");
}

/* A small pickle can ask for the same large array again and again. */
static void shared_arrays_are_bounded(void **state)
{
    enum { TIMES = 2000, VALUES = 600 * W_DIM };
    sg_text pickle = {0};
    float *many = calloc(VALUES, sizeof *many);
    assert_non_null(many);
    PUT(&pickle, "\x80\3](");
    put_array(&pickle, (int64_t[]){600, W_DIM}, 2, many);
    PUT(&pickle, "q\1");
    for (int i = 0; i < TIMES; i++)
        PUT(&pickle, "h\1");
    PUT(&pickle, "e.");
    char *path = temporary_path(state, "shared.pkl");
    write_pickle(path, &pickle);
    free(many);
    check_refused(path, "more values than the file has room for");
}

static void sets_are_joined(void **state)
{
    (void)state;
    float *copy = malloc(sizeof values);
    assert_non_null(copy);
    memcpy(copy, values, sizeof values);
    sg_w_set set = {0};
    const sg_w_set more = {2, NUM_WS, W_DIM, copy, true};
    assert_int_equal(sg_w_set_append(&set, &more, "w", NULL), SG_OK);
    assert_int_equal(sg_w_set_append(&set, &more, "w", NULL), SG_OK);
    assert_int_equal(set.count, 4);
    assert_true(set.taken_whole);
    assert_memory_equal(sg_w_set_at(&set, 2), values, sizeof values);
    sg_w_set_clear(&set);
    free(copy);
}

static void numbers_that_are_not_finite_are_refused(void **state)
{
    const float bad[] = {1, NAN};
    const float huge[] = {1, INFINITY};
    check_refused(write_array(state, 1, 2, 1, 1, bad), "number 1 of the array is nan");
    check_refused(write_array(state, 1, 2, 1, 1, huge), "number 1 of the array is inf");
}

#define IN_FOLDER(test)                                                                            \
    cmocka_unit_test_setup_teardown(test, temporary_folder_setup, temporary_folder_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(every_input_has_its_own),
        IN_FOLDER(one_goes_to_every_input),
        IN_FOLDER(a_row_for_each_input_is_one),
        IN_FOLDER(torch_files_are_read),
        IN_FOLDER(pickles_are_read),
        IN_FOLDER(the_usual_name_is_preferred),
        IN_FOLDER(what_is_no_w_is_refused),
        IN_FOLDER(shared_arrays_are_bounded),
        IN_FOLDER(sets_are_joined),
        IN_FOLDER(written_sets_are_read_back),
        IN_FOLDER(other_shapes_are_refused),
        IN_FOLDER(numbers_that_are_not_finite_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
