/* Aligning: a template that was shifted, scaled and turned is found again. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "invert/targets/alignment.h"

enum { SIDE = 64, LARGE = 300 };

/* A face of sorts: a bright disc, two dark eyes and a mouth, on a dark ground; 0 to 1 each way. */
static double face(double x, double y)
{
    const double u = x - 0.5;
    const double v = y - 0.5;
    if (u * u + v * v > 0.16)
        return 40;
    if (hypot(u + 0.14, v + 0.1) < 0.07 || hypot(u - 0.14, v + 0.1) < 0.07)
        return 20;
    return fabs(v - 0.2) < 0.04 && fabs(u) < 0.18 ? 90 : 220;
}

static sg_image *paint(size_t side, double x, double y, double width, double angle, size_t channels)
{
    sg_error error = {0};
    sg_image *image = NULL;
    assert_int_equal(sg_image_create(side, side, channels, &image, &error), SG_OK);
    for (size_t row = 0; row < side; row++)
        for (size_t column = 0; column < side; column++) {
            const double u = (double)column + 0.5 - x;
            const double v = (double)row + 0.5 - y;
            const double level = face(0.5 + (u * cos(angle) + v * sin(angle)) / width,
                                      0.5 + (v * cos(angle) - u * sin(angle)) / width);
            memset(image->pixels + (row * side + column) * channels, (int)level, channels);
        }
    return image;
}

static void a_moved_template_is_found(void **state)
{
    static const sg_placement places[] = {{150, 150, 160, 0},
                                          {165, 140, 160, 0},
                                          {150, 150, 200, 0},
                                          {140, 155, 180, 0.3},
                                          {150, 160, 130, -0.25}};
    static const sg_box box = {70, 70, 230, 230};
    sg_image *wanted = paint(SIDE, SIDE / 2.0, SIDE / 2.0, SIDE, 0, 1);
    (void)state;
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        sg_error error = {0};
        sg_alignment found;
        const sg_placement *place = &places[i];
        sg_image *image = paint(LARGE, place->x, place->y, place->width, place->angle, 3);
        if (sg_align_picture(image, &box, wanted, &found, &error))
            fail_msg("%s", error.message);
        assert_true(found.after > 0.97 && found.after >= found.before);
        assert_true(fabs(found.placement.x - place->x) < 2.5);
        assert_true(fabs(found.placement.y - place->y) < 2.5);
        assert_true(fabs(found.placement.width / place->width - 1) < 0.04);
        assert_true(fabs(found.placement.angle - place->angle) < 0.05);
        sg_image_destroy(image);
    }
    sg_image_destroy(wanted);
}

static void a_flat_picture_keeps_its_box(void **state)
{
    static const sg_box box = {70, 90, 230, 250};
    sg_error error = {0};
    sg_alignment found;
    sg_image *flat = NULL;
    sg_image *wanted = paint(SIDE, SIDE / 2.0, SIDE / 2.0, SIDE, 0, 3);
    (void)state;
    assert_int_equal(sg_image_create(LARGE, LARGE, 1, &flat, &error), SG_OK);
    assert_int_equal(sg_align_picture(flat, &box, wanted, &found, &error), SG_OK);
    assert_true(fabs(found.placement.x - 150) < 1e-9 && fabs(found.placement.y - 170) < 1e-9);
    assert_true(fabs(found.placement.width - 160) < 1e-9 && found.placement.angle == 0);
    assert_true(found.before == 0 && found.after == 0);
    sg_image_destroy(flat);
    sg_image_destroy(wanted);
}

static void a_box_beyond_the_picture_is_refused(void **state)
{
    static const sg_box boxes[] = {
        {-1, 0, 10, 10}, {0, 0, LARGE + 1, 10}, {10, 0, 10, 10}, {0, NAN, 10, 10}};
    sg_image *image = paint(LARGE, 150, 150, 160, 0, 1);
    (void)state;
    for (size_t i = 0; i < sizeof boxes / sizeof *boxes; i++) {
        sg_error error = {0};
        sg_alignment found;
        assert_int_equal(sg_align_picture(image, &boxes[i], image, &found, &error),
                         SG_ERROR_ARGUMENT);
    }
    sg_image_destroy(image);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_moved_template_is_found),
        cmocka_unit_test(a_flat_picture_keeps_its_box),
        cmocka_unit_test(a_box_beyond_the_picture_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
