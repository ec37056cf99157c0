/* Arrays by name: a torch file's dict, and lists of texts that are none. */
#include "checkpoint/latents/named_arrays.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "checkpoint/safetensors/safetensors.h"
#include "support/temporary_folder.h"

static void test_names_and_texts(void **state)
{
    static const float values[] = {1, 2, 3};
    const sg_safetensors_entry entries[] = {{"a", SG_STORED_F32, 1, {3}, values},
                                            {"b", SG_STORED_F32, 2, {1, 2}, values}};
    const sg_metadata metadata = {"names", "[\"x\", \"y\"]"};
    char *path = temporary_path(state, "two.safetensors");
    sg_named_arrays *arrays = NULL;
    sg_numpy_array array;
    size_t index = 9;
    size_t count = 0;
    char **texts = NULL;
    assert_int_equal(sg_safetensors_write(path, entries, 2, &metadata, 1, NULL), SG_OK);
    assert_int_equal(sg_named_arrays_open(path, &arrays, NULL), SG_OK);
    assert_int_equal(sg_named_arrays_count(arrays), 2);
    assert_true(sg_named_arrays_find(arrays, "b", &index));
    assert_int_equal(index, 1);
    assert_false(sg_named_arrays_find(arrays, "c", &index));
    assert_string_equal(sg_named_arrays_name(arrays, 0), "a");
    assert_int_equal(sg_named_arrays_read(arrays, 1, &array, NULL), SG_OK);
    assert_int_equal(array.rank, 2);
    assert_true(array.values[1] == 2);
    sg_numpy_array_clear(&array);
    assert_int_equal(sg_named_arrays_texts(arrays, "names", &texts, &count, NULL), SG_OK);
    assert_int_equal(count, 2);
    assert_string_equal(texts[1], "y");
    sg_numpy_texts_free(texts, count);
    assert_int_equal(sg_named_arrays_texts(arrays, "sources", &texts, &count, NULL), SG_OK);
    assert_null(texts);
    sg_named_arrays_close(arrays);
    free(path);
}

/* A network's weights in torch's container are arrays too; a list is not. */
static void test_torch(void **state)
{
    (void)state;
    sg_named_arrays *arrays = NULL;
    sg_error error = {0};
    sg_numpy_array array;
    if (sg_named_arrays_open("tests/golden/features/state.pth", &arrays, &error))
        fail_msg("%s", error.message);
    assert_true(sg_named_arrays_count(arrays) > 0);
    assert_int_equal(sg_named_arrays_read(arrays, 0, &array, NULL), SG_OK);
    assert_true(array.count > 0);
    sg_numpy_array_clear(&array);
    sg_named_arrays_close(arrays);
}

#define IN_FOLDER(test)                                                                            \
    cmocka_unit_test_setup_teardown(test, temporary_folder_setup, temporary_folder_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(test_names_and_texts),
        cmocka_unit_test(test_torch),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
