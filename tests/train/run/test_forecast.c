/* Forecasts of what a training will cost. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/pool.h"
#include "models/config_rules.h"
#include "support/networks.h"
#include "train/run/forecast.h"

static sg_trainer_options tiny_options(void)
{
    sg_trainer_options options = sg_trainer_options_default();
    options.generator = tiny_generator_config(SG_ARCHITECTURE_SKIP, 2, 3);
    options.discriminator = tiny_discriminator_config(SG_ARCHITECTURE_RESNET, 2, 3);
    options.batch = 4;
    return options;
}

static void a_forecast_leaves_nothing_behind(void **state)
{
    (void)state;
    const sg_trainer_options options = tiny_options();
    sg_context *context = sg_context_create(1);
    sg_forecast forecast = {0};
    sg_error error = {0};
    assert_non_null(context);
    assert_int_equal(sg_forecast_make(context, &options, 0, 10, &forecast, &error), SG_OK);
    assert_true(forecast.seconds_per_kimg > 0 && forecast.seconds_per_kimg < 1e6);
    assert_true(fabs(forecast.seconds - 10 * forecast.seconds_per_kimg) < 1e-6 * forecast.seconds);
    assert_true(forecast.peak_bytes > 1e5);
    assert_int_equal(sg_pool_bytes_in_use(context->pool), 0);
    assert_int_equal(context->scope_count, 0);
    sg_context_destroy(context);
}

/* Only the resolutions that a growing training still meets are measured. */
static void growing_trainings_are_foretold(void **state)
{
    (void)state;
    sg_trainer_options options = tiny_options();
    options.generator = sg_generator_config_of_family(SG_PROGAN);
    options.discriminator = sg_discriminator_config_of_family(SG_PROGAN);
    options.generator.img_resolution = options.discriminator.img_resolution = 16;
    options.generator.channel_max = options.discriminator.channel_max = 4;
    options.generator.z_dim = options.generator.w_dim = 4;
    options.pl_weight = 0;
    options.growing = (sg_growing_schedule){.initial_resolution = 4,
                                            .stable_kimg = 10,
                                            .fade_kimg = 10,
                                            .repeats = 4,
                                            .batch = {8, 8, 4}};
    sg_context *context = sg_context_create(1);
    assert_non_null(context);
    static const double spans[][2] = {{0, 100}, {0, 5}, {45, 100}, {100, 100}};
    for (int i = 0; i < 4; i++) {
        sg_forecast forecast = {0};
        sg_error error = {0};
        if (sg_forecast_make(context, &options, spans[i][0], spans[i][1], &forecast, &error))
            fail_msg("%s", error.message);
        assert_int_equal(forecast.seconds > 0, i < 3);
    }
    assert_int_equal(sg_pool_bytes_in_use(context->pool), 0);
    sg_context_destroy(context);
}

static void what_cannot_be_trained_is_reported(void **state)
{
    (void)state;
    sg_trainer_options options = tiny_options();
    sg_context *context = sg_context_create(1);
    sg_forecast forecast = {0};
    sg_error error = {0};
    assert_non_null(context);
    options.batch = 6; /* not a multiple of the minibatch standard deviation's groups */
    assert_int_equal(sg_forecast_make(context, &options, 0, 10, &forecast, &error), SG_ERROR_SHAPE);
    error = (sg_error){0};
    options.generator.img_resolution = 12;
    assert_int_equal(sg_forecast_make(context, &options, 0, 10, &forecast, &error),
                     SG_ERROR_ARGUMENT);
    assert_int_equal(sg_pool_bytes_in_use(context->pool), 0);
    sg_context_destroy(context);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_forecast_leaves_nothing_behind),
        cmocka_unit_test(growing_trainings_are_foretold),
        cmocka_unit_test(what_cannot_be_trained_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
