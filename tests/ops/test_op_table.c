/*
 * Walks the op table: every op has a backward and a sample, the sample puts the op on the tape, its
 * derivatives hold against differences, and its gradients, to second order, are made of ops of the
 * table alone. An op that is added without a sample here fails.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ops/activation.h"
#include "ops/arithmetic.h"
#include "ops/augment/grid_sample.h"
#include "ops/augment/mix_channels.h"
#include "ops/augment/warp.h"
#include "ops/convolution/convolution.h"
#include "ops/filtered_lrelu.h"
#include "ops/gradient.h"
#include "ops/layout.h"
#include "ops/matmul.h"
#include "ops/max_pool.h"
#include "ops/op_table.h"
#include "ops/prelu.h"
#include "ops/reduce.h"
#include "ops/transformer/attention.h"
#include "ops/transformer/dense.h"
#include "ops/transformer/gelu.h"
#include "ops/transformer/layer_norm.h"
#include "ops/upfirdn.h"
#include "support/gradient_check.h"
#include "tensor/work.h"

#define SAMPLE(name)                                                                               \
    static sg_tensor *sample_##name(sg_context *context, sg_tensor *const *in, const void *unused)

SAMPLE(add)
{
    (void)context, (void)unused;
    return sg_add(in[0], in[1]);
}

SAMPLE(subtract)
{
    (void)context, (void)unused;
    return sg_subtract(in[0], in[1]);
}

SAMPLE(multiply)
{
    (void)context, (void)unused;
    return sg_multiply(in[0], in[1]);
}

SAMPLE(affine)
{
    (void)context, (void)unused;
    return sg_affine(in[0], -1.5, 0.3);
}

SAMPLE(power)
{
    (void)context, (void)unused;
    return sg_power(in[0], -0.5);
}

SAMPLE(sine)
{
    (void)context, (void)unused;
    return sg_add(sg_sine(in[0], 0), sg_affine(sg_sine(in[0], 3), 2, 0));
}

SAMPLE(clamp)
{
    (void)context, (void)unused;
    return sg_multiply(sg_clamp(in[0], 0.5), in[0]);
}

SAMPLE(clamp_gradient)
{
    (void)context, (void)unused;
    return sg_multiply(sg_clamp_gradient(in[0], in[1], 0.5), in[0]);
}

SAMPLE(activate)
{
    (void)context, (void)unused;
    return sg_activate(in[0], SG_TANH, 0, 0);
}

SAMPLE(bias_act)
{
    (void)context, (void)unused;
    return sg_bias_act(in[0], in[1], in[2], in[3], sg_bias_act_defaults(SG_LRELU));
}

/* The op has no function of its own: a gradient of bias_act, taken whether the tape is on or off.
 */
SAMPLE(bias_act_gradient)
{
    (void)unused;
    bool recording = context->recording;
    context->recording = true;
    sg_tensor *y = sg_bias_act(in[0], NULL, NULL, NULL, sg_bias_act_defaults(SG_LRELU));
    sg_tensor *gradient = NULL;
    sg_gradient(y, in[1], in, 1, (sg_gradient_options){.create_graph = true}, &gradient);
    context->recording = recording;
    return gradient;
}

SAMPLE(prelu)
{
    (void)context, (void)unused;
    return sg_prelu(in[0], in[1]);
}

SAMPLE(prelu_gradient)
{
    (void)context, (void)unused;
    return sg_prelu_gradient(in[0], in[1], in[2]);
}

SAMPLE(sum)
{
    (void)context, (void)unused;
    return sg_sum(in[0], SG_SHAPE(1, 3));
}

SAMPLE(sum_product)
{
    (void)context, (void)unused;
    return sg_sum_product(in[0], in[1], SG_SHAPE(2, 1));
}

SAMPLE(broadcast)
{
    (void)context, (void)unused;
    return sg_broadcast(in[0], SG_SHAPE(4, 2, 3));
}

SAMPLE(reshape)
{
    (void)context, (void)unused;
    return sg_reshape(in[0], SG_SHAPE(3, 1, 2));
}

SAMPLE(permute)
{
    (void)context, (void)unused;
    return sg_permute(in[0], (int[]){2, 0, 1});
}

SAMPLE(slice)
{
    (void)context, (void)unused;
    return sg_slice(in[0], 1, 1, 2);
}

SAMPLE(pad)
{
    (void)context, (void)unused;
    return sg_pad(in[0], 1, 2, 1);
}

SAMPLE(concatenate)
{
    (void)context, (void)unused;
    return sg_concatenate(in[0], in[1], 1);
}

SAMPLE(flip)
{
    (void)context, (void)unused;
    return sg_flip(in[0], 3);
}

SAMPLE(matmul)
{
    (void)context, (void)unused;
    return sg_matmul(in[0], false, in[1], true, 0.7);
}

SAMPLE(batch_matmul)
{
    (void)context, (void)unused;
    return sg_batch_matmul(in[0], false, in[1], true, 0.7);
}

SAMPLE(softmax)
{
    (void)context, (void)unused;
    return sg_softmax(in[0], false);
}

SAMPLE(attention)
{
    (void)context, (void)unused;
    return sg_attention(in[0], 2, true);
}

SAMPLE(layer_norm)
{
    (void)context, (void)unused;
    return sg_layer_norm(in[0], in[1], in[2], 0.1);
}

SAMPLE(dense)
{
    (void)context, (void)unused;
    return sg_dense(in[0], in[1], in[2]);
}

SAMPLE(gelu)
{
    (void)context, (void)unused;
    return sg_gelu(in[0], SG_QUICK_GELU, 0);
}

SAMPLE(max_pool)
{
    (void)context, (void)unused;
    return sg_max_pool(in[0]);
}

/* The op has no function of its own: a gradient of max_pool, linear in in[1]. */
SAMPLE(max_pool_scatter)
{
    (void)unused;
    bool recording = context->recording;
    context->recording = true;
    sg_tensor *gradient = NULL;
    sg_gradient(sg_max_pool(in[0]), in[1], in, 1, (sg_gradient_options){.create_graph = true},
                &gradient);
    context->recording = recording;
    return gradient;
}

SAMPLE(upfirdn)
{
    (void)context, (void)unused;
    return sg_upfirdn(in[0], in[1], sg_upsample_options(&in[1]->shape, 2));
}

SAMPLE(grid_sample)
{
    (void)context, (void)unused;
    return sg_grid_sample(in[0], in[1], 4, 2);
}

SAMPLE(grid_scatter)
{
    (void)context, (void)unused;
    return sg_grid_scatter(in[0], in[1], 2, 4);
}

SAMPLE(mix_channels)
{
    (void)context, (void)unused;
    return sg_mix_channels(in[0], in[1]);
}

SAMPLE(warp)
{
    (void)context, (void)unused;
    return sg_warp(in[0], in[1]);
}

/* The op has no function of its own: a gradient of warp, linear in in[2]. */
SAMPLE(warp_adjoint)
{
    (void)unused;
    bool recording = context->recording;
    context->recording = true;
    sg_tensor *gradient = NULL;
    sg_gradient(sg_warp(in[0], in[1]), in[2], in, 1, (sg_gradient_options){.create_graph = true},
                &gradient);
    context->recording = recording;
    return gradient;
}

/* in[0] is the image, in[1] the bias, in[2] both filters. */
static sg_tensor *filtered(sg_tensor *const *in)
{
    sg_filtered_lrelu_options options = {.up = 2,
                                         .down = 2,
                                         .pad_x0 = 3,
                                         .pad_x1 = 2,
                                         .pad_y0 = 2,
                                         .pad_y1 = 3,
                                         .gain = 1.4,
                                         .slope = 0.2,
                                         .clamp = 0.6};
    return sg_filtered_lrelu(in[0], in[2], in[2], in[1], options);
}

SAMPLE(filtered_lrelu)
{
    (void)context, (void)unused;
    return filtered(in);
}

/* The op has no function of its own: a gradient of filtered_lrelu, linear in in[3]. */
SAMPLE(filtered_lrelu_gradient)
{
    (void)unused;
    bool recording = context->recording;
    context->recording = true;
    sg_tensor *gradient = NULL;
    sg_gradient(filtered(in), in[3], in, 1, (sg_gradient_options){.create_graph = true}, &gradient);
    context->recording = recording;
    return gradient;
}

static sg_convolution_options strided(void)
{
    sg_convolution_options options = sg_convolution_defaults();
    options.stride_y = 2;
    options.pad_left = options.pad_top = 1;
    options.gain = 0.5;
    return options;
}

SAMPLE(convolution)
{
    (void)context, (void)unused;
    return sg_convolution(in[0], in[1], strided());
}

SAMPLE(convolution_transpose)
{
    (void)context, (void)unused;
    return sg_convolution_transpose(in[0], in[1], 4, 4, strided());
}

SAMPLE(convolution_weights)
{
    (void)context, (void)unused;
    return sg_convolution_weights(in[0], in[1], 3, 2, strided());
}

#define SIGNED(...)                                                                                \
    {                                                                                              \
        GRADIENT_SIGNED, GRADIENT_SHAPE(__VA_ARGS__)                                               \
    }
#define POSITIVE(...)                                                                              \
    {                                                                                              \
        GRADIENT_POSITIVE, GRADIENT_SHAPE(__VA_ARGS__)                                             \
    }
#define CONSTANT(...)                                                                              \
    {                                                                                              \
        GRADIENT_CONSTANT, GRADIENT_SHAPE(__VA_ARGS__)                                             \
    }

/* Keyed by the op's name. */
static const gradient_case samples[] = {
    {"add", sample_add, NULL, {SIGNED(2, 3), SIGNED(3)}, 1},
    {"subtract", sample_subtract, NULL, {SIGNED(2, 1), SIGNED(2, 3)}, 2},
    {"multiply", sample_multiply, NULL, {SIGNED(2, 3), SIGNED(2, 1)}, 3},
    {"affine", sample_affine, NULL, {SIGNED(2, 3)}, 5},
    {"power", sample_power, NULL, {POSITIVE(2, 3)}, 6},
    {"sine", sample_sine, NULL, {POSITIVE(2, 3)}, 6},
    {"clamp", sample_clamp, NULL, {SIGNED(3, 4)}, 7},
    {"clamp_gradient", sample_clamp_gradient, NULL, {SIGNED(3, 4), SIGNED(3, 4)}, 8},
    {"activate", sample_activate, NULL, {SIGNED(2, 3)}, 9},
    {"bias_act",
     sample_bias_act,
     NULL,
     {SIGNED(2, 2, 2, 3), SIGNED(2, 3), SIGNED(1, 2, 2, 1), SIGNED(3)},
     10},
    {"bias_act_gradient", sample_bias_act_gradient, NULL, {SIGNED(3, 4), SIGNED(3, 4)}, 11},
    {"prelu", sample_prelu, NULL, {SIGNED(2, 3, 4), SIGNED(4)}, 34},
    {"prelu_gradient", sample_prelu_gradient, NULL, {SIGNED(3, 4), SIGNED(3, 4), SIGNED(4)}, 35},
    {"sum", sample_sum, NULL, {SIGNED(2, 4, 3)}, 12},
    {"sum_product", sample_sum_product, NULL, {SIGNED(2, 3), SIGNED(2, 3)}, 13},
    {"broadcast", sample_broadcast, NULL, {SIGNED(2, 1)}, 14},
    {"reshape", sample_reshape, NULL, {SIGNED(2, 3)}, 15},
    {"permute", sample_permute, NULL, {SIGNED(2, 3, 4)}, 16},
    {"slice", sample_slice, NULL, {SIGNED(2, 4)}, 17},
    {"pad", sample_pad, NULL, {SIGNED(2, 3)}, 18},
    {"concatenate", sample_concatenate, NULL, {SIGNED(2, 3), SIGNED(2, 1)}, 19},
    {"flip", sample_flip, NULL, {SIGNED(2, 3)}, 20},
    {"matmul", sample_matmul, NULL, {SIGNED(2, 3), SIGNED(4, 3)}, 21},
    {"batch_matmul", sample_batch_matmul, NULL, {SIGNED(2, 2, 3), SIGNED(2, 4, 3)}, 31},
    {"softmax", sample_softmax, NULL, {SIGNED(2, 2, 3)}, 32},
    {"attention", sample_attention, NULL, {SIGNED(2, 3, 12)}, 33},
    {"layer_norm", sample_layer_norm, NULL, {SIGNED(3, 4), POSITIVE(4), SIGNED(4)}, 34},
    {"dense", sample_dense, NULL, {SIGNED(2, 3), SIGNED(4, 3), SIGNED(4)}, 36},
    {"gelu", sample_gelu, NULL, {SIGNED(2, 3)}, 35},
    {"max_pool", sample_max_pool, NULL, {SIGNED(2, 5, 4, 3)}, 34},
    {"max_pool_scatter",
     sample_max_pool_scatter,
     NULL,
     {SIGNED(2, 5, 4, 3), SIGNED(2, 2, 2, 3)},
     35},
    {"upfirdn", sample_upfirdn, NULL, {SIGNED(1, 3, 2, 2), CONSTANT(4, 3)}, 22},
    {"grid_sample", sample_grid_sample, NULL, {SIGNED(2, 3, 2, 2), CONSTANT(2, 2, 3)}, 29},
    {"grid_scatter", sample_grid_scatter, NULL, {SIGNED(2, 3, 2, 2), CONSTANT(2, 2, 3)}, 30},
    {"mix_channels", sample_mix_channels, NULL, {SIGNED(2, 2, 1, 4), CONSTANT(2, 3, 4)}, 33},
    {"warp", sample_warp, NULL, {SIGNED(2, 3, 2, 2), CONSTANT(2, 2, 3)}, 31},
    {"warp_adjoint",
     sample_warp_adjoint,
     NULL,
     {SIGNED(2, 3, 2, 2), CONSTANT(2, 2, 3), SIGNED(2, 3, 2, 2)},
     32},
    {"filtered_lrelu",
     sample_filtered_lrelu,
     NULL,
     {SIGNED(1, 3, 2, 2), SIGNED(2), CONSTANT(4)},
     27},
    {"filtered_lrelu_gradient",
     sample_filtered_lrelu_gradient,
     NULL,
     {SIGNED(1, 3, 2, 2), SIGNED(2), CONSTANT(4), SIGNED(1, 3, 2, 2)},
     28},
    {"convolution", sample_convolution, NULL, {SIGNED(2, 4, 4, 2), SIGNED(3, 2, 3, 2)}, 23},
    {"convolution_transpose",
     sample_convolution_transpose,
     NULL,
     {SIGNED(2, 2, 4, 3), SIGNED(3, 2, 3, 2)},
     24},
    {"convolution_weights",
     sample_convolution_weights,
     NULL,
     {SIGNED(2, 4, 4, 2), SIGNED(2, 2, 4, 3)},
     25},
};
enum { SAMPLE_COUNT = (int)(sizeof samples / sizeof samples[0]) };

static const gradient_case *sample_of(const sg_op *op)
{
    for (int i = 0; i < SAMPLE_COUNT; i++)
        if (strcmp(samples[i].name, op->name) == 0)
            return &samples[i];
    return NULL;
}

static bool is_in_table(const sg_op *op)
{
    size_t count;
    const sg_op *const *ops = sg_op_list(&count);
    for (size_t i = 0; i < count; i++)
        if (ops[i] == op)
            return true;
    return false;
}

/* Visits each node below `node` once; `mark` numbers the visit. Counts nodes of `wanted`. */
static int walk(sg_node *node, uint64_t mark, const sg_op *wanted)
{
    if (!node || node->pass == mark)
        return 0;
    node->pass = mark;
    if (node->op && !is_in_table(node->op))
        fail_msg("%s: the tape holds %s, which is not in the op table", wanted->name,
                 node->op->name);
    if (node->op && !node->op->backward)
        fail_msg("%s: the tape holds %s, which has no backward", wanted->name, node->op->name);
    int found = node->op == wanted;
    for (int i = 0; i < SG_MAX_INPUTS; i++)
        found += walk(node->parents[i], mark, wanted);
    return found;
}

/* Walks what the tensors are made of; how many nodes of `wanted` there are. */
static int walk_all(sg_context *context, sg_tensor *const *tensors, int count, const sg_op *wanted)
{
    uint64_t mark = ++context->pass_count;
    int found = 0;
    for (int i = 0; i < count; i++)
        if (tensors[i])
            found += walk(tensors[i]->node, mark, wanted);
    return found;
}

static void test_names_are_unique_and_backwards_exist(void **state)
{
    (void)state;
    size_t count;
    const sg_op *const *ops = sg_op_list(&count);
    assert_true(count > 0);
    for (size_t i = 0; i < count; i++) {
        assert_non_null(ops[i]->name);
        if (!ops[i]->backward)
            fail_msg("%s has no backward", ops[i]->name);
        assert_in_range(ops[i]->input_count, 1, SG_MAX_INPUTS);
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(ops[i]->name, ops[k]->name);
    }
}

static void test_every_op_has_a_sample_and_every_sample_an_op(void **state)
{
    (void)state;
    size_t count;
    const sg_op *const *ops = sg_op_list(&count);
    for (size_t i = 0; i < count; i++)
        if (!sample_of(ops[i]))
            fail_msg("%s has no sample in this file", ops[i]->name);
    assert_int_equal(count, SAMPLE_COUNT);
}

static void test_every_sample_has_right_derivatives(void **state)
{
    (void)state;
    assert_all_gradients_right(samples, SAMPLE_COUNT);
}

/* Gradients of every tensor in `from` for the leaves, ones as weights; returns how many came. */
static int next_gradients(sg_tensor *const *from, int from_count, sg_tensor *const *leaves,
                          int leaf_count, sg_tensor **gradients)
{
    const sg_gradient_options options = {.create_graph = true};
    int made = 0;
    for (int i = 0; i < from_count; i++) {
        sg_tensor *results[GRADIENT_CASE_INPUTS + 1];
        sg_gradient(from[i], NULL, leaves, (size_t)leaf_count, options, results);
        for (int k = 0; k < leaf_count; k++)
            if (results[k])
                gradients[made++] = results[k];
    }
    return made;
}

/* Runs a sample and its gradients to second order, walking the tape after each. */
static void walk_sample(const sg_op *op)
{
    enum { LEAVES = GRADIENT_CASE_INPUTS + 1 };
    const gradient_case *sample = sample_of(op);
    sg_context *context = sg_context_create(1);
    sg_tensor *inputs[GRADIENT_CASE_INPUTS];
    sg_tensor *leaves[LEAVES];
    sg_tensor *first[LEAVES];
    sg_tensor *second[LEAVES * LEAVES];
    int leaf_count = 0;
    context->recording = true;
    gradient_case_inputs(context, sample, inputs);
    for (int i = 0; i < GRADIENT_CASE_INPUTS; i++)
        if (inputs[i] && inputs[i]->node)
            leaves[leaf_count++] = inputs[i];
    sg_tensor *y = sample->function(context, inputs, sample->options);
    assert_non_null(y);
    if (walk_all(context, &y, 1, op) == 0)
        fail_msg("the sample of %s does not use it", op->name);
    /* Multiplied by a leaf, a linear op's gradient still depends on something. */
    sg_tensor *weights = sg_tensor_full(context, SG_F64, y->shape, 2);
    sg_tensor_require_gradient(weights, true);
    leaves[leaf_count++] = weights;
    y = sg_multiply(y, weights);
    int first_count = next_gradients(&y, 1, leaves, leaf_count, first);
    assert_true(first_count >= 2);
    walk_all(context, first, first_count, op);
    int second_count = next_gradients(first, first_count, leaves, leaf_count, second);
    assert_true(second_count >= 1);
    walk_all(context, second, second_count, op);
    assert_string_equal(context->error.message, "");
    sg_context_destroy(context);
}

static void test_gradients_to_second_order_stay_within_the_table(void **state)
{
    (void)state;
    size_t count;
    const sg_op *const *ops = sg_op_list(&count);
    for (size_t i = 0; i < count; i++)
        walk_sample(ops[i]);
}

/* Tells whether an operand holds positions or colours as maps, which are in double always. */
static bool is_map(const gradient_case *sample, int operand)
{
    return operand == 1 &&
           (strncmp(sample->name, "grid_", 5) == 0 || strncmp(sample->name, "warp", 4) == 0 ||
            strcmp(sample->name, "mix_channels") == 0);
}

/*
 * In a hollow context an op makes its result and notes itself, and no kernel runs: values stay 0.
 * Only a reshaped tensor has those of its operand.
 */
static void test_every_op_can_be_rehearsed(void **state)
{
    (void)state;
    for (int i = 0; i < SAMPLE_COUNT; i++) {
        sg_context *context = sg_context_create_hollow();
        sg_tensor *in[GRADIENT_CASE_INPUTS] = {0};
        const size_t scope = sg_scope_open(context);
        for (int k = 0; k < GRADIENT_CASE_INPUTS; k++) {
            const sg_shape *shape = &samples[i].inputs[k].shape;
            if (shape->rank > 0)
                in[k] = sg_tensor_full(context, is_map(&samples[i], k) ? SG_F64 : SG_F32,
                                       sg_shape_of(shape->rank, shape->size), 1);
            sg_tensor_require_gradient(in[k], samples[i].inputs[k].values != GRADIENT_CONSTANT);
        }
        context->recording = true;
        sg_tensor *result = samples[i].function(context, in, samples[i].options);
        if (!result)
            fail_msg("%s: %s", samples[i].name, context->error.message);
        bool noted = false;
        for (size_t k = 0; k < context->work->count; k++)
            noted = noted || strcmp(context->work->items[k].kind, samples[i].name) == 0;
        if (!noted)
            fail_msg("%s is not noted", samples[i].name);
        for (int64_t k = 0; k < sg_tensor_count(result); k++)
            if (sg_tensor_value(result, k) != 0 && strcmp(samples[i].name, "reshape") != 0)
                fail_msg("%s computes in a hollow context", samples[i].name);
        sg_tensor *gradient = NULL;
        assert_int_equal(sg_gradient(result, NULL, in, 1, (sg_gradient_options){0}, &gradient),
                         SG_OK);
        sg_scope_close(context, scope, NULL);
        assert_int_equal(sg_pool_bytes_in_use(context->pool), 0);
        sg_context_destroy(context);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names_are_unique_and_backwards_exist),
        cmocka_unit_test(test_every_op_has_a_sample_and_every_sample_an_op),
        cmocka_unit_test(test_every_sample_has_right_derivatives),
        cmocka_unit_test(test_gradients_to_second_order_stay_within_the_table),
        cmocka_unit_test(test_every_op_can_be_rehearsed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
