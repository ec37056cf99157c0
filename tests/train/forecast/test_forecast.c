/* Forecasts of what a training will cost. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/parallel.h"
#include "models/config_rules.h"
#include "support/networks.h"
#include "train/forecast/forecast.h"

enum { MODES = 3 }; /* of augmentation */

static sg_trainer_options tiny_options(void)
{
    sg_trainer_options options = sg_trainer_options_default();
    options.generator = tiny_generator_config(SG_ARCHITECTURE_SKIP, 2, 3);
    options.discriminator = tiny_discriminator_config(SG_ARCHITECTURE_RESNET, 2, 3);
    options.batch = 4;
    return options;
}

static void a_forecast_is_in_proportion_to_the_length(void **state)
{
    (void)state;
    const sg_trainer_options options = tiny_options();
    sg_work_times *times = sg_work_times_create(1, 1);
    sg_forecast forecast = {0};
    sg_error error = {0};
    assert_non_null(times);
    assert_int_equal(sg_forecast_make(times, &options, 0, 10, &forecast, &error), SG_OK);
    assert_true(forecast.seconds_per_kimg > 0 && forecast.seconds_per_kimg < 1e6);
    assert_true(fabs(forecast.seconds - 10 * forecast.seconds_per_kimg) < 1e-6 * forecast.seconds);
    assert_true(forecast.peak_bytes > 1e5);
    sg_work_times_destroy(times);
}

/* The training that follows a forecast uses as many threads as it was told to. */
static void a_forecast_keeps_the_number_of_threads(void **state)
{
    (void)state;
    const sg_trainer_options options = tiny_options();
    const int before = sg_thread_count();
    for (int threads = 1; threads <= 2; threads++) {
        sg_work_times *times = sg_work_times_create(threads, 0);
        sg_forecast forecast = {0};
        sg_error error = {0};
        assert_non_null(times);
        sg_set_thread_count(threads);
        assert_int_equal(sg_forecast_make(times, &options, 0, 1, &forecast, &error), SG_OK);
        assert_int_equal(sg_thread_count(), threads);
        sg_work_times_destroy(times);
    }
    sg_set_thread_count(before);
}

/* Options of a small ProGAN that grows from 4x4 to 16x16. */
static sg_trainer_options growing_options(void)
{
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
    return options;
}

/* Only the resolutions that a growing training still meets are measured. */
static void growing_trainings_are_forecast(void **state)
{
    (void)state;
    const sg_trainer_options options = growing_options();
    sg_work_times *times = sg_work_times_create(1, 1);
    assert_non_null(times);
    static const double spans[][2] = {{0, 100}, {0, 5}, {45, 100}, {100, 100}};
    for (int i = 0; i < 4; i++) {
        sg_forecast forecast = {0};
        sg_error error = {0};
        if (sg_forecast_make(times, &options, spans[i][0], spans[i][1], &forecast, &error))
            fail_msg("%s", error.message);
        assert_int_equal(forecast.seconds > 0, i < 3);
    }
    sg_work_times_destroy(times);
}

/* Augmentation takes its time, in trainings that grow too, and before adaptive augmentation has
 * begun. Nothing is measured here: the guesses decide. */
static void augmentation_is_forecast(void **state)
{
    (void)state;
    for (int grows = 0; grows < 2; grows++) {
        double seconds[MODES];
        for (int mode = 0; mode < MODES; mode++) {
            sg_trainer_options options = grows ? growing_options() : tiny_options();
            options.augment.mode = mode;
            options.augment.p = mode == SG_AUGMENT_FIXED ? 0.8 : 0;
            sg_work_times *times = sg_work_times_create(1, 0);
            sg_forecast forecast = {0};
            sg_error error = {0};
            if (sg_forecast_make(times, &options, 0, 100, &forecast, &error))
                fail_msg("%s", error.message);
            seconds[mode] = forecast.seconds;
            sg_work_times_destroy(times);
        }
        assert_true(seconds[SG_AUGMENT_FIXED] > 1.005 * seconds[SG_AUGMENT_NONE]);
        assert_true(seconds[SG_AUGMENT_ADAPTIVE] > 1.005 * seconds[SG_AUGMENT_NONE]);
    }
}

/* Large batches are forecast quickly with everything that works on single pictures or pixels. */
static void large_batches_are_forecast_quickly(void **state)
{
    (void)state;
    sg_trainer_options options = tiny_options();
    sg_error error = {0};
    options.batch = 8192;
    options.generator.img_resolution = options.discriminator.img_resolution = 64;
    options.generator.channel_base = options.discriminator.channel_base = 512;
    options.instance_noise = 0.5;
    options.instance_noise_kimg = 1;
    options.augment.mode = SG_AUGMENT_FIXED;
    options.augment.p = 0.8;
    assert_int_equal(sg_augment_pipe_codec.parse("bgcfnc", &options.augment.pipe, &error), SG_OK);
    sg_work_times *times = sg_work_times_create(1, 0);
    sg_forecast forecast = {0};
    const double started = sg_clock_seconds();
    const double before = sg_process_peak_bytes();
    if (sg_forecast_make(times, &options, 0, 100, &forecast, &error))
        fail_msg("%s", error.message);
    assert_true(sg_clock_seconds() - started < 10);
    assert_true(sg_process_peak_bytes() - before < 100e6);
    sg_work_times_destroy(times);
}

/*
 * The published networks at 1024x1024 need more memory than machines have; their forecast needs a
 * second or two and hardly any.
 */
static void large_networks_are_forecast_quickly(void **state)
{
    (void)state;
    sg_trainer_options options = sg_trainer_options_default();
    options.generator.img_resolution = options.discriminator.img_resolution = 1024;
    sg_work_times *times = sg_work_times_create(1, 0.2);
    sg_forecast forecast = {0};
    sg_error error = {0};
    const double before = sg_process_peak_bytes();
    assert_int_equal(sg_forecast_make(times, &options, 0, 25000, &forecast, &error), SG_OK);
    assert_true(forecast.peak_bytes > 50e9 && forecast.peak_bytes < 500e9);
    assert_true(forecast.seconds > 1e7);
    assert_true(sg_process_peak_bytes() - before < 200e6);
    sg_work_times_destroy(times);
}

/* The memory that a step really takes is what was forecast. */
static void memory_is_forecast(void **state)
{
    (void)state;
    sg_trainer_options options = tiny_options();
    options.generator.img_resolution = options.discriminator.img_resolution = 32;
    options.generator.channel_base = options.discriminator.channel_base = 512;
    options.generator.channel_max = options.discriminator.channel_max = 32;
    sg_work_times *times = sg_work_times_create(1, 0);
    sg_forecast forecast = {0};
    sg_error error = {0};
    if (sg_forecast_make(times, &options, 0, 1, &forecast, &error))
        fail_msg("%s", error.message);
    sg_context *context = sg_context_create(1);
    sg_trainer *trainer = sg_trainer_create(context, &options, NULL);
    assert_non_null(trainer);
    static float reals[4 * 32 * 32 * 3];
    sg_statistics statistics = {0};
    static float labels[4 * 3];
    assert_int_equal(sg_trainer_step(trainer, reals, labels, &statistics), SG_OK);
    const double held = (double)sg_pool_bytes_held(context->pool);
    assert_true(forecast.peak_bytes > 0.9 * held && forecast.peak_bytes < 20e6 + 2 * held);
    sg_trainer_destroy(trainer);
    sg_context_destroy(context);
    sg_work_times_destroy(times);
}

static void what_cannot_be_trained_is_reported(void **state)
{
    (void)state;
    sg_trainer_options options = tiny_options();
    sg_work_times *times = sg_work_times_create(1, 0);
    sg_forecast forecast = {0};
    sg_error error = {0};
    assert_non_null(times);
    options.batch = 6; /* not a multiple of the minibatch standard deviation's groups */
    assert_int_equal(sg_forecast_make(times, &options, 0, 10, &forecast, &error), SG_ERROR_SHAPE);
    error = (sg_error){0};
    options.generator.img_resolution = 12;
    assert_int_equal(sg_forecast_make(times, &options, 0, 10, &forecast, &error),
                     SG_ERROR_ARGUMENT);
    sg_work_times_destroy(times);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_forecast_is_in_proportion_to_the_length),
        cmocka_unit_test(a_forecast_keeps_the_number_of_threads),
        cmocka_unit_test(growing_trainings_are_forecast),
        cmocka_unit_test(augmentation_is_forecast),
        cmocka_unit_test(large_batches_are_forecast_quickly),
        cmocka_unit_test(large_networks_are_forecast_quickly),
        cmocka_unit_test(memory_is_forecast),
        cmocka_unit_test(what_cannot_be_trained_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
