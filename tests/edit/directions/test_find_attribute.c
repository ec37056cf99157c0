/* Directions of attributes: planted labels, and a tiny classifier against finite differences. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/numpy_random.h"
#include "checkpoint/network/network_writer.h"
#include "edit/directions/finding.h"
#include "edit/style_space.h"
#include "edit/vectors.h"
#include "latent/codes.h"
#include "support/networks.h"
#include "support/temporary_folder.h"

enum { WIDTH = 5, CODES = 800, ATTRIBUTES = 3, SAMPLES = 20 };

static sg_context *context;
static sg_generator *generator;
static sg_attributes *attributes;
static char *path; /* of their file, which they name */

/* Writes a classifier of attributes, which know little but depend on every pixel. */
static void write_classifier(const char *to)
{
    sg_discriminator_config config =
        tiny_discriminator_config(SG_ARCHITECTURE_RESNET, 3, ATTRIBUTES);
    sg_error error = {0};
    config.output = SG_OUTPUT_ATTRIBUTES;
    config.mbstd_num_channels = 0;
    sg_discriminator *classifier = tiny_discriminator(context, &config, SG_F32, 9);
    const sg_network_parts parts = {.discriminator = classifier};
    if (sg_network_save(to, &parts, NULL, 0, &error))
        fail_msg("%s", error.message);
    sg_discriminator_destroy(classifier);
}

static int setup(void **state)
{
    const sg_generator_config config = tiny_generator_config(SG_ARCHITECTURE_SKIP, 3, 0);
    sg_error error = {0};
    if (temporary_folder_setup(state))
        return -1;
    context = sg_context_create(1);
    generator = tiny_generator(context, &config, SG_F32, 1);
    path = temporary_path(state, "classifier.safetensors");
    write_classifier(path);
    if (sg_attributes_open(path, generator, &attributes, &error))
        fail_msg("%s", error.message);
    return 0;
}

static int teardown(void **state)
{
    sg_attributes_close(attributes);
    free(path);
    sg_generator_destroy(generator);
    sg_context_destroy(context);
    return temporary_folder_teardown(state);
}

static sg_direction_set find(const sg_finding *what)
{
    sg_direction_set found = {0};
    sg_error error = {0};
    if (sg_directions_find(what, NULL, &found, &error))
        fail_msg("%s", error.message);
    return found;
}

/* ---- boundaries ---- */

/* Labels that are linear in w, the second one partly of the first. */
static void test_boundaries_of_planted_labels(void **state)
{
    static const double planted[2][WIDTH] = {{0.6, 0, -0.8}, {0.6 * 0.8, 0.6, -0.8 * 0.8}};
    static const double rest[WIDTH] = {0, 1};
    static const char *const names[] = {"first", "second"};
    float *codes = calloc((size_t)CODES * WIDTH, sizeof *codes);
    float scores[CODES][2];
    sg_numpy_random random;
    (void)state;
    assert_non_null(codes);
    sg_numpy_random_seed(&random, 3);
    for (int i = 0; i < CODES; i++) {
        double row[WIDTH];
        for (int k = 0; k < WIDTH; k++)
            row[k] = codes[i * WIDTH + k] = (float)sg_numpy_random_normal(&random);
        for (int which = 0; which < 2; which++)
            scores[i][which] = (float)(7 + 2 * sg_dot(row, planted[which], WIDTH));
    }
    sg_finding what = {.method = SG_FIND_BOUNDARY,
                       .generator = generator,
                       .psi = 1,
                       .last = SG_ALL_LAYERS,
                       .share = 0.2,
                       .train_share = 0.7,
                       .cost = 1,
                       .codes = codes,
                       .scores = scores[0],
                       .code_count = CODES,
                       .score_count = 2,
                       .score_names = names};
    sg_direction_set found = find(&what);
    for (int which = 0; which < 2; which++) {
        assert_string_equal(found.items[which].name, names[which]);
        assert_true(sg_dot(found.items[which].values, planted[which], WIDTH) > 0.99);
        assert_true(fabs(found.items[which].sigma - 1) < 0.1);
    }
    sg_direction_set_clear(&found);
    what.conditions = names;
    what.condition_count = 1;
    found = find(&what);
    assert_true(sg_dot(found.items[0].values, planted[0], WIDTH) > 0.99);
    assert_true(sg_dot(found.items[1].values, rest, WIDTH) > 0.98);
    assert_true(fabs(sg_dot(found.items[0].values, found.items[1].values, WIDTH)) < 1e-9);
    sg_direction_set_clear(&found);
    free(codes);
}

/* ---- differences ---- */

/* Returns the mean of log p of an attribute over codes. */
static double mean_log(const double *codes, size_t attribute)
{
    double logits[SAMPLES * ATTRIBUTES];
    double sum = 0;
    assert_int_equal(sg_attributes_answer(attributes, codes, SAMPLES, NULL, logits, NULL), SG_OK);
    for (size_t i = 0; i < SAMPLES; i++)
        sum += log(sg_attribute_probability(attributes, logits + i * ATTRIBUTES, attribute));
    return sum / SAMPLES;
}

static double *draw_codes(void)
{
    double *codes = NULL;
    assert_int_equal(sg_draw_codes(generator, 4, SAMPLES, (sg_style_label){0}, 1, &codes, NULL),
                     SG_OK);
    return codes;
}

static void test_gradients_are_differences(void **state)
{
    const size_t wanted[] = {2, 0};
    const double step = 0.02;
    double *codes = draw_codes();
    (void)state;
    sg_direction_set found = find(&(sg_finding){.method = SG_FIND_GRADIENT,
                                                .generator = generator,
                                                .attributes = attributes,
                                                .wanted = wanted,
                                                .wanted_count = 2,
                                                .psi = 1,
                                                .seed = 4,
                                                .samples = SAMPLES,
                                                .last = SG_ALL_LAYERS});
    for (size_t which = 0; which < 2; which++) {
        double slopes[WIDTH];
        for (size_t k = 0; k < WIDTH; k++) {
            double sides[2];
            for (int side = 0; side < 2; side++) {
                for (size_t i = 0; i < SAMPLES; i++)
                    codes[i * WIDTH + k] += side ? step : -step;
                sides[side] = mean_log(codes, wanted[which]);
                for (size_t i = 0; i < SAMPLES; i++)
                    codes[i * WIDTH + k] -= side ? step : -step;
            }
            slopes[k] = (sides[1] - sides[0]) / (2 * step);
        }
        const double length = sg_length(slopes, WIDTH);
        assert_true(length > 0);
        assert_true(sg_dot(slopes, found.items[which].values, WIDTH) / length > 0.99);
    }
    sg_direction_set_clear(&found);
    free(codes);
}

/* Returns how much log p changes when a style is shifted by `step` up and down. */
static double change_by(const sg_style_space *space, const double *codes, size_t layer,
                        size_t channel, double step)
{
    double sides[2];
    double saved = 0;
    for (int side = 0; side < 2; side++) {
        const sg_style_shift shift = {layer, channel, side ? step : -step};
        sg_style_shift_begin(space, &shift, 1, &saved);
        sides[side] = mean_log(codes, 1);
        sg_style_shift_end(space, &shift, 1, &saved);
    }
    return (sides[1] - sides[0]) / 2;
}

/* Finds the channel that changes log p most by differences, and how much in deviations. */
static double find_best(const sg_style_space *space, const double *codes, size_t *best_layer,
                        size_t *best_channel)
{
    const double part = 0.05;
    sg_moments moments = {0};
    double best = 0;
    assert_int_equal(sg_style_moments(space, 4, 500, (sg_style_label){0}, 1, &moments, NULL),
                     SG_OK);
    for (size_t i = 0; i < space->count; i++)
        for (size_t k = 0; k < space->layers[i].channels; k++) {
            const double deviation = moments.deviation[space->layers[i].first + k];
            const double change = change_by(space, codes, i, k, part * deviation) / part;
            if (fabs(change) <= fabs(best))
                continue;
            best = change;
            *best_layer = i;
            *best_channel = k;
        }
    sg_moments_clear(&moments);
    return best;
}

static void test_channels_are_ranked_by_differences(void **state)
{
    const size_t wanted = 1;
    size_t layer = 0;
    size_t channel = 0;
    double *codes = draw_codes();
    sg_style_space space = {0};
    (void)state;
    sg_direction_set found = find(&(sg_finding){.method = SG_FIND_STYLE_SPACE,
                                                .generator = generator,
                                                .attributes = attributes,
                                                .wanted = &wanted,
                                                .wanted_count = 1,
                                                .psi = 1,
                                                .seed = 4,
                                                .samples = SAMPLES,
                                                .count = 3,
                                                .last = SG_ALL_LAYERS});
    assert_int_equal(found.count, 4); /* all together, then each */
    assert_int_equal(found.items[0].channel_count, 3);
    assert_int_equal(sg_style_space_open(generator, &space, NULL), SG_OK);
    const double change = find_best(&space, codes, &layer, &channel);
    const sg_style_channel *top = found.items[1].channels;
    assert_string_equal(top->layer, space.layers[layer].name);
    assert_int_equal(top->channel, channel);
    assert_true((top->step > 0) == (change > 0)); /* towards the attribute */
    sg_style_space_clear(&space);
    sg_direction_set_clear(&found);
    free(codes);
}

/* ---- refusals ---- */

static void test_refused(void **state)
{
    (void)state;
    const sg_finding_method methods[] = {SG_FIND_BOUNDARY, SG_FIND_GRADIENT, SG_FIND_STYLE_SPACE};
    for (size_t i = 0; i < 3; i++) {
        sg_direction_set found = {0};
        sg_error error = {0};
        const sg_finding what = {
            .method = methods[i], .generator = generator, .psi = 1, .last = SG_ALL_LAYERS};
        assert_int_equal(sg_directions_find(&what, NULL, &found, &error), SG_ERROR_ARGUMENT);
        assert_non_null(strstr(error.message, "needs a \"classifier\" and an \"attribute\""));
        assert_int_equal(found.count, 0);
    }
}

#define CASE(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(test_boundaries_of_planted_labels),
        CASE(test_gradients_are_differences),
        CASE(test_channels_are_ranked_by_differences),
        CASE(test_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
