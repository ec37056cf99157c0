/* Noise modes have the names of the official programs' option. */
#include "nn/noise_mode.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void names_are_the_official_ones(void **state)
{
    (void)state;
    assert_string_equal(sg_noise_mode_name(SG_NOISE_CONST), "const");
    assert_string_equal(sg_noise_mode_name(SG_NOISE_RANDOM), "random");
    assert_string_equal(sg_noise_mode_name(SG_NOISE_NONE), "none");
    for (int mode = SG_NOISE_CONST; mode <= SG_NOISE_NONE; mode++)
        assert_int_equal(sg_choice_find(&sg_noise_modes, sg_noise_mode_name((sg_noise_mode)mode)),
                         mode);
    assert_int_equal(sg_choice_find(&sg_noise_modes, "Const"), -1);
    assert_int_equal(sg_choice_find(&sg_noise_modes, ""), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(names_are_the_official_ones)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
