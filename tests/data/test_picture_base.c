/* Which constants pictures grow from, and sizes near those that have none. */
#include "data/picture_base.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

static void sizes_have_constants(void **state)
{
    static const struct {
        size_t height, width;
        int base_height, base_width, resolution;
    } rows[] = {
        {8, 8, 4, 4, 8},         {1024, 1024, 4, 4, 1024}, {4096, 4096, 4, 4, 4096},
        {16, 24, 4, 6, 16},      {640, 384, 5, 3, 512},    {1280, 768, 5, 3, 1024},
        {256, 512, 4, 8, 256},   {96, 96, 3, 3, 128},      {1152, 2048, 9, 16, 512},
        {256, 4096, 4, 64, 256},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        sg_picture_base size;
        assert_true(sg_picture_base_find(rows[i].height, rows[i].width, &size));
        assert_int_equal(size.base_height, rows[i].base_height);
        assert_int_equal(size.base_width, rows[i].base_width);
        assert_int_equal(size.resolution, rows[i].resolution);
        assert_int_equal(sg_picture_side(size.base_height, size.resolution), rows[i].height);
        assert_int_equal(sg_picture_side(size.base_width, size.resolution), rows[i].width);
    }
}

static void sizes_without_a_network(void **state)
{
    static const size_t rows[][2] = {
        {4, 8},       {9, 9}, {15, 20},    {1080, 1920},  {100, 100},          {128, 4096},
        {8192, 8192}, {0, 0}, {8, 100000}, {SIZE_MAX, 8}, {SIZE_MAX, SIZE_MAX}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        sg_picture_base size;
        if (sg_picture_base_find(rows[i][0], rows[i][1], &size))
            fail_msg("%zu x %zu has a network", rows[i][0], rows[i][1]);
        size_t height = rows[i][0];
        size_t width = rows[i][1];
        sg_picture_base_near(&height, &width);
        if (!sg_picture_base_find(height, width, &size))
            fail_msg("%zu x %zu has no network", height, width);
    }
}

static void the_nearest_sizes_are_near(void **state)
{
    size_t height = 1080;
    size_t width = 1920;
    (void)state;
    sg_picture_base_near(&height, &width);
    assert_int_equal(height, 1024);
    assert_int_equal(width, 1920);
    sg_picture_base_near(&height, &width);
    assert_int_equal(height, 1024);
    assert_int_equal(width, 1920);
    height = width = 100;
    sg_picture_base_near(&height, &width);
    assert_int_equal(height, 104);
    assert_int_equal(width, 104);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes_have_constants),
        cmocka_unit_test(sizes_without_a_network),
        cmocka_unit_test(the_nearest_sizes_are_near),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
