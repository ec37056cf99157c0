/*
 * Hostile network files: trees that share their parts, so that a few bytes stand for more than
 * anyone could walk through. Each must end in a sentence within the bounds of support/cost.h.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/files/atomic_file.h"
#include "checkpoint/network/network_file.h"
#include "support/cost.h"
#include "support/pickle_writer.h"
#include "support/temporary_folder.h"

/* Memo indices. */
enum { SHARED = 1, ARRAY = 2, NAME = 3 };

static void assert_network_refused(void **state, sg_text *pickle, const char *words)
{
    char *path = temporary_path(state, "network.pkl");
    sg_network_file *file = NULL;
    sg_error error = {0};
    assert_int_equal(sg_write_file(path, pickle->bytes, pickle->length, NULL), SG_OK);
    assert_int_equal(sg_network_open(path, &file, &error), SG_ERROR_FORMAT);
    assert_null(file);
    if (!strstr(error.message, words))
        fail_msg("'%s' does not contain '%s'", error.message, words);
    free(path);
    sg_text_clear(pickle);
}

static void put_key(sg_text *pickle, const char *start, int number)
{
    char key[40];
    snprintf(key, sizeof key, "%s%d", start, number);
    put_text(pickle, key);
}

static void put_memo(sg_text *pickle, const char *operation, int index)
{
    sg_text_append_bytes(pickle, operation, 1);
    put_number(pickle, (uint64_t)index, 1);
}

/* An array of one float. */
static void put_array(sg_text *pickle)
{
    put_global(pickle, "numpy.core.numeric", "_frombuffer");
    PUT(pickle, "(U\4abcd");
    put_global(pickle, "numpy", "dtype");
    PUT(pickle, "U\2f4\x85RK\1\x85U\1CtR");
    put_memo(pickle, "q", ARRAY);
}

/* {"G_ema": a persistent object, whose state begins here. */
static void start_snapshot(sg_text *pickle)
{
    PUT(pickle, "\x80\2}(");
    put_text(pickle, "G_ema");
    put_global(pickle, "torch_utils.persistence", "_reconstruct_persistent_obj");
    PUT(pickle, "(}(");
    put_text(pickle, "class_name");
    put_text(pickle, "Generator");
    put_text(pickle, "state");
    PUT(pickle, "}(");
    put_text(pickle, "_init_kwargs");
    PUT(pickle, "}");
}

/* The state, the object and the dict end. */
static void end_snapshot(sg_text *pickle)
{
    PUT(pickle, "uutRu.");
}

/* A module, remembered as SHARED, whose state has these further entries. */
static void put_module(sg_text *pickle, const sg_text *entries)
{
    put_global(pickle, "torch.nn.modules", "Module");
    PUT(pickle, ")R}(");
    sg_text_append_bytes(pickle, entries->bytes, entries->length);
    PUT(pickle, "ub");
    put_memo(pickle, "q", SHARED);
}

/* "_modules": the module under so many names. */
static void put_shared_modules(sg_text *pickle, const sg_text *entries, int count)
{
    put_text(pickle, "_modules");
    PUT(pickle, "}(");
    for (int i = 0; i < count; i++) {
        put_key(pickle, "m", i);
        if (i == 0)
            put_module(pickle, entries);
        else
            put_memo(pickle, "h", SHARED);
    }
    PUT(pickle, "u");
}

/* Each pass looks for several keys in a dict of a million entries. */
static void test_module_with_a_huge_state(void **state)
{
    sg_text entries = {0};
    sg_text pickle = {0};
    for (int i = 0; i < 1000000; i++)
        PUT(&entries, "K\1N");
    start_snapshot(&pickle);
    put_shared_modules(&pickle, &entries, 16000);
    end_snapshot(&pickle);
    sg_text_clear(&entries);
    assert_network_refused(state, &pickle, "more than 2048");
}

static void test_module_of_many_absent_tensors(void **state)
{
    sg_text entries = {0};
    sg_text pickle = {0};
    put_text(&entries, "_buffers");
    PUT(&entries, "}(");
    for (int i = 0; i < 500000; i++)
        PUT(&entries, "U\1bN");
    PUT(&entries, "u");
    start_snapshot(&pickle);
    put_shared_modules(&pickle, &entries, 2000);
    end_snapshot(&pickle);
    sg_text_clear(&entries);
    assert_network_refused(state, &pickle, "more than 65536 tensors and modules");
}

/* Every buffer is looked up among all that are left out. */
static void test_many_buffers_left_out(void **state)
{
    enum { COUNT = 60000 };
    sg_text pickle = {0};
    start_snapshot(&pickle);
    put_text(&pickle, "_non_persistent_buffers_set");
    PUT(&pickle, "c__builtin__\nset\n](");
    for (int i = 0; i < COUNT; i++)
        put_key(&pickle, "buffer", 100000 + i);
    PUT(&pickle, "e\x85R");
    put_text(&pickle, "_buffers");
    PUT(&pickle, "}(");
    for (int i = COUNT; i-- > 0;) {
        put_key(&pickle, "buffer", 100000 + i);
        if (i == COUNT - 1)
            put_array(&pickle);
        else
            put_memo(&pickle, "h", ARRAY);
    }
    PUT(&pickle, "u");
    end_snapshot(&pickle);
    char *path = temporary_path(state, "network.pkl");
    sg_network_file *file = NULL;
    assert_int_equal(sg_write_file(path, pickle.bytes, pickle.length, NULL), SG_OK);
    assert_int_equal(sg_network_open(path, &file, NULL), SG_OK);
    assert_int_equal(sg_network_tensor_count(file, SG_PART_G_EMA), COUNT - 1000);
    sg_network_close(file);
    free(path);
    sg_text_clear(&pickle);
}

/* Only the last entry of a name is the part. */
static void test_part_that_is_named_again_and_again(void **state)
{
    sg_text entries = {0};
    sg_text pickle = {0};
    put_text(&entries, "training");
    PUT(&entries, "\x88");
    start_snapshot(&pickle);
    put_shared_modules(&pickle, &entries, 2000);
    PUT(&pickle, "uutR");
    put_memo(&pickle, "q", NAME);
    for (int i = 0; i < 900; i++) {
        put_text(&pickle, "G_ema");
        put_memo(&pickle, "h", NAME);
    }
    PUT(&pickle, "u.");
    sg_text_clear(&entries);
    assert_network_refused(state, &pickle, "no network that has tensors");
}

static void put_tensorflow_network(sg_text *pickle, const sg_text *components)
{
    put_global(pickle, "dnnlib.tflib.network", "Network");
    PUT(pickle, ")\x81}(");
    put_text(pickle, "version");
    PUT(pickle, "K\4");
    put_text(pickle, "static_kwargs");
    PUT(pickle, "}");
    put_text(pickle, "variables");
    PUT(pickle, "]");
    put_text(pickle, "components");
    PUT(pickle, "}(");
    sg_text_append_bytes(pickle, components->bytes, components->length);
    PUT(pickle, "uub");
}

/* 200 times the same network in each of 200, three times over. */
static void test_components_within_components(void **state)
{
    sg_text network = {0};
    put_tensorflow_network(&network, &(sg_text){0});
    for (int depth = 0; depth < 3; depth++) {
        sg_text components = {0};
        for (int i = 0; i < 200; i++) {
            put_key(&components, "c", i);
            if (i == 0) {
                sg_text_append_bytes(&components, network.bytes, network.length);
                put_memo(&components, "q", 10 + depth);
            } else {
                put_memo(&components, "h", 10 + depth);
            }
        }
        sg_text_clear(&network);
        put_tensorflow_network(&network, &components);
        sg_text_clear(&components);
    }
    sg_text pickle = {0};
    PUT(&pickle, "\x80\2");
    sg_text_append_bytes(&pickle, network.bytes, network.length);
    PUT(&pickle, "q\1h\1h\1\x87.");
    sg_text_clear(&network);
    assert_network_refused(state, &pickle, "no list of names and values, or too many");
}

/* A name of 64 KB for each of 16,000 tensors would take a gigabyte. */
static void test_long_name_of_many_tensors(void **state)
{
    enum { LENGTH = 65000 };
    char *name = malloc(LENGTH + 1);
    assert_non_null(name);
    memset(name, 'n', LENGTH);
    name[LENGTH] = '\0';
    sg_text pickle = {0};
    PUT(&pickle, "\x80\2}");
    put_text(&pickle, "g_ema");
    PUT(&pickle, "}(");
    put_text(&pickle, "conv1.conv.modulation.weight");
    put_array(&pickle);
    put_text(&pickle, "to_rgb1.conv.weight");
    put_memo(&pickle, "h", ARRAY);
    put_text(&pickle, name);
    put_memo(&pickle, "q", NAME);
    put_memo(&pickle, "h", ARRAY);
    for (int i = 0; i < 16000; i++) {
        put_memo(&pickle, "h", NAME);
        put_memo(&pickle, "h", ARRAY);
    }
    PUT(&pickle, "us.");
    free(name);
    assert_network_refused(state, &pickle, "cannot stand for");
}

#define HOSTILE(test) cmocka_unit_test_setup_teardown(test, cost_setup, cost_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        HOSTILE(test_module_with_a_huge_state),
        HOSTILE(test_module_of_many_absent_tensors),
        HOSTILE(test_many_buffers_left_out),
        HOSTILE(test_part_that_is_named_again_and_again),
        HOSTILE(test_components_within_components),
        HOSTILE(test_long_name_of_many_tensors),
    };
    return cmocka_run_group_tests(tests, temporary_folder_setup, temporary_folder_teardown);
}
