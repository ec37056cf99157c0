/* Pages: labelled and plain, and how far pictures are enlarged. */
#include "image/figures/page.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static sg_figure_layout layout_of(size_t columns, size_t rows, size_t width, size_t height)
{
    return (sg_figure_layout){.columns = {.count = columns},
                              .rows = {.count = rows},
                              .cell_width = width,
                              .cell_height = height,
                              .scale = 1};
}

static void small_pictures_are_enlarged_as_far_as_they_fit(void **state)
{
    (void)state;
    sg_figure_layout layout = layout_of(10, 10, 32, 16);
    assert_int_equal(sg_page_scale(&layout, 128), 4);
    layout = layout_of(10, 200, 32, 32);
    assert_int_equal(sg_page_scale(&layout, 128), 2);
    layout = layout_of(4, 4, 1024, 1024);
    assert_int_equal(sg_page_scale(&layout, 128), 1);
    layout = layout_of(10000, 1, 32, 32);
    assert_int_equal(sg_page_scale(&layout, 128), 1);
}

static sg_image *filled_image(size_t width, size_t height, size_t channels, uint8_t level)
{
    sg_image *image = NULL;
    assert_int_equal(sg_image_create(width, height, channels, &image, NULL), SG_OK);
    memset(image->pixels, level, sg_image_size(image));
    return image;
}

/* A page of two cells with a picture in the second. */
static sg_page *half_filled_page(bool plain)
{
    static const char *const captions[] = {"first", "second"};
    sg_error error = {0};
    sg_page *page = NULL;
    sg_figure_layout layout = layout_of(2, 1, 3, 2);
    layout.title = "a title";
    layout.captions = captions;
    layout.plain = plain;
    if (sg_page_create(&layout, 1, &page, &error))
        fail_msg("%s", error.message);
    sg_image *image = filled_image(3, 2, 1, 77);
    assert_int_equal(sg_page_paste(page, 1, 0, image, NULL), SG_OK);
    sg_image_destroy(image);
    return page;
}

static void plain_pages_are_pictures_alone(void **state)
{
    (void)state;
    static const uint8_t expected[] = {0, 0, 0, 77, 77, 77, 0, 0, 0, 77, 77, 77};
    sg_page *page = half_filled_page(true);
    const sg_image *whole = sg_page_image(page);
    assert_int_equal(whole->channels, 1);
    assert_int_equal(whole->width, 6);
    assert_int_equal(whole->height, 2);
    assert_memory_equal(whole->pixels, expected, sizeof expected);
    sg_page_destroy(page);
}

static void labelled_pages_are_figures(void **state)
{
    (void)state;
    sg_page *page = half_filled_page(false);
    const sg_image *whole = sg_page_image(page);
    assert_int_equal(whole->channels, 3);
    assert_true(whole->width > 6 && whole->height > 2);
    assert_int_equal(whole->pixels[0], 255);
    sg_page_destroy(page);
    sg_page_destroy(NULL);
}

static void pages_that_cannot_be_are_refused(void **state)
{
    (void)state;
    sg_error error = {0};
    sg_page *page = NULL;
    sg_figure_layout layout = layout_of(10000, 1, 32, 32);
    assert_int_equal(sg_page_create(&layout, 1, &page, &error), SG_ERROR_ARGUMENT);
    assert_null(page);
    layout.plain = true;
    assert_int_equal(sg_page_create(&layout, 1, &page, &error), SG_OK);
    sg_page_destroy(page);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_pictures_are_enlarged_as_far_as_they_fit),
        cmocka_unit_test(plain_pages_are_pictures_alone),
        cmocka_unit_test(labelled_pages_are_figures),
        cmocka_unit_test(pages_that_cannot_be_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
