/* Optimisers against a plain implementation in double precision. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "optim/optimiser.h"
#include "support/close.h"
#include "support/parameters.h"
#include "support/tensors.h"

enum { COUNT = 37, STEPS = 6 };

static const sg_optimiser_options options = {
    .rate = 0.01, .beta1 = 0.5, .beta2 = 0.9, .epsilon = 1e-8};

/* The optimiser by its definition. */
typedef struct plain_optimiser {
    double first[COUNT], second[COUNT], values[COUNT];
} plain_optimiser;

static double plain_direction(const plain_optimiser *p, const sg_optimiser_options *o, int step,
                              int i, double g)
{
    if (o->kind == SG_RMSPROP)
        return g / (sqrt(p->second[i]) + o->epsilon);
    const double first = p->first[i] / (1 - pow(o->beta1, step));
    const double second = p->second[i] / (1 - pow(o->beta2, step));
    return first / (sqrt(second) + o->epsilon);
}

static void plain_step(plain_optimiser *p, const sg_optimiser_options *o, int step,
                       const float *gradient)
{
    for (int i = 0; i < COUNT; i++) {
        const double g = (double)gradient[i];
        p->first[i] = o->beta1 * p->first[i] + (1 - o->beta1) * g;
        p->second[i] = o->beta2 * p->second[i] + (1 - o->beta2) * g * g;
        p->values[i] -= o->rate * plain_direction(p, o, step, i, g);
        if (o->clip > 0)
            p->values[i] = fmax(-o->clip, fmin(o->clip, p->values[i]));
    }
}

static void steps_follow_the_definition(void **state)
{
    (void)state;
    static const sg_optimiser_options kinds[] = {
        {SG_ADAM, 0.01, 0.5, 0.9, 1e-8, 0, false},     {SG_ADAM, 0.0025, 0, 0.99, 1e-8, 0, false},
        {SG_ADAM, 0.002, 0.9, 0.999, 1e-3, 0, false},  {SG_RMSPROP, 0.01, 0.5, 0.9, 1e-8, 0, false},
        {SG_RMSPROP, 0.02, 0, 0.9, 1e-8, 0.03, false}, {SG_ADAM, 0.02, 0.5, 0.9, 1e-8, 0.03, false},
        {SG_RMSPROP, 5e-5, 0, 0.99, 1e-3, 0, false}};
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        plain_optimiser plain = {{0}, {0}, {0}};
        float first[COUNT] = {0};
        float second[COUNT] = {0};
        float values[COUNT] = {0};
        float gradient[COUNT];
        for (int step = 1; step <= STEPS; step++) {
            for (int i = 0; i < COUNT; i++)
                gradient[i] = i == 3 ? 0 : (float)sin(i * 7 + step) * (i % 5 ? 1 : 1e-4f);
            bool has_first = kinds[k].kind == SG_ADAM;
            sg_optimiser_update(&kinds[k], step, COUNT, gradient, has_first ? first : NULL, second,
                                values);
            plain_step(&plain, &kinds[k], step, gradient);
            for (int i = 0; i < COUNT; i++) {
                assert_close((double)values[i], plain.values[i], 1e-5 * kinds[k].rate * step);
                if (has_first)
                    assert_close((double)first[i], plain.first[i], 1e-6);
                assert_close((double)second[i], plain.second[i], 1e-6);
            }
        }
        assert_true(values[3] == 0);
    }
}

/* Finite gradients count as they are, whatever their size. */
static void large_gradients_are_not_limited(void **state)
{
    (void)state;
    const float gradient[] = {2e6F, -3e12F, 2};
    float first[3] = {0};
    float second[3] = {0};
    float values[3] = {0};
    sg_optimiser_update(&options, 1, 3, gradient, first, second, values);
    for (int i = 0; i < 3; i++) {
        const double g = (double)gradient[i];
        assert_close((double)first[i], 0.5 * g, 1e-6 * fabs(g));
        assert_close((double)second[i], 0.1 * g * g, 1e-6 * g * g);
        assert_close((double)values[i], g > 0 ? -0.01 : 0.01, 1e-7);
    }
}

/* A trainable [3], a buffer [2], a trainable [2, 2]; all ones. */
static sg_parameter_set make_set(sg_context *context)
{
    const sg_initial one = {SG_INITIAL_CONSTANT, 1};
    sg_parameter_set set;
    sg_parameter_set_init(&set, context, SG_F32, 0);
    assert_non_null(sg_parameter_add(&set, "", "a", SG_SHAPE(3), true, one));
    assert_non_null(sg_parameter_add(&set, "", "buffer", SG_SHAPE(2), false, one));
    assert_non_null(sg_parameter_add(&set, "", "b", SG_SHAPE(2, 2), true, one));
    return set;
}

static void the_optimiser_steps_trainable_tensors(void **state)
{
    sg_context *context = *state;
    sg_parameter_set set = make_set(context);
    sg_optimiser *optimiser = sg_optimiser_create(&set, options);
    assert_non_null(optimiser);
    sg_tensor *gradients[] = {sg_tensor_full(context, SG_F32, SG_SHAPE(3), 2),
                              sg_tensor_full(context, SG_F32, SG_SHAPE(2, 2), -3)};
    const uint64_t version = set.items[0].tensor->storage->version;
    sg_optimiser_step(optimiser, gradients);
    sg_optimiser_step(optimiser, gradients);
    assert_int_equal(sg_optimiser_steps(optimiser), 2);
    /* A gradient that never changes moves values by the rate, whatever its size. */
    assert_close(sg_tensor_value(set.items[0].tensor, 2), 1 - 0.02, 1e-6);
    assert_close(sg_tensor_value(set.items[1].tensor, 0), 1, 0);
    assert_close(sg_tensor_value(set.items[2].tensor, 3), 1 + 0.02, 1e-6);
    assert_true(set.items[0].tensor->storage->version > version);
    assert_close((double)sg_optimiser_moment(optimiser, 0, 0)[2], 0.75 * 2, 1e-6);
    assert_close((double)sg_optimiser_moment(optimiser, 1, 1)[3], 0.19 * 9, 1e-5);
    sg_optimiser_destroy(optimiser);
    sg_parameter_set_clear(&set);
}

static void absent_gradients_leave_parameters_alone(void **state)
{
    sg_context *context = *state;
    sg_parameter_set set = make_set(context);
    sg_optimiser *optimiser = sg_optimiser_create(&set, options);
    sg_tensor *gradients[] = {NULL, sg_tensor_full(context, SG_F32, SG_SHAPE(2, 2), 1)};
    const uint64_t version = set.items[0].tensor->storage->version;
    sg_optimiser_step(optimiser, gradients);
    assert_int_equal(sg_optimiser_steps(optimiser), 1);
    assert_close(sg_tensor_value(set.items[0].tensor, 0), 1, 0);
    assert_int_equal(set.items[0].tensor->storage->version, version);
    assert_close((double)sg_optimiser_moment(optimiser, 0, 0)[0], 0, 0);
    assert_close(sg_tensor_value(set.items[2].tensor, 0), 0.99, 1e-6);
    sg_optimiser_destroy(optimiser);
    sg_parameter_set_clear(&set);
}

static void a_reset_optimiser_starts_anew(void **state)
{
    sg_context *context = *state;
    sg_parameter_set set = make_set(context);
    sg_optimiser *optimiser = sg_optimiser_create(&set, options);
    sg_tensor *gradients[] = {sg_tensor_full(context, SG_F32, SG_SHAPE(3), 2), NULL};
    sg_optimiser_step(optimiser, gradients);
    sg_optimiser_reset(optimiser);
    assert_int_equal(sg_optimiser_steps(optimiser), 0);
    for (int which = 0; which < 2; which++)
        assert_close((double)sg_optimiser_moment(optimiser, 0, which)[2], 0, 0);
    /* The first step moves values by the rate. */
    sg_optimiser_set_rate(optimiser, 0.5);
    const double before = sg_tensor_value(set.items[0].tensor, 1);
    sg_optimiser_step(optimiser, gradients);
    assert_close(sg_tensor_value(set.items[0].tensor, 1), before - 0.5, 1e-6);
    sg_optimiser_destroy(optimiser);
    sg_parameter_set_clear(&set);
}

/* An optimiser that gets another's moments, step count and values goes on as that one. */
static void saved_state_continues(void **state)
{
    sg_context *context = *state;
    sg_parameter_set one = make_set(context);
    sg_parameter_set two = make_set(context);
    sg_optimiser *first = sg_optimiser_create(&one, options);
    sg_optimiser *second = sg_optimiser_create(&two, options);
    for (int step = 0; step < 4; step++) {
        sg_tensor *gradients[] = {sg_tensor_full(context, SG_F32, SG_SHAPE(3), sin(step)),
                                  sg_tensor_full(context, SG_F32, SG_SHAPE(2, 2), cos(step))};
        if (step == 2) {
            assert_true(copy_parameters(&two, &one));
            sg_optimiser_set_steps(second, sg_optimiser_steps(first));
            for (int which = 0; which < 2; which++) {
                memcpy(sg_optimiser_moment(second, 0, which), sg_optimiser_moment(first, 0, which),
                       12);
                memcpy(sg_optimiser_moment(second, 1, which), sg_optimiser_moment(first, 1, which),
                       16);
            }
        }
        sg_optimiser_step(first, gradients);
        if (step >= 2)
            sg_optimiser_step(second, gradients);
    }
    for (size_t i = 0; i < 3; i++)
        assert_memory_equal(one.items[i].tensor->storage->data, two.items[i].tensor->storage->data,
                            (size_t)sg_tensor_count(one.items[i].tensor) * sizeof(float));
    sg_optimiser_destroy(first);
    sg_optimiser_destroy(second);
    sg_optimiser_destroy(NULL);
    sg_parameter_set_clear(&one);
    sg_parameter_set_clear(&two);
}

static void rmsprop_has_one_moment(void **state)
{
    sg_parameter_set set = make_set(*state);
    sg_optimiser *optimiser = sg_optimiser_create(
        &set, (sg_optimiser_options){.kind = SG_RMSPROP, .rate = 0.01, .beta2 = 0.75});
    assert_non_null(optimiser);
    assert_null(sg_optimiser_moment(optimiser, 1, 0));
    sg_tensor *gradients[] = {NULL, sg_tensor_full(*state, SG_F32, SG_SHAPE(2, 2), -3)};
    sg_optimiser_step(optimiser, gradients);
    assert_close((double)sg_optimiser_moment(optimiser, 1, 1)[3], 0.25 * 9, 1e-6);
    assert_close(sg_tensor_value(set.items[2].tensor, 3), 1 + 0.01 * 2, 1e-6);
    sg_optimiser_destroy(optimiser);
    sg_parameter_set_clear(&set);
}

/* Stored at a scale of 1 / 4 and multiplied by 1 / 4 at run time, a weight moves without the
 * equalised learning rate as the product of the two does by itself. */
static void plain_rates_move_weights_as_they_are_used(void **state)
{
    static const double gain = 0.25;
    static const sg_optimiser_kind kinds[] = {SG_ADAM, SG_RMSPROP};
    for (int k = 0; k < 2; k++) {
        sg_optimiser_options plain = {.kind = kinds[k],
                                      .rate = 0.01,
                                      .beta1 = 0.5,
                                      .beta2 = 0.9,
                                      .epsilon = 0.1,
                                      .clip = 0.28,
                                      .plain = true};
        sg_parameter_set set = make_set(*state);
        sg_parameter_set_gain(&set, set.items[2].tensor, gain);
        sg_optimiser *optimiser = sg_optimiser_create(&set, plain);
        float first[4] = {0};
        float second[4] = {0};
        float used[4] = {0.25f, 0.25f, 0.25f, 0.25f};
        assert_non_null(optimiser);
        for (int step = 1; step <= STEPS; step++) {
            sg_tensor *gradients[] = {sg_tensor_full(*state, SG_F32, SG_SHAPE(3), 1),
                                      sg_tensor_create(*state, SG_F32, SG_SHAPE(2, 2))};
            float of_used[4];
            for (int i = 0; i < 4; i++) {
                of_used[i] = (float)sin(i * 3 + 1) * (float)step;
                sg_tensor_set_value(gradients[1], i, gain * (double)of_used[i]);
            }
            sg_optimiser_step(optimiser, gradients);
            sg_optimiser_update(&plain, step, 4, of_used, first, second, used);
        }
        for (int i = 0; i < 4; i++)
            assert_close(gain * sg_tensor_value(set.items[2].tensor, i), (double)used[i], 1e-6);
        assert_true(fabs((double)used[0] - 0.25) > 1e-3);
        sg_optimiser_destroy(optimiser);
        sg_parameter_set_clear(&set);
    }
}

static void names_are_understood(void **state)
{
    (void)state;
    assert_int_equal(sg_choice_find(&sg_optimiser_choices, "adam"), SG_ADAM);
    assert_int_equal(sg_choice_find(&sg_optimiser_choices, "rmsprop"), SG_RMSPROP);
    assert_int_equal(sg_choice_find(&sg_optimiser_choices, "sgd"), -1);
    assert_string_equal(sg_choice_name(&sg_optimiser_choices, SG_RMSPROP), "rmsprop");
}

#define WITH_CONTEXT(test) cmocka_unit_test_setup_teardown(test, context_setup, context_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steps_follow_the_definition),
        cmocka_unit_test(large_gradients_are_not_limited),
        WITH_CONTEXT(the_optimiser_steps_trainable_tensors),
        WITH_CONTEXT(absent_gradients_leave_parameters_alone),
        WITH_CONTEXT(a_reset_optimiser_starts_anew),
        WITH_CONTEXT(saved_state_continues),
        WITH_CONTEXT(rmsprop_has_one_moment),
        WITH_CONTEXT(plain_rates_move_weights_as_they_are_used),
        cmocka_unit_test(names_are_understood),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
