/* Frozen layers keep their bytes, all others change, and nothing is computed for frozen ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support/networks.h"
#include "support/numbers.h"
#include "support/program.h"
#include "support/tensors.h"
#include "train/step/freeze.h"
#include "train/step/trainer.h"

enum { STEPS = 5 /* with every regulariser: R1 at step 0, paths at 0 and 4 */ };

static sg_trainer_options options_of(const sg_generator_config *generator, sg_freezing freezing)
{
    sg_trainer_options options = sg_trainer_options_default();
    options.generator = *generator;
    options.discriminator = tiny_discriminator_config(SG_ARCHITECTURE_RESNET,
                                                      generator->img_channels, generator->c_dim);
    options.batch = 4;
    options.freezing = freezing;
    return options;
}

static sg_trainer *create(sg_context *context, const sg_trainer_options *options)
{
    context->recording = false;
    sg_trainer *trainer = sg_trainer_create(context, options, NULL);
    if (!trainer)
        fail_msg("%s", context->error.message);
    return trainer;
}

/* The values of a network's tensors, one copy each, to be freed by free_copies. */
static float **copy_values(const sg_parameter_set *set)
{
    float **copies = calloc(set->count, sizeof *copies);
    assert_non_null(copies);
    for (size_t i = 0; i < set->count; i++) {
        const size_t bytes = (size_t)sg_tensor_count(set->items[i].tensor) * sizeof **copies;
        copies[i] = malloc(bytes);
        assert_non_null(copies[i]);
        memcpy(copies[i], sg_f32(set->items[i].tensor), bytes);
    }
    return copies;
}

static void free_copies(float **copies, const sg_parameter_set *set)
{
    for (size_t i = 0; i < set->count; i++)
        free(copies[i]);
    free(copies);
}

/* Fails unless the frozen tensors of the list, and no other trained ones, are as they were. Returns
 * how many are. */
static int check_frozen(const sg_parameter_set *set, float *const *before, const char *const *list)
{
    int frozen = 0;
    for (size_t i = 0; i < set->count; i++) {
        const sg_parameter *item = &set->items[i];
        bool listed = false;
        for (int k = 0; list[k] && !listed; k++)
            listed = strncmp(item->name, list[k], strlen(list[k])) == 0;
        const bool same = memcmp(before[i], sg_f32(item->tensor),
                                 (size_t)sg_tensor_count(item->tensor) * sizeof **before) == 0;
        if (listed && !same)
            fail_msg("%s is frozen, but changed", item->name);
        if (!listed && item->trainable && same)
            fail_msg("%s is not frozen, but stayed the same", item->name);
        frozen += listed;
    }
    return frozen;
}

static void train(sg_trainer *trainer, const sg_trainer_options *options, int steps)
{
    sg_statistics statistics = {0};
    const int classes = options->generator.c_dim;
    float *reals = random_floats(4 * 64 * options->generator.img_channels, 40);
    float *labels = calloc((size_t)(4 * classes) + 1, sizeof *labels);
    assert_non_null(labels);
    for (int i = 0; i < 4 && classes; i++)
        labels[i * classes + i % classes] = 1;
    for (int i = 0; i < steps; i++)
        assert_int_equal(sg_trainer_step(trainer, reals, labels, &statistics), SG_OK);
    free(reals);
    free(labels);
}

/* Trains with frozen layers and compares both networks with what they were. */
static void check_training(sg_context *context, const sg_generator_config *generator,
                           sg_freezing freezing, const char *const *of_g, const char *const *of_d)
{
    const sg_trainer_options options = options_of(generator, freezing);
    sg_trainer *trainer = create(context, &options);
    const sg_trainer_networks networks = sg_trainer_networks_of(trainer);
    sg_parameter_set *g = sg_generator_parameters(networks.generator);
    sg_parameter_set *d = sg_discriminator_parameters(networks.discriminator);
    float **g_before = copy_values(g);
    float **d_before = copy_values(d);
    train(trainer, &options, STEPS);
    assert_true(check_frozen(g, g_before, of_g) > 0 || !of_g[0]);
    assert_true(check_frozen(d, d_before, of_d) > 0 || !of_d[0]);
    free_copies(g_before, g);
    free_copies(d_before, d);
    sg_trainer_destroy(trainer);
}

#define NAMES(...) ((const char *const[]){__VA_ARGS__, NULL})
#define NOTHING ((const char *const[]){NULL})

static void frozen_layers_keep_their_bytes(void **state)
{
    const sg_generator_config c = tiny_generator_config(SG_ARCHITECTURE_SKIP, 2, 3);
    check_training(*state, &c, (sg_freezing){.d_layers = 2}, NOTHING,
                   NAMES("b8.fromrgb.", "b8.conv0."));
    check_training(*state, &c, (sg_freezing){.d_layers = 4}, NOTHING, NAMES("b8."));
    check_training(*state, &c, (sg_freezing){.d_layers = 99}, NOTHING, NAMES("b8."));
    check_training(*state, &c, (sg_freezing){.mapping_layers = 1}, NAMES("mapping.fc0."), NOTHING);
    check_training(*state, &c, (sg_freezing){.embedding = true}, NAMES("mapping.embed."), NOTHING);
    check_training(*state, &c, (sg_freezing){.g_resolution = 4}, NAMES("synthesis.b4."), NOTHING);
    check_training(*state, &c, (sg_freezing){1, 2, true, 4},
                   NAMES("synthesis.b4.", "mapping.fc", "mapping.embed."), NAMES("b8.fromrgb."));
}

static void stylegan3_freezes_by_cutoff(void **state)
{
    const sg_generator_config c = tiny_stylegan3_config(false, 2, 0);
    sg_generator *generator = sg_generator_create(*state, &c, SG_F32, 0);
    sg_parameter_set *set = sg_generator_parameters(generator);
    int frozen = 0;
    sg_freeze_generator(generator, &(sg_freezing){.g_resolution = 4});
    for (size_t i = 0; i < set->count; i++) {
        const char *name = set->items[i].name;
        if (strcmp(name, "synthesis.input.weight") == 0)
            assert_false(set->items[i].trainable);
        if (strncmp(name, "synthesis.L4_", 13) == 0 && strstr(name, ".weight"))
            assert_true(set->items[i].trainable);
        frozen += strncmp(name, "synthesis.L", 11) == 0 && strstr(name, ".bias") &&
                  !set->items[i].trainable;
    }
    assert_in_range(frozen, 1, 3 * 2);
    sg_generator_destroy(generator);
}

/* Frozen tensors are off the tape in every phase, whose gradients and moments do not exist. */
static void frozen_layers_cost_nothing(void **state)
{
    const sg_generator_config c = tiny_generator_config(SG_ARCHITECTURE_SKIP, 2, 0);
    const sg_trainer_options options = options_of(&c, (sg_freezing){.d_layers = 4});
    const sg_trainer_options whole = options_of(&c, (sg_freezing){0});
    uint64_t nodes[2];
    int64_t work[2];
    (void)state;
    for (int i = 0; i < 2; i++) {
        sg_statistics statistics = {0};
        float *reals = random_floats(4 * 128, 40);
        sg_context *context = sg_context_create(1);
        sg_trainer *trainer = create(context, i ? &options : &whole);
        sg_parameter_set *d =
            sg_discriminator_parameters(sg_trainer_networks_of(trainer).discriminator);
        assert_int_equal(sg_trainer_run_phase(trainer, SG_PHASE_D_MAIN, reals, NULL, &statistics),
                         SG_OK);
        nodes[i] = context->node_count;
        work[i] = context->multiply_adds;
        for (size_t k = 0; k < d->count; k++) {
            const bool frozen = i && strncmp(d->items[k].name, "b8.", 3) == 0;
            assert_int_equal(d->items[k].tensor->node != NULL, d->items[k].trainable && !frozen);
        }
        sg_trainer_destroy(trainer);
        sg_context_destroy(context);
        free(reals);
    }
    /* Most of the work is the first block's, whose backward passes are left out. */
    assert_true(nodes[1] * 10 < nodes[0] * 7);
    assert_true(work[1] * 10 < work[0] * 7);
}

static void what_cannot_be_frozen_is_refused(void **state)
{
    static const struct {
        sg_freezing freezing;
        const char *words;
    } cases[] = {
        {{.embedding = true}, "\"freeze_embedding\" is set, but the networks know no classes"},
        {{.mapping_layers = 3}, "\"freeze_mapping\" is 3, but must be 0 to 2"},
        {{.g_resolution = 16},
         "\"freeze_generator\" is 16, but must be a power of two from 4 to 8"},
        {{.g_resolution = 7}, "\"freeze_generator\" is 7, but must be a power of two"},
        {{.g_resolution = 8, .mapping_layers = 2}, "leave nothing of the generator to train"},
    };
    const sg_generator_config c = tiny_generator_config(SG_ARCHITECTURE_SKIP, 2, 0);
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sg_error error = {0};
        assert_int_equal(sg_freeze_check(&cases[i].freezing, &c, &error), SG_ERROR_ARGUMENT);
        assert_holds(error.message, cases[i].words);
    }
    assert_int_equal(sg_freeze_check(&(sg_freezing){.d_layers = 1000, .g_resolution = 8}, &c, NULL),
                     SG_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(frozen_layers_keep_their_bytes),
        cmocka_unit_test(stylegan3_freezes_by_cutoff),
        cmocka_unit_test(frozen_layers_cost_nothing),
        cmocka_unit_test(what_cannot_be_frozen_is_refused),
    };
    return cmocka_run_group_tests(tests, context_setup, context_teardown);
}
