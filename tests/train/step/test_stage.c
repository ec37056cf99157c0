/*
 * A trainer whose networks grow: its stages, what starts anew with them, and that layers which are
 * not there yet, or not any more, stay as they are.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/pool.h"
#include "models/config_rules.h"
#include "models/level.h"
#include "support/close.h"
#include "support/numbers.h"
#include "support/tensors.h"
#include "train/step/trainer.h"

enum { FULL = 16, LARGEST = 8 * FULL * FULL };

/* 32 images at 4x4 in steps of 8, 32 while 8x8 fades in in steps of 4, and so on to 16x16. */
static sg_trainer_options options_of(sg_family family)
{
    sg_trainer_options o = sg_trainer_options_default();
    o.generator = sg_generator_config_of_family(family);
    o.discriminator = sg_discriminator_config_of_family(family);
    o.generator.img_resolution = o.discriminator.img_resolution = FULL;
    o.generator.img_channels = o.discriminator.img_channels = 1;
    o.generator.channel_base = o.discriminator.channel_base = 32;
    o.generator.channel_max = o.discriminator.channel_max = 4;
    o.generator.z_dim = o.generator.w_dim = 6;
    o.growing = (sg_growing_schedule){.initial_resolution = 4,
                                      .stable_kimg = 0.032,
                                      .fade_kimg = 0.032,
                                      .repeats = 1,
                                      .batch = {8, 4, 2},
                                      .g_rate = {0.01, 0.02, 0.03},
                                      .d_rate = {0.03, 0.02, 0.01}};
    o.batch = 2;
    o.ema_rampup = o.pl_weight = 0;
    o.g_interval = o.d_interval = 0;
    o.track_w_in_g = true;
    o.seed = 7;
    return o;
}

static void train_until(sg_trainer *trainer, uint64_t images)
{
    sg_statistics statistics = {0};
    float *reals = random_floats(LARGEST, 40);
    while (sg_trainer_images(trainer) < images)
        assert_int_equal(sg_trainer_step(trainer, reals, NULL, &statistics), SG_OK);
    free(reals);
}

static sg_trainer *create(sg_context *context, sg_family family)
{
    const sg_trainer_options options = options_of(family);
    context->recording = false;
    sg_trainer *trainer = sg_trainer_create(context, &options, NULL);
    if (!trainer)
        fail_msg("%s", context->error.message);
    return trainer;
}

static void assert_lod(sg_trainer *trainer, double lod)
{
    assert_close(sg_trainer_lod(trainer), lod, 1e-6);
    const sg_trainer_networks networks = sg_trainer_networks_of(trainer);
    assert_close(sg_level_get(sg_generator_parameters(networks.generator), "synthesis.lod"), lod,
                 1e-6);
    assert_close(sg_level_get(sg_generator_parameters(networks.average), "synthesis.lod"), lod,
                 1e-6);
    assert_close(sg_level_get(sg_discriminator_parameters(networks.discriminator), "lod"), lod,
                 1e-6);
}

static void stages_follow_the_schedule(void **state)
{
    sg_trainer *trainer = create(*state, SG_STYLEGAN1);
    assert_true(sg_trainer_grows(trainer));
    assert_lod(trainer, 2);
    assert_int_equal(sg_trainer_stage(trainer).resolution, 4);
    train_until(trainer, 8);
    assert_int_equal(sg_trainer_images(trainer), 8);
    train_until(trainer, 40);
    assert_lod(trainer, 2);
    assert_int_equal(sg_trainer_counters_of(trainer).steps, 5);
    /* The step that comes next has 8x8 faded in by a quarter. */
    assert_close(sg_trainer_stage(trainer).lod, 1.75, 0);
    assert_int_equal(sg_trainer_stage(trainer).resolution, 8);
    train_until(trainer, 44);
    assert_lod(trainer, 1.75);
    assert_int_equal(sg_trainer_images(trainer), 44);
    train_until(trainer, 68);
    assert_lod(trainer, 1);
    train_until(trainer, 130);
    assert_lod(trainer, 0);
    assert_int_equal(sg_trainer_stage(trainer).batch, 2);
    sg_trainer_destroy(trainer);
    assert_int_equal(sg_pool_bytes_in_use(((sg_context *)*state)->pool), 0);
}

static void optimisers_start_anew_where_layers_change(void **state)
{
    static const struct {
        uint64_t images;
        int64_t steps;
    } expected[] = {{40, 5}, {44, 1}, {48, 2}, {64, 6}, {68, 1}, {96, 8}, {100, 9}, {102, 1}};
    sg_trainer *trainer = create(*state, SG_PROGAN);
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        train_until(trainer, expected[i].images);
        assert_int_equal(sg_trainer_images(trainer), expected[i].images);
        assert_int_equal(sg_optimiser_steps(sg_trainer_networks_of(trainer).g_optimiser),
                         expected[i].steps);
        assert_int_equal(sg_optimiser_steps(sg_trainer_networks_of(trainer).d_optimiser),
                         expected[i].steps);
    }
    sg_trainer_destroy(trainer);
}

/* The values of every tensor whose name holds `part`, in a row; `count` of them, on the heap. */
static float *values_of(const sg_parameter_set *set, const char *part, int64_t *count)
{
    float *values = NULL;
    *count = 0;
    for (size_t i = 0; i < set->count; i++) {
        const sg_tensor *tensor = set->items[i].tensor;
        if (!set->items[i].trainable || !strstr(set->items[i].name, part))
            continue;
        const int64_t more = sg_tensor_count(tensor);
        values = realloc(values, (size_t)(*count + more) * sizeof *values);
        assert_non_null(values);
        memcpy(values + *count, sg_f32(tensor), (size_t)more * sizeof *values);
        *count += more;
    }
    assert_true(*count > 0);
    return values;
}

/* Whether training until `images` changes tensors of that name. */
static bool changes(sg_trainer *trainer, const sg_parameter_set *set, const char *part,
                    uint64_t images)
{
    int64_t count = 0;
    float *before = values_of(set, part, &count);
    train_until(trainer, images);
    float *after = values_of(set, part, &count);
    const bool changed = memcmp(before, after, (size_t)count * sizeof *before) != 0;
    free(before);
    free(after);
    return changed;
}

static void absent_layers_stay_as_they_are(void **state)
{
    sg_trainer *trainer = create(*state, SG_STYLEGAN1);
    const sg_parameter_set *g = sg_generator_parameters(sg_trainer_networks_of(trainer).generator);
    const sg_parameter_set *d =
        sg_discriminator_parameters(sg_trainer_networks_of(trainer).discriminator);
    assert_false(changes(trainer, g, "b8.", 16));
    assert_false(changes(trainer, d, "b8.", 24));
    assert_true(changes(trainer, g, "b4.", 32));
    assert_true(changes(trainer, d, "b4.fromrgb", 40));
    assert_true(changes(trainer, g, "b8.", 48));
    assert_true(changes(trainer, g, "b4.torgb", 56));
    assert_true(changes(trainer, d, "b4.fromrgb", 64));
    /* 8x8 is whole: the colours of 4x4 have had their day. */
    assert_false(changes(trainer, g, "b4.torgb", 80));
    assert_false(changes(trainer, d, "b4.fromrgb", 88));
    assert_false(changes(trainer, g, "b16.", 96));
    sg_trainer_destroy(trainer);
}

/* The averages forget at a rate that goes with the batch. */
static void averages_follow_by_the_batch(void **state)
{
    static const char *const name = "b4.torgb.weight";
    sg_trainer *trainer = create(*state, SG_STYLEGAN1);
    for (int phase = 0; phase < 2; phase++) {
        const double batch = phase ? 4 : 8;
        int64_t count;
        const sg_parameter_set *average =
            sg_generator_parameters(sg_trainer_networks_of(trainer).average);
        float *before = values_of(average, name, &count);
        train_until(trainer, sg_trainer_images(trainer) + (uint64_t)batch);
        float *now = values_of(sg_generator_parameters(sg_trainer_networks_of(trainer).generator),
                               name, &count);
        float *after = values_of(average, name, &count);
        const double decay = pow(0.5, batch / 10000);
        for (int64_t i = 0; i < count; i++)
            assert_close((double)after[i],
                         (double)now[i] + ((double)before[i] - (double)now[i]) * decay, 1e-6);
        free(before);
        free(now);
        free(after);
        train_until(trainer, 40);
    }
    sg_trainer_destroy(trainer);
}

#define WITH_CONTEXT(test) cmocka_unit_test_setup_teardown(test, context_setup, context_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_CONTEXT(stages_follow_the_schedule),
        WITH_CONTEXT(optimisers_start_anew_where_layers_change),
        WITH_CONTEXT(absent_layers_stay_as_they_are),
        WITH_CONTEXT(averages_follow_by_the_batch),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
