/* Figures: where pictures and labels land, enlargement, groups, refusals. */
#include "image/figures/figure.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { WIDTH = 6, HEIGHT = 4 };

static sg_image *filled_image(size_t width, size_t height, size_t channels, uint8_t level)
{
    sg_image *image = NULL;
    assert_int_equal(sg_image_create(width, height, channels, &image, NULL), SG_OK);
    memset(image->pixels, level, sg_image_size(image));
    return image;
}

static sg_figure_layout layout_of(size_t columns, size_t rows, size_t scale)
{
    return (sg_figure_layout){.columns = {.count = columns},
                              .rows = {.count = rows},
                              .cell_width = WIDTH,
                              .cell_height = HEIGHT,
                              .scale = scale};
}

static sg_figure *create(const sg_figure_layout *layout)
{
    sg_error error = {0};
    sg_figure *figure = NULL;
    if (sg_figure_create(layout, &figure, &error))
        fail_msg("%s", error.message);
    return figure;
}

/* How many pixels of the figure have this level in all channels, within a rectangle. */
static size_t count_level(const sg_image *image, uint8_t level, size_t left, size_t top,
                          size_t width, size_t height)
{
    size_t count = 0;
    for (size_t y = top; y < top + height; y++)
        for (size_t x = left; x < left + width; x++) {
            const uint8_t *pixel = image->pixels + (y * image->width + x) * 3;
            count += pixel[0] == level && pixel[1] == level && pixel[2] == level;
        }
    return count;
}

static size_t count_all(const sg_image *image, uint8_t level)
{
    return count_level(image, level, 0, 0, image->width, image->height);
}

/* Finds the left top corner of a cell by a picture that fills it, and makes it white again. */
static void find_corner(sg_figure *figure, size_t column, size_t row, size_t *left, size_t *top)
{
    enum { MARK = 77 };
    const sg_image *whole = sg_figure_image(figure);
    sg_image *mark = filled_image(WIDTH, HEIGHT, 1, MARK);
    sg_image *white = filled_image(WIDTH, HEIGHT, 1, 255);
    assert_int_equal(sg_figure_paste(figure, column, row, mark, NULL), SG_OK);
    size_t first = 0;
    while (first < whole->width * whole->height && whole->pixels[3 * first] != MARK)
        first++;
    *left = first % whole->width;
    *top = first / whole->width;
    assert_int_equal(sg_figure_paste(figure, column, row, white, NULL), SG_OK);
    sg_image_destroy(mark);
    sg_image_destroy(white);
}

static void plain_figures_are_pictures_alone(void **state)
{
    (void)state;
    static const char *const labels[] = {"a", "b"};
    static const sg_figure_group groups[] = {{1, "c"}, {1, "d"}};
    sg_figure_layout layout = layout_of(2, 3, 1);
    layout.columns.labels = labels;
    layout.columns.groups = groups;
    layout.columns.group_count = 2;
    layout.plain = true;
    sg_figure *figure = create(&layout);
    const sg_image *whole = sg_figure_image(figure);
    sg_image *image = filled_image(WIDTH, HEIGHT, 1, 90);
    assert_int_equal(whole->width, 2 * WIDTH);
    assert_int_equal(whole->height, 3 * HEIGHT);
    assert_int_equal(whole->channels, 3);
    assert_int_equal(count_all(whole, 255), 6 * WIDTH * HEIGHT);
    assert_int_equal(sg_figure_paste(figure, 1, 2, image, NULL), SG_OK);
    assert_int_equal(count_level(whole, 90, WIDTH, 2 * HEIGHT, WIDTH, HEIGHT), WIDTH * HEIGHT);
    assert_int_equal(count_all(whole, 90), WIDTH * HEIGHT);
    sg_image_destroy(image);
    sg_figure_destroy(figure);
}

static void pictures_are_enlarged_in_the_middle_of_their_cells(void **state)
{
    (void)state;
    const sg_figure_layout layout = layout_of(2, 2, 5);
    sg_figure *figure = create(&layout);
    sg_image *full = filled_image(WIDTH, HEIGHT, 3, 10);
    sg_image *part = filled_image(4, 3, 3, 20); /* 30x20 pixels take it 6 times: 24x18 */
    size_t left = 0;
    size_t top = 0;
    const sg_image *whole = sg_figure_image(figure);
    find_corner(figure, 0, 1, &left, &top);
    assert_int_equal(sg_figure_paste(figure, 0, 1, full, NULL), SG_OK);
    assert_int_equal(count_level(whole, 10, left, top, 30, 20), 600);
    assert_int_equal(count_all(whole, 10), 600);
    find_corner(figure, 1, 0, &left, &top);
    assert_int_equal(sg_figure_paste(figure, 1, 0, part, NULL), SG_OK);
    assert_int_equal(count_level(whole, 20, left + 3, top + 1, 24, 18), 24 * 18);
    assert_int_equal(count_all(whole, 20), 24 * 18);
    sg_image_destroy(full);
    sg_image_destroy(part);
    sg_figure_destroy(figure);
}

/* The gap before column or row `index`. */
static size_t gap_before(sg_figure *figure, size_t index, bool row)
{
    size_t before[2];
    size_t after[2];
    find_corner(figure, row ? 0 : index - 1, row ? index - 1 : 0, &before[0], &before[1]);
    find_corner(figure, row ? 0 : index, row ? index : 0, &after[0], &after[1]);
    return after[row] - before[row] - (row ? HEIGHT : WIDTH);
}

static void groups_stand_apart(void **state)
{
    (void)state;
    static const sg_figure_group columns[] = {{1, NULL}, {0, "left out"}, {3, NULL}};
    static const sg_figure_group rows[] = {{0, NULL}, {2, NULL}, {1, NULL}, {0, NULL}};
    sg_figure_layout layout = layout_of(4, 3, 1);
    layout.columns.groups = columns;
    layout.columns.group_count = 3;
    layout.rows.groups = rows;
    layout.rows.group_count = 4;
    sg_figure *figure = create(&layout);
    const size_t narrow = gap_before(figure, 2, false);
    const size_t wide = gap_before(figure, 1, false);
    assert_true(wide > narrow);
    assert_int_equal(gap_before(figure, 3, false), narrow);
    assert_int_equal(gap_before(figure, 1, true), narrow);
    assert_int_equal(gap_before(figure, 2, true), wide);
    sg_figure_destroy(figure);
}

/* Pixels with ink, anything darker than white. */
static size_t count_ink(const sg_image *image, size_t left, size_t top, size_t width, size_t height)
{
    return width * height - count_level(image, 255, left, top, width, height);
}

static void labels_lie_outside_the_pictures(void **state)
{
    (void)state;
    enum { SCALE = 10 };
    static const char *const columns[] = {NULL, "seed 1"};
    static const char *const rows[] = {"psi = 0.5", NULL};
    static const sg_figure_group column_groups[] = {{1, NULL}, {1, "source B"}};
    static const sg_figure_group row_groups[] = {{2, "a label that must shrink to fit here"}};
    sg_figure_layout layout = layout_of(2, 2, SCALE);
    layout.columns = (sg_figure_side){2, columns, column_groups, 2};
    layout.rows = (sg_figure_side){2, rows, row_groups, 1};
    sg_figure *figure = create(&layout);
    const sg_image *whole = sg_figure_image(figure);
    size_t left[2];
    size_t top[2];
    find_corner(figure, 0, 0, &left[0], &top[0]);
    find_corner(figure, 1, 1, &left[1], &top[1]);
    const size_t width = WIDTH * SCALE;
    const size_t height = HEIGHT * SCALE;
    /* Above the second column alone, and beside the first row; a group's label beside both. */
    assert_true(count_ink(whole, left[1], 0, width, top[0]) > 50);
    assert_int_equal(count_ink(whole, left[0], 0, width, top[0]), 0);
    assert_true(count_ink(whole, left[0] / 2, top[0], left[0] / 2, height) > 50);
    assert_int_equal(count_ink(whole, left[0] / 2, top[1], left[0] / 2, height), 0);
    assert_true(count_ink(whole, 0, top[0], left[0] / 3, top[1] + height - top[0]) > 50);
    assert_int_equal(
        count_ink(whole, left[0], top[0], whole->width - left[0], whole->height - top[0]), 0);
    sg_figure_destroy(figure);
}

/* A title is above everything, captions are below their pictures, and columns make room for them.
 */
static void titles_and_captions_have_room(void **state)
{
    (void)state;
    static const char *const captions[] = {"a rather long caption", NULL};
    sg_figure_layout layout = layout_of(2, 1, 1);
    size_t left[2];
    size_t top[2];
    layout.captions = captions;
    layout.title = "title";
    layout.gap = 5;
    sg_figure *figure = create(&layout);
    const sg_image *whole = sg_figure_image(figure);
    for (size_t i = 0; i < 2; i++)
        find_corner(figure, i, 0, &left[i], &top[i]);
    const size_t pitch = left[1] - left[0];
    assert_true(pitch > 60);
    assert_true(top[0] > 20);
    assert_true(count_level(whole, 255, 0, 0, whole->width, top[0]) < whole->width * top[0]);
    const size_t below = top[0] + HEIGHT;
    assert_true(count_level(whole, 255, 0, below, pitch, whole->height - below) <
                pitch * (whole->height - below));
    assert_int_equal(count_level(whole, 255, left[1] - 8, below, pitch / 2, whole->height - below),
                     pitch / 2 * (whole->height - below));
    sg_figure_destroy(figure);
}

/* What is transparent shows the white page, and black in a plain figure. */
static void alpha_lets_the_page_through(void **state)
{
    (void)state;
    for (int plain = 0; plain < 2; plain++) {
        sg_figure_layout layout = layout_of(1, 1, 1);
        layout.plain = plain;
        sg_figure *figure = create(&layout);
        sg_image *image = filled_image(WIDTH, HEIGHT, 4, 0);
        image->pixels[0] = 200;
        image->pixels[3] = 255;
        assert_int_equal(sg_figure_paste(figure, 0, 0, image, NULL), SG_OK);
        const sg_image *whole = sg_figure_image(figure);
        const uint8_t *pixel =
            whole->pixels + (plain ? 0 : 3 * (whole->width * 8 + 8)); /* after the margin */
        assert_int_equal(pixel[0], 200);
        assert_int_equal(pixel[1], 0);
        assert_int_equal(pixel[3], plain ? 0 : 255);
        sg_image_destroy(image);
        sg_figure_destroy(figure);
    }
}

static void equal_figures_are_equal(void **state)
{
    (void)state;
    static const char *const labels[] = {"one", "two"};
    sg_figure_layout layout = layout_of(2, 1, 20);
    layout.columns.labels = labels;
    sg_figure *first = create(&layout);
    sg_figure *second = create(&layout);
    assert_memory_equal(sg_figure_image(first)->pixels, sg_figure_image(second)->pixels,
                        sg_image_size(sg_figure_image(first)));
    sg_figure_destroy(first);
    sg_figure_destroy(second);
}

static void assert_refused(const sg_figure_layout *layout)
{
    sg_figure *figure = (sg_figure *)(uintptr_t)1;
    assert_int_equal(sg_figure_create(layout, &figure, NULL), SG_ERROR_ARGUMENT);
    assert_null(figure);
}

static void bad_layouts_are_refused(void **state)
{
    (void)state;
    static const sg_figure_group groups[] = {{1, NULL}, {2, NULL}};
    static const sg_figure_group wrapping[] = {{SIZE_MAX, NULL}, {3, NULL}};
    sg_figure_layout layout = layout_of(0, 1, 1);
    assert_refused(&layout);
    layout = layout_of(1, 0, 1);
    assert_refused(&layout);
    layout = layout_of(1, 1, 0);
    assert_refused(&layout);
    layout = layout_of(1, 1, SIZE_MAX);
    assert_refused(&layout);
    layout = layout_of(32767 / WIDTH, 1, 1); /* the gaps are too much */
    assert_refused(&layout);
    layout = layout_of(SIZE_MAX / 2, 1, 1);
    assert_refused(&layout);
    layout = layout_of(2, 2, 1);
    layout.rows.groups = groups;
    layout.rows.group_count = 2;
    assert_refused(&layout);
    layout.rows.groups = wrapping;
    assert_refused(&layout);
}

static void bad_places_are_refused(void **state)
{
    (void)state;
    const sg_figure_layout layout = layout_of(2, 1, 1);
    sg_figure *figure = create(&layout);
    sg_image *image = filled_image(WIDTH, HEIGHT, 1, 0);
    sg_image *wide = filled_image(WIDTH + 1, HEIGHT, 1, 0);
    assert_int_equal(sg_figure_paste(figure, 2, 0, image, NULL), SG_ERROR_ARGUMENT);
    assert_int_equal(sg_figure_paste(figure, 0, 1, image, NULL), SG_ERROR_ARGUMENT);
    assert_int_equal(sg_figure_paste(figure, 0, 0, wide, NULL), SG_ERROR_SHAPE);
    sg_image_destroy(image);
    sg_image_destroy(wide);
    sg_figure_destroy(figure);
    sg_figure_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_figures_are_pictures_alone),
        cmocka_unit_test(pictures_are_enlarged_in_the_middle_of_their_cells),
        cmocka_unit_test(groups_stand_apart),
        cmocka_unit_test(labels_lie_outside_the_pictures),
        cmocka_unit_test(titles_and_captions_have_room),
        cmocka_unit_test(alpha_lets_the_page_through),
        cmocka_unit_test(equal_figures_are_equal),
        cmocka_unit_test(bad_layouts_are_refused),
        cmocka_unit_test(bad_places_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
