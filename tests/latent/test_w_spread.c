/* Distances of w from the distribution of W. */
#include "latent/w_spread.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/networks.h"
#include "support/tensors.h"

static void random_w_are_near(void **state)
{
    sg_context *context = *state;
    const sg_generator_config config = tiny_generator_config(SG_ARCHITECTURE_SKIP, 3, 2);
    sg_generator *generator = tiny_generator(context, &config, SG_F32, 1);
    sg_w_spread spread = {0};
    sg_numpy_random random;
    double sum = 0;
    assert_int_equal(sg_w_spread_find(generator, (sg_style_label){1, NULL}, &spread, NULL), SG_OK);
    sg_numpy_random_seed(&random, 7);
    for (int i = 0; i < 50; i++) {
        const size_t scope = sg_scope_open(context);
        sg_tensor *ws = sg_random_codes(generator, &random, 1, (sg_style_label){1, NULL}, 1);
        sum += pow(sg_w_spread_distance(&spread, ws), 2) / 50;
        sg_scope_close(context, scope, NULL);
    }
    assert_true(sum > 0.7 && sum < 1.4);
    sg_w_spread_clear(&spread);
    sg_generator_destroy(generator);
}

/* The farthest row of several counts. */
static void distances_are_deviations(void **state)
{
    double mean[] = {1, 2};
    double deviation[] = {3, 1};
    const sg_w_spread spread = {.moments = {2, 10, mean, deviation}, .deviation = 2};
    sg_tensor *ws = sg_tensor_full(*state, SG_F32, SG_SHAPE(1, 2, 2), 2);
    sg_tensor_set_value(ws, 2, 31);
    sg_tensor_set_value(ws, 3, 42);
    assert_true(fabs(sg_w_spread_distance(&spread, ws) - sqrt((900 + 1600) / 2.) / 2) < 1e-9);
    const sg_w_spread none = {.moments = {2, 10, mean, deviation}};
    assert_true(sg_w_spread_distance(&none, ws) == 0);
}

#define CASE(function) cmocka_unit_test_setup_teardown(function, context_setup, context_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {CASE(random_w_are_near), CASE(distances_are_deviations)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
