/* Packed copies of weights: kept with parameters, made again after a change, never half made; and
 * values that lie in a file are given back once packed. */
#include "ops/convolution/packed_weights.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "support/tensors.h"

enum { VALUES = 4096, BYTES = VALUES * (int)sizeof(float) };

/* Counts how often it ran, and fails when told to. */
typedef struct packing {
    int runs;
    bool fails;
} packing;

static sg_status pack_doubled(const void *job, double gain, const float *weights, void *packed)
{
    packing *work = (packing *)(uintptr_t)job;
    float *to = packed;
    work->runs++;
    for (int i = 0; i < VALUES; i++)
        to[i] = (float)gain * weights[i];
    return work->fails ? SG_ERROR_LIBRARY : SG_OK;
}

/* The copy, which must be twice the weights. */
static const float *doubled(const sg_tensor *w, uint64_t key, packing *work, void **temporary)
{
    const float *packed = sg_packed_weights(w, key, BYTES, pack_doubled, work, 2, temporary);
    assert_non_null(packed);
    for (int i = 0; i < VALUES; i++)
        assert_true(packed[i] == 2 * sg_f32(w)[i]);
    return packed;
}

static sg_tensor *parameter(sg_context *context)
{
    sg_tensor *w = random_tensor(context, SG_F32, SG_SHAPE(VALUES), 1);
    w->storage->keeps_packed = true;
    return w;
}

static void test_parameters_keep_their_copy(void **state)
{
    packing work = {0};
    void *temporary = NULL;
    const sg_tensor *w = parameter(*state);
    const float *packed = doubled(w, 1, &work, &temporary);
    assert_ptr_equal(doubled(w, 1, &work, &temporary), packed);
    assert_int_equal(work.runs, 1);
    assert_null(temporary);
    assert_ptr_not_equal(doubled(w, 2, &work, &temporary), packed);
    assert_int_equal(work.runs, 2);
    assert_ptr_equal(doubled(w, 1, &work, &temporary), packed);
    assert_int_equal(work.runs, 2);
}

static void test_touched_parameters_are_packed_again(void **state)
{
    packing work = {0};
    void *temporary = NULL;
    sg_tensor *w = parameter(*state);
    doubled(w, 1, &work, &temporary);
    sg_tensor_set_value(w, 5, 17);
    sg_tensor_touch(w);
    doubled(w, 1, &work, &temporary);
    assert_int_equal(work.runs, 2);
}

static void test_other_tensors_get_a_copy_for_once(void **state)
{
    sg_context *context = *state;
    packing work = {0};
    sg_tensor *w = random_tensor(context, SG_F32, SG_SHAPE(VALUES), 1);
    size_t before = sg_pool_bytes_in_use(context->pool);
    for (int i = 1; i < 3; i++) {
        void *temporary = NULL;
        const float *packed = doubled(w, 1, &work, &temporary);
        assert_ptr_equal(packed, temporary);
        assert_int_equal(work.runs, i);
        sg_pool_release(context->pool, temporary);
    }
    assert_int_equal(sg_pool_bytes_in_use(context->pool), before);
}

static void test_copies_that_failed_are_not_found(void **state)
{
    sg_context *context = *state;
    packing work = {.fails = true};
    void *temporary = NULL;
    const sg_tensor *w = parameter(context);
    size_t before = sg_pool_bytes_in_use(context->pool);
    assert_null(sg_packed_weights(w, 1, BYTES, pack_doubled, &work, 2, &temporary));
    assert_int_equal(sg_context_take_error(context, NULL), SG_ERROR_LIBRARY);
    assert_int_equal(sg_pool_bytes_in_use(context->pool), before);
    work.fails = false;
    doubled(w, 1, &work, &temporary);
    assert_int_equal(work.runs, 2);
    assert_null(sg_packed_weights(w, 2, SIZE_MAX / 2, pack_doubled, &work, 2, &temporary));
    assert_int_equal(sg_context_take_error(context, NULL), SG_ERROR_MEMORY);
    assert_int_equal(work.runs, 2);
}

/* Whether the address's page takes memory of this process. */
static bool is_resident(const void *address)
{
    uint64_t entry = 0;
    const long page = sysconf(_SC_PAGESIZE);
    int pages = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
    if (pages < 0)
        skip();
    off_t place = (off_t)((uintptr_t)address / (uintptr_t)page * sizeof entry);
    ssize_t count = pread(pages, &entry, sizeof entry, place);
    close(pages);
    if (count != sizeof entry)
        skip();
    return entry >> 63;
}

/* A parameter whose values lie in a file without a name, and the file. */
static sg_tensor *mapped_parameter(sg_context *context, FILE **file)
{
    sg_tensor *w = parameter(context);
    *file = tmpfile();
    assert_non_null(*file);
    assert_int_equal(fwrite(sg_f32(w), BYTES, 1, *file), 1);
    assert_int_equal(fflush(*file), 0);
    sg_file_map *mapping = sg_file_map_create(fileno(*file));
    assert_non_null(mapping);
    sg_tensor_map(w, mapping, sg_file_map_bytes(mapping));
    sg_file_map_release(mapping);
    return w;
}

static void test_values_in_a_file_are_given_back(void **state)
{
    packing work = {0};
    void *temporary = NULL;
    FILE *file;
    const sg_tensor *w = mapped_parameter(*state, &file);
    assert_non_null(sg_packed_weights(w, 1, BYTES, pack_doubled, &work, 2, &temporary));
    assert_false(is_resident(sg_f32(w) + 2000));
    doubled(w, 1, &work, &temporary);
    assert_true(is_resident(sg_f32(w) + 2000));
    assert_int_equal(work.runs, 1);
    fclose(file);
}

/* A change stays where it was made, although the values around it could be had again. */
static void test_changed_values_are_kept(void **state)
{
    packing work = {0};
    void *temporary = NULL;
    FILE *file;
    float first[VALUES];
    sg_tensor *w = mapped_parameter(*state, &file);
    doubled(w, 1, &work, &temporary);
    sg_tensor_set_value(w, 2000, 17);
    sg_tensor_touch(w);
    doubled(w, 1, &work, &temporary);
    assert_int_equal(work.runs, 2);
    assert_true(sg_tensor_value(w, 2000) == 17);
    rewind(file);
    assert_int_equal(fread(first, BYTES, 1, file), 1);
    assert_true(first[2000] != 17);
    fclose(file);
}

#define IN_CONTEXT(test) cmocka_unit_test_setup_teardown(test, context_setup, context_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_CONTEXT(test_parameters_keep_their_copy),
        IN_CONTEXT(test_touched_parameters_are_packed_again),
        IN_CONTEXT(test_other_tensors_get_a_copy_for_once),
        IN_CONTEXT(test_copies_that_failed_are_not_found),
        IN_CONTEXT(test_values_in_a_file_are_given_back),
        IN_CONTEXT(test_changed_values_are_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
