/* Tensors: shapes, values, views, refusals, packed copies, memory given back, values in files. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "support/tensors.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static void test_shapes(void **state)
{
    (void)state;
    char text[160];
    sg_shape shape = SG_SHAPE(2, 3, 4);
    sg_shape same = SG_SHAPE(2, 3, 4);
    sg_shape other = SG_SHAPE(2, 4, 3);
    sg_shape longer = SG_SHAPE(2, 3, 4, 1);
    sg_shape scalar = sg_shape_of(0, NULL);
    sg_shape empty = SG_SHAPE(2, 0, 4);
    assert_int_equal(sg_shape_count(&shape), 24);
    assert_int_equal(sg_shape_count(&scalar), 1);
    assert_int_equal(sg_shape_count(&empty), 0);
    assert_int_equal(shape.size[3], 1);
    assert_true(sg_shape_equal(&shape, &same));
    assert_false(sg_shape_equal(&shape, &other));
    assert_false(sg_shape_equal(&shape, &longer));
    assert_string_equal(sg_shape_print(&shape, text), "[2, 3, 4]");
    assert_string_equal(sg_shape_print(&scalar, text), "[]");
    assert_int_equal(sg_dtype_bytes(SG_F32), 4);
    assert_int_equal(sg_dtype_bytes(SG_F64), 8);
    assert_int_equal(sg_dtype_bytes(SG_BF16), 2);
}

static void test_values(void **state)
{
    sg_context *context = *state;
    static const float values[] = {1, -2.5f, 3, 4, 5, 6.25f};
    for (int type = SG_F32; type <= SG_F64; type++) {
        sg_tensor *tensor = sg_tensor_from_floats(context, (sg_dtype)type, SG_SHAPE(2, 3), values);
        assert_int_equal(sg_tensor_count(tensor), 6);
        for (int i = 0; i < 6; i++)
            assert_true(sg_tensor_value(tensor, i) == (double)values[i]);
        sg_tensor_set_value(tensor, 4, 0.1);
        assert_true(sg_tensor_value(tensor, 4) == (type == SG_F64 ? 0.1 : (double)0.1f));
        assert_true(sg_tensor_value(tensor, 3) == 4 && sg_tensor_value(tensor, 5) == 6.25);
        sg_tensor *full = sg_tensor_full(context, (sg_dtype)type, SG_SHAPE(5), 7);
        for (int i = 0; i < 5; i++)
            assert_true(sg_tensor_value(full, i) == 7);
    }
}

static void test_data_is_aligned_even_when_empty(void **state)
{
    sg_context *context = *state;
    for (int64_t size = 0; size < 40; size++) {
        sg_tensor *tensor = sg_tensor_create(context, SG_F32, SG_SHAPE(size));
        assert_non_null(tensor->storage->data);
        assert_int_equal((uintptr_t)tensor->storage->data % 64, 0);
        assert_int_equal(tensor->storage->bytes, 4 * size);
    }
}

static void test_views_share_values(void **state)
{
    sg_context *context = *state;
    size_t scope = sg_scope_open(context);
    sg_tensor *tensor = random_leaf(context, SG_F32, SG_SHAPE(2, 6), 1);
    size_t before = sg_pool_bytes_in_use(context->pool);
    sg_tensor *view = sg_tensor_view(tensor, SG_SHAPE(3, 1, 4));
    assert_int_equal(sg_pool_bytes_in_use(context->pool), before);
    assert_ptr_equal(view->storage, tensor->storage);
    assert_int_equal(view->shape.rank, 3);
    assert_null(view->node);
    sg_tensor_set_value(view, 7, 0.5);
    assert_true(sg_tensor_value(tensor, 7) == 0.5);
    view = sg_scope_close(context, scope, view);
    assert_true(sg_tensor_value(view, 7) == 0.5);
    assert_int_equal(view->storage->references, 1);
}

static void test_detaching_leaves_the_tape(void **state)
{
    sg_context *context = *state;
    sg_tensor *tensor = random_leaf(context, SG_F64, SG_SHAPE(2, 6), 1);
    sg_tensor *detached = sg_tensor_detach(tensor);
    assert_non_null(tensor->node);
    assert_null(detached->node);
    assert_ptr_equal(detached->storage, tensor->storage);
    assert_true(sg_shape_equal(&detached->shape, &tensor->shape));
    assert_null(sg_tensor_detach(NULL));
    assert_null(sg_tensor_view(NULL, SG_SHAPE(1)));
}

static const int64_t huge = INT64_C(1) << 32;

static void test_bad_shapes_are_refused(void **state)
{
    sg_context *context = *state;
    const sg_shape shapes[] = {
        SG_SHAPE(-1),
        SG_SHAPE(3, -2),
        SG_SHAPE(-2, -3),
        SG_SHAPE(0, -1),
        SG_SHAPE(1, 1, 1, 1, 1, 1, 1),
        SG_SHAPE(huge, huge),
        SG_SHAPE(huge / 4, huge),
        SG_SHAPE(huge, huge, huge, huge, huge, huge),
        SG_SHAPE(INT64_MAX),
        SG_SHAPE(INT64_MIN),
        SG_SHAPE(huge / 2, huge / 2),
    };
    for (size_t i = 0; i < COUNT(shapes); i++)
        for (int type = SG_F32; type <= SG_BF16; type++)
            assert_refused(context, sg_tensor_create(context, (sg_dtype)type, shapes[i]),
                           SG_ERROR_SHAPE);
    sg_shape wide = SG_SHAPE(huge, huge);
    assert_refused(context, sg_tensor_full(context, SG_F32, wide, 1), SG_ERROR_SHAPE);
    assert_refused(context, sg_tensor_from_floats(context, SG_F32, wide, NULL), SG_ERROR_SHAPE);
}

/* More than any machine has, though it can be counted. */
static void test_lack_of_memory_is_a_sentence(void **state)
{
    sg_context *context = *state;
    assert_refused(context, sg_tensor_create(context, SG_F32, SG_SHAPE(huge, 1 << 20)),
                   SG_ERROR_MEMORY);
}

static void test_bad_views_are_refused(void **state)
{
    sg_context *context = *state;
    sg_tensor *six = random_tensor(context, SG_F32, SG_SHAPE(2, 3), 1);
    sg_tensor *none = sg_tensor_create(context, SG_F32, SG_SHAPE(0));
    assert_refused(context, sg_tensor_view(six, SG_SHAPE(5)), SG_ERROR_SHAPE);
    assert_refused(context, sg_tensor_view(six, SG_SHAPE(2, 3, 2)), SG_ERROR_SHAPE);
    assert_refused(context, sg_tensor_view(six, SG_SHAPE(-2, -3)), SG_ERROR_SHAPE);
    assert_refused(context, sg_tensor_view(six, SG_SHAPE(6, 1, 1, 1, 1, 1, 1)), SG_ERROR_SHAPE);
    assert_refused(context, sg_tensor_view(none, SG_SHAPE(huge, huge)), SG_ERROR_SHAPE);
    assert_non_null(sg_tensor_view(none, SG_SHAPE(3, 0)));
}

static void test_references(void **state)
{
    sg_context *context = *state;
    sg_tensor *tensor = random_tensor(context, SG_F32, SG_SHAPE(4), 1);
    assert_ptr_equal(sg_tensor_retain(tensor), tensor);
    assert_int_equal(tensor->references, 2);
    sg_tensor_release(tensor);
    assert_int_equal(tensor->references, 1);
    assert_null(sg_tensor_retain(NULL));
    sg_tensor_release(NULL);
    assert_null(sg_storage_retain(NULL));
    sg_storage_release(NULL);
}

static void test_packed_copies(void **state)
{
    sg_context *context = *state;
    sg_tensor *tensor = random_tensor(context, SG_F32, SG_SHAPE(4), 1);
    size_t before = sg_pool_bytes_in_use(context->pool);
    assert_null(sg_storage_find_packed(tensor->storage, 1));
    void *one = sg_storage_add_packed(tensor->storage, 1, 100);
    void *two = sg_storage_add_packed(tensor->storage, 2, 100);
    assert_non_null(one);
    memset(one, 1, 100);
    memset(two, 2, 100);
    assert_ptr_not_equal(one, two);
    assert_ptr_equal(sg_storage_find_packed(tensor->storage, 1), one);
    assert_ptr_equal(sg_storage_find_packed(tensor->storage, 2), two);
    assert_null(sg_storage_find_packed(tensor->storage, 3));
    assert_true(sg_pool_bytes_in_use(context->pool) > before);
    sg_storage_drop_packed(tensor->storage);
    assert_null(sg_storage_find_packed(tensor->storage, 1));
    assert_int_equal(sg_pool_bytes_in_use(context->pool), before);
}

static void test_touching_drops_packed_copies(void **state)
{
    sg_context *context = *state;
    sg_tensor *tensor = random_tensor(context, SG_F32, SG_SHAPE(4), 1);
    size_t before = sg_pool_bytes_in_use(context->pool);
    uint64_t version = tensor->storage->version;
    sg_storage_add_packed(tensor->storage, 1, 100);
    sg_tensor_touch(tensor);
    assert_true(tensor->storage->version > version);
    assert_null(sg_storage_find_packed(tensor->storage, 1));
    assert_int_equal(sg_pool_bytes_in_use(context->pool), before);
    sg_storage_add_packed(tensor->storage, 1, 100);
    tensor->storage->version++;
    assert_null(sg_storage_find_packed(tensor->storage, 1));
}

/* The last tensor of a storage takes the packed copies along (the teardown counts the bytes). */
static void test_packed_copies_go_with_the_storage(void **state)
{
    sg_context *context = *state;
    size_t scope = sg_scope_open(context);
    sg_tensor *tensor = random_tensor(context, SG_F32, SG_SHAPE(4), 1);
    sg_tensor_view(tensor, SG_SHAPE(2, 2));
    sg_storage_add_packed(tensor->storage, 1, 1000);
    sg_scope_close(context, scope, NULL);
    assert_int_equal(sg_pool_bytes_in_use(context->pool), 0);
}

enum { MAPPED = 3000 /* values: whole pages of them */, BEFORE = 8 };

/* A tensor whose values lie in a file behind some others; *file is the test's to close. */
static sg_tensor *mapped_tensor(sg_context *context, FILE **file)
{
    sg_tensor *tensor = sg_tensor_full(context, SG_F32, SG_SHAPE(MAPPED), 0);
    *file = tmpfile();
    assert_non_null(*file);
    for (int i = 0; i < BEFORE + MAPPED; i++) {
        const float value = (float)i;
        assert_int_equal(fwrite(&value, sizeof value, 1, *file), 1);
    }
    assert_int_equal(fflush(*file), 0);
    sg_file_map *mapping = sg_file_map_create(fileno(*file));
    assert_non_null(mapping);
    sg_storage_add_packed(tensor->storage, 1, 100);
    sg_tensor_map(tensor, mapping, (float *)(void *)sg_file_map_bytes(mapping) + BEFORE);
    sg_file_map_release(mapping);
    return tensor;
}

/* Its values are the file's, but for those of `changed`, which are minus one. */
static void assert_mapped_values(const sg_tensor *tensor, int first_changed, int last_changed)
{
    for (int i = 0; i < MAPPED; i++) {
        bool changed = i >= first_changed && i < last_changed;
        assert_true(sg_tensor_value(tensor, i) == (changed ? -1 : BEFORE + i));
    }
}

/* The values of before go back to the pool, and copies packed from them are gone. */
static void test_mapped_values(void **state)
{
    sg_context *context = *state;
    FILE *file;
    size_t before = sg_pool_bytes_in_use(context->pool);
    sg_tensor *tensor = mapped_tensor(context, &file);
    assert_int_equal(sg_pool_bytes_in_use(context->pool), before);
    assert_null(sg_storage_find_packed(tensor->storage, 1));
    assert_mapped_values(tensor, 0, 0);
    sg_storage_forget(tensor->storage);
    assert_mapped_values(tensor, 0, 0);
    fclose(file);
}

/* A touched tensor is not forgotten, and its file does not change. */
static void test_changes_to_mapped_values_are_kept(void **state)
{
    FILE *file;
    sg_tensor *tensor = mapped_tensor(*state, &file);
    for (int i = 500; i < 2500; i++)
        sg_tensor_set_value(tensor, i, -1);
    sg_tensor_touch(tensor);
    sg_storage_forget(tensor->storage);
    assert_mapped_values(tensor, 500, 2500);
    rewind(file);
    for (int i = 0; i < BEFORE + MAPPED; i++) {
        float value;
        assert_int_equal(fread(&value, sizeof value, 1, file), 1);
        assert_true(value == (float)i);
    }
    fclose(file);
}

/* Values of the pool are nobody else's: forgetting leaves them. */
static void test_values_of_the_pool_are_not_forgotten(void **state)
{
    sg_tensor *tensor = sg_tensor_full(*state, SG_F32, SG_SHAPE(MAPPED), 3);
    sg_storage_forget(tensor->storage);
    for (int i = 0; i < MAPPED; i++)
        assert_true(sg_tensor_value(tensor, i) == 3);
}

#define IN_CONTEXT(test) cmocka_unit_test_setup_teardown(test, context_setup, context_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shapes),
        IN_CONTEXT(test_values),
        IN_CONTEXT(test_data_is_aligned_even_when_empty),
        IN_CONTEXT(test_views_share_values),
        IN_CONTEXT(test_detaching_leaves_the_tape),
        IN_CONTEXT(test_bad_shapes_are_refused),
        IN_CONTEXT(test_lack_of_memory_is_a_sentence),
        IN_CONTEXT(test_bad_views_are_refused),
        IN_CONTEXT(test_references),
        IN_CONTEXT(test_packed_copies),
        IN_CONTEXT(test_touching_drops_packed_copies),
        IN_CONTEXT(test_packed_copies_go_with_the_storage),
        IN_CONTEXT(test_mapped_values),
        IN_CONTEXT(test_changes_to_mapped_values_are_kept),
        IN_CONTEXT(test_values_of_the_pool_are_not_forgotten),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
