/* The pool reuses what was released, and its books are right. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/pool.h"

static int make_pool(void **state)
{
    *state = sg_pool_create();
    return *state ? 0 : -1;
}

static int drop_pool(void **state)
{
    sg_pool_destroy(*state);
    return 0;
}

static void test_blocks_are_aligned_writable_and_apart(void **state)
{
    sg_pool *pool = *state;
    unsigned char *blocks[40];
    for (size_t i = 0; i < 40; i++) {
        size_t bytes = i * i * 37;
        blocks[i] = sg_pool_allocate(pool, bytes);
        assert_non_null(blocks[i]);
        assert_int_equal((uintptr_t)blocks[i] % 64, 0);
        memset(blocks[i], (int)i, bytes);
    }
    for (size_t i = 0; i < 40; i++) {
        for (size_t k = 0; k < i * i * 37; k++)
            assert_int_equal(blocks[i][k], i);
        sg_pool_release(pool, blocks[i]);
    }
    assert_int_equal(sg_pool_bytes_in_use(pool), 0);
}

static void test_a_released_block_serves_its_whole_class(void **state)
{
    sg_pool *pool = *state;
    void *first = sg_pool_allocate(pool, 1000000);
    sg_pool_release(pool, first);
    size_t held = sg_pool_bytes_held(pool);
    /* 2^19 + 8 * 2^16 = 1048576 closes the class that opens after 983040. */
    assert_ptr_equal(sg_pool_allocate(pool, 983041), first);
    sg_pool_release(pool, first);
    assert_ptr_equal(sg_pool_allocate(pool, 1048576), first);
    assert_int_equal(sg_pool_bytes_held(pool), held);
    assert_ptr_not_equal(sg_pool_allocate(pool, 1048576), first);
    assert_ptr_not_equal(sg_pool_allocate(pool, 1048577), first);
}

static void test_rounding_wastes_an_eighth_at_most(void **state)
{
    sg_pool *pool = *state;
    for (size_t bytes = 513; bytes < 3000000; bytes += bytes / 17) {
        size_t before = sg_pool_bytes_in_use(pool);
        void *block = sg_pool_allocate(pool, bytes);
        size_t given = sg_pool_bytes_in_use(pool) - before;
        assert_true(given >= bytes && given <= bytes + bytes / 8 + 1);
        assert_int_equal(given % 64, 0);
        sg_pool_release(pool, block);
        sg_pool_trim(pool);
    }
    void *nothing = sg_pool_allocate(pool, 0);
    assert_non_null(nothing);
    assert_int_equal(sg_pool_bytes_in_use(pool), 64);
    sg_pool_release(pool, nothing);
}

static void test_the_books_follow_use(void **state)
{
    sg_pool *pool = *state;
    assert_int_equal(sg_pool_bytes_held(pool), 0);
    void *small = sg_pool_allocate(pool, 64);
    void *large = sg_pool_allocate(pool, 4096);
    assert_int_equal(sg_pool_bytes_in_use(pool), 4160);
    assert_true(sg_pool_bytes_held(pool) >= 4160);
    sg_pool_release(pool, large);
    assert_int_equal(sg_pool_bytes_in_use(pool), 64);
    sg_pool_release(pool, NULL);
    sg_pool_release(pool, small);
    assert_int_equal(sg_pool_bytes_in_use(pool), 0);
    assert_true(sg_pool_bytes_held(pool) >= 4160);
}

static void test_trim_returns_only_what_is_unused(void **state)
{
    sg_pool *pool = *state;
    void *blocks[9];
    for (size_t i = 0; i < 9; i++)
        blocks[i] = sg_pool_allocate(pool, 100 + 50 * i);
    char *kept = blocks[4];
    memcpy(kept, "kept", 5);
    for (size_t i = 0; i < 9; i++)
        if (i != 4)
            sg_pool_release(pool, blocks[i]);
    sg_pool_trim(pool);
    assert_string_equal(kept, "kept");
    size_t held = sg_pool_bytes_held(pool);
    assert_true(held >= 320 && held < 640);
    sg_pool_release(pool, kept);
    sg_pool_trim(pool);
    assert_int_equal(sg_pool_bytes_held(pool), 0);
}

static void test_impossible_sizes_give_null(void **state)
{
    sg_pool *pool = *state;
    assert_null(sg_pool_allocate(pool, SIZE_MAX));
    assert_null(sg_pool_allocate(pool, SIZE_MAX / 2));
    assert_null(sg_pool_allocate(pool, SIZE_MAX / 4));
    assert_int_equal(sg_pool_bytes_in_use(pool), 0);
    assert_int_equal(sg_pool_bytes_held(pool), 0);
}

static void test_destroy_takes_blocks_in_use_along(void **state)
{
    (void)state;
    sg_pool *pool = sg_pool_create();
    assert_non_null(sg_pool_allocate(pool, 1000));
    sg_pool_release(pool, sg_pool_allocate(pool, 2000));
    sg_pool_destroy(pool);
    sg_pool_destroy(NULL);
}

/* Users take turns in one block, which grows to what the largest of them asks for. */
static void test_scratch_is_shared_and_grows(void **state)
{
    sg_pool *pool = *state;
    char *small = sg_pool_scratch(pool, 1000);
    assert_non_null(small);
    assert_int_equal((uintptr_t)small % 64, 0);
    memset(small, 1, 1000);
    size_t held = sg_pool_bytes_held(pool);
    assert_ptr_equal(sg_pool_scratch(pool, 1), small);
    assert_ptr_equal(sg_pool_scratch(pool, 1000), small);
    assert_int_equal(sg_pool_bytes_held(pool), held);
    char *large = sg_pool_scratch(pool, 5000000);
    assert_non_null(large);
    assert_int_equal((uintptr_t)large % 64, 0);
    memset(large, 2, 5000000);
    assert_true(sg_pool_bytes_held(pool) >= 5000000);
    assert_true(sg_pool_bytes_held(pool) < 5000000 + 5000000 / 8 + (2 << 20)); /* huge pages */
    assert_ptr_equal(sg_pool_scratch(pool, 1000), large);
}

static void test_scratch_is_nobodys_block(void **state)
{
    sg_pool *pool = *state;
    char *scratch = sg_pool_scratch(pool, 1000);
    assert_int_equal(sg_pool_bytes_in_use(pool), 0);
    char *block = sg_pool_allocate(pool, 1000);
    assert_ptr_not_equal(block, scratch);
    memset(scratch, 1, 1000);
    memset(block, 2, 1000);
    assert_int_equal(scratch[999], 1);
    sg_pool_release(pool, block);
    sg_pool_trim(pool);
    assert_ptr_equal(sg_pool_scratch(pool, 1000), scratch);
    assert_int_equal(scratch[0], 1);
    assert_true(sg_pool_bytes_held(pool) >= 1000);
}

/* After a request that cannot be met there is none, and a possible one is met as before. */
static void test_impossible_scratch(void **state)
{
    sg_pool *pool = *state;
    assert_null(sg_pool_scratch(pool, SIZE_MAX));
    assert_non_null(sg_pool_scratch(pool, 100));
    assert_null(sg_pool_scratch(pool, SIZE_MAX / 4));
    assert_int_equal(sg_pool_bytes_held(pool), 0);
    char *scratch = sg_pool_scratch(pool, 0);
    assert_non_null(scratch);
    scratch = sg_pool_scratch(pool, 100);
    assert_non_null(scratch);
    memset(scratch, 1, 100);
}

/* A hollow pool counts as another one does, without the memory. */
static void test_a_hollow_pool_only_counts(void **state)
{
    sg_pool *pool = *state;
    sg_pool *hollow = sg_pool_create_hollow();
    static const size_t huge = (size_t)1 << 46; /* more than any machine has */
    assert_non_null(hollow);
    void *first = sg_pool_allocate(pool, 5000);
    void *second = sg_pool_allocate(hollow, 5000);
    assert_int_equal(sg_pool_bytes_held(pool), sg_pool_bytes_held(hollow));
    assert_int_equal(sg_pool_bytes_in_use(pool), sg_pool_bytes_in_use(hollow));
    sg_pool_release(pool, first);
    sg_pool_release(hollow, second);
    assert_int_equal(sg_pool_bytes_in_use(hollow), 0);
    assert_ptr_equal(sg_pool_allocate(hollow, 5000), second);
    void *large = sg_pool_allocate(hollow, huge);
    assert_non_null(large);
    assert_non_null(sg_pool_scratch(hollow, huge));
    assert_true(sg_pool_bytes_held(hollow) > 2 * huge);
    sg_pool_release(hollow, large);
    sg_pool_trim(hollow);
    assert_true(sg_pool_bytes_held(hollow) < 2 * huge);
    sg_pool_destroy(hollow);
}

static void test_a_limit_refuses_what_exceeds_it(void **state)
{
    sg_pool *pool = *state;
    sg_pool_limit(pool, 100000);
    void *small = sg_pool_allocate(pool, 50000);
    assert_non_null(small);
    assert_null(sg_pool_allocate(pool, 60000));
    assert_null(sg_pool_scratch(pool, 60000));
    sg_pool_release(pool, small);
    void *other = sg_pool_allocate(pool, 60000); /* the free block gives way */
    assert_non_null(other);
    sg_pool_release(pool, other);
    sg_pool_limit(pool, 0);
    assert_non_null(sg_pool_scratch(pool, 1000000));
}

#define pool_test(function) cmocka_unit_test_setup_teardown(function, make_pool, drop_pool)

int main(void)
{
    const struct CMUnitTest tests[] = {
        pool_test(test_blocks_are_aligned_writable_and_apart),
        pool_test(test_a_released_block_serves_its_whole_class),
        pool_test(test_rounding_wastes_an_eighth_at_most),
        pool_test(test_the_books_follow_use),
        pool_test(test_trim_returns_only_what_is_unused),
        pool_test(test_impossible_sizes_give_null),
        pool_test(test_scratch_is_shared_and_grows),
        pool_test(test_scratch_is_nobodys_block),
        pool_test(test_impossible_scratch),
        pool_test(test_a_hollow_pool_only_counts),
        pool_test(test_a_limit_refuses_what_exceeds_it),
        cmocka_unit_test(test_destroy_takes_blocks_in_use_along),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
