/* StyleGAN3's layers: derivatives, padding, magnitudes, initial values. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "nn/alias_free_layer.h"
#include "support/close.h"
#include "support/gradient_check.h"
#include "support/parameters.h"
#include "support/tensors.h"

enum { SAMPLES = 2, SIDE = 3, IN = 2, OUT = 2, W_DIM = 3 };

typedef struct layer_kind {
    const char *name;
    int kernel, up, out_size;
    bool radial, to_colours;
    double clamp;
} layer_kind;

static sg_alias_free_layer_options options_of(const layer_kind *kind)
{
    const int factor = kind->to_colours ? 1 : kind->up;
    return (sg_alias_free_layer_options){
        .w_dim = W_DIM,
        .in_channels = IN,
        .out_channels = OUT,
        .kernel_size = kind->kernel,
        .to_colours = kind->to_colours,
        .in_size = SIDE,
        .out_size = kind->out_size,
        .up = factor,
        .down = kind->to_colours ? 1 : 2,
        .up_filter = {.taps = factor > 1 ? 2 * factor : 1, .cutoff = 2, .width = 3, .rate = 16},
        .down_filter = {.taps = kind->to_colours ? 1 : 4,
                        .cutoff = 2,
                        .width = 3,
                        .rate = 16,
                        .radial = kind->radial},
        .clamp = kind->clamp,
        .magnitude_ema_beta = 0.9};
}

/* Inputs: x, w, weight, affine.weight, affine.bias, bias. */
static sg_tensor *run_layer(sg_context *context, sg_tensor *const *in, const void *kind)
{
    const sg_alias_free_layer_options options = options_of(kind);
    sg_parameter_set set;
    sg_parameter_set_init(&set, context, SG_F64, 1);
    sg_alias_free_layer layer = sg_alias_free_layer_create(&set, "L", &options);
    sg_tensor_set_value(layer.magnitude_ema, 0, 0.7);
    layer.weight = in[2];
    layer.affine.weight = in[3];
    layer.affine.bias = in[4];
    layer.bias = in[5];
    sg_tensor *y = sg_alias_free_layer_forward(&layer, in[0], in[1], (sg_alias_free_pass){0});
    sg_parameter_set_clear(&set);
    return y;
}

static const layer_kind kinds[] = {
    {"same size", 3, 2, 7, false, false, 256},
    {"growing", 3, 4, 6, false, false, -1},
    {"cropped", 1, 2, 2, false, false, 256},
    {"radial", 1, 2, 5, true, false, 256},
    {"radial, growing", 3, 4, 8, true, false, -1},
    {"clamped", 1, 2, 4, false, false, 0.3},
    {"colours", 1, 1, SIDE, false, true, -1},
    {"clamped colours", 1, 1, SIDE, false, true, 0.4},
};

enum { KINDS = sizeof kinds / sizeof kinds[0] };

static void derivatives_are_right(void **state)
{
    (void)state;
    for (int i = 0; i < KINDS; i++) {
        const int64_t k = kinds[i].kernel;
        const gradient_case tested = {
            .name = kinds[i].name,
            .function = run_layer,
            .options = &kinds[i],
            .inputs = {{GRADIENT_SIGNED, SG_SHAPE(SAMPLES, SIDE, SIDE, IN)},
                       {GRADIENT_SIGNED, SG_SHAPE(SAMPLES, W_DIM)},
                       {GRADIENT_SIGNED, SG_SHAPE(OUT, IN, k, k)},
                       {GRADIENT_SIGNED, SG_SHAPE(IN, W_DIM)},
                       {GRADIENT_POSITIVE, SG_SHAPE(IN)},
                       {GRADIENT_SIGNED, SG_SHAPE(OUT)}},
            .seed = 40 + (uint64_t)i,
        };
        assert_gradients_right(&tested);
    }
}

static void results_have_the_size_that_was_asked_for(void **state)
{
    sg_context *context = *state;
    for (int i = 0; i < KINDS; i++) {
        const sg_alias_free_layer_options options = options_of(&kinds[i]);
        const sg_shape expected = SG_SHAPE(SAMPLES, kinds[i].out_size, kinds[i].out_size, OUT);
        sg_parameter_set set;
        sg_parameter_set_init(&set, context, SG_F32, 1);
        const sg_alias_free_layer layer = sg_alias_free_layer_create(&set, "L", &options);
        sg_tensor *x = random_tensor(context, SG_F32, SG_SHAPE(SAMPLES, SIDE, SIDE, IN), 2);
        sg_tensor *w = random_tensor(context, SG_F32, SG_SHAPE(SAMPLES, W_DIM), 3);
        for (int recording = 0; recording < 2; recording++) {
            context->recording = recording != 0;
            const sg_tensor *y = sg_alias_free_layer_forward(&layer, x, w, (sg_alias_free_pass){0});
            assert_non_null(y);
            assert_true(sg_shape_equal(&y->shape, &expected));
        }
        sg_parameter_set_clear(&set);
    }
}

/* The mean square of x moves the magnitude, and the result is that of x over the magnitude's root.
 */
static void magnitudes_follow_the_input(void **state)
{
    sg_context *context = *state;
    for (int i = 0; i < KINDS; i++) {
        const sg_alias_free_layer_options options = options_of(&kinds[i]);
        sg_parameter_set set;
        sg_parameter_set_init(&set, context, SG_F64, 1);
        const sg_alias_free_layer layer = sg_alias_free_layer_create(&set, "L", &options);
        sg_tensor *x = sg_tensor_full(context, SG_F64, SG_SHAPE(SAMPLES, SIDE, SIDE, IN), 3);
        sg_tensor *ones = sg_tensor_full(context, SG_F64, SG_SHAPE(SAMPLES, SIDE, SIDE, IN), 1);
        sg_tensor *w = random_tensor(context, SG_F64, SG_SHAPE(SAMPLES, W_DIM), 3);
        const sg_tensor *of_ones =
            sg_alias_free_layer_forward(&layer, ones, w, (sg_alias_free_pass){0});
        assert_close(sg_tensor_value(layer.magnitude_ema, 0), 1, 0);
        sg_alias_free_layer_forward(&layer, x, w, (sg_alias_free_pass){.update_average = true});
        assert_close(sg_tensor_value(layer.magnitude_ema, 0), 0.9 * 1 + 0.1 * 9, 1e-12);
        sg_tensor_set_value(layer.magnitude_ema, 0, 9);
        assert_tensors_near("tripled input",
                            sg_alias_free_layer_forward(&layer, x, w, (sg_alias_free_pass){0}),
                            of_ones, 1e-12);
        sg_parameter_set_clear(&set);
    }
}

static void it_starts_as_published(void **state)
{
    static const expected_parameter expected[] = {
        {"L.weight", true, {4, {OUT, IN, 3, 3}}}, {"L.bias", true, {1, {OUT}}},
        {"L.magnitude_ema", false, {0, {0}}},     {"L.up_filter", false, {1, {4}}},
        {"L.down_filter", false, {1, {4}}},       {"L.affine.weight", true, {2, {IN, W_DIM}}},
        {"L.affine.bias", true, {1, {IN}}}};
    const sg_alias_free_layer_options options = options_of(&kinds[0]);
    sg_parameter_set set;
    sg_parameter_set_init(&set, *state, SG_F64, 1);
    const sg_alias_free_layer layer = sg_alias_free_layer_create(&set, "L", &options);
    assert_parameters(&set, expected, sizeof expected / sizeof *expected);
    assert_all_values(layer.bias, 0);
    assert_all_values(layer.magnitude_ema, 1);
    assert_all_values(layer.affine.bias, 1);
    sg_parameter_set_clear(&set);
}

#define WITH_CONTEXT(test) cmocka_unit_test_setup_teardown(test, context_setup, context_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(derivatives_are_right),
        WITH_CONTEXT(results_have_the_size_that_was_asked_for),
        WITH_CONTEXT(magnitudes_follow_the_input),
        WITH_CONTEXT(it_starts_as_published),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
