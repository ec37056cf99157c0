/* Finding feature networks' files, and what VGG16 and LPIPS compute and refuse. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/files/file.h"
#include "base/files/folders.h"
#include "checkpoint/safetensors/safetensors.h"
#include "features/feature_network.h"
#include "support/filled_network.h"
#include "support/temporary_folder.h"

enum { SIDE = 32, NUMBERS = SIDE * SIDE * 3 };

/* Makes the test's folder the user's data folder. */
static int setup(void **state)
{
    const int failed = temporary_folder_setup(state);
    setenv("XDG_DATA_HOME", *state, 1);
    return failed;
}

/* Writes a file of one small tensor for each name. */
static char *write_names(void *const *state, const char *file, const char *const *names,
                         const int64_t *rows, size_t count)
{
    static const float values[2000];
    sg_safetensors_entry entries[5];
    char *path = temporary_path(state, file);
    for (size_t i = 0; i < count; i++)
        entries[i] = (sg_safetensors_entry){names[i], SG_STORED_F32, 2, {rows[i], 1}, values};
    assert_false(sg_safetensors_write(path, entries, count, NULL, 0, NULL));
    return path;
}

static void expect_failure(const char *kind, const char *file, sg_status status, const char *text)
{
    sg_error error = {0};
    sg_feature_network *network = NULL;
    assert_int_equal(sg_feature_network_find(kind, &file, file ? 1 : 0, &network, &error), status);
    assert_null(network);
    if (!strstr(error.message, text))
        fail_msg("\"%s\" lacks \"%s\"", error.message, text);
}

static void test_missing_files(void **state)
{
    char place[300];
    snprintf(place, sizeof place, "%s/stylegan", (const char *)*state);
    expect_failure("inception", NULL, SG_ERROR_FILE, "inception-2015-12-05.pkl");
    expect_failure("inception", NULL, SG_ERROR_FILE, place);
    expect_failure("vgg16", NULL, SG_ERROR_FILE, "vgg16-397923af.pth");
    expect_failure("lpips", NULL, SG_ERROR_FILE, "\"features\"");
    assert_false(sg_feature_network_is_there("inception", NULL, 0));
    assert_true(sg_feature_kind_find("lpips") >= 0 && sg_feature_kind_find("clip3") < 0);
}

static void test_wrong_files(void **state)
{
    static const char *const other[] = {"G_ema.synthesis.b4.const"};
    static const char *const imagenet[] = {"Mixed_7c.branch3x3dbl_3b.conv.weight", "fc.weight"};
    static const char *const cut[] = {"Mixed_7c.branch3x3dbl_3b.conv.weight",
                                      "Conv2d_1a_3x3.conv.weight"};
    static const char *const heads[] = {"lin0.model.1.weight", "lin1.model.1.weight",
                                        "lin2.model.1.weight", "lin3.model.1.weight",
                                        "lin4.model.1.weight"};
    static const int64_t rows[] = {3, 1000, 3, 3, 3};
    char text[300];
    char *path = write_names(state, "other.safetensors", other, rows, 1);
    expect_failure("vgg16", path, SG_ERROR_FORMAT, "no feature network");
    assert_false(sg_feature_file_describe(path, text, sizeof text, NULL));
    assert_string_equal(text, "");
    const char *file = path;
    assert_false(sg_feature_network_is_there("vgg16", &file, 1));
    free(path);
    path = write_names(state, "imagenet.safetensors", imagenet, rows, 2);
    expect_failure("inception", path, SG_ERROR_FORMAT, "pt_inception-2015-12-05-6726825d.pth");
    expect_failure("lpips", path, SG_ERROR_FILE, "VGG16's convolutions"); /* of another kind */
    free(path);
    path = write_names(state, "cut.safetensors", cut, rows, 2);
    expect_failure("inception", path, SG_ERROR_FORMAT,
                   "F32 [1000, 1], but must have the shape "
                   "[32, 3, 3, 3]");
    free(path);
    path = write_names(state, "heads.safetensors", heads, rows, 5);
    expect_failure("lpips", path, SG_ERROR_FILE, "VGG16's convolutions");
    assert_false(sg_feature_file_describe(path, text, sizeof text, NULL));
    assert_string_equal(text, "LPIPS's heads for VGG");
    free(path);
    assert_int_equal(sg_feature_file_describe("absent", text, sizeof text, NULL), SG_ERROR_FILE);
}

/* ---- LPIPS ---- */

static void check_distances(sg_feature_network *network)
{
    float values[2 * NUMBERS];
    unsigned char bytes[NUMBERS];
    double distances[2];
    double layers[2 * SG_LPIPS_LAYERS];
    fill_picture("image.0", SIDE, SIDE, 8, bytes);
    for (int i = 0; i < NUMBERS; i++) {
        values[i] = bytes[i];
        values[NUMBERS + i] = (float)(255 - bytes[i]);
    }
    const sg_feature_pictures floats = {2, SIDE, SIDE, 3, NULL, values};
    const sg_feature_pictures same = {2, SIDE, SIDE, 3, NULL, values};
    assert_false(
        sg_feature_network_distances(network, &floats, &same, false, distances, layers, NULL));
    assert_true(distances[0] == 0 && distances[1] == 0);
    const sg_feature_pictures one = {1, SIDE, SIDE, 3, bytes, NULL};
    sg_feature_pictures two = {1, SIDE, SIDE, 3, NULL, values + NUMBERS};
    assert_false(sg_feature_network_distances(network, &one, &two, false, distances, layers, NULL));
    assert_true(distances[0] > 0.01);
    assert_true(fabs(layers[0] + layers[1] + layers[2] + layers[3] + layers[4] - distances[0]) <
                1e-12);
    const size_t length = SIDE * SIDE * 64 + SIDE * SIDE / 4 * 128 + SIDE * SIDE / 16 * 256 +
                          SIDE * SIDE / 64 * 512 + SIDE * SIDE / 256 * 512;
    float *vectors = calloc(2 * length, sizeof *vectors);
    double sum = 0;
    assert_non_null(vectors);
    const sg_feature_results results = {.features = vectors};
    assert_false(
        sg_feature_network_compute(network, &floats, SG_FEATURE_RESIZE_LEGACY, &results, NULL));
    for (size_t i = 0; i < length; i++)
        sum += pow((double)vectors[i] - (double)vectors[length + i], 2);
    assert_true(fabs(sum - distances[0]) < 1e-5 * distances[0]);
    free(vectors);
}

static void check_grey(sg_feature_network *network)
{
    unsigned char grey[SIDE * SIDE];
    unsigned char colours[NUMBERS];
    double distance = 1;
    for (int i = 0; i < SIDE * SIDE; i++)
        grey[i] = (unsigned char)(i * 7 % 251);
    for (int i = 0; i < NUMBERS; i++)
        colours[i] = grey[i / 3];
    const sg_feature_pictures one = {1, SIDE, SIDE, 1, grey, NULL};
    const sg_feature_pictures three = {1, SIDE, SIDE, 3, colours, NULL};
    assert_false(sg_feature_network_distances(network, &one, &three, true, &distance, NULL, NULL));
    assert_true(distance == 0);
}

/* Pictures whose width alone is reduced, from 257 to 256 pixels. */
static void check_reduced(sg_feature_network *network)
{
    enum { HEIGHT = 16, WIDTH = 257, BYTES = HEIGHT * WIDTH };
    static unsigned char bytes[2 * BYTES];
    double whole = 0;
    double reduced = 0;
    for (int i = 0; i < BYTES; i++) {
        bytes[i] = (unsigned char)(i * 7 % 251);
        bytes[BYTES + i] = (unsigned char)(i * 11 % 241);
    }
    const sg_feature_pictures one = {1, HEIGHT, WIDTH, 1, bytes, NULL};
    const sg_feature_pictures two = {1, HEIGHT, WIDTH, 1, bytes + BYTES, NULL};
    assert_false(sg_feature_network_distances(network, &one, &two, true, &whole, NULL, NULL));
    assert_false(sg_feature_network_distances(network, &one, &two, false, &reduced, NULL, NULL));
    assert_true(reduced > 0 && reduced != whole);
}

static void expect_refusal(sg_feature_network *network, const sg_feature_pictures *a,
                           const sg_feature_pictures *b, const char *text)
{
    double distance;
    sg_error error = {0};
    assert_int_equal(sg_feature_network_distances(network, a, b, false, &distance, NULL, &error),
                     SG_ERROR_ARGUMENT);
    if (!strstr(error.message, text))
        fail_msg("\"%s\" lacks \"%s\"", error.message, text);
}

static void check_refusals(sg_feature_network *network)
{
    static float values[NUMBERS];
    const sg_feature_pictures good = {1, SIDE, SIDE, 3, NULL, values};
    sg_feature_pictures other = good;
    other.width = 16;
    expect_refusal(network, &good, &other, "cannot be compared");
    other = good;
    other.channels = 2;
    expect_refusal(network, &other, &other, "2 channels");
    other = good;
    other.width = 0;
    expect_refusal(network, &other, &other, "0x32 pixels");
    other = good;
    other.width = 15;
    expect_refusal(network, &other, &other, "too small");
    values[5] = NAN;
    expect_refusal(network, &good, &good, "not a number");
    values[5] = INFINITY;
    expect_refusal(network, &good, &good, "infinite");
    values[5] = 0;
    const sg_feature_results results = {.logits = values};
    assert_int_equal(
        sg_feature_network_compute(network, &good, SG_FEATURE_RESIZE_LEGACY, &results, NULL),
        SG_ERROR_ARGUMENT);
}

/* A file in the folder of the user's data, under a published name, serves for both parts. */
static void test_published_file(void **state)
{
    char hash[SG_FEATURE_HASH_BYTES];
    char again[SG_FEATURE_HASH_BYTES];
    char text[300];
    char *folder = temporary_path(state, "stylegan");
    char *path = temporary_path(state, "stylegan/vgg16.pt");
    sg_feature_network *network = NULL;
    sg_error error = {0};
    assert_false(sg_make_folders(folder, NULL));
    assert_false(write_filled_vgg16(path, FILLED_LAYERS | FILLED_HEADS, NULL));
    assert_true(sg_feature_network_is_there("lpips", NULL, 0));
    assert_false(sg_feature_network_is_there("vgg16", NULL, 0)); /* it has no matrices */
    assert_false(sg_feature_file_describe(path, text, sizeof text, NULL));
    assert_string_equal(text, "LPIPS of VGG16");
    if (sg_feature_network_find("lpips", NULL, 0, &network, &error))
        fail_msg("%s", error.message);
    assert_string_equal(sg_feature_network_kind(network), "lpips");
    assert_string_equal(sg_feature_network_path(network), path);
    assert_int_equal(sg_feature_network_features(network), 0);
    assert_int_equal(sg_feature_network_classes(network), 0);
    assert_false(sg_feature_network_hash(network, hash, NULL));
    assert_false(sg_feature_network_hash(network, again, NULL));
    assert_true(strlen(hash) == 64 && strcmp(hash, again) == 0);
    check_distances(network);
    check_grey(network);
    check_reduced(network);
    check_refusals(network);
    sg_feature_network_close(network);
    sg_feature_network_close(NULL);
    free(folder);
    free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_missing_files, setup, temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(test_wrong_files, setup, temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(test_published_file, setup, temporary_folder_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
