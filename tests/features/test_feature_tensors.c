/* Tensors of feature networks' files by name, in each container. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checkpoint/safetensors/safetensors.h"
#include "features/feature_tensors.h"
#include "support/temporary_folder.h"

static const char *const containers[] = {"state.pth", "wrapped.pth", "stream.pth",
                                         "script.pt", "trace.pt",    "within.pkl"};

/* Opens a file of tests/golden/features. */
static sg_feature_tensors *open_stored(const char *name)
{
    char path[200];
    sg_error error = {0};
    sg_feature_tensors *tensors = NULL;
    snprintf(path, sizeof path, "tests/golden/features/%s", name);
    if (sg_feature_tensors_open(path, &tensors, &error))
        fail_msg("%s", error.message);
    assert_string_equal(sg_feature_tensors_path(tensors), path);
    return tensors;
}

static void test_every_container(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof containers / sizeof *containers; i++) {
        sg_feature_tensors *tensors = open_stored(containers[i]);
        const int64_t shape[] = {2, 2, 1, 1};
        const int64_t channels = 2;
        float weights[4];
        float beta[2];
        float heads[2];
        assert_int_equal(sg_feature_tensors_size(tensors, "layers.conv_1.weight", 0), 2);
        assert_int_equal(sg_feature_tensors_size(tensors, "layers.conv_1.weight", 4), 0);
        assert_false(
            sg_feature_tensors_read(tensors, "layers.conv_1.weight", 4, shape, weights, NULL));
        assert_false(
            sg_feature_tensors_read(tensors, "layers.conv.beta", 1, &channels, beta, NULL));
        assert_false(sg_feature_tensors_read(tensors, "lpips0", 1, &channels, heads, NULL));
        assert_true(weights[0] == 10 && weights[3] == 13 && beta[1] == -1 && heads[1] == 0.5F);
        sg_feature_tensors_close(tensors);
    }
}

static void test_wrong_tensors(void **state)
{
    (void)state;
    sg_feature_tensors *tensors = open_stored("state.pth");
    float values[16];
    const int64_t wide[] = {2, 3};
    const int64_t two = 2;
    sg_error error = {0};
    assert_int_equal(sg_feature_tensors_read(tensors, "layers.conv.gamma", 1, &two, values, &error),
                     SG_ERROR_FORMAT);
    assert_non_null(strstr(error.message, "has no tensor layers.conv.gamma"));
    memset(&error, 0, sizeof error);
    assert_int_equal(
        sg_feature_tensors_read(tensors, "layers.conv.weight", 2, wide, values, &error),
        SG_ERROR_FORMAT);
    assert_non_null(strstr(error.message, "layers.conv.weight"));
    assert_int_equal(sg_feature_tensors_read(tensors, "layers.conv.weight", 1, &two, values, NULL),
                     SG_ERROR_FORMAT);
    sg_feature_tensors_close(tensors);
    tensors = open_stored("text.pkl");
    assert_null(sg_feature_tensors_find(tensors, "no"));
    sg_feature_tensors_close(tensors);
}

static void test_safetensors(void **state)
{
    char *path = temporary_path(state, "a.safetensors");
    const float values[] = {3, 4};
    const int64_t two = 2;
    float read[2] = {0};
    const sg_safetensors_entry entry = {"model.lin0", SG_STORED_F32, 2, {1, 2}, values};
    sg_feature_tensors *tensors = NULL;
    assert_false(sg_safetensors_write(path, &entry, 1, NULL, 0, NULL));
    assert_false(sg_feature_tensors_open(path, &tensors, NULL));
    assert_false(sg_feature_tensors_read(tensors, "lin0", 1, &two, read, NULL));
    assert_true(read[0] == 3 && read[1] == 4);
    sg_feature_tensors_close(tensors);
    free(path);
}

static void test_no_file(void **state)
{
    char *path = temporary_path(state, "absent.pth");
    sg_error error = {0};
    sg_feature_tensors *tensors = NULL;
    assert_int_equal(sg_feature_tensors_open(path, &tensors, &error), SG_ERROR_FILE);
    assert_null(tensors);
    assert_non_null(strstr(error.message, "absent.pth"));
    sg_feature_tensors_close(NULL);
    free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_container),
        cmocka_unit_test(test_wrong_tensors),
        cmocka_unit_test_setup_teardown(test_safetensors, temporary_folder_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(test_no_file, temporary_folder_setup,
                                        temporary_folder_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
