/* Plans that follow paths: what they add to w and styles on the way, at its end, and beyond. */
#include "edit/request/edit_path.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "edit/style_space.h"
#include "support/networks.h"

enum { INPUTS = 4, WIDTH = 5, NUMBERS = INPUTS * WIDTH, POINTS = 2 };

static sg_context *context;
static sg_generator *generator;

static int setup(void **state)
{
    const sg_generator_config config = tiny_generator_config(SG_ARCHITECTURE_SKIP, 3, 0);
    (void)state;
    context = sg_context_create(1);
    generator = tiny_generator(context, &config, SG_F32, 1);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    sg_generator_destroy(generator);
    sg_context_destroy(context);
    return 0;
}

static sg_edit_plan *make(const sg_edit_path *path)
{
    sg_edit_plan *plan = NULL;
    sg_error error = {0};
    if (sg_edit_plan_make_path(path, "towards smile", generator, &plan, &error))
        fail_msg("%s", error.message);
    assert_string_equal(sg_edit_plan_text(plan), "towards smile");
    return plan;
}

/* Half of the way goes to the first point, the rest to the second; further on it is straight. */
static const struct {
    double strength, first, second; /* shares of the two points */
} places[] = {{0, 0, 0}, {0.25, 0.5, 0}, {0.5, 1, 0}, {0.75, 0.5, 0.5},
              {1, 0, 1}, {1.5, 0, 1.5},  {-1, 0, -1}};

static void test_w_follow_the_path(void **state)
{
    float steps[POINTS][NUMBERS];
    (void)state;
    for (int i = 0; i < NUMBERS; i++) {
        steps[0][i] = (float)sin(i);
        steps[1][i] = (float)(2 * cos(i));
    }
    sg_edit_plan *plan = make(&(sg_edit_path){.points = POINTS, .w = steps[0]});
    assert_false(sg_edit_plan_shifts(plan));
    for (size_t k = 0; k < sizeof places / sizeof *places; k++) {
        double ws[NUMBERS];
        for (int i = 0; i < NUMBERS; i++)
            ws[i] = i;
        sg_edit_move(plan, places[k].strength, ws);
        for (int i = 0; i < NUMBERS; i++)
            assert_true(fabs(ws[i] - i - places[k].first * (double)steps[0][i] -
                             places[k].second * (double)steps[1][i]) < 1e-12);
    }
    sg_edit_plan_destroy(plan);
}

static void test_styles_follow_the_path(void **state)
{
    sg_style_space space;
    (void)state;
    assert_int_equal(sg_style_space_open(generator, &space, NULL), SG_OK);
    float *steps = calloc(POINTS * space.channels, sizeof *steps);
    assert_non_null(steps);
    for (size_t i = 0; i < POINTS * space.channels; i++)
        steps[i] = (float)sin((double)i);
    sg_edit_plan *plan = make(&(sg_edit_path){.points = POINTS, .styles = steps});
    assert_true(sg_edit_plan_shifts(plan));
    const sg_style_layer *layer = &space.layers[space.count - 1];
    const size_t last = space.channels - 1;
    const int64_t channel = (int64_t)layer->channels - 1;
    const double before = sg_tensor_value(layer->affine.bias, channel);
    for (size_t k = 0; k < sizeof places / sizeof *places; k++) {
        double ws[NUMBERS] = {0};
        sg_edit_move(plan, places[k].strength, ws);
        for (int i = 0; i < NUMBERS; i++)
            assert_true(ws[i] == 0);
        sg_edit_shift_begin(plan, places[k].strength);
        const double shift = sg_tensor_value(layer->affine.bias, channel) - before;
        assert_true(fabs(shift - places[k].first * (double)steps[last] -
                         places[k].second * (double)steps[space.channels + last]) < 1e-6);
        sg_edit_shift_end(plan);
        assert_true(sg_tensor_value(layer->affine.bias, channel) == before);
    }
    sg_edit_plan_destroy(plan);
    sg_style_space_clear(&space);
    free(steps);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_w_follow_the_path, setup, teardown),
        cmocka_unit_test_setup_teardown(test_styles_follow_the_path, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
