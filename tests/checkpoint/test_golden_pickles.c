/* The official snapshots, tensor by tensor, against the same networks in the native format. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "checkpoint/document.h"
#include "checkpoint/safetensors/safetensors.h"
#include "support/documents.h"

/* Compares a tensor with that of the same name, bit by bit. */
static void check_tensor(const sg_value *value, sg_safetensors *file, const char *name)
{
    sg_value_array array;
    const sg_stored_tensor *tensor = sg_safetensors_find(file, name);
    if (!tensor || !sg_value_array_of(value, &array)) {
        fail_msg("%s is missing", name);
        return;
    }
    assert_int_equal(array.rank, tensor->rank);
    assert_memory_equal(array.size, tensor->size, sizeof array.size);
    float *found = malloc((array.count + 1) * sizeof *found);
    float *expected = malloc((array.count + 1) * sizeof *expected);
    assert_true(found && expected);
    assert_true(sg_value_read_floats(value, found));
    assert_int_equal(sg_safetensors_read_floats(file, tensor, expected, NULL), SG_OK);
    assert_memory_equal(found, expected, array.count * sizeof *found);
    free(found);
    free(expected);
}

/* All tensors of a module and of those within it; their number. */
static size_t check_module(const sg_value *module, sg_safetensors *file, const char *prefix)
{
    static const char *const groups[] = {"_parameters", "_buffers"};
    const sg_value *state = sg_value_state(module);
    size_t count = 0;
    char name[300];
    for (int group = 0; group < 2; group++) {
        const sg_value *tensors = entry_of(state, groups[group]);
        for (size_t i = 0; i < sg_value_count(tensors); i++) {
            snprintf(name, sizeof name, "%s.%s", prefix, sg_value_text(sg_value_key(tensors, i)));
            check_tensor(sg_value_item(tensors, i), file, name);
            count++;
        }
    }
    const sg_value *modules = entry_of(state, "_modules");
    for (size_t i = 0; i < sg_value_count(modules); i++) {
        snprintf(name, sizeof name, "%s.%s", prefix, sg_value_text(sg_value_key(modules, i)));
        count += check_module(sg_value_item(modules, i), file, name);
    }
    return count;
}

static void check_case(const char *name)
{
    char path[200];
    sg_safetensors *file;
    snprintf(path, sizeof path, "tests/golden/%s/network.pkl", name);
    sg_document *document = open_document(path);
    snprintf(path, sizeof path, "tests/golden/%s/network.safetensors", name);
    assert_int_equal(sg_safetensors_open(path, &file, NULL), SG_OK);
    const sg_value *root = sg_document_root(document);
    assert_string_equal(sg_value_class(entry_of(root, "G_ema")), "Generator");
    assert_string_equal(sg_value_class(entry_of(root, "D")), "Discriminator");
    size_t count = check_module(entry_of(root, "G_ema"), file, "G_ema");
    count += check_module(entry_of(root, "D"), file, "D");
    assert_int_equal(count, sg_safetensors_count(file));
    sg_safetensors_close(file);
    close_document(document);
}

static void test_official_snapshots(void **state)
{
    (void)state;
    check_case("sg2-skip-32");
    check_case("sg2-cond-gray-16");
    check_case("sg2-orig-16");
    check_case("sg2-resnet-16");
}

/* Classes, options and variables of the TensorFlow pickle. */
static void test_tensorflow(void **state)
{
    (void)state;
    sg_document *document = open_document("tests/golden/legacy/tf-skip-32/network.pkl");
    const sg_value *root = sg_document_root(document);
    assert_int_equal(sg_value_kind_of(root), SG_VALUE_TUPLE);
    assert_int_equal(sg_value_count(root), 3);
    const sg_value *average = sg_value_item(root, 2);
    assert_string_equal(sg_value_class(average), "dnnlib.tflib.network.Network");
    int64_t resolution = 0;
    const sg_value *options = entry_of(sg_value_state(average), "static_kwargs");
    assert_true(sg_value_integer(entry_of(options, "resolution"), &resolution));
    assert_int_equal(resolution, 32);
    const sg_value *parts = entry_of(sg_value_state(average), "components");
    const sg_value *synthesis = entry_of(parts, "synthesis");
    const sg_value *variables = entry_of(sg_value_state(synthesis), "variables");
    assert_int_equal(sg_value_kind_of(variables), SG_VALUE_LIST);
    for (size_t i = 0; i < sg_value_count(variables); i++) {
        const sg_value *pair = sg_value_item(variables, i);
        assert_non_null(sg_value_text(sg_value_item(pair, 0)));
        assert_int_equal(sg_value_kind_of(sg_value_item(pair, 1)), SG_VALUE_ARRAY);
    }
    close_document(document);
}

static void check_average_latent(const sg_value *root)
{
    sg_safetensors *file;
    assert_int_equal(
        sg_safetensors_open("tests/golden/legacy/rosinality-converted-32/expected.safetensors",
                            &file, NULL),
        SG_OK);
    check_tensor(entry_of(root, "latent_avg"), file, "latent_avg");
    sg_safetensors_close(file);
}

static void test_rosinality(void **state)
{
    (void)state;
    sg_value_array array;
    int64_t size = 0;
    sg_document *document = open_document("tests/golden/legacy/rosinality-32/checkpoint.pt");
    const sg_value *root = sg_document_root(document);
    assert_int_equal(sg_document_container(document), SG_TORCH_ZIP);
    assert_true(sg_value_integer(entry_of(sg_value_state(entry_of(root, "args")), "size"), &size));
    assert_int_equal(size, 32);
    assert_non_null(sg_value_find(sg_value_state(entry_of(root, "g_ema")), "_metadata"));
    close_document(document);

    document = open_document("tests/golden/legacy/rosinality-converted-32/converted.pt");
    root = sg_document_root(document);
    assert_int_equal(sg_document_container(document), SG_TORCH_STREAM);
    const sg_value *weight = entry_of(entry_of(root, "g_ema"), "conv1.conv.weight");
    assert_true(sg_value_array_of(weight, &array));
    assert_int_equal(array.rank, 5);
    assert_false(array.dense);
    check_average_latent(root);
    close_document(document);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_official_snapshots),
        cmocka_unit_test(test_tensorflow),
        cmocka_unit_test(test_rosinality),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
