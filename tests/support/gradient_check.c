/* The finite-difference checker. */
#include "support/gradient_check.h"

#include <inttypes.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/pool.h"
#include "base/random.h"
#include "ops/gradient.h"

enum { WEIGHTS = GRADIENT_CASE_INPUTS, SLOTS = GRADIENT_CASE_INPUTS + 1, MESSAGE_BYTES = 400 };

static const double step = 1e-5;
static const double tolerance = 1e-6;
/* Differences of numbers near 1 carry rounding of about 1e-11; below this, zero means zero. */
static const double smallest_scale = 1e-3;

typedef struct checker {
    const gradient_case *tested;
    sg_context *context;
    sg_tensor *slots[SLOTS];      /* the inputs, then the weights R */
    sg_tensor *directions[SLOTS]; /* V of each input that is a leaf */
    sg_tensor *analytic[SLOTS];   /* the derivatives under test, zero where none came */
    char *message;
} checker;

static void fill(sg_tensor *tensor, gradient_values values, sg_random *random)
{
    for (int64_t i = 0; tensor && i < sg_tensor_count(tensor); i++) {
        double magnitude = 0.1 + 0.9 * sg_random_uniform(random);
        double sign = sg_random_uniform(random) < 0.5 ? -1 : 1;
        sg_tensor_set_value(tensor, i,
                            values == GRADIENT_POSITIVE ? 0.4 + 1.1 * magnitude : sign * magnitude);
    }
}

void gradient_case_inputs(sg_context *context, const gradient_case *tested,
                          sg_tensor *inputs[GRADIENT_CASE_INPUTS])
{
    sg_random random = sg_random_stream(tested->seed, 3);
    for (int i = 0; i < GRADIENT_CASE_INPUTS; i++) {
        const gradient_input *input = &tested->inputs[i];
        inputs[i] = NULL;
        if (input->values == GRADIENT_ABSENT)
            continue;
        inputs[i] =
            sg_tensor_create(context, SG_F64, sg_shape_of(input->shape.rank, input->shape.size));
        fill(inputs[i], input->values, &random);
        sg_tensor_require_gradient(inputs[i], input->values != GRADIENT_CONSTANT);
    }
}

static sg_tensor *evaluate(checker *c, bool recording)
{
    c->context->recording = recording;
    return c->tested->function(c->context, c->slots, c->tested->options);
}

static sg_tensor *random_like(checker *c, const sg_tensor *like, sg_random *random)
{
    sg_tensor *tensor = sg_tensor_create(c->context, SG_F64, like->shape);
    fill(tensor, GRADIENT_SIGNED, random);
    return tensor;
}

/* Makes inputs, weights and directions; false when the function fails already. */
static bool prepare(checker *c)
{
    sg_random random = sg_random_stream(c->tested->seed, 5);
    gradient_case_inputs(c->context, c->tested, c->slots);
    size_t scope = sg_scope_open(c->context);
    sg_tensor *result = sg_scope_close(c->context, scope, evaluate(c, false));
    if (!result)
        return false;
    c->slots[WEIGHTS] = random_like(c, result, &random);
    sg_tensor_require_gradient(c->slots[WEIGHTS], true);
    for (int i = 0; i < SLOTS; i++) {
        if (!c->slots[i] || !c->slots[i]->node)
            continue;
        c->analytic[i] = sg_tensor_full(c->context, SG_F64, c->slots[i]->shape, 0);
        if (i != WEIGHTS)
            c->directions[i] = random_like(c, c->slots[i], &random);
    }
    return !c->context->error.status;
}

/* Gradients of sum(output * by) for the leaves among the first `count` slots; NULL elsewhere. */
static void leaf_gradients(checker *c, sg_tensor *output, sg_tensor *by, int count,
                           sg_gradient_options options, sg_tensor **gradients)
{
    sg_tensor *leaves[SLOTS] = {NULL};
    sg_tensor *results[SLOTS] = {NULL};
    int slot_of[SLOTS] = {0};
    size_t leaf_count = 0;
    for (int i = 0; i < count; i++) {
        gradients[i] = NULL;
        if (!c->slots[i] || !c->slots[i]->node)
            continue;
        slot_of[leaf_count] = i;
        leaves[leaf_count++] = c->slots[i];
    }
    sg_gradient(output, by, leaves, leaf_count, options, results);
    for (size_t k = 0; k < leaf_count; k++)
        gradients[slot_of[k]] = results[k];
}

static double dot(const sg_tensor *a, const sg_tensor *b)
{
    double sum = 0;
    for (int64_t i = 0; a && i < sg_tensor_count(a); i++)
        sum += sg_f64(a)[i] * sg_f64(b)[i];
    return sum;
}

static void add_into(sg_tensor *sum, const sg_tensor *term)
{
    for (int64_t i = 0; term && i < sg_tensor_count(term); i++)
        sg_f64(sum)[i] += sg_f64(term)[i];
}

/* L, with the tape off. */
static double first_objective(checker *c)
{
    size_t scope = sg_scope_open(c->context);
    double sum = dot(evaluate(c, false), c->slots[WEIGHTS]);
    sg_scope_close(c->context, scope, NULL);
    return sum;
}

/* M, from gradients that are off the tape. */
static double second_objective(checker *c)
{
    size_t scope = sg_scope_open(c->context);
    sg_tensor *gradients[SLOTS];
    leaf_gradients(c, evaluate(c, true), c->slots[WEIGHTS], WEIGHTS, (sg_gradient_options){0},
                   gradients);
    double sum = 0;
    for (int i = 0; i < WEIGHTS; i++)
        sum += dot(gradients[i], c->directions[i]);
    sg_scope_close(c->context, scope, NULL);
    return sum;
}

static void analytic_first(checker *c)
{
    size_t scope = sg_scope_open(c->context);
    sg_tensor *gradients[SLOTS];
    leaf_gradients(c, evaluate(c, true), c->slots[WEIGHTS], WEIGHTS, (sg_gradient_options){0},
                   gradients);
    for (int i = 0; i < WEIGHTS; i++)
        add_into(c->analytic[i], gradients[i]);
    sg_scope_close(c->context, scope, NULL);
}

static void analytic_second(checker *c)
{
    size_t scope = sg_scope_open(c->context);
    sg_tensor *gradients[SLOTS];
    sg_tensor *again[SLOTS];
    leaf_gradients(c, evaluate(c, true), c->slots[WEIGHTS], WEIGHTS,
                   (sg_gradient_options){.create_graph = true}, gradients);
    for (int i = 0; i < SLOTS; i++)
        if (c->analytic[i])
            memset(sg_f64(c->analytic[i]), 0, c->analytic[i]->storage->bytes);
    for (int i = 0; i < WEIGHTS; i++) {
        if (!gradients[i])
            continue;
        leaf_gradients(c, gradients[i], c->directions[i], SLOTS,
                       (sg_gradient_options){.retain_graph = true}, again);
        for (int k = 0; k < SLOTS; k++)
            add_into(c->analytic[k], again[k]);
    }
    sg_scope_close(c->context, scope, NULL);
}

static double difference(checker *c, double (*objective)(checker *), sg_tensor *tensor,
                         int64_t element)
{
    double value = sg_tensor_value(tensor, element);
    sg_tensor_set_value(tensor, element, value + step);
    double above = objective(c);
    sg_tensor_set_value(tensor, element, value - step);
    double below = objective(c);
    sg_tensor_set_value(tensor, element, value);
    return (above - below) / (2 * step);
}

/* Compares one tensor's derivatives; the tensor's own largest number sets the scale. */
static bool compare(checker *c, const char *order, int slot, const sg_tensor *numeric)
{
    double scale = smallest_scale;
    int64_t count = sg_tensor_count(numeric);
    for (int64_t i = 0; i < count; i++)
        scale = fmax(scale, fabs(sg_f64(numeric)[i]));
    for (int64_t i = 0; i < count; i++) {
        double a = sg_f64(c->analytic[slot])[i];
        double b = sg_f64(numeric)[i];
        if (fabs(a - b) <= tolerance * (fabs(b) + scale))
            continue;
        snprintf(c->message, MESSAGE_BYTES,
                 "%s: %s derivative by input %d%s, element %" PRId64
                 ": %.12g, differences say %.12g",
                 c->tested->name, order, slot, slot == WEIGHTS ? " (the weights)" : "", i, a, b);
        return false;
    }
    return true;
}

static bool matches_differences(checker *c, const char *order, int slots,
                                double (*objective)(checker *))
{
    for (int i = 0; i < slots; i++) {
        if (!c->analytic[i])
            continue;
        size_t scope = sg_scope_open(c->context);
        sg_tensor *numeric = sg_tensor_create(c->context, SG_F64, c->slots[i]->shape);
        for (int64_t k = 0; numeric && k < sg_tensor_count(numeric); k++)
            sg_f64(numeric)[k] = difference(c, objective, c->slots[i], k);
        bool matches = numeric && compare(c, order, i, numeric);
        sg_scope_close(c->context, scope, NULL);
        if (!matches)
            return false;
    }
    return true;
}

static gradient_verdict run(checker *c)
{
    if (!prepare(c))
        return GRADIENTS_NOT_COMPUTED;
    analytic_first(c);
    if (c->context->error.status)
        return GRADIENTS_NOT_COMPUTED;
    if (!matches_differences(c, "first", WEIGHTS, first_objective))
        return FIRST_ORDER_WRONG;
    analytic_second(c);
    if (c->context->error.status)
        return GRADIENTS_NOT_COMPUTED;
    if (!matches_differences(c, "second", SLOTS, second_objective))
        return SECOND_ORDER_WRONG;
    return GRADIENTS_RIGHT;
}

gradient_verdict check_gradients(const gradient_case *tested, char *message)
{
    checker c = {.tested = tested, .context = sg_context_create(1), .message = message};
    snprintf(message, MESSAGE_BYTES, "%s: out of memory", tested->name);
    if (!c.context)
        return GRADIENTS_NOT_COMPUTED;
    snprintf(message, MESSAGE_BYTES, "%s: the function gave nothing", tested->name);
    gradient_verdict verdict = run(&c);
    if (c.context->error.status) {
        verdict = GRADIENTS_NOT_COMPUTED;
        snprintf(message, MESSAGE_BYTES, "%s: %.300s", tested->name, c.context->error.message);
    }
    sg_scope_close(c.context, 0, NULL);
    if (sg_pool_bytes_in_use(c.context->pool) != 0) {
        verdict = GRADIENTS_NOT_COMPUTED;
        snprintf(message, MESSAGE_BYTES, "%s: memory was left behind", tested->name);
    }
    sg_context_destroy(c.context);
    return verdict;
}

void assert_gradients_right(const gradient_case *tested)
{
    char message[MESSAGE_BYTES];
    if (check_gradients(tested, message) != GRADIENTS_RIGHT)
        fail_msg("%s", message);
}

void assert_all_gradients_right(const gradient_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++)
        assert_gradients_right(&cases[i]);
}
