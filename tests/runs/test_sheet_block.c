/* Pictures of sheets: which are taken, and sheets that do not say where they lie. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "image/files/png_file.h"
#include "runs/sheet_block.h"
#include "support/made_run.h"
#include "support/temporary_folder.h"

static sg_run_record made(void **state)
{
    sg_run_record run;
    char *folder = made_run(state, "00001-a", "{}", 2, 1);
    assert_int_equal(sg_run_record_open(folder, &run, NULL), SG_OK);
    free(folder);
    return run;
}

/* The level of the picture at a column and a row of pictures of 8x8 with gaps of 1. */
static int level(const sg_image *block, size_t column, size_t row)
{
    return block->pixels[3 * ((row * 9 + 4) * block->width + column * 9 + 4)];
}

static void test_first_columns_and_rows_evenly(void **state)
{
    sg_run_record run = made(state);
    sg_image *block = NULL;
    assert_int_equal(sg_sheet_block_read(&run, 2, 2, 3, 8, &block, NULL), SG_OK);
    assert_int_equal(block->width, 17);
    assert_int_equal(block->height, 26);
    assert_int_equal(level(block, 0, 0), 2);
    assert_int_equal(level(block, 1, 1), 40 * 2 + 4 + 2);
    assert_int_equal(level(block, 0, 2), 40 * 4 + 2);
    sg_image_destroy(block);
    assert_int_equal(sg_sheet_block_read(&run, 1, 0, 99, 8, &block, NULL), SG_OK);
    assert_int_equal(block->width, 6 * 9 - 1);
    assert_int_equal(level(block, 5, 4), 40 * 4 + 4 * 5 + 1);
    sg_image_destroy(block);
    sg_run_record_close(&run);
}

static void test_older_sheets_come_whole(void **state)
{
    sg_run_record run = made(state);
    char path[4200];
    sg_image *sheet = NULL;
    sg_image *block = NULL;
    sg_record_sheet_path(&run, 1, path, sizeof path);
    assert_int_equal(sg_image_create(30, 20, 1, &sheet, NULL), SG_OK);
    assert_int_equal(sg_png_write(path, sheet, NULL, 0, NULL), SG_OK);
    assert_int_equal(sg_sheet_block_read(&run, 1, 2, 2, 8, &block, NULL), SG_OK);
    assert_int_equal(block->width, 30);
    sg_image_destroy(sheet);
    sg_image_destroy(block);
    sg_run_record_close(&run);
}

static void test_missing_and_damaged_sheets_are_sentences(void **state)
{
    sg_run_record run = made(state);
    sg_image *block = NULL;
    sg_error error = {0};
    assert_int_equal(sg_sheet_block_read(&run, 77, 2, 2, 8, &block, &error), SG_ERROR_FILE);
    assert_non_null(strstr(error.message, "fakes-000077000.png"));
    made_run_file(run.folder, "fakes-000001000.png", "no picture");
    assert_int_equal(sg_sheet_block_read(&run, 1, 2, 2, 8, &block, NULL), SG_ERROR_FORMAT);
    assert_null(block);
    sg_run_record_close(&run);
}

int main(void)
{
#define TEST(name)                                                                                 \
    cmocka_unit_test_setup_teardown(name, temporary_folder_setup, temporary_folder_teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_first_columns_and_rows_evenly),
        TEST(test_older_sheets_come_whole),
        TEST(test_missing_and_damaged_sheets_are_sentences),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
