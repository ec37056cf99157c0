/* Files of no kind, and data sets as collections. */
#include "data/kinds/open_dataset.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support/idx_file.h"
#include "support/temporary_folder.h"

static void test_unknown_files(void **state)
{
    sg_picture_source *source = (sg_picture_source *)state;
    char *path = temporary_path(state, "notes.txt");
    sg_dataset *dataset = (sg_dataset *)path;
    sg_error error = {0};
    assert_int_equal(sg_dataset_open(path, &dataset, &error), SG_ERROR_FILE);
    assert_null(dataset);
    assert_non_null(strstr(error.message, path));

    error = (sg_error){0};
    raw_write(path, "hello", 5);
    assert_int_equal(sg_dataset_open(path, &dataset, &error), SG_ERROR_FORMAT);
    assert_null(dataset);
    assert_non_null(strstr(error.message, path));
    assert_non_null(
        strstr(error.message, "it seems to be a text (\"hello\"); expected an IDX file"));
    error = (sg_error){0};
    assert_int_equal(sg_picture_source_open(path, &source, &error), SG_ERROR_FORMAT);
    assert_null(source);
    assert_non_null(strstr(error.message, ", or a zip archive of pictures, or a folder"));
    free(path);
}

static void test_every_kind_opens_as_a_collection(void **state)
{
    sg_picture_source *source = NULL;
    sg_image *image = NULL;
    sg_image_shape shape = {0};
    (void)state;
    assert_int_equal(sg_picture_source_open("data/mnist", &source, NULL), SG_OK);
    assert_int_equal(source->label_count, 10);
    assert_int_equal(sg_picture_source_measure(source, source->count - 1, &shape, NULL), SG_OK);
    assert_int_equal(shape.width, 32);
    assert_int_equal(sg_picture_source_read(source, 0, &image, NULL), SG_OK);
    assert_int_equal(image->channels, 1);
    sg_image_destroy(image);
    sg_picture_source_destroy(source);
    sg_error error = {0};
    assert_int_equal(sg_picture_source_open("docs/images", &source, &error), SG_OK);
    assert_true(source->count > 1);
    sg_picture_source_destroy(source);
    sg_dataset *dataset = NULL;
    assert_int_equal(sg_dataset_open("docs/images", &dataset, &error), SG_ERROR_SHAPE);
    assert_non_null(strstr(error.message, "all pictures must be alike"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_unknown_files, temporary_folder_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test(test_every_kind_opens_as_a_collection),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
