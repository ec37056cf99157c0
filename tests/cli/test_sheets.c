/* The sheets of `generate`: what is written where, empty cells, enlargement, remarks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "support/generated.h"
#include "support/temporary_folder.h"

enum { MARGIN = 8, CELL = 128, GAP = 4, LINE = 15 + MARGIN, SIDE = 16, SCALE = CELL / SIDE };

#define PAINT(...) assert_done(GENERATE("--network", CONDITIONAL, __VA_ARGS__), "")

/* Returns whether anything dark is written in a rectangle of a white page. */
static bool is_written(const sg_image *page, size_t left, size_t top, size_t width, size_t height)
{
    assert_true(left + width <= page->width && top + height <= page->height);
    for (size_t y = top; y < top + height; y++)
        for (size_t x = left; x < left + width; x++)
            if (page->pixels[(y * page->width + x) * page->channels] < 128)
                return true;
    return false;
}

/* The page shows the picture, enlarged, with its left top corner at a pixel. */
static void assert_shown(void *const *state, const sg_image *page, size_t left, size_t top,
                         const char *name)
{
    sg_image *image = read_picture(state, name);
    assert_int_equal(image->width, SIDE);
    for (size_t y = 0; y < CELL; y++)
        for (size_t x = 0; x < CELL; x++)
            assert_int_equal(page->pixels[((top + y) * page->width + left + x) * 3],
                             image->pixels[(y / SCALE * SIDE + x / SCALE) * image->channels]);
    sg_image_destroy(image);
}

/* Seeds label the columns, classes the rows, and what is common is the title. */
static void sides_are_labelled_where_they_can(void **state)
{
    PAINT("--seeds", "7,3", "--class", "1,2", "--trunc", "0.7", "--grid", "2x2");
    sg_image *page = read_picture(state, "grid.png");
    const size_t left = page->width - MARGIN - 2 * CELL - GAP;
    const size_t top = MARGIN + 2 * LINE;
    assert_int_equal(page->height, top + 2 * CELL + GAP + MARGIN);
    assert_true(left > 40);
    assert_shown(state, page, left, top, "seed0007-class1.png");
    assert_shown(state, page, left + CELL + GAP, top + CELL + GAP, "seed0003-class2.png");
    assert_true(is_written(page, left, MARGIN, CELL, LINE - 4));
    assert_true(is_written(page, left, MARGIN + LINE, CELL, LINE - 4));
    assert_true(is_written(page, left + CELL + GAP, MARGIN + LINE, CELL, LINE - 4));
    assert_true(is_written(page, MARGIN, top, left - MARGIN, CELL));
    assert_true(is_written(page, MARGIN, top + CELL + GAP, left - MARGIN, CELL));
    sg_image_destroy(page);
    assert_remark(state, "grid.png", "seeds", "7,3");
    assert_remark(state, "grid.png", "class", "1,2");
    assert_remark(state, "grid.png", "truncation psi", "0.7");
}

/* Where no side can say it, captions do; the rest of the last row stays white. */
static void captions_say_the_rest(void **state)
{
    PAINT("--seeds", "0-2", "--class", "1", "--grid", "2x2");
    sg_image *page = read_picture(state, "grid.png");
    const size_t pitch = CELL + LINE + GAP;
    const size_t top = MARGIN + LINE;
    assert_int_equal(page->width, 2 * MARGIN + 2 * CELL + GAP);
    assert_int_equal(page->height, top + pitch + CELL + LINE + MARGIN);
    assert_shown(state, page, MARGIN, top, "seed0000.png");
    assert_shown(state, page, MARGIN, top + pitch, "seed0002.png");
    assert_true(is_written(page, MARGIN, top + CELL, CELL, LINE));
    assert_true(is_written(page, MARGIN, top + pitch + CELL, CELL, LINE));
    assert_false(is_written(page, MARGIN + CELL + GAP, top + pitch, CELL, CELL + LINE));
    sg_image_destroy(page);
}

/* Rows and columns without a picture are left out, and cells without one are counted. */
static void empty_cells_are_said(void **state)
{
    static const char *const note = "a grid of 5x5 has 25 cells for 3 pictures: 22";
    program_result result =
        GENERATE("--network", CONDITIONAL, "--seeds", "0-2", "--class", "1", "--grid", "5x5");
    assert_int_equal(result.status, 0);
    assert_holds(result.errors, note);
    program_result_clear(&result);
    sg_image *page = read_picture(state, "grid.png");
    assert_int_equal(page->width, 2 * MARGIN + 3 * CELL + 2 * GAP);
    sg_image_destroy(page);
    result = GENERATE("--network", CONDITIONAL, "--seeds", "0-2", "--class", "1", "--grid", "5x5",
                      "--plain");
    assert_holds(result.errors, "stay black");
    program_result_clear(&result);
    page = read_picture(state, "grid.png");
    assert_int_equal(page->width, 5 * SIDE);
    assert_int_equal(page->channels, 1);
    sg_image_destroy(page);
}

/* --scale holds for the pictures and the sheet; columns stay wide enough for what they say. */
static void scales_are_taken(void **state)
{
    PAINT("--seeds", "1000000-1000003", "--class", "1", "--grid", "2x2", "--scale", "2");
    sg_image *picture = read_picture(state, "seed1000000.png");
    assert_int_equal(picture->width, 2 * SIDE);
    sg_image_destroy(picture);
    sg_image *page = read_picture(state, "grid.png");
    assert_true(page->width > 2 * MARGIN + 2 * 60 + GAP);
    assert_true(page->width < 2 * MARGIN + 2 * CELL + GAP);
    sg_image_destroy(page);
    assert_fails(GENERATE("--network", CONDITIONAL, "--seeds", "1", "--scale", "0"), 2,
                 "--scale is 0, but must be a whole number from 1 to 64");
}

#define IN_FOLDER(test)                                                                            \
    cmocka_unit_test_setup_teardown(test, temporary_folder_setup, temporary_folder_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(sides_are_labelled_where_they_can),
        IN_FOLDER(captions_say_the_rest),
        IN_FOLDER(empty_cells_are_said),
        IN_FOLDER(scales_are_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
