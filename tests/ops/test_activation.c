/*
 * Activations and the bias-and-activation pass: derivatives of all nine with every set of operands,
 * with and without gain and clamp, and values against the definition.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "ops/activation.h"
#include "ops/arithmetic.h"
#include "ops/gradient.h"
#include "support/gradient_check.h"
#include "support/tensors.h"

enum { KINDS = SG_SWISH + 1 };

typedef struct activate_options {
    sg_activation kind;
    int order;
} activate_options;

static sg_tensor *run_activate(sg_context *context, sg_tensor *const *in, const void *options)
{
    (void)context;
    const activate_options *o = options;
    return sg_activate(in[0], o->kind, 0.3, o->order);
}

/* Order 1 is as far as a second derivative can be asked for: it takes order 3. */
static void test_activations_have_right_derivatives(void **state)
{
    (void)state;
    for (int kind = 0; kind < KINDS; kind++)
        for (int order = 0; order <= 1; order++) {
            const activate_options options = {(sg_activation)kind, order};
            gradient_case tested = {.name = sg_activation_name(options.kind),
                                    .function = run_activate,
                                    .options = &options,
                                    .inputs = {{GRADIENT_SIGNED, GRADIENT_SHAPE(3, 4)}},
                                    .seed = 30};
            assert_gradients_right(&tested);
        }
}

static sg_tensor *run_softplus(sg_context *context, sg_tensor *const *in, const void *options)
{
    (void)context;
    (void)options;
    return sg_softplus(in[0]);
}

static void test_softplus(void **state)
{
    sg_context *context = *state;
    static const gradient_case tested = {
        "softplus", run_softplus, NULL, {{GRADIENT_SIGNED, GRADIENT_SHAPE(3, 4)}}, 31};
    assert_gradients_right(&tested);
    sg_tensor *y = sg_softplus(leaf_of(context, SG_SHAPE(3), (double[]){-800, 0, 800}));
    assert_tensors_near("softplus", y, leaf_of(context, SG_SHAPE(3), (double[]){0, log(2), 800}),
                        1e-15);
}

typedef struct operands {
    const char *name;
    bool scale, noise, bias, noise_per_sample;
} operands;

static const operands operand_sets[] = {
    {"nothing", false, false, false, false},
    {"bias", false, false, true, false},
    {"scale", true, false, false, false},
    {"noise", false, true, false, false},
    {"noise of each sample", false, true, false, true},
    {"scale and bias", true, false, true, false},
    {"scale, noise and bias", true, true, true, false},
    {"scale, bias and noise of each sample", true, true, true, true},
};

static sg_tensor *run_bias_act(sg_context *context, sg_tensor *const *in, const void *options)
{
    (void)context;
    return sg_bias_act(in[0], in[1], in[2], in[3], *(const sg_bias_act_options *)options);
}

static void check_bias_act(const operands *set, sg_bias_act_options options)
{
    char name[120];
    snprintf(name, sizeof name, "bias_act: %s with %s, gain %g, clamp %g",
             sg_activation_name(options.kind), set->name, options.gain, options.clamp);
    gradient_case tested = {.name = name,
                            .function = run_bias_act,
                            .options = &options,
                            .inputs = {{GRADIENT_SIGNED, GRADIENT_SHAPE(2, 2, 3, 2)}},
                            .seed = 32};
    if (set->scale)
        tested.inputs[1] = (gradient_input){GRADIENT_SIGNED, GRADIENT_SHAPE(2, 2)};
    if (set->noise)
        tested.inputs[2] = (gradient_input){GRADIENT_SIGNED, GRADIENT_SHAPE(1, 2, 3, 1)};
    if (set->noise_per_sample)
        tested.inputs[2].shape.size[0] = 2;
    if (set->bias)
        tested.inputs[3] = (gradient_input){GRADIENT_SIGNED, GRADIENT_SHAPE(2)};
    assert_gradients_right(&tested);
}

static void test_bias_act_has_right_derivatives(void **state)
{
    (void)state;
    for (int kind = 0; kind < KINDS; kind++)
        for (size_t i = 0; i < sizeof operand_sets / sizeof *operand_sets; i++) {
            sg_bias_act_options options = sg_bias_act_defaults((sg_activation)kind);
            check_bias_act(&operand_sets[i], options);
            options.clamp = 0.6;
            check_bias_act(&operand_sets[i], options);
            options.gain = 0.7;
            options.alpha = 0.4;
            check_bias_act(&operand_sets[i], options);
        }
}

/* The fused pass tells the slope from its output's sign, which such options would turn round. */
static void test_negative_gain_and_slope_have_right_derivatives(void **state)
{
    (void)state;
    for (int kind = 0; kind < KINDS; kind++) {
        sg_bias_act_options options = sg_bias_act_defaults((sg_activation)kind);
        options.gain = -1.5;
        check_bias_act(&operand_sets[6], options);
        options.clamp = 0.6;
        check_bias_act(&operand_sets[6], options);
    }
    sg_bias_act_options options = sg_bias_act_defaults(SG_LRELU);
    options.alpha = -0.5;
    check_bias_act(&operand_sets[6], options);
}

/* x of other ranks than four: a dense layer's output, and a vector. */
static void test_bias_act_of_other_ranks(void **state)
{
    (void)state;
    const sg_bias_act_options options = sg_bias_act_defaults(SG_LRELU);
    const gradient_case cases[] = {
        {"bias_act of a matrix",
         run_bias_act,
         &options,
         {{GRADIENT_SIGNED, GRADIENT_SHAPE(3, 4)},
          {GRADIENT_ABSENT, {0}},
          {GRADIENT_ABSENT, {0}},
          {GRADIENT_SIGNED, GRADIENT_SHAPE(4)}},
         33},
        {"bias_act of a vector",
         run_bias_act,
         &options,
         {{GRADIENT_SIGNED, GRADIENT_SHAPE(4)},
          {GRADIENT_ABSENT, {0}},
          {GRADIENT_ABSENT, {0}},
          {GRADIENT_SIGNED, GRADIENT_SHAPE(4)}},
         34},
    };
    assert_all_gradients_right(cases, 2);
}

/* An activation of one number, as the official programs define it. */
static double defined(sg_activation kind, double alpha, double x)
{
    switch (kind) {
    case SG_LINEAR:
        return x;
    case SG_RELU:
        return fmax(x, 0);
    case SG_LRELU:
        return x > 0 ? x : alpha * x;
    case SG_TANH:
        return tanh(x);
    case SG_SIGMOID:
        return 1 / (1 + exp(-x));
    case SG_ELU:
        return x > 0 ? x : exp(x) - 1;
    case SG_SELU:
        return 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * (exp(x) - 1));
    case SG_SOFTPLUS:
        return log(1 + exp(x));
    default:
        return x / (1 + exp(-x));
    }
}

static void expect_defined_values(sg_context *context, sg_bias_act_options options, bool in_place)
{
    size_t scope = sg_scope_open(context);
    sg_tensor *x = random_tensor(context, SG_F64, SG_SHAPE(3, 2, 4, 5), 1);
    sg_tensor *scale = random_tensor(context, SG_F64, SG_SHAPE(3, 5), 2);
    sg_tensor *noise = random_tensor(context, SG_F64, SG_SHAPE(3, 2, 4, 1), 3);
    sg_tensor *bias = random_tensor(context, SG_F64, SG_SHAPE(5), 4);
    sg_tensor *expected = sg_tensor_create(context, SG_F64, x->shape);
    int clamped = 0;
    for (int64_t i = 0; i < sg_tensor_count(x); i++) {
        int64_t c = i % 5;
        double u =
            sg_f64(x)[i] * sg_f64(scale)[i / 40 * 5 + c] + sg_f64(noise)[i / 5] + sg_f64(bias)[c];
        double y = options.gain * defined(options.kind, options.alpha, u);
        clamped += options.clamp >= 0 && fabs(y) > options.clamp;
        sg_f64(expected)[i] = options.clamp >= 0 ? fmin(fmax(y, -options.clamp), options.clamp) : y;
    }
    assert_true(options.clamp < 0 || (clamped > 0 && clamped < 120));
    context->recording = !in_place;
    sg_tensor *y = in_place ? sg_bias_act_in_place(x, scale, noise, bias, options)
                            : sg_bias_act(x, scale, noise, bias, options);
    context->recording = true;
    assert_tensors_near(sg_activation_name(options.kind), y, expected, 1e-12);
    sg_scope_close(context, scope, NULL);
}

static void test_bias_act_gives_the_defined_values(void **state)
{
    sg_context *context = *state;
    for (int kind = 0; kind < KINDS; kind++)
        for (int in_place = 0; in_place < 2; in_place++) {
            sg_bias_act_options options = sg_bias_act_defaults((sg_activation)kind);
            expect_defined_values(context, options, in_place);
            options.clamp = 0.4;
            expect_defined_values(context, options, in_place);
            options.gain = 1.7;
            expect_defined_values(context, options, in_place);
        }
}

static void test_defaults_are_the_official_ones(void **state)
{
    (void)state;
    sg_bias_act_options lrelu = sg_bias_act_defaults(SG_LRELU);
    assert_float_equal(lrelu.alpha, 0.2, 0);
    assert_float_equal(lrelu.gain, sqrt(2), 0);
    assert_true(lrelu.clamp < 0);
    assert_float_equal(sg_bias_act_defaults(SG_TANH).gain, 1, 0);
    assert_float_equal(sg_bias_act_defaults(SG_SWISH).gain, sqrt(2), 0);
}

static void test_the_pass_in_place_takes_no_memory(void **state)
{
    sg_context *context = *state;
    sg_tensor *x = random_tensor(context, SG_F32, SG_SHAPE(1, 4, 4, 8), 1);
    sg_bias_act_options options = sg_bias_act_defaults(SG_LRELU);
    assert_ptr_not_equal(sg_bias_act_in_place(x, NULL, NULL, NULL, options), x);
    context->recording = false;
    assert_ptr_equal(sg_bias_act_in_place(x, NULL, NULL, NULL, options), x);
}

/* Operands that fit nothing, for a fused and for a composed activation. */
static void test_unfit_operands_are_refused(void **state)
{
    sg_context *context = *state;
    sg_tensor *x = random_tensor(context, SG_F64, SG_SHAPE(2, 3, 4, 5), 1);
    sg_tensor *matrix = random_tensor(context, SG_F64, SG_SHAPE(2, 5), 2);
    sg_tensor *wrong_bias = random_tensor(context, SG_F64, SG_SHAPE(4), 2);
    sg_tensor *wrong_scale = random_tensor(context, SG_F64, SG_SHAPE(3, 5), 2);
    sg_tensor *flat_scale = random_tensor(context, SG_F64, SG_SHAPE(5), 2);
    sg_tensor *wrong_noise = random_tensor(context, SG_F64, SG_SHAPE(1, 3, 4, 5), 2);
    sg_tensor *flat_noise = random_tensor(context, SG_F64, SG_SHAPE(3, 4), 2);
    sg_tensor *single = random_tensor(context, SG_F32, SG_SHAPE(5), 2);
    for (int kind = 0; kind < KINDS; kind++) {
        sg_bias_act_options o = sg_bias_act_defaults((sg_activation)kind);
        assert_refused(context, sg_bias_act(x, NULL, NULL, wrong_bias, o), SG_ERROR_SHAPE);
        assert_refused(context, sg_bias_act(x, wrong_scale, NULL, NULL, o), SG_ERROR_SHAPE);
        assert_refused(context, sg_bias_act(x, flat_scale, NULL, NULL, o), SG_ERROR_SHAPE);
        assert_refused(context, sg_bias_act(x, NULL, wrong_noise, NULL, o), SG_ERROR_SHAPE);
        assert_refused(context, sg_bias_act(x, NULL, flat_noise, NULL, o), SG_ERROR_SHAPE);
        assert_refused(context, sg_bias_act(matrix, matrix, NULL, NULL, o), SG_ERROR_SHAPE);
        assert_refused(context, sg_bias_act(x, NULL, NULL, single, o), SG_ERROR_SHAPE);
        assert_refused(context, sg_bias_act_in_place(x, NULL, NULL, wrong_bias, o), SG_ERROR_SHAPE);
        assert_null(sg_bias_act(NULL, NULL, NULL, NULL, o));
    }
}

static void test_orders_beyond_the_third_are_refused(void **state)
{
    sg_context *context = *state;
    sg_tensor *x = random_tensor(context, SG_F64, SG_SHAPE(3), 1);
    assert_refused(context, sg_activate(x, SG_TANH, 0, 4), SG_ERROR_ARGUMENT);
    assert_refused(context, sg_activate(x, SG_TANH, 0, -1), SG_ERROR_ARGUMENT);
    assert_null(sg_activate(NULL, SG_TANH, 0, 0));
}

/* An optional operand that failed earlier is not taken for an absent one. */
static void test_a_failure_before_the_pass_shows(void **state)
{
    sg_context *context = *state;
    sg_tensor *x = random_tensor(context, SG_F64, SG_SHAPE(2, 3), 1);
    sg_tensor *bad = random_tensor(context, SG_F64, SG_SHAPE(2), 1);
    sg_tensor *bias = sg_add(x, bad);
    assert_refused(context, sg_bias_act(x, NULL, NULL, bias, sg_bias_act_defaults(SG_LRELU)),
                   SG_ERROR_SHAPE);
}

static void test_empty_tensors_are_fine(void **state)
{
    sg_context *context = *state;
    sg_tensor *none = sg_tensor_create(context, SG_F32, SG_SHAPE(2, 3, 4, 0));
    sg_tensor *no_samples = sg_tensor_create(context, SG_F32, SG_SHAPE(0, 3, 4, 5));
    for (int kind = 0; kind < KINDS; kind++) {
        sg_bias_act_options o = sg_bias_act_defaults((sg_activation)kind);
        assert_int_equal(sg_tensor_count(sg_bias_act(none, NULL, NULL, NULL, o)), 0);
        assert_int_equal(sg_tensor_count(sg_bias_act(no_samples, NULL, NULL, NULL, o)), 0);
    }
}

#define IN_CONTEXT(test) cmocka_unit_test_setup_teardown(test, context_setup, context_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_activations_have_right_derivatives),
        IN_CONTEXT(test_softplus),
        cmocka_unit_test(test_bias_act_has_right_derivatives),
        cmocka_unit_test(test_negative_gain_and_slope_have_right_derivatives),
        cmocka_unit_test(test_bias_act_of_other_ranks),
        IN_CONTEXT(test_bias_act_gives_the_defined_values),
        cmocka_unit_test(test_defaults_are_the_official_ones),
        IN_CONTEXT(test_the_pass_in_place_takes_no_memory),
        IN_CONTEXT(test_unfit_operands_are_refused),
        IN_CONTEXT(test_orders_beyond_the_third_are_refused),
        IN_CONTEXT(test_a_failure_before_the_pass_shows),
        IN_CONTEXT(test_empty_tensors_are_fine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
