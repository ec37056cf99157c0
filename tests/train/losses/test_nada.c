/* The losses of StyleGAN-NADA: by their definitions, their gradients by differences. */
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
#include "train/losses/nada.h"

static sg_tensor *directional_of(sg_context *context, sg_tensor *const *inputs, const void *options)
{
    (void)context;
    const sg_nada_distance *distance = options;
    return sg_nada_directional(inputs[0], inputs[1], inputs[2], *distance, 0.05);
}

static sg_tensor *manifold_of(sg_context *context, sg_tensor *const *inputs, const void *options)
{
    (void)context;
    (void)options;
    return sg_nada_manifold(inputs[0], inputs[1], 3);
}

static sg_tensor *direction_of(sg_context *context, sg_tensor *const *inputs, const void *options)
{
    (void)context;
    (void)options;
    return sg_nada_direction(inputs[0], inputs[1]);
}

static void gradients_follow_differences(void **state)
{
    (void)state;
    static const sg_nada_distance distances[] = {SG_NADA_COSINE, SG_NADA_SQUARE, SG_NADA_ABSOLUTE};
#define ROWS(n)                                                                                    \
    {                                                                                              \
        GRADIENT_SIGNED, GRADIENT_SHAPE(n, 5)                                                      \
    }
    static const gradient_case cases[] = {
        {"cosine", directional_of, &distances[0], {ROWS(3), ROWS(3), ROWS(1)}, 1},
        {"square", directional_of, &distances[1], {ROWS(3), ROWS(3), ROWS(1)}, 2},
        {"absolute", directional_of, &distances[2], {ROWS(2), ROWS(2), ROWS(1)}, 3},
        {"manifold", manifold_of, NULL, {ROWS(3), ROWS(3)}, 4},
        {"direction", direction_of, NULL, {ROWS(3), ROWS(3)}, 5},
    };
#undef ROWS
    assert_all_gradients_right(cases, sizeof cases / sizeof *cases);
}

/* Directions (3, 4) / 5 and (0, 1) against (1, 0). */
static void directions_follow_the_definition(void **state)
{
    static const double from[] = {1, 1, 0, 2};
    static const double to[] = {4, 5, 0, 9};
    static const double wanted[] = {1, 0};
    sg_context *context = *state;
    const size_t scope = sg_scope_open(context);
    sg_tensor *source = leaf_of(context, SG_SHAPE(2, 2), from);
    sg_tensor *target = leaf_of(context, SG_SHAPE(2, 2), to);
    sg_tensor *direction = leaf_of(context, SG_SHAPE(1, 2), wanted);
    static const struct {
        sg_nada_distance distance;
        double expected;
    } cases[] = {{SG_NADA_COSINE, ((1 - 0.6) + 1) / 2},
                 {SG_NADA_SQUARE, (0.4 * 0.4 + 0.8 * 0.8 + 1 + 1) / 4},
                 {SG_NADA_ABSOLUTE, (0.4 + 0.8 + 1 + 1) / 4}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_close(sg_tensor_value(
                         sg_nada_directional(source, target, direction, cases[i].distance, 0), 0),
                     cases[i].expected, 1e-14);
    /* The mean difference is (1.5, 5.5). */
    const sg_tensor *mean = sg_nada_direction(source, target);
    assert_close(sg_tensor_value(mean, 1), 5.5 / sqrt(1.5 * 1.5 + 5.5 * 5.5), 1e-14);
    /* Products of rows are 9 and 18. */
    assert_close(sg_tensor_value(sg_nada_manifold(source, target, 10), 0), (1 + 8) / 2.0, 1e-14);
    assert_close(sg_tensor_value(sg_nada_global(source, target), 0), 1 - (9 + 9 + 10 + 18) / 4.0,
                 1e-13);
    sg_scope_close(context, scope, NULL);
}

/* Of equal pictures: a gradient towards what is wanted, with bounds. */
static void equal_pictures_have_a_gradient(void **state)
{
    static const double features[] = {0.6, 0.8};
    static const double wanted[] = {0, 1};
    sg_context *context = *state;
    const size_t scope = sg_scope_open(context);
    sg_tensor *source = leaf_of(context, SG_SHAPE(1, 2), features);
    sg_tensor *target = leaf_of(context, SG_SHAPE(1, 2), features);
    sg_tensor *direction = leaf_of(context, SG_SHAPE(1, 2), wanted);
    sg_tensor *loss = sg_nada_directional(source, target, direction, SG_NADA_COSINE, 0.05);
    sg_tensor *gradient = NULL;
    sg_gradient(loss, NULL, &target, 1, (sg_gradient_options){0}, &gradient);
    assert_close(sg_tensor_value(loss, 0), 1, 1e-14);
    assert_close(sg_tensor_value(gradient, 0), 0, 1e-14);
    assert_close(sg_tensor_value(gradient, 1), -1 / 0.05, 1e-12);
    sg_scope_close(context, scope, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gradients_follow_differences),
        cmocka_unit_test_setup_teardown(directions_follow_the_definition, context_setup,
                                        context_teardown),
        cmocka_unit_test_setup_teardown(equal_pictures_have_a_gradient, context_setup,
                                        context_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
