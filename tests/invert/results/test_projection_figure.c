/* Figures of projections: their cells, differences, and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "invert/results/projection_figure.h"

enum { SIDE = 8 };

static sg_image *flat(uint8_t level, size_t channels)
{
    sg_error error = {0};
    sg_image *image = NULL;
    assert_int_equal(sg_image_create(SIDE, SIDE, channels, &image, &error), SG_OK);
    memset(image->pixels, level, sg_image_size(image));
    return image;
}

/* Counts the pixels of one grey level. */
static size_t count_level(const sg_image *image, uint8_t level)
{
    size_t count = 0;
    for (size_t i = 0; i < image->width * image->height; i++) {
        const uint8_t *pixel = image->pixels + i * image->channels;
        count += pixel[0] == level && pixel[1] == level && pixel[2] == level;
    }
    return count;
}

static void a_figure_shows_target_stages_and_difference(void **state)
{
    sg_error error = {0};
    sg_image *figure = NULL;
    sg_image *target = flat(100, 3);
    sg_projection_stage stages[] = {{"step 0", "", flat(30, 3)}, {"result", "30 dB", flat(110, 3)}};
    const sg_projection_row row = {NULL, target, NULL, stages};
    (void)state;
    if (sg_projection_figure_draw(&row, 1, 2, "title", &figure, &error))
        fail_msg("%s", error.message);
    const size_t cell = 128 * 128;
    /* Letters have greys as well. The difference is 4 times 10. */
    assert_in_range(count_level(figure, 100), cell, cell + 50);
    assert_in_range(count_level(figure, 30), cell, cell + 50);
    assert_in_range(count_level(figure, 110), cell, cell + 50);
    assert_in_range(count_level(figure, 40), cell, cell + 50);
    sg_image_destroy(figure);
    for (int i = 0; i < 2; i++)
        sg_image_destroy(stages[i].picture);
    sg_image_destroy(target);
}

static void pixels_without_weight_have_no_difference(void **state)
{
    static const float weights[SIDE * SIDE] = {0};
    sg_error error = {0};
    sg_image *figure = NULL;
    sg_image *target = flat(100, 1);
    sg_projection_stage stage = {"result", "", flat(110, 1)};
    const sg_projection_row row = {NULL, target, weights, &stage};
    (void)state;
    if (sg_projection_figure_draw(&row, 1, 1, NULL, &figure, &error))
        fail_msg("%s", error.message);
    assert_in_range(count_level(figure, 0), 128 * 128, 128 * 128 + 300); /* and letters */
    assert_true(count_level(figure, 40) < 50);
    sg_image_destroy(figure);
    sg_image_destroy(stage.picture);
    sg_image_destroy(target);
}

static void a_figure_without_rows_is_refused(void **state)
{
    sg_error error = {0};
    sg_image *figure = NULL;
    (void)state;
    assert_int_equal(sg_projection_figure_draw(NULL, 0, 1, NULL, &figure, &error),
                     SG_ERROR_ARGUMENT);
    assert_null(figure);
}

static void pictures_stand_side_by_side(void **state)
{
    sg_error error = {0};
    sg_image *both = NULL;
    sg_image *left = flat(1, 1);
    sg_image *right = flat(2, 1);
    (void)state;
    assert_int_equal(sg_image_beside(left, right, &both, &error), SG_OK);
    assert_int_equal(both->width, 2 * SIDE);
    for (size_t i = 0; i < sg_image_size(both); i++)
        assert_int_equal(both->pixels[i], i % (2 * SIDE) < SIDE ? 1 : 2);
    sg_image_destroy(left);
    sg_image_destroy(right);
    sg_image_destroy(both);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_figure_shows_target_stages_and_difference),
        cmocka_unit_test(pixels_without_weight_have_no_difference),
        cmocka_unit_test(a_figure_without_rows_is_refused),
        cmocka_unit_test(pictures_stand_side_by_side),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
