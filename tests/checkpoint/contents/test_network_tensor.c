/* Tensors of networks: the order of axes in foreign files, and shapes that are refused. */
#include "checkpoint/contents/network_tensor.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "checkpoint/document.h"
#include "support/foreign_pickle.h"

/* A document of one array, numbered from 0 in the order in which it lies there. */
typedef struct array_document {
    sg_text pickle;
    sg_document *document;
} array_document;

static const sg_value *open_array(array_document *made, const int64_t *size, int rank)
{
    float values[64];
    sg_error error = {0};
    for (int i = 0; i < 64; i++)
        values[i] = (float)i;
    *made = (array_document){0};
    PUT(&made->pickle, "\x80\x03");
    put_array(&made->pickle, size, rank, values);
    PUT(&made->pickle, ".");
    if (sg_document_open_bytes((const unsigned char *)made->pickle.bytes, made->pickle.length,
                               "array", &made->document, &error))
        fail_msg("%s", error.message);
    return sg_document_root(made->document);
}

static void close_array(array_document *made)
{
    sg_document_close(made->document);
    sg_text_clear(&made->pickle);
}

static void check_read(const sg_network_tensor *tensor, const float *expected)
{
    float found[64];
    double wide[64];
    assert_int_equal(sg_network_tensor_read_floats(tensor, found, NULL), SG_OK);
    assert_int_equal(sg_network_tensor_read_doubles(tensor, wide, NULL), SG_OK);
    for (size_t i = 0; i < tensor->count; i++) {
        assert_true(found[i] == expected[i]);
        assert_true(wide[i] == (double)expected[i]);
    }
}

static void test_kernels(void **state)
{
    /* [height 1, width 2, in 3, out 2] */
    static const int64_t size[] = {1, 2, 3, 2};
    /* [out, in, height, width]: element (o, i, 0, x) is x * 6 + i * 2 + o */
    static const float expected[] = {0, 6, 2, 8, 4, 10, 1, 7, 3, 9, 5, 11};
    static const float reversed[] = {6, 0, 8, 2, 10, 4, 7, 1, 9, 3, 11, 5};
    array_document made;
    sg_network_tensor tensor;
    (void)state;
    const sg_value *array = open_array(&made, size, 4);
    assert_true(sg_network_tensor_from_array(array, SG_AXES_KERNEL, 4, 0, &tensor));
    assert_int_equal(tensor.size[0], 2);
    assert_int_equal(tensor.size[1], 3);
    assert_int_equal(tensor.size[2], 1);
    assert_int_equal(tensor.size[3], 2);
    check_read(&tensor, expected);
    assert_true(sg_network_tensor_from_array(array, SG_AXES_KERNEL_REVERSED, 4, 0, &tensor));
    check_read(&tensor, reversed);
    assert_false(sg_network_tensor_from_array(array, SG_AXES_TRANSPOSED, 2, 0, &tensor));
    assert_false(sg_network_tensor_from_array(array, SG_AXES_KERNEL, 3, 0, &tensor));
    close_array(&made);
}

/* Kernels of PyTorch, [out 2, in 3, height 1, width 2], numbered in that order. */
static void test_pytorch_kernels(void **state)
{
    static const int64_t size[] = {2, 3, 1, 2};
    static const float swapped[] = {6, 7, 8, 9, 10, 11, 0, 1, 2, 3, 4, 5};
    static const float reversed[] = {1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10};
    /* Row (o, x) of the projection has the numbers of the taps 1 - x. */
    static const float projection[] = {1, 3, 5, 0, 2, 4, 7, 9, 11, 6, 8, 10};
    array_document made;
    sg_network_tensor tensor;
    (void)state;
    const sg_value *array = open_array(&made, size, 4);
    assert_true(sg_network_tensor_from_array(array, SG_AXES_REVERSED, 4, 0, &tensor));
    assert_int_equal(tensor.size[0], 2);
    check_read(&tensor, reversed);
    assert_true(sg_network_tensor_from_array(array, SG_AXES_FIRST_REVERSED, 4, 0, &tensor));
    check_read(&tensor, swapped);
    assert_true(sg_network_tensor_from_array(array, SG_AXES_PROJECTION, 2, 0, &tensor));
    assert_int_equal(tensor.rank, 2);
    assert_int_equal(tensor.size[0], 4);
    assert_int_equal(tensor.size[1], 3);
    check_read(&tensor, projection);
    assert_false(sg_network_tensor_from_array(array, SG_AXES_PROJECTION, 4, 0, &tensor));
    assert_false(sg_network_tensor_from_array(array, SG_AXES_REVERSED, 2, 0, &tensor));
    close_array(&made);
}

/* Larger than the tiles that are turned at a time, and not a multiple of them. */
static void test_matrices(void **state)
{
    static const int64_t size[] = {3, 19};
    float expected[57];
    array_document made;
    sg_network_tensor tensor;
    (void)state;
    for (int i = 0; i < 19; i++)
        for (int j = 0; j < 3; j++)
            expected[i * 3 + j] = (float)(j * 19 + i);
    const sg_value *array = open_array(&made, size, 2);
    assert_true(sg_network_tensor_from_array(array, SG_AXES_TRANSPOSED, 2, 0, &tensor));
    assert_int_equal(tensor.size[0], 19);
    check_read(&tensor, expected);
    close_array(&made);
}

/* A tensor that no file holds. */
static void test_zeros(void **state)
{
    static const int64_t size[] = {2, 3};
    static const float expected[6] = {0};
    const sg_network_tensor tensor = sg_network_tensor_zeros(2, size);
    (void)state;
    assert_int_equal(tensor.count, 6);
    assert_int_equal(tensor.size[1], 3);
    assert_int_equal(tensor.size[2], 1);
    check_read(&tensor, expected);
}

static void test_axes_of_size_one(void **state)
{
    static const int64_t size[] = {1, 3, 1, 1};
    static const float expected[] = {1, 2, 3};
    array_document made;
    sg_network_tensor tensor;
    (void)state;
    const sg_value *array = open_array(&made, size, 4);
    assert_true(sg_network_tensor_from_array(array, SG_AXES_KEPT, 1, 1, &tensor));
    assert_int_equal(tensor.rank, 1);
    assert_int_equal(tensor.size[0], 3);
    assert_int_equal(tensor.size[1], 1);
    check_read(&tensor, expected);
    assert_false(sg_network_tensor_from_array(array, SG_AXES_KEPT, 0, 0, &tensor));
    assert_false(sg_network_tensor_from_array(array, SG_AXES_KEPT, 5, 0, &tensor));
    close_array(&made);
}

/* One stored element that strides of 0 make look like a million. */
static void test_repeated_elements_are_refused(void **state)
{
    static const float one = 1.0f;
    array_document made = {0};
    sg_network_tensor tensor;
    sg_text stream = {0};
    sg_error error = {0};
    (void)state;
    put_stream_start(&stream);
    PUT(&stream, "\x80\x02");
    put_global(&stream, "torch._utils", "_rebuild_tensor_v2");
    PUT(&stream, "(");
    put_storage(&stream, "FloatStorage", "0", 1);
    PUT(&stream, "K\x00");
    PUT(&stream, "(J\x00\x00\x10\x00tK\x00\x85\x89}tR.");
    put_stream_end(&stream, "0", 1, &one, sizeof one);
    if (sg_document_open_bytes((const unsigned char *)stream.bytes, stream.length, "stream",
                               &made.document, &error))
        fail_msg("%s", error.message);
    const sg_value *root = sg_document_root(made.document);
    assert_int_equal(sg_value_kind_of(root), SG_VALUE_ARRAY);
    assert_false(sg_network_tensor_from_array(root, SG_AXES_KEPT, 1, 0, &tensor));
    close_array(&made);
    sg_text_clear(&stream);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_kernels),
        cmocka_unit_test(test_pytorch_kernels),
        cmocka_unit_test(test_matrices),
        cmocka_unit_test(test_zeros),
        cmocka_unit_test(test_axes_of_size_one),
        cmocka_unit_test(test_repeated_elements_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
