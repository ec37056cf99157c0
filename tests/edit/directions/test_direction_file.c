/* Files of directions: ours in both containers, those of other programs, what is refused. */
#include "edit/directions/direction_file.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/files/atomic_file.h"
#include "checkpoint/numpy/numpy_file.h"
#include "checkpoint/safetensors/safetensors.h"
#include "support/near.h"
#include "support/temporary_folder.h"

static const sg_direction_shape shape = {3, 2};

/* Reads a file of the folder; fails the test when it cannot. */
static sg_direction_set read_file(const char *path)
{
    sg_direction_set set = {0};
    sg_error error = {0};
    if (sg_direction_file_read(path, shape, &set, &error))
        fail_msg("%s", error.message);
    return set;
}

/* Writes a set and reads it back. */
static void check_round_trip(void **state, const char *name)
{
    char *path = temporary_path(state, name);
    double flat[] = {0.6, -0.8};
    double layered[] = {1, 0, 0, 1, 0.5, 0.5};
    sg_style_channel channel = {"b8.conv1", 5, -0.25};
    const sg_direction items[] = {
        SG_DIRECTION(.name = "a \xC3\xA4 \xE2\x82\xAC \xF0\x9F\x98\x80", .values = flat, .rows = 1,
                     .width = 2, .first = 1, .source = "by hand", .useful_from = -2,
                     .useful_to = 3),
        SG_DIRECTION(.name = "b", .values = layered, .rows = 3, .width = 2),
        SG_DIRECTION(.name = "c", .rows = 1, .width = 2, .channels = &channel, .channel_count = 1),
    };
    sg_direction_set set = {0};
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(sg_direction_set_add(&set, &items[i], NULL), SG_OK);
    set.items[0].sigma = 1.5;
    set.items[0].last = 2;
    assert_int_equal(sg_direction_file_write(path, &set, NULL), SG_OK);
    sg_direction_set read = read_file(path);
    assert_int_equal(read.count, 3);
    assert_string_equal(read.items[0].name, items[0].name);
    assert_string_equal(read.items[0].source, "by hand");
    assert_true(read.items[0].sigma == 1.5 && read.items[0].first == 1 && read.items[0].last == 2);
    assert_true(read.items[0].useful_from == -2 && read.items[0].useful_to == 3);
    assert_int_equal(read.items[0].rows, 3);
    ASSERT_NEAR(read.items[0].values[5], -0.8, 1e-7);
    assert_int_equal(read.items[1].last, SG_ALL_LAYERS);
    assert_true(read.items[1].values[2] == 0 && read.items[1].values[3] == 1);
    assert_null(read.items[2].values);
    assert_int_equal(read.items[2].channel_count, 1);
    assert_string_equal(read.items[2].channels[0].layer, "b8.conv1");
    assert_int_equal(read.items[2].channels[0].channel, 5);
    assert_true(read.items[2].channels[0].step == -0.25);
    sg_direction_set_clear(&read);
    sg_direction_set_clear(&set);
    free(path);
}

static void test_round_trip_in_safetensors(void **state)
{
    check_round_trip(state, "set.safetensors");
}

static void test_round_trip_in_numpy(void **state)
{
    check_round_trip(state, "set.npz");
}

/* GANSpace: [N, 1, w_dim] with deviations, and much else that is not read. */
static void test_ganspace(void **state)
{
    static const float components[] = {1, 0, 0, 1};
    static const float deviations[] = {2.5F, 0.5F};
    static const float mean[] = {7, 7};
    const sg_numpy_entry entries[] = {
        {.name = "act_comp", .rank = 3, .size = {2, 1, 2}, .values = components},
        {.name = "lat_comp", .rank = 3, .size = {2, 1, 2}, .values = components},
        {.name = "lat_mean", .rank = 2, .size = {1, 2}, .values = mean},
        {.name = "lat_stdev", .rank = 1, .size = {2}, .values = deviations}};
    char *path = temporary_path(state, "stylegan2-ffhq_style_ipca_c2_n1000_w.npz");
    assert_int_equal(sg_numpy_write_npz(path, entries, 4, NULL), SG_OK);
    sg_direction_set set = read_file(path);
    assert_int_equal(set.count, 2);
    assert_string_equal(set.items[1].name, "pc1");
    assert_true(set.items[1].sigma == 0.5 && set.items[1].values[1] == 1);
    assert_string_equal(set.items[0].source, "GANSpace");
    sg_direction_set_clear(&set);
    free(path);
}

/* A boundary is [1, w_dim], a direction of the encoder's programs [num_ws, w_dim]. */
static void test_single_arrays(void **state)
{
    static const float values[] = {1, 2, 3, 4, 5, 6};
    const sg_numpy_entry boundary = {.name = "", .rank = 2, .size = {1, 2}, .values = values};
    const sg_numpy_entry layered = {.name = "", .rank = 2, .size = {3, 2}, .values = values};
    char *path = temporary_path(state, "smile_boundary.npy");
    char *other = temporary_path(state, "age.npy");
    assert_int_equal(sg_numpy_write_npy(path, &boundary, NULL), SG_OK);
    assert_int_equal(sg_numpy_write_npy(other, &layered, NULL), SG_OK);
    sg_direction_set set = read_file(path);
    assert_int_equal(sg_direction_file_read(other, shape, &set, NULL), SG_OK);
    assert_int_equal(set.count, 2);
    assert_string_equal(set.items[0].name, "smile_boundary");
    assert_int_equal(set.items[0].rows, 1);
    assert_string_equal(set.items[1].name, "age");
    assert_int_equal(set.items[1].rows, 3);
    assert_true(set.items[1].values[5] == 6);
    sg_direction_set_clear(&set);
    free(path);
    free(other);
}

/* Columns of a factor are directions; a dict of arrays has one of each name. */
static void test_columns_and_names(void **state)
{
    static const float factor[] = {1, 2, 3, 4};
    const sg_safetensors_entry columns = {"eigvec", SG_STORED_F32, 2, {2, 2}, factor};
    const sg_safetensors_entry named[] = {{"age", SG_STORED_F32, 1, {2}, factor},
                                          {"smile", SG_STORED_F32, 2, {1, 2}, factor + 2}};
    char *path = temporary_path(state, "factor.safetensors");
    char *other = temporary_path(state, "named.safetensors");
    assert_int_equal(sg_safetensors_write(path, &columns, 1, NULL, 0, NULL), SG_OK);
    assert_int_equal(sg_safetensors_write(other, named, 2, NULL, 0, NULL), SG_OK);
    sg_direction_set set = read_file(path);
    assert_string_equal(set.items[1].name, "sefa1");
    assert_true(set.items[1].values[0] == 2 && set.items[1].values[1] == 4);
    sg_direction_set_clear(&set);
    set = read_file(other);
    assert_int_equal(set.count, 2);
    assert_string_equal(set.items[1].name, "smile");
    assert_true(set.items[1].values[0] == 3);
    sg_direction_set_clear(&set);
    free(path);
    free(other);
}

/* Writes ours with these values and metadata; it must be refused with `part` in the sentence. */
static void check_refused(void **state, const sg_safetensors_entry *entries, size_t count,
                          const char *key, const char *value, const char *part)
{
    const sg_metadata metadata = {key, value};
    sg_direction_set set = {0};
    sg_error error = {0};
    char *path = temporary_path(state, "wrong.safetensors");
    assert_int_equal(sg_safetensors_write(path, entries, count, &metadata, key ? 1 : 0, NULL),
                     SG_OK);
    assert_int_equal(sg_direction_file_read(path, shape, &set, &error), SG_ERROR_FORMAT);
    if (!strstr(error.message, part) || !strstr(error.message, "wrong.safetensors"))
        fail_msg("\"%s\" is not in \"%s\"", part, error.message);
    sg_direction_set_clear(&set);
    free(path);
}

static void test_hostile_files(void **state)
{
    static const float values[] = {1, 2, 3, 4};
    static const float broken[] = {1, NAN, 3, 4};
    const sg_safetensors_entry right[] = {{"directions", SG_STORED_F32, 2, {2, 2}, values},
                                          {"sigma", SG_STORED_F32, 1, {1}, values}};
    const sg_safetensors_entry wide = {"directions", SG_STORED_F32, 2, {1, 4}, values};
    const sg_safetensors_entry deep = {"directions", SG_STORED_F32, 4, {2, 1, 1, 2}, values};
    const sg_safetensors_entry nan = {"directions", SG_STORED_F32, 2, {2, 2}, broken};
    const sg_safetensors_entry none = {"directions", SG_STORED_F32, 2, {0, 2}, values};
    check_refused(state, &wide, 1, NULL, NULL, "(1, 4)");
    check_refused(state, &deep, 1, NULL, NULL, "(2, 1, 1, 2)");
    check_refused(state, &nan, 1, NULL, NULL, "not finite");
    check_refused(state, &none, 1, NULL, NULL, "empty");
    check_refused(state, right, 2, NULL, NULL, "1 sigmas for 2 directions");
    check_refused(state, right, 1, "names", "[\"a\"]", "1 names for 2 directions");
    check_refused(state, right, 1, "names", "[\"a\", 3]", "is no text");
    check_refused(state, right, 1, "names", "{", "not a list of texts");
    check_refused(state, right, 1, "names", "[\"a\", \"a\"]", "have the name \"a\"");
    check_refused(state, right, 1, "names", "[\"a\", \"\"]", "has no name");
    check_refused(state, right, 1, "channels", "[\"[[1, 2, 3]]\", \"[]\"]",
                  "[layer, channel, step]");
    check_refused(state, right, 1, "channels", "[\"[[\\\"b\\\", -1, 3]]\", \"[]\"]",
                  "[layer, channel, step]");
}

static void test_other_files(void **state)
{
    sg_direction_set set = {0};
    sg_error error = {0};
    char *path = temporary_path(state, "page.npz");
    assert_int_equal(sg_write_file(path, "<html><body>404</body></html>", 29, NULL), SG_OK);
    assert_int_equal(sg_direction_file_read(path, shape, &set, &error), SG_ERROR_FORMAT);
    assert_non_null(strstr(error.message, "no file of directions"));
    error = (sg_error){0};
    assert_int_equal(sg_direction_file_write(path, &set, &error), SG_ERROR_ARGUMENT);
    assert_non_null(strstr(error.message, "there are no directions"));
    free(path);
}

#define IN_FOLDER(test)                                                                            \
    cmocka_unit_test_setup_teardown(test, temporary_folder_setup, temporary_folder_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(test_round_trip_in_safetensors),
        IN_FOLDER(test_round_trip_in_numpy),
        IN_FOLDER(test_ganspace),
        IN_FOLDER(test_single_arrays),
        IN_FOLDER(test_columns_and_names),
        IN_FOLDER(test_hostile_files),
        IN_FOLDER(test_other_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
