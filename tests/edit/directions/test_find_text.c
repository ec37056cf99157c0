/* Directions between texts: their channels' shares by StyleCLIP's definition, computed beside. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "edit/directions/finding.h"
#include "edit/style_space.h"
#include "latent/codes.h"
#include "support/clip_and_merges.h"
#include "support/networks.h"
#include "support/temporary_folder.h"

enum { INPUTS = 4, WIDTH = 5, SAMPLES = 3, FEATURES = 24, CHANNELS = 6 };

static sg_context *context;
static sg_generator *generator;
static sg_clip *clip;
static char *from_texts[] = {"bad", "a bad"};
static char *to_texts[] = {"cab", "a cab"};
static const sg_prompts from = {from_texts, 2}, to = {to_texts, 2};

static int setup(void **state)
{
    const sg_generator_config config = tiny_generator_config(SG_ARCHITECTURE_SKIP, 3, 0);
    sg_error error = {0};
    if (temporary_folder_setup(state))
        return -1;
    context = sg_context_create(1);
    generator = tiny_generator(context, &config, SG_F32, 1);
    char *path = write_clip_and_merges(state, &tiny_clip);
    char *merges = temporary_path(state, "merges.txt");
    const char *const files[] = {path, merges};
    if (sg_clip_find(&clip, context, SG_F32, files, 2, &error))
        fail_msg("%s", error.message);
    free(path);
    free(merges);
    return 0;
}

static int teardown(void **state)
{
    sg_clip_close(clip);
    sg_generator_destroy(generator);
    sg_context_destroy(context);
    return temporary_folder_teardown(state);
}

static void unit(double *values)
{
    double square = 0;
    for (int k = 0; k < FEATURES; k++)
        square += values[k] * values[k];
    for (int k = 0; k < FEATURES; k++)
        values[k] /= sqrt(square);
}

/* Adds the features of a tensor's row, of unit length, times a factor. */
static void add_row(const sg_tensor *features, int64_t row, double factor, double *sum)
{
    double values[FEATURES];
    for (int k = 0; k < FEATURES; k++)
        values[k] = sg_tensor_value(features, row * FEATURES + k);
    unit(values);
    for (int k = 0; k < FEATURES; k++)
        sum[k] += factor * values[k];
}

/* The direction between the means of the texts' features. */
static void text_direction(double direction[FEATURES])
{
    double means[2][FEATURES] = {{0}};
    const sg_prompts *both[] = {&from, &to};
    for (int i = 0; i < 2; i++) {
        sg_tensor *features = NULL;
        assert_int_equal(
            sg_clip_texts(clip, (const char *const *)both[i]->texts, 2, &features, NULL), SG_OK);
        for (int row = 0; row < 2; row++)
            add_row(features, row, 1, means[i]);
        unit(means[i]);
    }
    for (int k = 0; k < FEATURES; k++)
        direction[k] = means[1][k] - means[0][k];
    unit(direction);
}

/* Adds the features of the picture of a w with one channel moved by `amount`. */
static void add_features(const sg_style_space *space, const double *code, sg_style_shift shift,
                         double factor, double *sum)
{
    double saved = 0;
    sg_tensor *ws = sg_tensor_create(context, SG_F32, SG_SHAPE(1, INPUTS, WIDTH));
    for (int i = 0; i < INPUTS * WIDTH; i++)
        sg_tensor_set_value(ws, i, code[i % WIDTH]);
    sg_style_shift_begin(space, &shift, 1, &saved);
    sg_tensor *picture = sg_generator_synthesize(generator, ws, (sg_synthesis_options){0});
    sg_style_shift_end(space, &shift, 1, &saved);
    add_row(sg_clip_image(clip, sg_clip_normalised(clip, picture)), 0, factor, sum);
}

/* The relevance of a channel by its definition. */
static double relevance(const sg_style_space *space, const double *codes, size_t layer,
                        size_t channel, double deviation)
{
    double direction[FEATURES];
    double mean[FEATURES] = {0};
    double sum = 0;
    text_direction(direction);
    for (int i = 0; i < SAMPLES; i++) {
        double moved[FEATURES] = {0};
        for (int sign = -1; sign <= 1; sign += 2)
            add_features(space, codes + i * WIDTH,
                         (sg_style_shift){layer, channel, sign * 5 * deviation}, sign, moved);
        unit(moved);
        for (int k = 0; k < FEATURES; k++)
            mean[k] += moved[k];
    }
    unit(mean);
    for (int k = 0; k < FEATURES; k++)
        sum += mean[k] * direction[k];
    return sum;
}

static void test_channels_by_definition(void **state)
{
    const sg_finding what = {.method = SG_FIND_TEXT,
                             .generator = generator,
                             .psi = 1,
                             .seed = 4,
                             .samples = SAMPLES,
                             .last = SG_ALL_LAYERS,
                             .count = CHANNELS,
                             .clip = clip,
                             .from_text = "bad",
                             .to_text = "cab",
                             .from_prompts = &from,
                             .to_prompts = &to,
                             .strength = 2};
    sg_direction_set found = {0};
    sg_error error = {0};
    sg_style_space space;
    sg_moments moments = {0};
    double *codes = NULL;
    double first = 0;
    (void)state;
    if (sg_directions_find(&what, NULL, &found, &error))
        fail_msg("%s", error.message);
    assert_int_equal(found.items[0].channel_count, CHANNELS);
    assert_int_equal(sg_style_space_open(generator, &space, NULL), SG_OK);
    assert_int_equal(sg_style_moments(&space, 4, 500, (sg_style_label){0}, 1, &moments, NULL),
                     SG_OK);
    assert_int_equal(sg_draw_codes(generator, 4, SAMPLES, (sg_style_label){0}, 1, &codes, NULL),
                     SG_OK);
    const size_t scope = sg_scope_open(context);
    for (size_t i = 0; i < CHANNELS; i++) {
        const sg_style_channel *channel = &found.items[0].channels[i];
        const sg_style_layer *layer = sg_style_layer_find(&space, channel->layer, NULL);
        const double deviation = moments.deviation[layer->first + (size_t)channel->channel];
        const double r = relevance(&space, codes, (size_t)(layer - space.layers),
                                   (size_t)channel->channel, deviation);
        if (i == 0)
            first = fabs(r);
        assert_true(fabs(r) <= first + 1e-4);
        assert_true(fabs(channel->step - 2 * deviation * r / first) < 2e-3 * deviation);
    }
    sg_scope_close(context, scope, NULL);
    assert_true(first > 0.05);
    free(codes);
    sg_moments_clear(&moments);
    sg_style_space_clear(&space);
    sg_direction_set_clear(&found);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_channels_by_definition, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
