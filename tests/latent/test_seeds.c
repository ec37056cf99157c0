/* The latents of seeds. */
#include "latent/seeds.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* The first numbers of NumPy's RandomState(0).randn and RandomState(1).randn. */
static void latents_are_those_of_numpy(void **state)
{
    (void)state;
    float z[3];
    sg_seed_latent(0, 3, z);
    assert_true(z[0] == 1.764052345967664f && z[1] == 0.4001572083672233f &&
                z[2] == 0.9787379841057392f);
    sg_seed_latent(1, 3, z);
    assert_true(z[0] == 1.6243453636632417f && z[1] == -0.6117564136500754f &&
                z[2] == -0.5281717522634557f);
}

static void a_latent_does_not_depend_on_its_width(void **state)
{
    (void)state;
    float narrow[5];
    float wide[512];
    sg_seed_latent(UINT32_MAX, 5, narrow);
    sg_seed_latent(UINT32_MAX, 512, wide);
    assert_memory_equal(narrow, wide, sizeof narrow);
}

/* A seed's noise goes its own way from the start, and is the same each time. */
static void noise_is_a_function_of_the_seed(void **state)
{
    (void)state;
    float first[4], again[4], other[4];
    sg_random random = sg_seed_noise(3);
    sg_random_normal_fill(&random, first, 4);
    random = sg_seed_noise(3);
    sg_random_normal_fill(&random, again, 4);
    random = sg_seed_noise(4);
    sg_random_normal_fill(&random, other, 4);
    assert_memory_equal(first, again, sizeof first);
    assert_memory_not_equal(first, other, sizeof first);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(latents_are_those_of_numpy),
        cmocka_unit_test(a_latent_does_not_depend_on_its_width),
        cmocka_unit_test(noise_is_a_function_of_the_seed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
