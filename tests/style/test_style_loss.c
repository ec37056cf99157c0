/*
 * Targets of style transfer: where the loss is 0, weights of styles, the gradient against
 * differences, and maps of a single pixel. Values of the published program are compared by
 * tests/golden_test/style_case.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>

#include "ops/arithmetic.h"
#include "ops/gradient.h"
#include "style/style_loss.h"
#include "support/tensors.h"

enum { MAPS = 2, STYLES = 2 };

/* Returns maps [1, side, side, 3] and [1, side / 2, side / 2, 5] of random values. */
static sg_feature_maps make_maps(sg_context *context, int64_t side, uint64_t seed)
{
    sg_feature_maps maps = {.count = 0};
    sg_feature_maps_add(&maps, random_tensor(context, SG_F64, SG_SHAPE(1, side, side, 3), seed));
    sg_feature_maps_add(
        &maps, random_tensor(context, SG_F64, SG_SHAPE(1, side / 2, side / 2, 5), seed + 1));
    return maps;
}

static double total_of(const sg_style_target *target, const sg_feature_maps *maps)
{
    return sg_tensor_value(sg_style_losses_of(target, maps, 3).total, 0);
}

/* Everything that a test needs. */
typedef struct fixture {
    size_t scope;
    sg_feature_maps content, styles[STYLES];
    sg_style_target target;
} fixture;

static fixture begin(sg_context *context, int64_t side, const double *weights, double alpha)
{
    fixture all = {.scope = sg_scope_open(context)};
    all.content = make_maps(context, side, 1);
    for (int i = 0; i < STYLES; i++)
        all.styles[i] = make_maps(context, side + 2 * i, 10 * (uint64_t)(i + 1));
    assert_int_equal(sg_style_target_make(&all.target, &all.content, MAPS - 1, all.styles, weights,
                                          STYLES, alpha, NULL),
                     SG_OK);
    return all;
}

static void end(sg_context *context, fixture *all)
{
    sg_style_target_clear(&all->target);
    sg_feature_maps_clear(&all->content);
    for (int i = 0; i < STYLES; i++)
        sg_feature_maps_clear(&all->styles[i]);
    sg_scope_close(context, all->scope, NULL);
}

static void test_alpha_0_asks_for_the_content(void **state)
{
    static const double weights[STYLES] = {0.3, 0.7};
    fixture all = begin(*state, 6, weights, 0);
    assert_true(total_of(&all.target, &all.content) < 1e-20);
    end(*state, &all);
    all = begin(*state, 6, weights, 0.5);
    assert_true(total_of(&all.target, &all.content) > 1e-4);
    end(*state, &all);
}

/* A style of weight 1 has its own statistics, and those of the adapted features. */
static void test_weights_choose_the_style(void **state)
{
    static const double weights[STYLES] = {0, 1};
    fixture all = begin(*state, 6, weights, 1);
    for (int i = 0; i < MAPS; i++) {
        const sg_style_statistics own = sg_style_statistics_of(all.styles[1].maps[i]);
        assert_tensors_near("means", all.target.style[i].mean, own.mean, 1e-12);
        assert_tensors_near("deviations", all.target.style[i].deviation, own.deviation, 1e-12);
    }
    const sg_style_statistics adapted = sg_style_statistics_of(all.target.content);
    assert_tensors_near("means", adapted.mean, all.target.style[MAPS - 1].mean, 1e-9);
    /* Its deviation has 1e-5 of variance twice, that of the content once. */
    assert_tensors_near("deviations", adapted.deviation, all.target.style[MAPS - 1].deviation,
                        1e-3);
    end(*state, &all);
}

static void test_gradient(void **state)
{
    static const double weights[STYLES] = {0.5, 0.5};
    const double step = 1e-6;
    fixture all = begin(*state, 6, weights, 0.8);
    for (int map = 0; map < MAPS; map++) {
        sg_feature_maps maps = make_maps(*state, 6, 50);
        sg_tensor *gradient = NULL;
        sg_tensor *x = maps.maps[map];
        sg_tensor_require_gradient(x, true);
        sg_tensor *total = sg_style_losses_of(&all.target, &maps, 3).total;
        assert_int_equal(sg_gradient(total, NULL, &x, 1, (sg_gradient_options){0}, &gradient),
                         SG_OK);
        sg_tensor_require_gradient(x, false);
        for (int64_t i = 0; i < sg_tensor_count(x); i += 7) {
            const double value = sg_tensor_value(x, i);
            sg_tensor_set_value(x, i, value + step);
            const double high = total_of(&all.target, &maps);
            sg_tensor_set_value(x, i, value - step);
            const double low = total_of(&all.target, &maps);
            sg_tensor_set_value(x, i, value);
            const double expected = (high - low) / (2 * step);
            assert_true(fabs(sg_tensor_value(gradient, i) - expected) < 1e-6);
        }
        sg_feature_maps_clear(&maps);
    }
    end(*state, &all);
}

/* Maps of one pixel have no deviation: nothing is divided by 0. */
static void test_single_pixels(void **state)
{
    static const double weights[STYLES] = {0.5, 0.5};
    fixture all = begin(*state, 2, weights, 1);
    assert_true(isfinite(total_of(&all.target, &all.content)));
    end(*state, &all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_alpha_0_asks_for_the_content, context_setup,
                                        context_teardown),
        cmocka_unit_test_setup_teardown(test_weights_choose_the_style, context_setup,
                                        context_teardown),
        cmocka_unit_test_setup_teardown(test_gradient, context_setup, context_teardown),
        cmocka_unit_test_setup_teardown(test_single_pixels, context_setup, context_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
