/*
 * Projections of pictures that tiny networks of every family painted themselves: the loss falls,
 * the network stays as it was, the class is found, stops keep what there is, wrong options are
 * refused.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "invert/projector.h"
#include "invert/schedule.h"
#include "latent/styles.h"
#include "models/config_rules.h"
#include "ops/arithmetic.h"
#include "support/networks.h"
#include "support/tensors.h"

enum { MOST_VALUES = 16 * 16 * 4 };

/* A network, and a picture of its own as the target. */
typedef struct fixture {
    sg_generator *generator;
    sg_projector_options options;
    sg_projector_targets targets;
    float values[2 * MOST_VALUES];
} fixture;

static void start(sg_context *context, fixture *made, const sg_generator_config *config,
                  int class_index)
{
    const size_t scope = sg_scope_open(context);
    made->generator = tiny_generator(context, config, SG_F32, 11);
    const sg_style_source source = {.seed = 5, .label = {.class_index = class_index}};
    const sg_truncation whole = {.psi = 1, .cutoff = -1};
    const sg_tensor *picture =
        sg_generator_synthesize(made->generator, sg_styles(made->generator, &source, &whole),
                                (sg_synthesis_options){.noise_mode = SG_NOISE_CONST});
    assert_non_null(picture);
    for (int64_t i = 0; i < sg_tensor_count(picture); i++)
        made->values[i] = (float)(sg_tensor_value(picture, i) * 127.5 + 127.5);
    made->targets = (sg_projector_targets){.pictures = {.count = 1,
                                                        .height = (size_t)picture->shape.size[1],
                                                        .width = (size_t)picture->shape.size[2],
                                                        .channels = (size_t)picture->shape.size[3],
                                                        .floats = made->values}};
    made->options = sg_projector_options_default();
    made->options.steps = 60;
    made->options.w_avg_samples = 100;
    made->options.weights.of[SG_INVERT_PIXEL] = 1;
    sg_scope_close(context, scope, NULL);
}

static sg_projector *create(const fixture *made)
{
    const sg_invert_networks networks = {.generator = made->generator};
    sg_projector *projector = NULL;
    sg_error error = {0};
    if (sg_projector_create(&networks, &made->options, &made->targets, NULL, &projector, &error))
        fail_msg("%s", error.message);
    return projector;
}

/* The sum of all parameters and buffers, each with a factor of its own. */
static double fingerprint(const sg_generator *generator)
{
    const sg_parameter_set *set = sg_generator_parameters((sg_generator *)generator);
    double sum = 0;
    for (size_t i = 0; i < set->count; i++)
        for (int64_t k = 0; k < sg_tensor_count(set->items[i].tensor); k++)
            sum +=
                sin((double)(i + 1) * (double)(k + 1)) * sg_tensor_value(set->items[i].tensor, k);
    return sum;
}

/* Projects; returns the last loss over the first. */
static double improvement(const fixture *made)
{
    const double before = fingerprint(made->generator);
    sg_projector *projector = create(made);
    sg_projector_report report;
    double first = 0;
    for (int i = 0; i < made->options.steps; i++) {
        assert_int_equal(sg_projector_step(projector, &report, NULL), SG_OK);
        assert_int_equal(report.step, i);
        first = i == 0 ? report.distance : first;
    }
    sg_error error = {0};
    assert_int_equal(sg_projector_step(projector, NULL, &error), SG_ERROR_ARGUMENT);
    sg_context *context = sg_generator_parameters(made->generator)->context;
    const size_t scope = sg_scope_open(context);
    const sg_tensor *ws = sg_projector_ws(projector);
    assert_int_equal(ws->shape.size[1], sg_generator_num_ws(made->generator));
    assert_non_null(sg_projector_picture(projector));
    sg_scope_close(context, scope, NULL);
    sg_projector_destroy(projector);
    assert_true(fingerprint(made->generator) == before);
    return report.distance / first;
}

/* In Z the start is the best of a few draws already, so that less is left to gain. */
static void check_family(sg_context *context, const sg_generator_config *config, double most)
{
    for (int space = 0; space < 3; space++) {
        fixture made;
        start(context, &made, config, 0);
        made.options.space = (sg_invert_space)space;
        const double part = improvement(&made);
        if (!(part < (space == SG_INVERT_Z ? 0.98 : most)))
            fail_msg("family %d, space %d: the loss went to %g of the first", (int)config->family,
                     space, part);
        sg_generator_destroy(made.generator);
    }
}

static void test_stylegan2(void **state)
{
    const sg_generator_config config = tiny_generator_config(SG_ARCHITECTURE_SKIP, 3, 0);
    check_family(*state, &config, 0.5);
}

static void test_stylegan3(void **state)
{
    const sg_generator_config config = tiny_stylegan3_config(false, 3, 0);
    check_family(*state, &config, 0.7);
}

static void test_growing_families(void **state)
{
    const sg_generator_config first = tiny_growing_config(SG_STYLEGAN1, 8, 3, 0);
    const sg_generator_config second = tiny_growing_config(SG_PROGAN, 8, 1, 0);
    check_family(*state, &first, 0.7);
    check_family(*state, &second, 0.7);
}

static void test_dcgan(void **state)
{
    sg_generator_config config = sg_generator_config_of_family(SG_DCGAN);
    config.z_dim = config.w_dim = 6;
    config.img_resolution = 8;
    config.img_channels = 3;
    config.channel_base = 24;
    config.channel_max = 4;
    check_family(*state, &config, 0.7);
}

/* The same options give the same w, and another seed another. */
static void test_results_repeat(void **state)
{
    const sg_generator_config config = tiny_generator_config(SG_ARCHITECTURE_SKIP, 3, 0);
    double values[3];
    for (int run = 0; run < 3; run++) {
        fixture made;
        start(*state, &made, &config, 0);
        made.options.steps = 5;
        made.options.seed += run == 2;
        sg_projector *projector = create(&made);
        assert_int_equal(sg_projector_run(projector, NULL, NULL, NULL), SG_OK);
        const size_t scope = sg_scope_open(*state);
        values[run] = sg_tensor_value(sg_projector_ws(projector), 1);
        sg_scope_close(*state, scope, NULL);
        sg_projector_destroy(projector);
        sg_generator_destroy(made.generator);
    }
    assert_true(values[0] == values[1]);
    assert_true(values[0] != values[2]);
}

static void test_the_class_is_found(void **state)
{
    const sg_generator_config config = tiny_generator_config(SG_ARCHITECTURE_SKIP, 3, 4);
    fixture made;
    start(*state, &made, &config, 2);
    sg_projector *projector = create(&made);
    const int found = sg_projector_class(projector);
    assert_in_range(found, 0, 3);
    sg_projector_destroy(projector);
    made.options.class_index = 1;
    projector = create(&made);
    assert_int_equal(sg_projector_class(projector), 1);
    sg_projector_destroy(projector);
    sg_generator_destroy(made.generator);
}

static bool stop_at_three(void *user, double done, double total, const char *remark)
{
    (void)user, (void)total;
    assert_true(strncmp(remark, "loss ", 5) == 0);
    return done >= 3;
}

static void test_a_stop_keeps_what_there_is(void **state)
{
    const sg_generator_config config = tiny_generator_config(SG_ARCHITECTURE_SKIP, 3, 0);
    const sg_projector_hooks hooks = {.watch = {.step = stop_at_three}};
    fixture made;
    bool stopped = false;
    start(*state, &made, &config, 0);
    sg_projector *projector = create(&made);
    assert_int_equal(sg_projector_run(projector, &hooks, &stopped, NULL), SG_OK);
    assert_true(stopped);
    assert_int_equal(sg_projector_steps_done(projector), 3);
    const size_t scope = sg_scope_open(*state);
    assert_non_null(sg_projector_ws(projector));
    assert_null(sg_projector_z(projector));
    sg_scope_close(*state, scope, NULL);
    sg_projector_destroy(projector);
    sg_generator_destroy(made.generator);
}

/* From the w that painted the target, the first loss is that of the noise alone. */
static void test_starts(void **state)
{
    const sg_generator_config config = tiny_generator_config(SG_ARCHITECTURE_SKIP, 3, 0);
    fixture made;
    start(*state, &made, &config, 0);
    made.options.noise = SG_INVERT_NOISE_FIXED;
    made.options.w_noise = 0;
    made.options.start = SG_INVERT_START_SEED;
    made.options.start_seed = 5;
    made.options.start_psi = 1;
    sg_projector_report report;
    sg_projector *projector = create(&made);
    assert_int_equal(sg_projector_step(projector, &report, NULL), SG_OK);
    assert_true(report.loss < 1e-6);
    float ws[64];
    const size_t scope = sg_scope_open(*state);
    const sg_tensor *found = sg_projector_ws(projector);
    memcpy(ws, sg_f32(found), (size_t)sg_tensor_count(found) * sizeof *ws);
    sg_scope_close(*state, scope, NULL);
    sg_projector_destroy(projector);
    made.options.start = SG_INVERT_START_GIVEN;
    made.options.start_values = ws;
    for (int space = 0; space < 2; space++) {
        made.options.space = (sg_invert_space)space;
        projector = create(&made);
        assert_int_equal(sg_projector_step(projector, &report, NULL), SG_OK);
        assert_true(report.loss < 1e-6);
        sg_projector_destroy(projector);
    }
    sg_generator_destroy(made.generator);
}

/* Penalties are reported, and hold w where they are large. */
static void test_penalties(void **state)
{
    const sg_generator_config config = tiny_generator_config(SG_ARCHITECTURE_SKIP, 3, 0);
    double deltas[2];
    for (int i = 0; i < 2; i++) {
        fixture made;
        sg_projector_report report = {0};
        start(*state, &made, &config, 0);
        made.options.space = SG_INVERT_W_PLUS;
        made.options.penalties = (sg_invert_penalties){
            .distance = 1e-3, .delta = i == 0 ? 1e-9 : 100, .mahalanobis = 1e-3};
        sg_projector *projector = create(&made);
        for (int k = 0; k < made.options.steps; k++)
            assert_int_equal(sg_projector_step(projector, &report, NULL), SG_OK);
        assert_true(report.penalties.distance > 0 && report.penalties.mahalanobis > 0);
        deltas[i] = report.penalties.delta;
        sg_projector_destroy(projector);
        sg_generator_destroy(made.generator);
    }
    assert_true(deltas[1] < 0.5 * deltas[0]);
}

static void expect_refusal(const fixture *made, sg_status status, const char *text)
{
    const sg_invert_networks networks = {.generator = made->generator};
    sg_projector *projector = NULL;
    sg_error error = {0};
    assert_int_equal(
        sg_projector_create(&networks, &made->options, &made->targets, NULL, &projector, &error),
        status);
    assert_null(projector);
    if (!strstr(error.message, text))
        fail_msg("\"%s\" lacks \"%s\"", error.message, text);
}

static void test_refusals(void **state)
{
    const sg_generator_config config = tiny_generator_config(SG_ARCHITECTURE_SKIP, 3, 4);
    fixture made;
    start(*state, &made, &config, 0);
    made.options.class_index = 4;
    expect_refusal(&made, SG_ERROR_ARGUMENT, "\"class\" is 4, but must be from 0 to 3");
    made.options.class_index = 0;
    made.options.steps = 0;
    expect_refusal(&made, SG_ERROR_ARGUMENT, "\"steps\" is 0");
    made.options.steps = 1;
    made.options.start = SG_INVERT_START_GIVEN;
    expect_refusal(&made, SG_ERROR_ARGUMENT, "no values");
    sg_generator_destroy(made.generator);
}

static void test_losses_that_are_not_finite(void **state)
{
    const sg_generator_config config = tiny_generator_config(SG_ARCHITECTURE_SKIP, 3, 0);
    fixture made;
    sg_error error = {0};
    start(*state, &made, &config, 0);
    made.values[0] = NAN;
    sg_projector *projector = create(&made);
    assert_int_equal(sg_projector_step(projector, NULL, &error), SG_ERROR_NUMERIC);
    assert_int_equal(sg_projector_steps_done(projector), 0);
    sg_projector_destroy(projector);
    sg_generator_destroy(made.generator);
}

/* Rises to 5 % of the steps, falls over the last quarter; noise is gone after three quarters. */
static void test_schedule(void **state)
{
    (void)state;
    sg_projector_options options = sg_projector_options_default();
    options.steps = 100;
    assert_true(sg_invert_rate(&options, 0) == 0);
    assert_true(fabs(sg_invert_rate(&options, 2) - 0.04) < 1e-12);
    assert_true(sg_invert_rate(&options, 50) == 0.1);
    assert_true(fabs(sg_invert_rate(&options, 99) -
                     0.1 * (0.5 - 0.5 * cos(3.14159265358979 / 25))) < 1e-12);
    assert_true(sg_invert_noise_scale(&options, 0) == 0.05);
    assert_true(sg_invert_noise_scale(&options, 75) == 0);
    options.schedule = SG_INVERT_CONSTANT;
    assert_true(sg_invert_rate(&options, 0) == 0.1);
}

#define CASE(function) cmocka_unit_test_setup_teardown(function, context_setup, context_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(test_stylegan2),
        CASE(test_stylegan3),
        CASE(test_growing_families),
        CASE(test_dcgan),
        CASE(test_results_repeat),
        CASE(test_the_class_is_found),
        CASE(test_a_stop_keeps_what_there_is),
        CASE(test_starts),
        CASE(test_penalties),
        CASE(test_refusals),
        CASE(test_losses_that_are_not_finite),
        cmocka_unit_test(test_schedule),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
