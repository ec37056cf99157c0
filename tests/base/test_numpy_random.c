/* RandomState's numbers, as NumPy prints them, bit for bit. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/numpy_random.h"

/* What numpy.random.RandomState(seed).randn(1025) holds at its start and end. */
typedef struct golden_normals {
    uint32_t seed;
    double first[8];
    double last; /* the 1025th; the state is refilled several times on the way */
} golden_normals;

static const golden_normals goldens[] = {
    {0u,
     {0x1.c398ef3e5cfa5p+0, 0x1.99c2cfacc8953p-2, 0x1.f51d25222c9abp-1, 0x1.1ed5969e3314ep+1,
      0x1.de1847cb13ddap+0, -0x1.f45dc42a58c82p-1, 0x1.e671fd33295e9p-1, -0x1.35fac49d38436p-3},
     0x1.b659a28e70831p+0},
    {1u,
     {0x1.9fd5190657c50p+0, -0x1.393822fb7d9adp-1, -0x1.0e6c872548fd2p-1, -0x1.12ae1255cb80cp+0,
      0x1.bb16b5735117dp-1, -0x1.2698d1ecca259p+1, 0x1.beabfbd8fc605p+0, -0x1.85bce931aaff6p-1},
     0x1.5bcd5c136368ap-1},
    {85u,
     {0x1.6a30b5fa763c9p-3, 0x1.305a3f4656769p+1, 0x1.ff59e9bcf90d7p-1, -0x1.4f660ae9db54ep+0,
      0x1.710769d3edf49p-3, -0x1.c3c6eb5eab617p+0, -0x1.7170b26a52a08p+0, -0x1.6637940a8a6c3p+0},
     0x1.575b439691a45p+0},
    {4294967295u,
     {0x1.4bfc38c486d8ap-1, 0x1.56b192e507eeep-1, -0x1.149e836f192fdp+0, 0x1.23543dec5a0fcp-2,
      0x1.d27bf27c6aaafp-4, 0x1.bc38efd644bd1p-1, -0x1.68a93f10b89eep-5, 0x1.fd7bf9478f663p-3},
     0x1.7660ac229d137p+1},
};

static void test_normals_equal_numpy(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof goldens / sizeof goldens[0]; i++) {
        sg_numpy_random random;
        sg_numpy_random_seed(&random, goldens[i].seed);
        for (int k = 0; k < 8; k++)
            assert_true(sg_numpy_random_normal(&random) == goldens[i].first[k]);
        for (int k = 8; k < 1024; k++)
            (void)sg_numpy_random_normal(&random);
        assert_true(sg_numpy_random_normal(&random) == goldens[i].last);
    }
}

/* RandomState(0).random_sample(3), the numbers of many a tutorial. */
static void test_uniforms_equal_numpy(void **state)
{
    (void)state;
    sg_numpy_random random;
    sg_numpy_random_seed(&random, 0);
    assert_true(sg_numpy_random_uniform(&random) == 0.5488135039273248);
    assert_true(sg_numpy_random_uniform(&random) == 0.7151893663724195);
    assert_true(sg_numpy_random_uniform(&random) == 0.6027633760716439);
}

/* RandomState(7).shuffle(arange(10)), and the number after it; RandomState(123) with 1000. */
static void test_shuffles_equal_numpy(void **state)
{
    (void)state;
    static const size_t expected[] = {8, 5, 0, 2, 1, 9, 7, 3, 6, 4};
    static const size_t first[] = {131, 203, 50, 585, 138, 632};
    size_t values[1000];
    sg_numpy_random random;
    for (size_t i = 0; i < 1000; i++)
        values[i] = i;
    sg_numpy_random_seed(&random, 7);
    sg_numpy_random_shuffle(&random, values, 10);
    assert_memory_equal(values, expected, sizeof expected);
    assert_true(sg_numpy_random_uniform(&random) == 0.07205113335976154);
    for (size_t i = 0; i < 10; i++)
        values[i] = i;
    sg_numpy_random_seed(&random, 123);
    sg_numpy_random_shuffle(&random, values, 1000);
    assert_memory_equal(values, first, sizeof first);
    assert_int_equal(values[999], 510);
    sg_numpy_random_shuffle(&random, values, 1);
    sg_numpy_random_shuffle(&random, values, 0);
    assert_int_equal(values[0], 131);
}

static void test_seeding_forgets_the_spare_normal(void **state)
{
    (void)state;
    sg_numpy_random random;
    sg_numpy_random_seed(&random, 5);
    double first = sg_numpy_random_normal(&random);
    assert_true(random.has_spare);
    sg_numpy_random_seed(&random, 5);
    assert_false(random.has_spare);
    assert_true(sg_numpy_random_normal(&random) == first);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_normals_equal_numpy),
        cmocka_unit_test(test_uniforms_equal_numpy),
        cmocka_unit_test(test_shuffles_equal_numpy),
        cmocka_unit_test(test_seeding_forgets_the_spare_normal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
