/* Attention and what it is made of: values against a definition of our own, derivatives, refusals.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "ops/layout.h"
#include "ops/transformer/attention.h"
#include "support/close.h"
#include "support/gradient_check.h"
#include "support/tensors.h"

/* Options of an attention under test. */
typedef struct attention_options {
    int64_t heads;
    bool causal;
} attention_options;

static sg_tensor *run_attention(sg_context *context, sg_tensor *const *in, const void *options)
{
    const attention_options *o = options;
    (void)context;
    return sg_attention(in[0], o->heads, o->causal);
}

static sg_tensor *run_softmax(sg_context *context, sg_tensor *const *in, const void *options)
{
    (void)context;
    return sg_softmax(in[0], *(const bool *)options);
}

static sg_tensor *run_product(sg_context *context, sg_tensor *const *in, const void *options)
{
    const int flags = *(const int *)options;
    (void)context;
    return sg_batch_matmul(in[0], flags & 1, in[1], flags & 2, -0.7);
}

static void test_derivatives(void **state)
{
    (void)state;
    static const attention_options one = {1, false};
    static const attention_options two = {2, false};
    static const attention_options causal = {3, true};
    static const bool whole = false;
    static const bool triangle = true;
    static const int flags[] = {0, 1, 2, 3};
    static const gradient_case cases[] = {
        {"one head", run_attention, &one, {{GRADIENT_SIGNED, GRADIENT_SHAPE(1, 2, 6)}}, 1},
        {"two heads", run_attention, &two, {{GRADIENT_SIGNED, GRADIENT_SHAPE(2, 3, 12)}}, 2},
        {"causal", run_attention, &causal, {{GRADIENT_SIGNED, GRADIENT_SHAPE(1, 3, 9)}}, 3},
        {"one token", run_attention, &two, {{GRADIENT_SIGNED, GRADIENT_SHAPE(2, 1, 6)}}, 4},
        {"softmax", run_softmax, &whole, {{GRADIENT_SIGNED, GRADIENT_SHAPE(2, 3, 4)}}, 5},
        {"causal softmax", run_softmax, &triangle, {{GRADIENT_SIGNED, GRADIENT_SHAPE(2, 3, 3)}}, 6},
        {"product",
         run_product,
         &flags[0],
         {{GRADIENT_SIGNED, GRADIENT_SHAPE(2, 2, 3)}, {GRADIENT_SIGNED, GRADIENT_SHAPE(2, 3, 4)}},
         7},
        {"product of a transposed",
         run_product,
         &flags[1],
         {{GRADIENT_SIGNED, GRADIENT_SHAPE(2, 3, 2)}, {GRADIENT_SIGNED, GRADIENT_SHAPE(2, 3, 4)}},
         8},
        {"product with a transposed",
         run_product,
         &flags[2],
         {{GRADIENT_SIGNED, GRADIENT_SHAPE(2, 2, 3)}, {GRADIENT_SIGNED, GRADIENT_SHAPE(2, 4, 3)}},
         9},
        {"product of two transposed",
         run_product,
         &flags[3],
         {{GRADIENT_SIGNED, GRADIENT_SHAPE(2, 3, 2)}, {GRADIENT_SIGNED, GRADIENT_SHAPE(2, 4, 3)}},
         10},
    };
    assert_all_gradients_right(cases, sizeof cases / sizeof *cases);
}

/* Returns value `i` of part 0 (query) to 2 of a token's head. */
static double part_value(const sg_tensor *qkv, int64_t n, int64_t t, int part, int64_t head,
                         int64_t heads, int64_t i)
{
    const int64_t *size = qkv->shape.size;
    const int64_t width = size[2] / 3 / heads;
    return sg_tensor_value(qkv, (n * size[1] + t) * size[2] + (part * heads + head) * width + i);
}

/* Computes one value of attention by its definition. */
static double defined_value(const sg_tensor *qkv, const attention_options *o, int64_t n, int64_t t,
                            int64_t head, int64_t i)
{
    const int64_t tokens = o->causal ? t + 1 : qkv->shape.size[1];
    const int64_t width = qkv->shape.size[2] / 3 / o->heads;
    double sum = 0;
    double total = 0;
    for (int64_t k = 0; k < tokens; k++) {
        double score = 0;
        for (int64_t c = 0; c < width; c++)
            score += part_value(qkv, n, t, 0, head, o->heads, c) *
                     part_value(qkv, n, k, 1, head, o->heads, c);
        const double weight = exp(score / sqrt((double)width));
        total += weight;
        sum += weight * part_value(qkv, n, k, 2, head, o->heads, i);
    }
    return sum / total;
}

static void assert_defined(sg_context *context, sg_dtype dtype, sg_shape shape,
                           const attention_options *o, double tolerance)
{
    const size_t scope = sg_scope_open(context);
    sg_tensor *qkv = random_tensor(context, dtype, shape, 7);
    sg_tensor *y = sg_attention(qkv, o->heads, o->causal);
    assert_non_null(y);
    const int64_t columns = shape.size[2] / 3;
    for (int64_t at = 0; at < sg_tensor_count(y); at++) {
        const int64_t token = at / columns;
        const int64_t column = at % columns;
        const int64_t width = columns / o->heads;
        assert_close(sg_tensor_value(y, at),
                     defined_value(qkv, o, token / shape.size[1], token % shape.size[1],
                                   column / width, column % width),
                     tolerance);
    }
    sg_scope_close(context, scope, NULL);
}

/* The group of scores in scratch holds several members of a batch, or one. */
static void test_values_are_those_of_the_definition(void **state)
{
    sg_context *context = *state;
    static const attention_options plain = {2, false};
    static const attention_options causal = {2, true};
    assert_defined(context, SG_F64, SG_SHAPE(2, 5, 24), &plain, 1e-12);
    assert_defined(context, SG_F64, SG_SHAPE(2, 5, 24), &causal, 1e-12);
    assert_defined(context, SG_F32, SG_SHAPE(3, 17, 96), &plain, 2e-6);
    assert_defined(context, SG_F32, SG_SHAPE(3, 17, 96), &causal, 2e-6);
    assert_defined(context, SG_F32, SG_SHAPE(2, 400, 12), &causal, 2e-6);
}

static void test_large_scores_do_not_overflow(void **state)
{
    sg_context *context = *state;
    static const float values[] = {3e4F, -3e4F, 2e4F, 3e4F};
    sg_tensor *y =
        sg_softmax(sg_tensor_from_floats(context, SG_F32, SG_SHAPE(1, 2, 2), values), false);
    assert_close(sg_tensor_value(y, 0), 1, 1e-7);
    assert_close(sg_tensor_value(y, 1), 0, 1e-7);
    assert_close(sg_tensor_value(y, 3), 1, 1e-7);
}

static void test_refuses_shapes_that_do_not_fit(void **state)
{
    sg_context *context = *state;
    sg_tensor *x = sg_tensor_full(context, SG_F32, SG_SHAPE(1, 2, 10), 1);
    assert_refused(context, sg_attention(x, 2, false), SG_ERROR_SHAPE);
    assert_refused(context, sg_attention(x, 0, false), SG_ERROR_SHAPE);
    assert_refused(context, sg_batch_matmul(x, false, x, false, 1), SG_ERROR_SHAPE);
    assert_refused(context, sg_softmax(sg_reshape(x, SG_SHAPE(2, 10)), false), SG_ERROR_SHAPE);
    assert_null(sg_attention(NULL, 2, false));
    assert_null(sg_softmax(NULL, false));
    assert_null(sg_batch_matmul(NULL, false, x, false, 1));
}

#define IN_CONTEXT(test) cmocka_unit_test_setup_teardown(test, context_setup, context_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_derivatives),
        IN_CONTEXT(test_values_are_those_of_the_definition),
        IN_CONTEXT(test_large_scores_do_not_overflow),
        IN_CONTEXT(test_refuses_shapes_that_do_not_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
