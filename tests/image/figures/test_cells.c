/* Where the pictures of pages lie: what a page says is where they are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "image/figures/page.h"

enum { COLUMNS = 3, ROWS = 2, WIDTH = 5, HEIGHT = 4 };

/* A picture whose every pixel is `level`. */
static sg_image *grey(size_t width, size_t height, int level)
{
    sg_image *image = NULL;
    assert_int_equal(sg_image_create(width, height, 1, &image, NULL), SG_OK);
    memset(image->pixels, level, width * height);
    return image;
}

static void cut_of(const sg_figure_layout *layout)
{
    sg_page *page = NULL;
    sg_cells said;
    sg_cells cells;
    char text[SG_CELLS_BYTES];
    assert_int_equal(sg_page_create(layout, 1, &page, NULL), SG_OK);
    for (int i = 0; i < ROWS * COLUMNS; i++) {
        sg_image *image = grey(WIDTH, HEIGHT, 20 + i);
        assert_int_equal(
            sg_page_paste(page, (size_t)(i % COLUMNS), (size_t)(i / COLUMNS), image, NULL), SG_OK);
        sg_image_destroy(image);
    }
    const sg_image *whole = sg_page_image(page);
    const sg_image_shape shape = sg_image_shape_of(whole);
    assert_true(sg_page_cells(page, &said));
    sg_cells_print(&said, text);
    assert_true(sg_cells_parse(text, &shape, &cells));
    for (int i = 0; i < ROWS * COLUMNS; i++) {
        sg_image *cut = NULL;
        assert_int_equal(
            sg_cells_cut(&cells, whole, (size_t)(i % COLUMNS), (size_t)(i / COLUMNS), &cut, NULL),
            SG_OK);
        assert_int_equal(cut->width, WIDTH);
        assert_int_equal(cut->height, HEIGHT);
        for (size_t k = 0; k < sg_image_size(cut); k++)
            assert_int_equal(cut->pixels[k], 20 + i);
        sg_image_destroy(cut);
    }
    sg_page_destroy(page);
}

static void test_pictures_are_where_the_page_says(void **state)
{
    (void)state;
    static const char *const labels[] = {"a row", "another"};
    sg_figure_layout layout = {.columns = {.count = COLUMNS},
                               .rows = {.count = ROWS, .labels = labels},
                               .cell_width = WIDTH,
                               .cell_height = HEIGHT,
                               .scale = 3,
                               .title = "a title that is much wider than the pictures"};
    cut_of(&layout);
    layout.plain = true;
    cut_of(&layout);
}

static void test_groups_have_no_common_distance(void **state)
{
    (void)state;
    const sg_figure_group groups[] = {{1, NULL}, {2, NULL}};
    const sg_figure_layout layout = {.columns = {.count = 3, .groups = groups, .group_count = 2},
                                     .rows = {.count = 1},
                                     .cell_width = 4,
                                     .cell_height = 4,
                                     .scale = 1};
    sg_page *page = NULL;
    sg_cells cells;
    assert_int_equal(sg_page_create(&layout, 3, &page, NULL), SG_OK);
    assert_false(sg_page_cells(page, &cells));
    sg_page_destroy(page);
}

static void test_other_texts_are_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        "2x2 pictures",
        "2x2 pictures of 8x8 at 1,1, each 9,9 on, enlarged 0 times",
        "2x2 pictures of 8x8 at 1,1, each 7,9 on, enlarged 1 times",
        "2x2 pictures of 8x8 at 4,1, each 9,9 on, enlarged 1 times",
        "0x2 pictures of 8x8 at 1,1, each 9,9 on, enlarged 1 times",
        "2x2 pictures of 8x9 at 1,1, each 9,9 on, enlarged 2 times",
        "99999999999x2 pictures of 8x8 at 1,1, each 9,9 on, enlarged 1 times",
        "2x2 pictures of 8x8 at 18446744073709551615,1, each 9,9 on, enlarged 1 times",
        "2x2 pictures of 8x8 at 1,1, each 18446744073709551615,9 on, enlarged 1 times",
    };
    const sg_image_shape page = {20, 20, 3};
    sg_cells cells;
    assert_true(
        sg_cells_parse("2x2 pictures of 8x8 at 1,1, each 9,9 on, enlarged 2 times", &page, &cells));
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        assert_false(sg_cells_parse(texts[i], &page, &cells));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pictures_are_where_the_page_says),
        cmocka_unit_test(test_groups_have_no_common_distance),
        cmocka_unit_test(test_other_texts_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
