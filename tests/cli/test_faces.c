/* The emoji faces in data/faces: what the archives hold, and that `train` takes them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "data/dataset.h"
#include "data/kinds/open_dataset.h"
#include "support/program.h"
#include "support/temporary_folder.h"

#define FACES "data/faces/faces-64.zip"
#define HELD_OUT "data/faces/faces-64-held-out.zip"

enum { TRAINED = 455, UNTRAINED = 40, ATTRIBUTES = 25, MOUTHS = 4, SETS = 4, SIDE = 64 };
enum { PICTURE_BYTES = SIDE * SIDE * 3 };

static sg_dataset *open_faces(const char *path, size_t count)
{
    sg_dataset *dataset = NULL;
    assert_int_equal(sg_dataset_open(path, &dataset, NULL), SG_OK);
    const sg_dataset_info info = sg_dataset_info_of(dataset);
    assert_int_equal(info.image_count, count);
    assert_int_equal(info.width, SIDE);
    assert_int_equal(info.height, SIDE);
    assert_int_equal(info.channels, 3);
    assert_int_equal(info.label_count, ATTRIBUTES);
    return dataset;
}

static float sum(const float *values, size_t count)
{
    float total = 0;
    for (size_t i = 0; i < count; i++)
        total += values[i];
    return total;
}

/* Every face has one mouth and comes from one set; the names stand beside the numbers. */
static void check_attributes(const sg_dataset *dataset)
{
    const sg_dataset_info info = sg_dataset_info_of(dataset);
    assert_non_null(info.label_values);
    assert_non_null(info.label_names);
    assert_string_equal(info.label_names[0], "mouth_smiling");
    assert_string_equal(info.label_names[ATTRIBUTES - SETS], "set_noto");
    for (size_t i = 0; i < info.image_count; i++) {
        int label = -1;
        assert_int_equal(sg_dataset_label(dataset, i, &label, NULL), SG_OK);
        assert_true(label >= 0);
        const float *values = info.label_values + (size_t)label * ATTRIBUTES;
        for (size_t k = 0; k < ATTRIBUTES; k++)
            assert_true(values[k] == 0 || values[k] == 1);
        assert_true(sum(values, MOUTHS) == 1);
        assert_true(sum(values + ATTRIBUTES - SETS, SETS) == 1);
    }
}

static void faces_have_attributes(void **state)
{
    (void)state;
    sg_dataset *trained = open_faces(FACES, TRAINED);
    sg_dataset *untrained = open_faces(HELD_OUT, UNTRAINED);
    check_attributes(trained);
    check_attributes(untrained);
    sg_dataset_destroy(trained);
    sg_dataset_destroy(untrained);
}

static void read_faces(const char *path, size_t count, uint8_t *pixels)
{
    sg_dataset *dataset = open_faces(path, count);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(sg_dataset_read(dataset, i, pixels + i * PICTURE_BYTES, NULL, NULL),
                         SG_OK);
    sg_dataset_destroy(dataset);
}

static void no_two_faces_are_equal(void **state)
{
    (void)state;
    uint8_t *pixels = malloc((size_t)(TRAINED + UNTRAINED) * PICTURE_BYTES);
    assert_non_null(pixels);
    read_faces(FACES, TRAINED, pixels);
    read_faces(HELD_OUT, UNTRAINED, pixels + (size_t)TRAINED * PICTURE_BYTES);
    for (size_t i = 0; i < TRAINED + UNTRAINED; i++)
        for (size_t k = 0; k < i; k++)
            assert_int_not_equal(
                memcmp(pixels + i * PICTURE_BYTES, pixels + k * PICTURE_BYTES, PICTURE_BYTES), 0);
    free(pixels);
}

#define DRY_RUN(...)                                                                               \
    RUN("train", "--dry-run", "--cfg", "stylegan2", "--data", FACES, "--outdir", *state,           \
        "--batch", "4", "--cbase", "64", "--cmax", "4", "--z-dim", "8", "--w-dim", "8",            \
        "--map-depth", "1", __VA_ARGS__)

static void training_takes_them(void **state)
{
    assert_done(DRY_RUN("--mirror"), "455 images of 64x64 with 3 channels, no labels");
    assert_done(DRY_RUN("--cond"), "455 images of 64x64 with 3 channels, 25 label values");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(faces_have_attributes),
        cmocka_unit_test(no_two_faces_are_equal),
        cmocka_unit_test_setup_teardown(training_takes_them, temporary_folder_setup,
                                        temporary_folder_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
