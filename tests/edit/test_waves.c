/* Pulses and waves of truncation. */
#include "edit/waves.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void assert_near(double value, double expected)
{
    assert_true(fabs(value - expected) < 1e-12);
}

static void a_pulse_goes_and_comes(void **state)
{
    (void)state;
    assert_near(sg_pulse(0.3, 1.1, 2, 0), 0.3);
    assert_near(sg_pulse(0.3, 1.1, 2, 0.25), 1.1);
    assert_near(sg_pulse(0.3, 1.1, 2, 0.5), 0.3);
    assert_near(sg_pulse(0.5, 0.5, 1, 0.3), 0.5); /* the published form divides by 0 */
}

static void a_wave_passes_each_cell_once(void **state)
{
    (void)state;
    const sg_wave wave = {.columns = 3, .rows = 2, .start = 0.4, .end = 1};
    assert_near(sg_wave_at(&wave, 0, 0, 0), 0.4);
    assert_near(sg_wave_at(&wave, 0, 0, 0.2), 1);   /* half a period later */
    assert_near(sg_wave_at(&wave, 0, 0, 0.5), 0.4); /* it has passed */
    assert_near(sg_wave_at(&wave, 2, 1, 0.1), 0.4); /* it has not come yet */
    assert_true(sg_wave_at(&wave, 2, 1, 0.4) > 0.4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pulse_goes_and_comes),
        cmocka_unit_test(a_wave_passes_each_cell_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
