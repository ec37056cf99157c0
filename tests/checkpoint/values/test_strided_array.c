/* Arrays of any strides and byte order, against the formula that defines them. */
#include "checkpoint/values/strided_array.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { RANK = 4, ELEMENTS = 1 << 14 };

/* Element i of the storage is i mod 251, as a number of 1, 2, 4 or 8 bytes in either byte order. */
static unsigned char *make_storage(sg_stored_type type, bool big_endian)
{
    size_t width = sg_stored_type_bytes(type);
    unsigned char *bytes = calloc(ELEMENTS, width);
    assert_non_null(bytes);
    for (size_t i = 0; i < ELEMENTS; i++) {
        unsigned char element[8] = {0};
        float real = (float)(i % 251);
        double large = (double)(i % 251);
        element[0] = (unsigned char)(i % 251);
        if (type == SG_STORED_F32)
            memcpy(element, &real, sizeof real);
        else if (type == SG_STORED_F64)
            memcpy(element, &large, sizeof large);
        for (size_t byte = 0; byte < width; byte++)
            bytes[i * width + byte] = element[big_endian ? width - 1 - byte : byte];
    }
    return bytes;
}

/* Reads the array, and compares with the storage's elements at offset + sum of index * stride. */
static void check_layout(sg_stored_type type, bool big_endian, const int64_t *size,
                         const int64_t *stride)
{
    unsigned char *bytes = make_storage(type, big_endian);
    size_t width = sg_stored_type_bytes(type);
    sg_array_storage storage = {.bytes = bytes, .size = ELEMENTS * width};
    sg_array array = {.layout = {.type = type, .big_endian = big_endian, .rank = RANK},
                      .storage = &storage,
                      .offset = 3 * width};
    memcpy(array.layout.size, size, RANK * sizeof *size);
    memcpy(array.layout.stride, stride, RANK * sizeof *stride);
    assert_null(sg_array_check(&array, storage.size, storage.size));
    float *numbers = malloc((array.layout.count + 1) * sizeof *numbers);
    assert_non_null(numbers);
    numbers[array.layout.count] = -77.0f;
    sg_array_read_floats(&array, numbers);
    for (size_t i = 0; i < array.layout.count; i++) {
        int64_t rest = (int64_t)i;
        int64_t place = 3;
        for (int axis = RANK - 1; axis >= 0; axis--) {
            place += rest % size[axis] * stride[axis];
            rest /= size[axis];
        }
        assert_true(numbers[i] == (float)(place % 251));
    }
    assert_true(numbers[array.layout.count] == -77.0f);
    free(numbers);
    free(bytes);
}

/* The axes in every order: dense, and reversed, and all between. */
static void test_every_order_of_axes(void **state)
{
    (void)state;
    static const int64_t sizes[RANK] = {3, 17, 2, 33};
    static const sg_stored_type types[] = {SG_STORED_U8, SG_STORED_I16, SG_STORED_F32,
                                           SG_STORED_F64, SG_STORED_I64};
    for (int order = 0; order < RANK * RANK * RANK * RANK; order++) {
        int axes[RANK] = {order % 4, order / 4 % 4, order / 16 % 4, order / 64};
        int64_t stride[RANK] = {0};
        int64_t step = 1;
        for (int i = 0; i < RANK; i++) {
            stride[axes[i]] = step;
            step *= sizes[axes[i]];
        }
        if ((1 << axes[0] | 1 << axes[1] | 1 << axes[2] | 1 << axes[3]) != 15)
            continue;
        for (size_t type = 0; type < sizeof types / sizeof types[0]; type++) {
            check_layout(types[type], false, sizes, stride);
            check_layout(types[type], true, sizes, stride);
        }
    }
}

static void test_gaps_and_repetition(void **state)
{
    (void)state;
    static const int64_t layouts[][2][RANK] = {
        {{3, 4, 5, 6}, {1000, 200, 30, 2}}, /* gaps */
        {{3, 4, 5, 40}, {0, 0, 0, 1}},      /* expanded */
        {{40, 4, 5, 2}, {1, 0, 40, 0}},     {{1, 1, 1, 1}, {0, 9, 0, 7}},
        {{1, 20, 1, 1}, {5, 3, 5, 5}},      {{20, 1, 1, 18}, {1, 0, 0, 1}}, /* overlapping */
        {{2, 3, 0, 4}, {1, 1, 1, 1}},
    };
    for (size_t i = 0; i < sizeof layouts / sizeof layouts[0]; i++) {
        check_layout(SG_STORED_F32, false, layouts[i][0], layouts[i][1]);
        check_layout(SG_STORED_F64, true, layouts[i][0], layouts[i][1]);
    }
}

static void test_limits(void **state)
{
    (void)state;
    unsigned char bytes[24] = {0};
    sg_array_storage storage = {.bytes = bytes, .size = sizeof bytes};
    sg_array array = {.layout = {.type = SG_STORED_F32, .rank = 1, .size = {6}, .stride = {1}},
                      .storage = &storage};
    assert_null(sg_array_check(&array, 24, 24));
    assert_true(array.layout.dense);
    assert_non_null(sg_array_check(&array, 23, 24));
    array.offset = 4;
    assert_non_null(sg_array_check(&array, 24, 24));
    array.layout.size[0] = 5;
    assert_null(sg_array_check(&array, 24, 24));
    array.layout.stride[0] = INT64_MAX;
    assert_non_null(sg_array_check(&array, 24, 24));
    array.layout.stride[0] = -1;
    assert_non_null(sg_array_check(&array, 24, 24));
    array.layout.size[0] = 0;
    array.layout.stride[0] = 1;
    array.offset = 100;
    assert_null(sg_array_check(&array, 24, 24));
    assert_int_equal(array.layout.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_order_of_axes),
        cmocka_unit_test(test_gaps_and_repetition),
        cmocka_unit_test(test_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
