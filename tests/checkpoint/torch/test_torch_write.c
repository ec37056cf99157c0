/* Files for torch.load: what is written is read back, and equal tensors give equal bytes. */
#include "checkpoint/torch/torch_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/files/file.h"
#include "base/files/input_file.h"
#include "checkpoint/document.h"
#include "checkpoint/values/value.h"
#include "support/temporary_folder.h"

static const float values[] = {1, 2, 3, 4, 5, 6};

static const sg_tensor_entry tensors[] = {
    {.dict = "g", .name = "a.weight", .rank = 2, .size = {2, 3}, .values = values, .scale = 1},
    {.dict = "g", .name = "a.bias", .rank = 0, .values = values, .scale = 1},
    {.dict = "d", .name = "kernel", .rank = 3, .size = {1, 2, 2}, .values = values, .scale = 4},
    {.dict = NULL, .name = "latent_avg", .rank = 1, .size = {3}, .values = values, .scale = 1},
};

enum { TENSORS = sizeof tensors / sizeof tensors[0] };

static void check_tensor(const sg_value *root, const sg_tensor_entry *expected)
{
    const sg_value *dict = expected->dict ? sg_value_find(root, expected->dict) : root;
    const sg_value *value = sg_value_find(dict, expected->name);
    sg_value_array array;
    float found[6];
    assert_true(sg_value_array_of(value, &array));
    assert_int_equal(array.type, SG_STORED_F32);
    assert_true(array.dense);
    assert_int_equal(array.rank, expected->rank);
    for (int i = 0; i < array.rank; i++)
        assert_int_equal(array.size[i], expected->size[i]);
    assert_true(sg_value_read_floats(value, found));
    for (size_t i = 0; i < array.count; i++)
        assert_true(found[i] == values[i] * expected->scale);
}

static void test_read_back(void **state)
{
    char *path = temporary_path(state, "written.pt");
    sg_document *document = NULL;
    sg_error error = {0};
    if (sg_torch_write(path, tensors, TENSORS, &error) || sg_document_open(path, &document, &error))
        fail_msg("%s", error.message);
    assert_int_equal(sg_document_container(document), SG_TORCH_ZIP);
    const sg_value *root = sg_document_root(document);
    assert_int_equal(sg_value_count(root), 3);
    for (int i = 0; i < TENSORS; i++)
        check_tensor(root, &tensors[i]);
    sg_document_close(document);
    free(path);
}

static void test_equal_bytes(void **state)
{
    unsigned char *bytes[2] = {NULL, NULL};
    size_t sizes[2];
    for (int i = 0; i < 2; i++) {
        char *path = temporary_path(state, i ? "second.pt" : "first.pt");
        assert_int_equal(sg_torch_write(path, tensors, TENSORS, NULL), SG_OK);
        assert_int_equal(sg_read_file(path, 1 << 20, &bytes[i], &sizes[i], NULL), SG_OK);
        free(path);
    }
    assert_int_equal(sizes[0], sizes[1]);
    assert_memory_equal(bytes[0], bytes[1], sizes[0]);
    free(bytes[0]);
    free(bytes[1]);
}

static void test_unwritable_places(void **state)
{
    sg_error error = {0};
    assert_int_equal(sg_torch_write(*state, tensors, TENSORS, &error), SG_ERROR_FILE);
    assert_non_null(strstr(error.message, *state));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_read_back, temporary_folder_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(test_equal_bytes, temporary_folder_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(test_unwritable_places, temporary_folder_setup,
                                        temporary_folder_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
