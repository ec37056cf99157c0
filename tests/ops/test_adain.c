/* The end of a StyleGAN layer: by its kernel as by plain ops, official values, derivatives. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/parallel.h"
#include "ops/activation.h"
#include "ops/adain.h"
#include "ops/arithmetic.h"
#include "ops/matmul.h"
#include "ops/normalize.h"
#include "support/gradient_check.h"
#include "support/stored_values.h"
#include "support/tensors.h"

typedef struct adain_case {
    int64_t samples, height, width, channels;
    int noise; /* 0: none, 1: shared, 2: of each sample */
    double mean;
    sg_activation activation;
} adain_case;

/* One block of pixels and several, with and without a remainder; one channel, odd numbers, many. */
static const adain_case cases[] = {
    {1, 1, 1, 1, 0, 0, SG_LRELU},        {2, 3, 5, 1, 1, 0, SG_LRELU},
    {3, 4, 4, 7, 2, 0, SG_LRELU},        {2, 16, 16, 33, 1, 0, SG_RELU},
    {1, 64, 65, 8, 1, 0, SG_LINEAR},     {2, 33, 31, 64, 2, 0.5, SG_LRELU},
    {1, 8, 9, 700, 1, 0, SG_LRELU},      {1, 128, 96, 3, 0, 0, SG_LRELU},
    {1, 100, 100, 16, 1, 300, SG_LRELU},
};

typedef struct operands {
    sg_tensor *x;
    sg_adain_inputs inputs;
} operands;

/* Random values about `mean` that a float can hold. */
static sg_tensor *random_floats_about(sg_context *context, sg_dtype dtype, sg_shape shape,
                                      double mean, uint64_t seed)
{
    sg_tensor *tensor = random_tensor(context, dtype, shape, seed);
    for (int64_t i = 0; i < sg_tensor_count(tensor); i++)
        sg_tensor_set_value(tensor, i, (double)(float)(sg_tensor_value(tensor, i) + mean));
    return tensor;
}

static operands make_operands(sg_context *context, sg_dtype dtype, const adain_case *c)
{
    const sg_shape picture = SG_SHAPE(c->samples, c->height, c->width, c->channels);
    const sg_shape noise = SG_SHAPE(c->noise == 2 ? c->samples : 1, c->height, c->width, 1);
    const sg_shape styles = SG_SHAPE(c->samples, 2 * c->channels);
    const sg_shape channels = SG_SHAPE(c->channels);
    operands made = {.x = random_floats_about(context, dtype, picture, c->mean, 1),
                     .inputs = {.bias = random_floats_about(context, dtype, channels, 0, 4),
                                .styles = random_floats_about(context, dtype, styles, 0, 5),
                                .activation = c->activation,
                                .epsilon = 1e-8}};
    if (c->noise) {
        made.inputs.noise = random_floats_about(context, dtype, noise, 0, 2);
        made.inputs.strength = random_floats_about(context, dtype, channels, 0, 3);
    }
    return made;
}

static sg_tensor *plain(const operands *o)
{
    sg_tensor *x = o->x;
    if (o->inputs.noise)
        x = sg_add(x, sg_multiply(o->inputs.noise, o->inputs.strength));
    x = sg_bias_act(x, NULL, NULL, o->inputs.bias, sg_bias_act_without_gain(o->inputs.activation));
    return sg_apply_style(sg_normalize_instance(x, o->inputs.epsilon), o->inputs.styles);
}

static void the_kernel_does_what_plain_ops_do(void **state)
{
    sg_context *context = *state;
    context->recording = false;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t scope = sg_scope_open(context);
        const operands exact = make_operands(context, SG_F64, &cases[i]);
        const sg_tensor *expected = plain(&exact);
        const operands o = make_operands(context, SG_F32, &cases[i]);
        assert_true(sg_adain_fuses(o.x, cases[i].activation));
        const sg_tensor *y = sg_adain_in_place(o.x, &o.inputs);
        assert_ptr_equal(y, o.x);
        for (int64_t k = 0; k < sg_tensor_count(y); k++) {
            /* Rounding at the mean's size, seen from the deviation, which is about 1 or less. */
            const double value = sg_tensor_value(expected, k);
            const double found = sg_tensor_value(y, k);
            const double tolerance = 1e-5 * (1 + fabs(value)) + 1e-6 * cases[i].mean;
            if (!(fabs(found - value) <= tolerance))
                fail_msg("case %zu, element %lld: %g, expected %g", i, (long long)k, found, value);
        }
        sg_scope_close(context, scope, NULL);
    }
}

static void threads_change_nothing(void **state)
{
    sg_context *context = *state;
    context->recording = false;
    static const adain_case large = {2, 100, 100, 24, 1, 0, SG_LRELU};
    const sg_tensor *results[2];
    const int before = sg_thread_count();
    for (int i = 0; i < 2; i++) {
        const operands o = make_operands(context, SG_F32, &large);
        sg_set_thread_count(i == 0 ? 1 : 3);
        results[i] = sg_adain_in_place(o.x, &o.inputs);
    }
    sg_set_thread_count(before);
    assert_memory_equal(sg_f32(results[0]), sg_f32(results[1]),
                        (size_t)sg_tensor_count(results[0]) * sizeof(float));
}

static void it_is_only_for_floats_off_the_tape(void **state)
{
    sg_context *context = *state;
    sg_tensor *floats = random_tensor(context, SG_F32, SG_SHAPE(1, 2, 2, 2), 1);
    sg_tensor *doubles = random_tensor(context, SG_F64, SG_SHAPE(1, 2, 2, 2), 1);
    assert_false(sg_adain_fuses(floats, SG_LRELU));
    context->recording = false;
    assert_true(sg_adain_fuses(floats, SG_LRELU));
    assert_false(sg_adain_fuses(floats, SG_SWISH));
    assert_false(sg_adain_fuses(doubles, SG_LRELU));
    assert_false(sg_adain_fuses(NULL, SG_LRELU));
}

static void unfit_operands_are_refused(void **state)
{
    sg_context *context = *state;
    static const adain_case good = {2, 3, 4, 5, 1, 0, SG_LRELU};
    context->recording = false;
    for (int i = 0; i < 4; i++) {
        operands o = make_operands(context, SG_F32, &good);
        sg_tensor **changed[] = {&o.inputs.noise, &o.inputs.strength, &o.inputs.bias,
                                 &o.inputs.styles};
        *changed[i] = random_tensor(context, SG_F32, SG_SHAPE(2, 3, 4, 5), 1);
        assert_refused(context, sg_adain_in_place(o.x, &o.inputs), SG_ERROR_SHAPE);
    }
    assert_null(sg_adain_in_place(NULL, NULL));
}

static sg_tensor *run_style(sg_context *context, sg_tensor *const *in, const void *options)
{
    (void)context;
    (void)options;
    return sg_apply_style(in[0], in[1]);
}

static void styles_are_the_official_ones(void **state)
{
    sg_context *context = *state;
    static const gradient_case tested = {.name = "style",
                                         .function = run_style,
                                         .inputs = {{GRADIENT_SIGNED, GRADIENT_SHAPE(2, 2, 3, 2)},
                                                    {GRADIENT_SIGNED, GRADIENT_SHAPE(2, 4)}},
                                         .seed = 5};
    assert_gradients_right(&tested);
    sg_safetensors *file = open_golden_values("sg1/ops.safetensors");
    sg_tensor *styles =
        sg_matmul(stored_tensor(context, SG_F64, file, "stylemod.w"), false,
                  stored_tensor(context, SG_F64, file, "stylemod.weight"), true, 1 / sqrt(5));
    styles = sg_add(styles, stored_tensor(context, SG_F64, file, "stylemod.bias"));
    assert_tensors_near("style",
                        sg_apply_style(stored_picture(context, SG_F64, file, "stylemod.x"), styles),
                        stored_picture(context, SG_F64, file, "stylemod.y"), 1e-6);
    sg_safetensors_close(file);
}

#define WITH_CONTEXT(test) cmocka_unit_test_setup_teardown(test, context_setup, context_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_CONTEXT(the_kernel_does_what_plain_ops_do),  WITH_CONTEXT(threads_change_nothing),
        WITH_CONTEXT(it_is_only_for_floats_off_the_tape), WITH_CONTEXT(unfit_operands_are_refused),
        WITH_CONTEXT(styles_are_the_official_ones),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
