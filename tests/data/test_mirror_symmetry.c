/* Which sets may be mirrored: one whose pictures are turned as often as not, and one of strokes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "data/mirror_symmetry.h"
#include "support/close.h"

enum { SIDE = 8, PICTURES = 400 };

/* A stroke that leans to the right; in a turned set, to the left in every other picture. Rows hold
 * different levels, which is variance. */
static sg_status read_stroke(const void *state, size_t index, uint8_t *pixels, int *label,
                             sg_error *error)
{
    const bool turned = *(const bool *)state && index % 2;
    (void)error;
    memset(pixels, (int)(index * 37 % 64), (size_t)SIDE * SIDE);
    for (size_t y = 0; y < SIDE; y++)
        pixels[y * SIDE + (turned ? y : SIDE - 1 - y)] = 255;
    *label = -1;
    return SG_OK;
}

static void keep(void *state)
{
    (void)state;
}

static const sg_dataset_functions functions = {.read = read_stroke, .destroy = keep};

static sg_dataset *open_strokes(bool *turned)
{
    const sg_dataset_info info = {
        .image_count = PICTURES, .height = SIDE, .width = SIDE, .channels = 1};
    sg_dataset *dataset = NULL;
    assert_int_equal(sg_dataset_create(&functions, turned, &info, &dataset, NULL), SG_OK);
    return dataset;
}

static void test_strokes_that_lean_one_way_are_no_mirror_images(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        bool turned = i;
        double asymmetry = 0;
        sg_dataset *dataset = open_strokes(&turned);
        assert_int_equal(sg_mirror_asymmetry(dataset, &asymmetry, NULL), SG_OK);
        assert_true(turned ? asymmetry < 0.001 : asymmetry > 1);
        assert_int_equal(sg_mirror_fits(dataset), turned);
        sg_dataset_destroy(dataset);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_strokes_that_lean_one_way_are_no_mirror_images),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
