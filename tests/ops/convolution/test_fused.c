/*
 * Modulated convolutions off the tape, in one pass: the values of the taped path in double for all
 * options that the kernels take, the fallback where they do not, and refusals.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "ops/convolution/fused.h"
#include "ops/convolution/modulated.h"
#include "support/convolution_cases.h"
#include "support/numbers.h"
#include "support/tensors.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

enum { X, W, STYLES, FILTER, NOISE, BIAS, OPERANDS, NOISE_KINDS = 3 };

/* A layer of a network; `noise` 0: none, 1: shared, 2: per sample. */
typedef struct layer {
    int64_t batch, height, width, in, out, kernel, taps;
    int up, noise;
    bool demodulate, bias;
    sg_activation kind;
    double clamp;
} layer;

static const layer same_size = {2, 14, 15, 32, 16, 3, 0, 1, 1, true, true, SG_LRELU, -1};
static const layer upsampling = {1, 22, 25, 16, 16, 3, 4, 2, 1, true, true, SG_LRELU, -1};
static const layer to_colours = {2, 7, 9, 32, 3, 1, 0, 1, 0, false, true, SG_LINEAR, -1};

static sg_modulated_options options_of(const layer *l)
{
    sg_modulated_options options = {.resample = sg_resample_defaults(),
                                    .demodulate = l->demodulate,
                                    .epilogue = sg_bias_act_defaults(l->kind)};
    options.resample.up = l->up;
    options.resample.padding = (int)l->kernel / 2;
    options.resample.flip_weight = l->up == 1;
    options.resample.gain = l->kernel == 1 ? 1 : 0.8;
    options.epilogue.clamp = l->clamp;
    return options;
}

static void shapes_of(const layer *l, sg_shape *shapes)
{
    shapes[X] = SG_SHAPE(l->batch, l->height, l->width, l->in);
    shapes[W] = SG_SHAPE(l->out, l->in, l->kernel, l->kernel);
    shapes[STYLES] = SG_SHAPE(l->batch, l->in);
    shapes[FILTER] = SG_SHAPE(l->taps, l->taps);
    shapes[NOISE] = SG_SHAPE(l->noise == 2 ? l->batch : 1, l->up * l->height, l->up * l->width, 1);
    shapes[BIAS] = SG_SHAPE(l->out);
}

static bool has_operand(const layer *l, int operand)
{
    return operand == FILTER  ? l->taps > 0
           : operand == NOISE ? l->noise > 0
           : operand == BIAS  ? l->bias
                              : true;
}

/* A product of a column and a row, neither of them symmetric. */
static void fill_filter(sg_tensor *filter)
{
    static const double column[] = {0.1, 0.5, -0.25, 0.3, 0.2, 0.4, -0.1, 0.15};
    static const double row[] = {0.3, -0.2, 0.6, 0.25, 0.1, 0.35, 0.2, -0.05};
    int64_t taps = filter->shape.size[0];
    for (int64_t i = 0; i < taps * taps; i++)
        sg_tensor_set_value(filter, i, column[i / taps] * row[i % taps]);
}

static sg_tensor *double_of(const sg_tensor *tensor)
{
    sg_tensor *wide = sg_tensor_create(tensor->context, SG_F64, tensor->shape);
    for (int64_t i = 0; i < sg_tensor_count(tensor); i++)
        sg_tensor_set_value(wide, i, sg_tensor_value(tensor, i));
    return wide;
}

/* The operands in f32 and the same in double; those that the layer lacks are NULL. */
static void make_operands(sg_context *context, const layer *l, sg_tensor **in, sg_tensor **wide)
{
    sg_shape shapes[OPERANDS];
    shapes_of(l, shapes);
    for (int k = 0; k < OPERANDS; k++) {
        in[k] = has_operand(l, k) ? random_tensor(context, SG_F32, shapes[k], (uint64_t)k) : NULL;
        if (k == FILTER && in[k])
            fill_filter(in[k]);
        wide[k] = in[k] ? double_of(in[k]) : NULL;
    }
}

static sg_tensor *fuse(sg_tensor *const *in, const sg_modulated_options *options)
{
    return sg_fused_convolution(in[X], in[W], in[STYLES], in[FILTER], in[NOISE], in[BIAS], options);
}

static sg_tensor *modulate(sg_tensor *const *in, const sg_modulated_options *options)
{
    return sg_modulated_convolution(in[X], in[W], in[STYLES], in[FILTER], in[NOISE], in[BIAS],
                                    *options);
}

static void assert_near_double(const char *name, const char *what, const sg_tensor *found,
                               const sg_tensor *expected)
{
    if (!found) {
        fail_msg("%s, %s: no result", name, what);
        return;
    }
    assert_int_equal(found->dtype, SG_F32);
    assert_true(sg_shape_equal(&found->shape, &expected->shape));
    assert_near_by_norm(name, what, sg_f32(found), sg_f64(expected), sg_tensor_count(expected),
                        2e-4);
}

/* One kernel, the op that calls it, the taped path and the exact context all agree. */
static void check_layer(const layer *l)
{
    sg_context *context = sg_context_create(2);
    sg_context *exact = sg_context_create(2);
    const sg_modulated_options options = options_of(l);
    sg_tensor *in[OPERANDS], *wide[OPERANDS], *direct[OPERANDS], *unused[OPERANDS];
    char name[160];
    size_t scope = sg_scope_open(context);
    size_t exact_scope = sg_scope_open(exact);
    snprintf(name, sizeof name,
             "up %d, %d to %d channels, kernel %d, taps %d, noise %d, demodulate %d, bias %d, "
             "activation %d, clamp %g",
             l->up, (int)l->in, (int)l->out, (int)l->kernel, (int)l->taps, l->noise, l->demodulate,
             l->bias, l->kind, l->clamp);
    exact->exact = true;
    make_operands(context, l, in, wide);
    make_operands(exact, l, direct, unused);
    context->recording = true;
    const sg_tensor *expected = modulate(wide, &options);
    assert_null(fuse(in, &options));
    assert_near_double(name, "taped", modulate(in, &options), expected);
    context->recording = exact->recording = false;
    assert_near_double(name, "fused", fuse(in, &options), expected);
    assert_near_double(name, "off the tape", modulate(in, &options), expected);
    assert_near_double(name, "exact", modulate(direct, &options), expected);
    sg_scope_close(context, scope, NULL);
    sg_scope_close(exact, exact_scope, NULL);
    assert_int_equal(context->error.status, SG_OK);
    sg_context_destroy(context);
    sg_context_destroy(exact);
}

/* All kinds of noise with and without demodulation, bias and clamp, for each activation. */
static void check_options(layer l)
{
    static const sg_activation kinds[] = {SG_LINEAR, SG_RELU, SG_LRELU};
    for (int i = 0; i < NOISE_KINDS * 8 * (int)COUNT(kinds); i++) {
        l.noise = i % NOISE_KINDS;
        l.demodulate = i / NOISE_KINDS % 2;
        l.bias = i / NOISE_KINDS / 2 % 2;
        l.clamp = i / NOISE_KINDS / 4 % 2 ? 0.9 : -1;
        l.kind = kinds[i / NOISE_KINDS / 8];
        check_layer(&l);
    }
}

static void test_all_options_of_the_same_size(void **state)
{
    (void)state;
    check_options(same_size);
}

static void test_all_options_of_upsampling(void **state)
{
    (void)state;
    check_options(upsampling);
}

/* Filters of all lengths, none of them symmetric. */
static void test_filters(void **state)
{
    (void)state;
    for (int64_t taps = 3; taps <= 8; taps++) {
        layer l = upsampling;
        l.taps = taps;
        check_layer(&l);
    }
}

static void test_colours_of_features_in_memory(void **state)
{
    (void)state;
    for (int64_t colours = 1; colours <= 4; colours++) {
        layer l = to_colours;
        l.out = colours;
        check_layer(&l);
        l.clamp = 0.9;
        check_layer(&l);
    }
}

/* The colours made on the way are those of the features by two calls. */
static void test_colours_on_the_way(void **state)
{
    sg_context *context = *state;
    const sg_modulated_options first = options_of(&same_size);
    sg_modulated_options second = options_of(&to_colours);
    sg_tensor *in[OPERANDS], *wide[OPERANDS];
    make_operands(context, &same_size, in, wide);
    for (int64_t colours = 1; colours <= 4; colours++) {
        sg_colour_operands operands = {
            random_tensor(context, SG_F32, SG_SHAPE(colours, same_size.out, 1, 1), 11),
            random_tensor(context, SG_F32, SG_SHAPE(2, same_size.out), 12),
            random_tensor(context, SG_F32, SG_SHAPE(colours), 13), colours % 2 ? 0.7 : -1};
        second.epilogue.clamp = operands.clamp;
        context->recording = true;
        const sg_tensor *expected = sg_modulated_convolution(
            modulate(wide, &first), double_of(operands.w), double_of(operands.styles), NULL, NULL,
            double_of(operands.bias), second);
        assert_null(sg_fused_convolution_to_colours(in[X], in[W], in[STYLES], in[NOISE], in[BIAS],
                                                    &first, &operands));
        context->recording = false;
        const sg_tensor *found = sg_fused_convolution_to_colours(
            in[X], in[W], in[STYLES], in[NOISE], in[BIAS], &first, &operands);
        assert_near_double("colours", "on the way", found, expected);
    }
}

/* Where no kernel does it at once, the ops do it one by one. */
static void check_falls_back(const char *what, const layer *l, const sg_modulated_options *options,
                             bool spoil_filter)
{
    sg_context *context = sg_context_create(2);
    sg_tensor *in[OPERANDS], *wide[OPERANDS];
    size_t scope = sg_scope_open(context);
    make_operands(context, l, in, wide);
    if (spoil_filter) {
        sg_tensor_set_value(in[FILTER], 3, 0.7);
        sg_tensor_set_value(wide[FILTER], 3, sg_tensor_value(in[FILTER], 3));
    }
    context->recording = false;
    if (fuse(in, options) || context->error.status)
        fail_msg("%s: a kernel did it at once, or an error was left: %s", what,
                 context->error.message);
    const sg_tensor *found = modulate(in, options);
    context->recording = true;
    assert_near_double(what, "fallback", found, modulate(wide, options));
    sg_scope_close(context, scope, NULL);
    sg_context_destroy(context);
}

static void check_layer_falls_back(const char *what, const layer *l)
{
    const sg_modulated_options options = options_of(l);
    check_falls_back(what, l, &options, false);
}

static void test_layers_that_no_kernel_takes(void **state)
{
    (void)state;
    layer l = same_size;
    l.in = 24;
    check_layer_falls_back("channels", &l);
    l = same_size;
    l.height = l.width = 8;
    check_layer_falls_back("few pixels", &l);
    l = same_size;
    l.kind = SG_TANH;
    check_layer_falls_back("activation", &l);
    l = same_size;
    l.kernel = 5;
    check_layer_falls_back("kernel", &l);
    l = upsampling;
    l.out = 24;
    check_layer_falls_back("channels after upsampling", &l);
    l = upsampling;
    l.height = l.width = 16;
    check_layer_falls_back("few pixels before upsampling", &l);
    l = upsampling;
    l.up = 3;
    l.noise = 0;
    check_layer_falls_back("upsampling by three", &l);
    l = to_colours;
    l.out = 5;
    check_layer_falls_back("five colours", &l);
    l = to_colours;
    l.bias = false;
    check_layer_falls_back("colours without a bias", &l);
    l = to_colours;
    l.kind = SG_LRELU;
    check_layer_falls_back("colours with an activation", &l);
    l = to_colours;
    l.noise = 1;
    check_layer_falls_back("colours with noise", &l);
}

static void test_options_that_no_kernel_takes(void **state)
{
    (void)state;
    sg_modulated_options options = options_of(&same_size);
    options.resample.flip_weight = false;
    check_falls_back("flipped kernel", &same_size, &options, false);
    options = options_of(&upsampling);
    options.resample.flip_weight = true;
    check_falls_back("flipped kernel, upsampling", &upsampling, &options, false);
    options = options_of(&same_size);
    options.epilogue.gain = -1;
    check_falls_back("negative gain", &same_size, &options, false);
    options = options_of(&to_colours);
    options.resample.gain = 0.5;
    check_falls_back("colours with a gain", &to_colours, &options, false);
    options = options_of(&to_colours);
    options.epilogue.gain = 2;
    check_falls_back("colours with a gain after", &to_colours, &options, false);
    layer l = same_size;
    l.noise = 0;
    options = options_of(&l);
    options.resample.padding = 0;
    check_falls_back("padding", &l, &options, false);
    options = options_of(&upsampling);
    check_falls_back("filter that is no product", &upsampling, &options, true);
}

static void test_exact_and_reference_contexts(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++) {
        sg_context *context = sg_context_create(2);
        sg_tensor *in[OPERANDS], *wide[OPERANDS];
        const layer *l = i == 2 ? &upsampling : &same_size;
        const sg_modulated_options options = options_of(l);
        size_t scope = sg_scope_open(context);
        context->exact = i != 1;
        context->reference_kernels = i == 1;
        make_operands(context, l, in, wide);
        context->recording = false;
        assert_null(fuse(in, &options));
        assert_int_equal(context->error.status, SG_OK);
        sg_scope_close(context, scope, NULL);
        sg_context_destroy(context);
    }
}

/* An operand of another shape or type is no operand for a kernel either. */
static void test_unfit_operands_are_refused(void **state)
{
    sg_context *context = *state;
    static const layer *const layers[] = {&same_size, &upsampling, &to_colours};
    context->recording = false;
    for (size_t i = 0; i < 2 * COUNT(layers); i++) {
        layer l = *layers[i / 2];
        l.demodulate = l.demodulate && i % 2;
        const sg_modulated_options options = options_of(&l);
        sg_tensor *in[OPERANDS], *wide[OPERANDS];
        make_operands(context, &l, in, wide);
        for (int k = 0; k < OPERANDS; k++) {
            if (!in[k])
                continue;
            sg_tensor *kept = in[k];
            sg_shape shape = kept->shape;
            if (k != FILTER) {
                in[k] = wide[k];
                assert_refused(context, modulate(in, &options), SG_ERROR_SHAPE);
            }
            shape.size[shape.rank - 1] += k == X ? 16 : 1;
            in[k] = random_tensor(context, SG_F32, shape, 1);
            if (k != FILTER && k != W)
                assert_refused(context, modulate(in, &options), SG_ERROR_SHAPE);
            in[k] = kept;
        }
        assert_null(sg_modulated_convolution(in[X], NULL, in[STYLES], NULL, NULL, NULL, options));
    }
}

/* The same for colours on the way, which are then made by two calls that can tell what is wrong. */
static void test_unfit_colours_fall_back(void **state)
{
    sg_context *context = *state;
    const sg_modulated_options options = options_of(&same_size);
    const int64_t c = same_size.out;
    sg_tensor *in[OPERANDS], *wide[OPERANDS];
    make_operands(context, &same_size, in, wide);
    const sg_colour_operands fine = {random_tensor(context, SG_F32, SG_SHAPE(3, c, 1, 1), 1),
                                     random_tensor(context, SG_F32, SG_SHAPE(2, c), 2),
                                     random_tensor(context, SG_F32, SG_SHAPE(3), 3), -1};
    sg_colour_operands unfit[] = {fine, fine, fine, fine, fine, fine, fine, fine};
    unfit[0].w = random_tensor(context, SG_F32, SG_SHAPE(3, c - 1, 1, 1), 1);
    unfit[1].w = random_tensor(context, SG_F32, SG_SHAPE(3, c, 3, 3), 1);
    unfit[2].w = double_of(fine.w);
    unfit[3].styles = random_tensor(context, SG_F32, SG_SHAPE(1, c), 2);
    unfit[4].styles = random_tensor(context, SG_F32, SG_SHAPE(2, c - 1), 2);
    unfit[5].styles = double_of(fine.styles);
    unfit[6].bias = random_tensor(context, SG_F32, SG_SHAPE(2), 3);
    unfit[7].bias = double_of(fine.bias);
    context->recording = false;
    assert_non_null(sg_fused_convolution_to_colours(in[X], in[W], in[STYLES], in[NOISE], in[BIAS],
                                                    &options, &fine));
    for (size_t i = 0; i < COUNT(unfit); i++) {
        if (sg_fused_convolution_to_colours(in[X], in[W], in[STYLES], in[NOISE], in[BIAS], &options,
                                            &unfit[i]))
            fail_msg("unfit operands %zu were taken", i);
        assert_int_equal(context->error.status, SG_OK);
    }
}

/* The result may go where the caller says. */
static void test_results_in_a_given_place(void **state)
{
    sg_context *context = *state;
    static const layer *const layers[] = {&same_size, &upsampling};
    context->recording = false;
    for (size_t i = 0; i < COUNT(layers); i++) {
        sg_modulated_options options = options_of(layers[i]);
        sg_tensor *in[OPERANDS], *wide[OPERANDS];
        make_operands(context, layers[i], in, wide);
        const sg_tensor *expected = fuse(in, &options);
        options.result = sg_storage_create(context, expected->storage->bytes);
        const sg_tensor *found = fuse(in, &options);
        assert_ptr_equal(found->storage, options.result);
        assert_memory_equal(sg_f32(found), sg_f32(expected), expected->storage->bytes);
        sg_storage_release(options.result);
    }
}

#define IN_CONTEXT(test) cmocka_unit_test_setup_teardown(test, context_setup, context_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_options_of_the_same_size),
        cmocka_unit_test(test_all_options_of_upsampling),
        cmocka_unit_test(test_filters),
        cmocka_unit_test(test_colours_of_features_in_memory),
        IN_CONTEXT(test_colours_on_the_way),
        cmocka_unit_test(test_layers_that_no_kernel_takes),
        cmocka_unit_test(test_options_that_no_kernel_takes),
        cmocka_unit_test(test_exact_and_reference_contexts),
        IN_CONTEXT(test_unfit_operands_are_refused),
        IN_CONTEXT(test_unfit_colours_fall_back),
        IN_CONTEXT(test_results_in_a_given_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
