/* Noted ops on smaller operands. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "models/config_rules.h"
#include "train/forecast/replay.h"
#include "train/step/trainer.h"

/* Notes a step of networks of a family at 64x64. */
static sg_context *rehearse(sg_family family)
{
    sg_trainer_options options = sg_trainer_options_default();
    options.generator = sg_generator_config_of_family(family);
    options.discriminator = sg_discriminator_config_of_family(family);
    options.generator.img_resolution = options.discriminator.img_resolution = 64;
    options.generator.channel_max = options.discriminator.channel_max = 128;
    options.batch = 8;
    sg_generator_config_set_w(&options.generator);
    sg_context *context = sg_context_create_hollow();
    sg_trainer *trainer = sg_trainer_create(context, &options, NULL);
    sg_statistics statistics = {0};
    if (!trainer)
        fail_msg("%s", context->error.message);
    for (sg_phase phase = 0; phase < SG_PHASE_COUNT; phase++)
        if (sg_trainer_run_phase(trainer, phase, NULL, NULL, &statistics))
            fail_msg("%s", context->error.message);
    sg_trainer_destroy(trainer);
    return context;
}

/* Every call of a step is cut down to a few dozen megabytes, and runs. */
static void all_work_of_a_step_can_be_measured(void **state)
{
    (void)state;
    static const sg_family families[] = {SG_STYLEGAN2, SG_STYLEGAN3, SG_DCGAN};
    for (size_t k = 0; k < sizeof families / sizeof *families; k++) {
        sg_context *hollow = rehearse(families[k]);
        sg_context *context = sg_context_create(1);
        for (size_t i = 0; i < hollow->work->count; i++) {
            const sg_work *work = &hollow->work->items[i];
            const sg_work reduced = sg_work_reduce(work);
            const double amount = sg_work_amount(work);
            const double less = sg_work_amount(&reduced);
            sg_work_seconds seconds = {0};
            assert_true(less <= amount && (amount == 0 || less > 0));
            assert_true(less <= 1e9);
            assert_true(sg_work_guess(work) > 0);
            if (amount == 0 || i % 7 > 0) /* some of each: all would take long */
                continue;
            if (!sg_work_measure(context, &reduced, &seconds))
                fail_msg("%s cannot be measured", work->kind);
            assert_true(seconds.passing > 0 && seconds.packing >= 0);
            assert_true(sg_pool_bytes_in_use(context->pool) == 0);
            assert_true((double)sg_pool_bytes_held(context->pool) < 200e6);
            sg_pool_trim(context->pool);
        }
        sg_context_destroy(context);
        sg_context_destroy(hollow);
    }
}

/* Returns a noted convolution of 3x3 kernels. */
static sg_work convolution(int64_t samples, int64_t side, int64_t channels)
{
    sg_context *context = sg_context_create_hollow();
    sg_tensor *x = sg_tensor_create(context, SG_F32, SG_SHAPE(samples, side, side, channels));
    sg_tensor *w = sg_tensor_create(context, SG_F32, SG_SHAPE(channels, channels, 3, 3));
    const struct {
        int strides[2], padding[4], groups;
        bool swapped, direct;
        double gain;
    } options = {{1, 1}, {1, 1, 1, 1}, 1, false, false, 1};
    sg_work_note("convolution", &options, sizeof options, (sg_tensor *[]){x, w}, 2, x);
    const sg_work work = context->work->items[0];
    sg_context_destroy(context);
    return work;
}

/* Small work stays as it is; of large work fewer samples and rows are left, and all channels. */
static void rows_and_samples_become_fewer(void **state)
{
    (void)state;
    sg_work work = convolution(2, 8, 16);
    sg_work reduced = sg_work_reduce(&work);
    assert_memory_equal(&reduced.result, &work.result, sizeof work.result);
    work = convolution(32, 1024, 32);
    assert_true(fabs(sg_work_amount(&work) - 32.0 * 1024 * 1024 * 32 * 32 * 9) < 1);
    reduced = sg_work_reduce(&work);
    assert_int_equal(reduced.result.size[0], 1);
    assert_in_range(reduced.result.size[1], 16, 100);
    assert_int_equal(reduced.result.size[1], reduced.operands[0].size[1]);
    assert_int_equal(reduced.result.size[3], 32);
    assert_true(reduced.calls == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_work_of_a_step_can_be_measured),
        cmocka_unit_test(rows_and_samples_become_fewer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
