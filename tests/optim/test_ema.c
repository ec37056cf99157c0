/* The moving average of weights. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "optim/ema.h"
#include "support/close.h"
#include "support/tensors.h"

static void the_decay_halves_over_the_half_life(void **state)
{
    (void)state;
    assert_close(pow(sg_ema_decay(32, 10, 0, 0), 10000.0 / 32), 0.5, 1e-12);
    assert_close(sg_ema_decay(10000, 10, 0, 1e9), 0.5, 1e-12);
}

static void the_decay_ramps_up_with_the_images_seen(void **state)
{
    (void)state;
    /* 2000 images seen, a ramp of 0.05: a half-life of 100 images. */
    assert_close(sg_ema_decay(50, 10, 0.05, 2000), pow(0.5, 0.5), 1e-12);
    /* Beyond 200000 images the half-life itself is the smaller. */
    assert_close(sg_ema_decay(50, 10, 0.05, 1e6), sg_ema_decay(50, 10, 0, 0), 0);
    /* Nothing seen: the average is the present. */
    assert_close(sg_ema_decay(32, 10, 0.05, 0), 0, 0);
}

static sg_parameter_set set_of(sg_context *context, double value)
{
    const sg_initial initial = {SG_INITIAL_CONSTANT, value};
    sg_parameter_set set;
    sg_parameter_set_init(&set, context, SG_F32, 0);
    assert_non_null(sg_parameter_add(&set, "", "weight", SG_SHAPE(70, 1000), true, initial));
    assert_non_null(sg_parameter_add(&set, "", "w_avg", SG_SHAPE(5), false, initial));
    return set;
}

static void weights_are_blended_and_buffers_copied(void **state)
{
    sg_parameter_set average = set_of(*state, 2);
    sg_parameter_set current = set_of(*state, 10);
    const uint64_t version = average.items[0].tensor->storage->version;
    sg_ema_update(&average, &current, 0.75);
    for (int64_t i = 0; i < 70000; i++)
        if (sg_tensor_value(average.items[0].tensor, i) != 4)
            fail_msg("element %lld is %g", (long long)i,
                     sg_tensor_value(average.items[0].tensor, i));
    assert_close(sg_tensor_value(average.items[1].tensor, 4), 10, 0);
    assert_close(sg_tensor_value(current.items[0].tensor, 0), 10, 0);
    assert_true(average.items[0].tensor->storage->version > version);
    sg_parameter_set_clear(&average);
    sg_parameter_set_clear(&current);
}

#define WITH_CONTEXT(test) cmocka_unit_test_setup_teardown(test, context_setup, context_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_decay_halves_over_the_half_life),
        cmocka_unit_test(the_decay_ramps_up_with_the_images_seen),
        WITH_CONTEXT(weights_are_blended_and_buffers_copied),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
