/* Grids: where pictures land, gaps, enlargement, background, refusals. */
#include "image/figures/grid.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static sg_image *filled_image(size_t width, size_t height, size_t channels, uint8_t first)
{
    sg_image *image = NULL;
    assert_int_equal(sg_image_create(width, height, channels, &image, NULL), SG_OK);
    for (size_t i = 0; i < sg_image_size(image); i++)
        image->pixels[i] = (uint8_t)(first + i);
    return image;
}

static sg_grid_layout layout_of(size_t columns, size_t rows, size_t width, size_t height,
                                size_t channels)
{
    sg_grid_layout layout;
    sg_grid_layout_init(&layout);
    layout.columns = columns;
    layout.rows = rows;
    layout.cell_width = width;
    layout.cell_height = height;
    layout.channels = channels;
    return layout;
}

static void test_places_with_gap(void **state)
{
    (void)state;
    static const uint8_t expected[] = {
        9, 9, 9, 10, 11, /* row 0 of the upper cells */
        9, 9, 9, 12, 13, /* row 1 */
        9, 9, 9, 9,  9,  /* gap */
        1, 2, 9, 9,  9,  /* row 0 of the lower cells */
        3, 4, 9, 9,  9,
    };
    sg_grid_layout layout = layout_of(2, 2, 2, 2, 1);
    layout.gap = 1;
    layout.background = 9;
    sg_grid *grid = NULL;
    assert_int_equal(sg_grid_create(&layout, &grid, NULL), SG_OK);
    sg_image *lower_left = filled_image(2, 2, 1, 1);
    sg_image *upper_right = filled_image(2, 2, 1, 10);
    assert_int_equal(sg_grid_paste(grid, 0, 1, lower_left, NULL), SG_OK);
    assert_int_equal(sg_grid_paste(grid, 1, 0, upper_right, NULL), SG_OK);
    const sg_image *whole = sg_grid_image(grid);
    assert_int_equal(whole->width, 5);
    assert_int_equal(whole->height, 5);
    assert_memory_equal(whole->pixels, expected, sizeof expected);
    sg_image_destroy(lower_left);
    sg_image_destroy(upper_right);
    sg_grid_destroy(grid);
}

static void test_scales_cells_but_not_gaps(void **state)
{
    (void)state;
    static const uint8_t row[] = {1, 2, 3, 1, 2, 3, 0, 0, 0, 4, 5, 6, 4, 5, 6};
    sg_grid_layout layout = layout_of(2, 1, 1, 1, 3);
    layout.gap = 1;
    layout.scale = 2;
    sg_grid *grid = NULL;
    assert_int_equal(sg_grid_create(&layout, &grid, NULL), SG_OK);
    for (size_t column = 0; column < 2; column++) {
        sg_image *image = filled_image(1, 1, 3, (uint8_t)(1 + 3 * column));
        assert_int_equal(sg_grid_paste(grid, column, 0, image, NULL), SG_OK);
        sg_image_destroy(image);
    }
    const sg_image *whole = sg_grid_image(grid);
    assert_int_equal(whole->width, 5);
    assert_int_equal(whole->height, 2);
    assert_memory_equal(whole->pixels, row, sizeof row);
    assert_memory_equal(whole->pixels + sizeof row, row, sizeof row);
    sg_grid_destroy(grid);
}

static void test_background_is_opaque(void **state)
{
    (void)state;
    static const uint8_t grey[] = {7, 255, 7, 255};
    static const uint8_t colour[] = {7, 7, 7, 255, 7, 7, 7, 255};
    sg_grid_layout layout = layout_of(2, 1, 1, 1, 2);
    layout.background = 7;
    sg_grid *grid = NULL;
    assert_int_equal(sg_grid_create(&layout, &grid, NULL), SG_OK);
    assert_memory_equal(sg_grid_image(grid)->pixels, grey, sizeof grey);
    sg_grid_destroy(grid);
    layout.channels = 4;
    assert_int_equal(sg_grid_create(&layout, &grid, NULL), SG_OK);
    assert_memory_equal(sg_grid_image(grid)->pixels, colour, sizeof colour);
    sg_grid_destroy(grid);
}

static void test_refuses_bad_layouts(void **state)
{
    (void)state;
    const sg_grid_layout layouts[] = {layout_of(0, 1, 2, 2, 1),
                                      layout_of(1, 0, 2, 2, 1),
                                      layout_of(1, 1, 0, 2, 1),
                                      layout_of(1, 1, 2, 2, 5),
                                      layout_of(SIZE_MAX, 2, 2, 2, 1),
                                      layout_of(2, 2, 2, 2, 0),
                                      layout_of(1, 2, 2, SG_IMAGE_LARGEST_SIDE, 1)};
    for (size_t i = 0; i < sizeof layouts / sizeof layouts[0]; i++) {
        sg_error error = {0};
        sg_grid *grid = (sg_grid *)&error;
        assert_int_equal(sg_grid_create(&layouts[i], &grid, &error), SG_ERROR_ARGUMENT);
        assert_null(grid);
        assert_true(strlen(error.message) > 0);
    }
    sg_grid_destroy(NULL);
}

static void test_refuses_bad_places(void **state)
{
    (void)state;
    const sg_grid_layout layout = layout_of(2, 1, 2, 2, 1);
    sg_grid *grid = NULL;
    assert_int_equal(sg_grid_create(&layout, &grid, NULL), SG_OK);
    sg_image *fitting = filled_image(2, 2, 1, 1);
    sg_image *wide = filled_image(3, 2, 1, 1);
    sg_image *colour = filled_image(2, 2, 3, 1);
    assert_int_equal(sg_grid_paste(grid, 2, 0, fitting, NULL), SG_ERROR_ARGUMENT);
    assert_int_equal(sg_grid_paste(grid, 0, 1, fitting, NULL), SG_ERROR_ARGUMENT);
    assert_int_equal(sg_grid_paste(grid, 0, 0, wide, NULL), SG_ERROR_SHAPE);
    assert_int_equal(sg_grid_paste(grid, 0, 0, colour, NULL), SG_ERROR_SHAPE);
    for (size_t i = 0; i < sg_image_size(sg_grid_image(grid)); i++)
        assert_int_equal(sg_grid_image(grid)->pixels[i], 0);
    sg_image_destroy(fitting);
    sg_image_destroy(wide);
    sg_image_destroy(colour);
    sg_grid_destroy(grid);
}

static void test_scale_for(void **state)
{
    (void)state;
    assert_int_equal(sg_grid_scale_for(32, 32, 128), 4);
    assert_int_equal(sg_grid_scale_for(32, 30, 129), 5);
    assert_int_equal(sg_grid_scale_for(30, 32, 128), 4);
    assert_int_equal(sg_grid_scale_for(256, 256, 128), 1);
    assert_int_equal(sg_grid_scale_for(128, 128, 128), 1);
    assert_int_equal(sg_grid_scale_for(0, 0, 128), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_places_with_gap),
        cmocka_unit_test(test_scales_cells_but_not_gaps),
        cmocka_unit_test(test_background_is_opaque),
        cmocka_unit_test(test_refuses_bad_layouts),
        cmocka_unit_test(test_refuses_bad_places),
        cmocka_unit_test(test_scale_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
