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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(latents_are_those_of_numpy),
        cmocka_unit_test(a_latent_does_not_depend_on_its_width),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
