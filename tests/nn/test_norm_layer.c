/* Normalisation layers: derivatives, moments that are tracked, what each kind reads. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "nn/norm_layer.h"
#include "support/close.h"
#include "support/gradient_check.h"
#include "support/tensors.h"

static const sg_norm_pass training = {.batch_moments = true};

static sg_bias_act_options linear(void)
{
    return sg_bias_act_defaults(SG_LINEAR);
}

/* Inputs: x, weight, bias; mean and variance where the layer tracks them. */
static sg_tensor *run(sg_tensor *const *in, sg_norm_kind kind, sg_norm_pass pass)
{
    const sg_norm_layer layer = {kind, in[1], in[2], in[3], in[4]};
    return sg_norm_layer_forward(&layer, in[0], pass, linear());
}

static sg_tensor *run_batch(sg_context *context, sg_tensor *const *in, const void *options)
{
    (void)context;
    (void)options;
    return run(in, SG_NORM_BATCH, training);
}

static sg_tensor *run_tracked(sg_context *context, sg_tensor *const *in, const void *options)
{
    (void)context;
    (void)options;
    return run(in, SG_NORM_BATCH, (sg_norm_pass){0});
}

static sg_tensor *run_layer(sg_context *context, sg_tensor *const *in, const void *options)
{
    (void)context;
    (void)options;
    return run(in, SG_NORM_LAYER, (sg_norm_pass){0});
}

static void test_derivatives(void **state)
{
    (void)state;
    static const gradient_case cases[] = {
        {"batch",
         run_batch,
         NULL,
         {{GRADIENT_SIGNED, GRADIENT_SHAPE(3, 2, 2, 2)},
          {GRADIENT_SIGNED, GRADIENT_SHAPE(2)},
          {GRADIENT_SIGNED, GRADIENT_SHAPE(2)}},
         1},
        {"tracked",
         run_tracked,
         NULL,
         {{GRADIENT_SIGNED, GRADIENT_SHAPE(2, 2, 1, 2)},
          {GRADIENT_SIGNED, GRADIENT_SHAPE(2)},
          {GRADIENT_SIGNED, GRADIENT_SHAPE(2)},
          {GRADIENT_CONSTANT, GRADIENT_SHAPE(2)},
          {GRADIENT_POSITIVE, GRADIENT_SHAPE(2)}},
         2},
        {"layer",
         run_layer,
         NULL,
         {{GRADIENT_SIGNED, GRADIENT_SHAPE(2, 2, 2, 3)},
          {GRADIENT_SIGNED, GRADIENT_SHAPE(3)},
          {GRADIENT_SIGNED, GRADIENT_SHAPE(3)}},
         3},
    };
    assert_all_gradients_right(cases, sizeof cases / sizeof *cases);
}

/* A layer in a set of its own, on [4, 2, 2, 3]. */
typedef struct setting {
    sg_parameter_set set;
    sg_norm_layer layer;
    sg_tensor *x;
} setting;

static setting make_setting(sg_context *context, sg_norm_kind kind, bool tracks)
{
    setting s = {.x = random_tensor(context, SG_F64, SG_SHAPE(4, 2, 2, 3), 3)};
    sg_parameter_set_init(&s.set, context, SG_F64, 1);
    s.layer = sg_norm_layer_create(&s.set, "b8.norm", kind, 3, tracks);
    return s;
}

static void test_tensors_are_those_of_the_kind(void **state)
{
    static const size_t counts[] = {4, 2, 2};
    for (int i = 0; i < 3; i++) {
        setting s = make_setting(*state, i == 2 ? SG_NORM_LAYER : SG_NORM_BATCH, i != 1);
        assert_int_equal(s.set.count, counts[i]);
        assert_string_equal(s.set.items[1].name, "b8.norm.bias");
        for (int64_t c = 0; c < 3; c++)
            assert_true(fabs(sg_tensor_value(s.layer.weight, c) - 1) < 0.1);
        sg_parameter_set_clear(&s.set);
    }
    assert_int_equal(sg_choice_find(&sg_norm_choices, "layer"), SG_NORM_LAYER);
    assert_string_equal(sg_choice_name(&sg_norm_choices, SG_NORM_BATCH), "batch");
    assert_int_equal(sg_choice_find(&sg_norm_choices, "instance"), -1);
}

/* A tenth of the way to the batch's mean and to its unbiased variance, only when asked to. */
static void test_moments_are_tracked(void **state)
{
    setting s = make_setting(*state, SG_NORM_BATCH, true);
    const sg_norm_pass update = {.batch_moments = true, .update_averages = true};
    assert_non_null(sg_norm_layer_forward(&s.layer, s.x, training, linear()));
    assert_close(sg_tensor_value(s.layer.mean, 1), 0, 0);
    assert_non_null(sg_norm_layer_forward(&s.layer, s.x, update, linear()));
    for (int64_t c = 0; c < 3; c++) {
        double mean = 0;
        double variance = 0;
        for (int64_t i = 0; i < 16; i++)
            mean += sg_tensor_value(s.x, i * 3 + c) / 16;
        for (int64_t i = 0; i < 16; i++)
            variance += pow(sg_tensor_value(s.x, i * 3 + c) - mean, 2) / 15;
        assert_close(sg_tensor_value(s.layer.mean, c), 0.1 * mean, 1e-12);
        assert_close(sg_tensor_value(s.layer.variance, c), 0.9 + 0.1 * variance, 1e-12);
    }
    sg_parameter_set_clear(&s.set);
}

/* Outside training a picture does not depend on the others of its batch. */
static void test_tracked_moments_make_pictures_independent(void **state)
{
    setting s = make_setting(*state, SG_NORM_BATCH, true);
    const double before =
        sg_tensor_value(sg_norm_layer_forward(&s.layer, s.x, (sg_norm_pass){0}, linear()), 0);
    const double batch_before =
        sg_tensor_value(sg_norm_layer_forward(&s.layer, s.x, training, linear()), 0);
    sg_tensor_set_value(s.x, 36, 9);
    sg_tensor_touch(s.x);
    assert_close(
        sg_tensor_value(sg_norm_layer_forward(&s.layer, s.x, (sg_norm_pass){0}, linear()), 0),
        before, 0);
    assert_true(fabs(sg_tensor_value(sg_norm_layer_forward(&s.layer, s.x, training, linear()), 0) -
                     batch_before) > 1e-3);
    sg_parameter_set_clear(&s.set);
}

#define IN_CONTEXT(test) cmocka_unit_test_setup_teardown(test, context_setup, context_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_derivatives),
        IN_CONTEXT(test_tensors_are_those_of_the_kind),
        IN_CONTEXT(test_moments_are_tracked),
        IN_CONTEXT(test_tracked_moments_make_pictures_independent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
