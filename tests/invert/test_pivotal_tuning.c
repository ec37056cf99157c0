/*
 * Pivotal tuning of tiny networks: losses fall, several targets share a network, frozen layers and
 * the mapping network stay, the locality term is 0 at first, runs stop, wrong names are refused.
 */
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "invert/tuner_inside.h"
#include "support/networks.h"
#include "support/tensors.h"

enum { SIDE = 8, VALUES = SIDE * SIDE * 3, TARGETS = 2, STYLES = 64 };

typedef struct fixture {
    sg_generator *generator;
    sg_tuning_options options;
    sg_tuning_target targets[TARGETS];
    float pictures[TARGETS][VALUES], ws[TARGETS][STYLES];
} fixture;

static void start(sg_context *context, fixture *made)
{
    const sg_generator_config config = tiny_generator_config(SG_ARCHITECTURE_SKIP, 3, 0);
    made->generator = tiny_generator(context, &config, SG_F32, 11);
    made->options = sg_tuning_options_default();
    made->options.steps = 40;
    made->options.rate = 3e-3;
    made->options.weights = (sg_invert_weights){.of = {[SG_INVERT_PIXEL] = 1}};
    for (int t = 0; t < TARGETS; t++) {
        for (int i = 0; i < VALUES; i++)
            made->pictures[t][i] = (float)((i * (31 + 6 * t)) % 200);
        for (int i = 0; i < STYLES; i++)
            made->ws[t][i] = (float)((t == 0 ? 1 : -1) * (0.3 + 0.01 * i));
        made->targets[t] = (sg_tuning_target){.picture = {.count = 1,
                                                          .height = SIDE,
                                                          .width = SIDE,
                                                          .channels = 3,
                                                          .floats = made->pictures[t]},
                                              .ws = made->ws[t]};
    }
}

static sg_tuner *create(const fixture *made, size_t count)
{
    const sg_invert_networks networks = {.generator = made->generator};
    sg_tuner *tuner = NULL;
    sg_error error = {0};
    if (sg_tuner_create(&networks, &made->options, made->targets, count, &tuner, &error))
        fail_msg("%s", error.message);
    return tuner;
}

/* Both targets get nearer, in turns. */
static void test_several_targets(void **state)
{
    fixture made;
    start(*state, &made);
    sg_tuner *tuner = create(&made, TARGETS);
    double first[TARGETS];
    double last[TARGETS];
    assert_int_equal(sg_tuner_steps(tuner), 80);
    while (!sg_tuner_is_done(tuner)) {
        sg_tuning_report report;
        assert_int_equal(sg_tuner_step(tuner, &report, NULL), SG_OK);
        assert_int_equal(report.target, report.step % TARGETS);
        if (report.step < TARGETS)
            first[report.target] = report.loss;
        last[report.target] = report.loss;
    }
    for (int t = 0; t < TARGETS; t++)
        assert_true(last[t] < 0.9 * first[t]);
    const size_t scope = sg_scope_open(*state);
    assert_non_null(sg_tuner_picture(tuner, 1));
    sg_scope_close(*state, scope, NULL);
    sg_tuner_destroy(tuner);
    sg_generator_destroy(made.generator);
}

/* What moves: synthesis parameters outside the frozen modules, no buffer, no mapping. */
static void test_frozen_layers(void **state)
{
    static const char *const frozen[] = {"synthesis.b4", "synthesis.b8.torgb.weight"};
    fixture made;
    start(*state, &made);
    made.options.frozen = frozen;
    made.options.frozen_count = 2;
    made.options.steps = 2;
    const sg_parameter_set *set = sg_generator_parameters(made.generator);
    double before[64];
    assert_true(set->count <= 64);
    for (size_t i = 0; i < set->count; i++)
        before[i] = sg_tensor_value(set->items[i].tensor, 0);
    sg_tuner *tuner = create(&made, 1);
    assert_int_equal(sg_tuner_run(tuner, NULL, NULL, NULL), SG_OK);
    int moved = 0;
    for (size_t i = 0; i < set->count; i++) {
        const sg_parameter *p = &set->items[i];
        const bool stays = !p->trainable || !sg_has_prefix(p->name, "synthesis.b8") ||
                           strcmp(p->name, frozen[1]) == 0;
        const bool same = sg_tensor_value(p->tensor, 0) == before[i];
        if (stays && !same)
            fail_msg("%s moved", p->name);
        moved += !same;
    }
    assert_true(moved >= 8);
    sg_tuner_destroy(tuner);
    sg_generator_destroy(made.generator);
}

/* The term is on in steps 0, 1, 4, 7 ... of an interval of 3; at first it is 0, and then not. */
static void test_locality(void **state)
{
    fixture made;
    start(*state, &made);
    made.options.locality_samples = 2;
    made.options.locality_interval = 3;
    made.options.steps = 8;
    sg_tuner *tuner = create(&made, 1);
    for (int i = 0; i < made.options.steps; i++) {
        sg_tuning_report report;
        assert_int_equal(sg_tuner_step(tuner, &report, NULL), SG_OK);
        assert_int_equal(report.locality > 0, i > 0 && i % 3 == 1);
    }
    /* The points lie at the radius from w. */
    const size_t scope = sg_scope_open(*state);
    const sg_tensor *points = sg_tuner_points(tuner, tuner->targets[0].ws);
    const int64_t numbers = sg_tensor_count(tuner->targets[0].ws);
    double square = 0;
    for (int64_t i = 0; i < numbers; i++)
        square += pow(sg_tensor_value(points, i) - sg_tensor_value(tuner->targets[0].ws, i), 2);
    assert_true(fabs(sqrt(square) / 30 - 1) < 1e-5);
    sg_scope_close(*state, scope, NULL);
    sg_tuner_destroy(tuner);
    sg_generator_destroy(made.generator);
}

static bool stop_at_three(void *user, double done, double total, const char *remark)
{
    (void)user, (void)remark;
    return done >= 3 && total == 40;
}

static void test_a_stop(void **state)
{
    const sg_tuner_hooks hooks = {.watch = {.step = stop_at_three}};
    fixture made;
    bool stopped = false;
    start(*state, &made);
    sg_tuner *tuner = create(&made, 1);
    assert_int_equal(sg_tuner_run(tuner, &hooks, &stopped, NULL), SG_OK);
    assert_true(stopped);
    assert_int_equal(tuner->step, 3);
    sg_tuner_destroy(tuner);
    sg_generator_destroy(made.generator);
}

static void expect_refusal(const fixture *made, size_t count, const char *text)
{
    const sg_invert_networks networks = {.generator = made->generator};
    sg_tuner *tuner = NULL;
    sg_error error = {0};
    assert_int_equal(
        sg_tuner_create(&networks, &made->options, made->targets, count, &tuner, &error),
        SG_ERROR_ARGUMENT);
    assert_null(tuner);
    if (!strstr(error.message, text))
        fail_msg("\"%s\" lacks \"%s\"", error.message, text);
}

static void test_refusals(void **state)
{
    static const char *wrong[] = {"synthesis.b16"};
    fixture made;
    start(*state, &made);
    expect_refusal(&made, 0, "no target");
    made.options.frozen = wrong;
    made.options.frozen_count = 1;
    expect_refusal(&made, 1, "\"synthesis.b16\"");
    wrong[0] = "synthesis";
    expect_refusal(&made, 1, "nothing of the generator");
    made.options.frozen_count = 0;
    made.options.locality_interval = 0;
    expect_refusal(&made, 1, "\"locality_interval\" 0");
    made.options.locality_interval = 1;
    made.options.steps = INT_MAX; /* all steps are one int */
    expect_refusal(&made, 2, "more than can be counted");
    assert_int_equal(sg_tuning_most_targets(INT_MAX / 2), 2);
    sg_generator_destroy(made.generator);
}

#define CASE(function) cmocka_unit_test_setup_teardown(function, context_setup, context_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(test_several_targets), CASE(test_frozen_layers), CASE(test_locality),
        CASE(test_a_stop),          CASE(test_refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
