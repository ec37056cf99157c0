/* Searches in W, W+ and StyleSpace: that losses fall, what stays, and gradients by differences. */
#include "words/latent_search.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "checkpoint/network/network_writer.h"
#include "edit/style_space.h"
#include "support/networks.h"
#include "support/temporary_folder.h"

enum { INPUTS = 4, WIDTH = 5, NUMBERS = INPUTS * WIDTH, STEPS = 40, VALUES = 8 * 8 * 3 };

static sg_context *context;
static sg_generator *generator;
static sg_guide *guide;
static sg_tensor *start;

static int setup(void **state)
{
    const sg_generator_config config = tiny_generator_config(SG_ARCHITECTURE_SKIP, 3, 0);
    sg_discriminator_config answers = tiny_discriminator_config(SG_ARCHITECTURE_RESNET, 3, 3);
    static const sg_wish wish = {"1", 1};
    sg_error error = {0};
    if (temporary_folder_setup(state))
        return -1;
    context = sg_context_create(1);
    generator = tiny_generator(context, &config, SG_F32, 1);
    answers.output = SG_OUTPUT_ATTRIBUTES;
    answers.mbstd_num_channels = 0;
    sg_discriminator *classifier = tiny_discriminator(context, &answers, SG_F32, 9);
    const sg_network_parts parts = {.discriminator = classifier};
    char *path = temporary_path(state, "classifier.safetensors");
    if (sg_network_save(path, &parts, NULL, 0, &error) ||
        sg_guide_towards(path, generator, &wish, 1, &guide, &error))
        fail_msg("%s", error.message);
    sg_discriminator_destroy(classifier);
    free(path);
    start = sg_tensor_retain(sg_tensor_create(context, SG_F32, SG_SHAPE(1, INPUTS, WIDTH)));
    for (int i = 0; i < NUMBERS; i++)
        sg_tensor_set_value(start, i, sin(i));
    return 0;
}

static int teardown(void **state)
{
    sg_guide_close(guide);
    sg_tensor_release(start);
    sg_generator_destroy(generator);
    sg_context_destroy(context);
    return temporary_folder_teardown(state);
}

static sg_latent_search *make(const sg_latent_search_options *options)
{
    sg_latent_search *search = NULL;
    sg_error error = {0};
    if (sg_latent_search_create(generator, guide, options, start, &search, &error))
        fail_msg("%s", error.message);
    return search;
}

/* Takes all steps; returns the last report, and the first in *first. */
static sg_search_report run(sg_latent_search *search, int steps, sg_search_report *first)
{
    sg_search_report report = {0};
    sg_error error = {0};
    for (int i = 0; i < steps; i++) {
        assert_int_equal(sg_latent_search_steps_done(search), i);
        if (sg_latent_search_step(search, &report, &error))
            fail_msg("%s", error.message);
        assert_int_equal(report.step, i);
        assert_true(fabs(report.loss - report.guide - 0.01 * report.distance) < 1e-5);
        if (i == 0)
            *first = report;
    }
    assert_int_equal(sg_latent_search_step(search, &report, NULL), SG_ERROR_ARGUMENT);
    return report;
}

static sg_latent_search_options options_of(sg_search_space space)
{
    sg_latent_search_options options = SG_LATENT_SEARCH_OPTIONS;
    options.space = space;
    options.steps = STEPS;
    options.distance = 0.01;
    return options;
}

static double squares(const float *values, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += (double)values[i] * (double)values[i];
    return sum;
}

/* The first step has rate 0, so that the picture of the second is the start. */
static void assert_falls(const sg_search_report *first, const sg_search_report *last)
{
    assert_true(first->rate == 0 && first->distance == 0);
    assert_true(last->loss < first->loss - 1e-3 && last->distance > 0);
}

static void test_w_plus_with_layers(void **state)
{
    static const bool layers[INPUTS] = {true, false, true, false};
    sg_latent_search_options options = options_of(SG_SEARCH_W_PLUS);
    float found[NUMBERS];
    sg_search_report first;
    (void)state;
    options.layers = layers;
    sg_latent_search *search = make(&options);
    const sg_search_report last = run(search, STEPS, &first);
    assert_falls(&first, &last);
    assert_int_equal(sg_latent_search_count(search), NUMBERS);
    sg_latent_search_found(search, found);
    for (int i = 0; i < INPUTS; i++)
        assert_int_equal(squares(found + i * WIDTH, WIDTH) > 0, layers[i]);
    assert_true(memcmp(found, found + 2 * WIDTH, WIDTH * sizeof *found) != 0);
    sg_latent_search_destroy(search);
}

static void test_w_moves_all_layers_alike(void **state)
{
    const sg_latent_search_options options = options_of(SG_SEARCH_W);
    float found[NUMBERS];
    sg_search_report first;
    (void)state;
    sg_latent_search *search = make(&options);
    const sg_search_report last = run(search, STEPS, &first);
    assert_falls(&first, &last);
    sg_latent_search_found(search, found);
    for (int i = 1; i < INPUTS; i++)
        assert_memory_equal(found, found + i * WIDTH, WIDTH * sizeof *found);
    sg_latent_search_destroy(search);
}

/* The picture of the result is that of the start's w with the found step, painted as any other. */
static void test_picture_is_that_of_the_result(void **state)
{
    const sg_latent_search_options options = options_of(SG_SEARCH_W_PLUS);
    float found[NUMBERS];
    sg_search_report first;
    (void)state;
    sg_latent_search *search = make(&options);
    run(search, STEPS, &first);
    sg_latent_search_found(search, found);
    const size_t scope = sg_scope_open(context);
    sg_tensor *ws = sg_tensor_create(context, SG_F32, SG_SHAPE(1, INPUTS, WIDTH));
    for (int i = 0; i < NUMBERS; i++)
        sg_tensor_set_value(ws, i, sg_tensor_value(start, i) + (double)found[i]);
    const sg_tensor *expected = sg_generator_synthesize(
        generator, ws, (sg_synthesis_options){.noise_mode = SG_NOISE_CONST});
    const sg_tensor *picture = sg_latent_search_picture(search);
    for (int i = 0; i < VALUES; i++)
        assert_true(fabs(sg_tensor_value(picture, i) - sg_tensor_value(expected, i)) < 1e-5);
    sg_scope_close(context, scope, NULL);
    sg_latent_search_destroy(search);
}

static void test_styles_are_restored(void **state)
{
    static const bool layers[INPUTS] = {false, true, false, false};
    sg_latent_search_options options = options_of(SG_SEARCH_STYLES);
    sg_style_space space;
    sg_search_report first;
    (void)state;
    options.layers = layers;
    assert_int_equal(sg_style_space_open(generator, &space, NULL), SG_OK);
    float *found = calloc(space.channels, sizeof *found);
    double *before = calloc(space.channels, sizeof *before);
    assert_true(found && before);
    for (size_t i = 0; i < space.count; i++)
        for (size_t k = 0; k < space.layers[i].channels; k++)
            before[space.layers[i].first + k] =
                sg_tensor_value(space.layers[i].affine.bias, (int64_t)k);
    sg_latent_search *search = make(&options);
    const sg_search_report last = run(search, STEPS, &first);
    assert_true(first.rate == 0 && last.loss < first.loss && last.distance > 0);
    assert_int_equal(sg_latent_search_count(search), space.channels);
    sg_latent_search_found(search, found);
    for (size_t i = 0; i < space.count; i++) {
        const sg_style_layer *layer = &space.layers[i];
        assert_int_equal(squares(found + layer->first, layer->channels) > 0, layers[layer->input]);
    }
    sg_latent_search_destroy(search);
    for (size_t i = 0; i < space.count; i++)
        for (size_t k = 0; k < space.layers[i].channels; k++)
            assert_true(sg_tensor_value(space.layers[i].affine.bias, (int64_t)k) ==
                        before[space.layers[i].first + k]);
    sg_style_space_clear(&space);
    free(found);
    free(before);
}

static void test_refused(void **state)
{
    static const bool none[INPUTS] = {false};
    sg_latent_search_options options = options_of(SG_SEARCH_W);
    sg_latent_search *search = NULL;
    (void)state;
    options.layers = none;
    assert_int_equal(sg_latent_search_create(generator, guide, &options, start, &search, NULL),
                     SG_ERROR_ARGUMENT);
    assert_null(search);
    options.layers = NULL;
    options.steps = 0;
    assert_int_equal(sg_latent_search_create(generator, guide, &options, start, &search, NULL),
                     SG_ERROR_ARGUMENT);
    assert_null(search);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_w_plus_with_layers, setup, teardown),
        cmocka_unit_test_setup_teardown(test_w_moves_all_layers_alike, setup, teardown),
        cmocka_unit_test_setup_teardown(test_picture_is_that_of_the_result, setup, teardown),
        cmocka_unit_test_setup_teardown(test_styles_are_restored, setup, teardown),
        cmocka_unit_test_setup_teardown(test_refused, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
