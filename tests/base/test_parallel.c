/* Parallel loops cover every index once, in ranges of the promised sizes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/parallel.h"

typedef struct coverage {
    unsigned char *visits;
    size_t count;
    size_t grain;
    int bad_ranges;
    int calls;
} coverage;

static void visit(size_t begin, size_t end, void *argument)
{
    coverage *seen = argument;
    __atomic_add_fetch(&seen->calls, 1, __ATOMIC_RELAXED);
    if (begin >= end || end > seen->count || begin % seen->grain != 0 ||
        (end != seen->count && end % seen->grain != 0)) {
        __atomic_add_fetch(&seen->bad_ranges, 1, __ATOMIC_RELAXED);
        return;
    }
    for (size_t i = begin; i < end; i++)
        __atomic_add_fetch(&seen->visits[i], 1, __ATOMIC_RELAXED);
}

static void check_coverage(size_t count, size_t grain, int threads)
{
    coverage seen = {calloc(count + 1, 1), count, grain, 0, 0};
    assert_non_null(seen.visits);
    sg_set_thread_count(threads);
    sg_parallel_for(count, grain, visit, &seen);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(seen.visits[i], 1);
    assert_int_equal(seen.visits[count], 0);
    assert_int_equal(seen.bad_ranges, 0);
    assert_in_range(seen.calls, count > 0 ? 1 : 0, threads);
    free(seen.visits);
}

static void test_covers_each_index_once(void **state)
{
    (void)state;
    static const size_t counts[] = {0, 1, 2, 3, 7, 63, 64, 65, 1001, 4099};
    static const size_t grains[] = {1, 2, 3, 64, 5000};
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        for (size_t k = 0; k < sizeof grains / sizeof grains[0]; k++)
            for (int threads = 1; threads <= 7; threads++)
                check_coverage(counts[i], grains[k], threads);
    }
    sg_set_thread_count(0);
}

static void test_a_loop_smaller_than_its_grain_stays_whole(void **state)
{
    (void)state;
    unsigned char visits[11] = {0};
    coverage seen = {visits, 10, 100, 0, 0};
    sg_set_thread_count(4);
    sg_parallel_for(10, 100, visit, &seen);
    assert_int_equal(seen.calls, 1);
    sg_set_thread_count(0);
}

static void test_the_thread_count_is_in_force(void **state)
{
    (void)state;
    sg_set_thread_count(3);
    assert_int_equal(sg_thread_count(), 3);
    unsigned char visits[301] = {0};
    coverage seen = {visits, 300, 1, 0, 0};
    sg_parallel_for(300, 1, visit, &seen);
    assert_int_equal(seen.calls, 3);
    sg_set_thread_count(0);
    assert_true(sg_thread_count() >= 1);
}

static void loop_again(size_t begin, size_t end, void *argument)
{
    unsigned char *visits = argument;
    for (size_t i = begin; i < end; i++) {
        coverage seen = {visits + 10 * i, 10, 1, 0, 0};
        sg_parallel_for(10, 1, visit, &seen);
    }
}

static void test_loops_may_be_nested(void **state)
{
    (void)state;
    unsigned char visits[100] = {0};
    sg_set_thread_count(3);
    sg_parallel_for(10, 1, loop_again, visits);
    for (size_t i = 0; i < sizeof visits; i++)
        assert_int_equal(visits[i], 1);
    sg_set_thread_count(0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_covers_each_index_once),
        cmocka_unit_test(test_a_loop_smaller_than_its_grain_stays_whole),
        cmocka_unit_test(test_the_thread_count_is_in_force),
        cmocka_unit_test(test_loops_may_be_nested),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
