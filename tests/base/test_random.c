/* Philox against its published known answers, and the numbers drawn from it. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/parallel.h"
#include "base/random.h"

typedef struct known_answer {
    uint32_t counter[4];
    uint32_t key[2];
    uint32_t bits[4];
} known_answer;

static uint64_t join(uint32_t low, uint32_t high)
{
    return (uint64_t)high << 32 | low;
}

static void test_philox_gives_the_published_answers(void **state)
{
    (void)state;
    static const known_answer answers[] = {
        {{0, 0, 0, 0}, {0, 0}, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
        {{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff},
         {0xffffffff, 0xffffffff},
         {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
        {{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
         {0xa4093822, 0x299f31d0},
         {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
    };
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
        const known_answer *answer = &answers[i];
        uint32_t bits[4];
        sg_philox(join(answer->key[0], answer->key[1]),
                  join(answer->counter[2], answer->counter[3]),
                  join(answer->counter[0], answer->counter[1]), bits);
        assert_memory_equal(bits, answer->bits, sizeof bits);
    }
}

static void test_a_stream_starts_at_its_first_block(void **state)
{
    (void)state;
    sg_random random = sg_random_stream(7, 9);
    assert_int_equal(random.seed, 7);
    assert_int_equal(random.stream, 9);
    assert_int_equal(random.index, 0);
}

static void test_uniform_lies_in_its_range_with_the_right_moments(void **state)
{
    (void)state;
    enum { draws = 100000 };
    sg_random random = sg_random_stream(1, 2);
    double sum = 0;
    double square_sum = 0;
    for (int i = 0; i < draws; i++) {
        double value = sg_random_uniform(&random);
        assert_true(value >= 0.0 && value < 1.0);
        sum += value;
        square_sum += value * value;
    }
    assert_int_equal(random.index, draws);
    double mean = sum / draws;
    assert_true(fabs(mean - 0.5) < 0.005);
    assert_true(fabs(square_sum / draws - mean * mean - 1.0 / 12) < 0.002);
}

static void test_streams_and_seeds_differ(void **state)
{
    (void)state;
    sg_random first = sg_random_stream(5, 0);
    sg_random other_stream = sg_random_stream(5, 1);
    sg_random other_seed = sg_random_stream(6, 0);
    double value = sg_random_uniform(&first);
    assert_true(value != sg_random_uniform(&other_stream));
    assert_true(value != sg_random_uniform(&other_seed));
}

static void test_below_meets_every_value_equally_often(void **state)
{
    (void)state;
    enum { bound = 7, draws = 70000 };
    sg_random random = sg_random_stream(3, 0);
    int counts[bound] = {0};
    for (int i = 0; i < draws; i++) {
        uint64_t value = sg_random_below(&random, bound);
        assert_true(value < bound);
        counts[value]++;
    }
    for (int i = 0; i < bound; i++)
        assert_in_range(counts[i], draws / bound - 500, draws / bound + 500);
    assert_int_equal(sg_random_below(&random, 1), 0);
}

/* With this bound a plain remainder would give the lower half of the values twice as often. */
static void test_below_has_no_bias_for_huge_bounds(void **state)
{
    (void)state;
    enum { draws = 30000 };
    const uint64_t bound = UINT64_MAX / 3 * 2;
    sg_random random = sg_random_stream(4, 0);
    int low = 0;
    for (int i = 0; i < draws; i++) {
        uint64_t value = sg_random_below(&random, bound);
        assert_true(value < bound);
        low += value < bound / 2;
    }
    assert_in_range(low, draws / 2 - 500, draws / 2 + 500);
    assert_true(random.index > draws);
}

static void test_normals_have_the_right_moments(void **state)
{
    (void)state;
    enum { draws = 1000000 };
    float *values = calloc(draws, sizeof *values);
    assert_non_null(values);
    sg_random random = sg_random_stream(11, 0);
    sg_random_normal_fill(&random, values, draws);
    double moments[5] = {0};
    for (size_t i = 0; i < draws; i++) {
        assert_true(isfinite(values[i]));
        double power = 1;
        for (int k = 0; k < 5; k++) {
            moments[k] += power / draws;
            power *= values[i];
        }
    }
    free(values);
    assert_true(fabs(moments[1]) < 0.005);
    assert_true(fabs(moments[2] - 1) < 0.01);
    assert_true(fabs(moments[3]) < 0.02);
    assert_true(fabs(moments[4] - 3) < 0.06);
}

static void test_normals_follow_box_and_muller(void **state)
{
    (void)state;
    uint32_t bits[4];
    sg_philox(13, 17, 0, bits);
    float values[4];
    sg_random random = sg_random_stream(13, 17);
    sg_random_normal_fill(&random, values, 4);
    for (int pair = 0; pair < 2; pair++) {
        double radius = sqrt(-2 * log(((double)bits[2 * pair] + 0.5) * 0x1p-32));
        double angle = 2 * acos(-1.0) * (double)bits[2 * pair + 1] * 0x1p-32;
        assert_true(fabs(radius * cos(angle) - (double)values[2 * pair]) < 1e-5);
        assert_true(fabs(radius * sin(angle) - (double)values[2 * pair + 1]) < 1e-5);
    }
}

static void test_a_shorter_fill_is_the_beginning_of_a_longer_one(void **state)
{
    (void)state;
    float all[16];
    sg_random random = sg_random_stream(21, 0);
    sg_random_normal_fill(&random, all, 16);
    assert_int_equal(random.index, 4);
    for (size_t count = 0; count < 16; count++) {
        float some[17];
        for (size_t i = 0; i < 17; i++)
            some[i] = -99.0f;
        random = sg_random_stream(21, 0);
        sg_random_normal_fill(&random, some, count);
        assert_memory_equal(some, all, count * sizeof(float));
        assert_true(some[count] == -99.0f);
        assert_int_equal(random.index, (count + 3) / 4);
    }
}

static void test_normals_do_not_depend_on_the_thread_count(void **state)
{
    (void)state;
    enum { count = 100003 };
    float *one = calloc(count, sizeof *one);
    float *many = calloc(count, sizeof *many);
    assert_non_null(one);
    assert_non_null(many);
    sg_random random = sg_random_stream(31, 0);
    sg_set_thread_count(1);
    sg_random_normal_fill(&random, one, count);
    random = sg_random_stream(31, 0);
    sg_set_thread_count(3);
    sg_random_normal_fill(&random, many, count);
    sg_set_thread_count(0);
    assert_memory_equal(one, many, count * sizeof *one);
    free(one);
    free(many);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_philox_gives_the_published_answers),
        cmocka_unit_test(test_a_stream_starts_at_its_first_block),
        cmocka_unit_test(test_uniform_lies_in_its_range_with_the_right_moments),
        cmocka_unit_test(test_streams_and_seeds_differ),
        cmocka_unit_test(test_below_meets_every_value_equally_often),
        cmocka_unit_test(test_below_has_no_bias_for_huge_bounds),
        cmocka_unit_test(test_normals_have_the_right_moments),
        cmocka_unit_test(test_normals_follow_box_and_muller),
        cmocka_unit_test(test_a_shorter_fill_is_the_beginning_of_a_longer_one),
        cmocka_unit_test(test_normals_do_not_depend_on_the_thread_count),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
