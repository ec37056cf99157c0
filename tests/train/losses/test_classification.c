/* Cross entropies of classifiers: their values by definition, their gradients by differences. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ops/gradient.h"
#include "support/close.h"
#include "support/gradient_check.h"
#include "support/tensors.h"
#include "train/losses/classification.h"

enum { MOST = 12 };

static sg_tensor *softmax_of(sg_context *context, sg_tensor *const *inputs, const void *options)
{
    (void)context;
    (void)options;
    return sg_loss_cross_entropy(SG_OUTPUT_CLASSES, inputs[0], inputs[1]);
}

static sg_tensor *sigmoids_of(sg_context *context, sg_tensor *const *inputs, const void *options)
{
    (void)context;
    (void)options;
    return sg_loss_cross_entropy(SG_OUTPUT_ATTRIBUTES, inputs[0], inputs[1]);
}

/* Even, odd and single numbers of columns are joined in other ways. */
static void gradients_follow_differences(void **state)
{
    (void)state;
    static const gradient_case cases[] = {
        {"two classes",
         softmax_of,
         NULL,
         {{GRADIENT_SIGNED, GRADIENT_SHAPE(3, 2)}, {GRADIENT_CONSTANT, GRADIENT_SHAPE(3, 2)}},
         1},
        {"seven classes",
         softmax_of,
         NULL,
         {{GRADIENT_SIGNED, GRADIENT_SHAPE(2, 7)}, {GRADIENT_CONSTANT, GRADIENT_SHAPE(2, 7)}},
         2},
        {"ten classes",
         softmax_of,
         NULL,
         {{GRADIENT_SIGNED, GRADIENT_SHAPE(4, 10)}, {GRADIENT_CONSTANT, GRADIENT_SHAPE(4, 10)}},
         3},
        {"one attribute",
         sigmoids_of,
         NULL,
         {{GRADIENT_SIGNED, GRADIENT_SHAPE(3, 1)}, {GRADIENT_CONSTANT, GRADIENT_SHAPE(3, 1)}},
         4},
        {"five attributes",
         sigmoids_of,
         NULL,
         {{GRADIENT_SIGNED, GRADIENT_SHAPE(3, 5)}, {GRADIENT_CONSTANT, GRADIENT_SHAPE(3, 5)}},
         5},
    };
    assert_all_gradients_right(cases, sizeof cases / sizeof *cases);
}

/* -log softmax at the label, by definition; logits of hundreds do not overflow. */
static void classes_follow_the_definition(void **state)
{
    static const double logits[] = {1, -2, 0.5, 3, 700, 0, -700, 699, -800, -800, -801, -799.5};
    static const double labels[] = {0, 0, 1, 0, 0, 0, 0, 1, 0.25, 0.25, 0, 0.5};
    double expected = 0;
    for (int n = 0; n < 3; n++) {
        const double *z = logits + 4 * n;
        const double top = fmax(fmax(z[0], z[1]), fmax(z[2], z[3]));
        double sum = 0;
        for (int k = 0; k < 4; k++)
            sum += exp(z[k] - top);
        for (int k = 0; k < 4; k++)
            expected += labels[4 * n + k] * (top + log(sum) - z[k]) / 3;
    }
    const sg_tensor *loss =
        sg_loss_cross_entropy(SG_OUTPUT_CLASSES, leaf_of(*state, SG_SHAPE(3, 4), logits),
                              leaf_of(*state, SG_SHAPE(3, 4), labels));
    assert_non_null(loss);
    assert_close(sg_tensor_value(loss, 0), expected, 1e-9);
}

static void attributes_follow_the_definition(void **state)
{
    static const double logits[] = {1, -2, 0.5, 3, -20, 30};
    static const double labels[] = {1, 0, 0.25, 0, 1, 1};
    double expected = 0;
    for (int i = 0; i < 6; i++) {
        const double p = 1 / (1 + exp(-logits[i]));
        expected -= (labels[i] * log(p) + (1 - labels[i]) * log1p(-p)) / 6;
    }
    const sg_tensor *loss =
        sg_loss_cross_entropy(SG_OUTPUT_ATTRIBUTES, leaf_of(*state, SG_SHAPE(2, 3), logits),
                              leaf_of(*state, SG_SHAPE(2, 3), labels));
    assert_non_null(loss);
    assert_close(sg_tensor_value(loss, 0), expected, 1e-4);
}

static void right_answers_are_counted(void **state)
{
    static const double logits[MOST] = {1, 2, 0, /**/ 3, -1, 2, /**/ 0, 0, 1, /**/ -1, -2, -3};
    static const double classes[MOST] = {0, 1, 0, /**/ 0, 0, 1, /**/ 0, 0, 1, /**/ 1, 0, 0};
    static const double attributes[MOST] = {1, 1, 0, /**/ 0, 0, 1, /**/ 0, 1, 1, /**/ 0, 0, 1};
    sg_tensor *z = leaf_of(*state, SG_SHAPE(4, 3), logits);
    assert_close(sg_share_right(SG_OUTPUT_CLASSES, z, leaf_of(*state, SG_SHAPE(4, 3), classes)),
                 0.75, 0);
    assert_close(
        sg_share_right(SG_OUTPUT_ATTRIBUTES, z, leaf_of(*state, SG_SHAPE(4, 3), attributes)),
        9 / 12.0, 0);
}

static void failures_pass_through(void **state)
{
    (void)state;
    assert_null(sg_log_sum_exp(NULL));
    assert_null(sg_loss_cross_entropy(SG_OUTPUT_CLASSES, NULL, NULL));
    assert_null(sg_loss_cross_entropy(SG_OUTPUT_ATTRIBUTES, NULL, NULL));
}

#define WITH_CONTEXT(test) cmocka_unit_test_setup_teardown(test, context_setup, context_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gradients_follow_differences),
        WITH_CONTEXT(classes_follow_the_definition),
        WITH_CONTEXT(attributes_follow_the_definition),
        WITH_CONTEXT(right_answers_are_counted),
        WITH_CONTEXT(failures_pass_through),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
