/* Maps of channels: values, channels that stay, derivatives, refusals. */
#include "ops/augment/mix_channels.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ops/arithmetic.h"
#include "support/gradient_check.h"
#include "support/tensors.h"

static void test_values(void **state)
{
    sg_context *context = *state;
    static const double maps[] = {1, 2, 10, 0, -1, 0, 0.5, 0, 0, 3, 1, -1};
    static const double pixels[] = {1, 2, 7, 3, 4, 8};
    static const double mixed[] = {15, -2, 7, 1.5, 12, 8};
    sg_tensor *map = sg_tensor_create(context, SG_F64, SG_SHAPE(2, 2, 3));
    memcpy(sg_f64(map), maps, sizeof maps);
    sg_tensor *y = sg_mix_channels(leaf_of(context, SG_SHAPE(2, 1, 1, 3), pixels), map);
    assert_tensors_near("mixed", y, leaf_of(context, SG_SHAPE(2, 1, 1, 3), mixed), 1e-14);
}

static sg_tensor *mix_cubed(sg_context *context, sg_tensor *const *in, const void *options)
{
    (void)context, (void)options;
    return sg_power(sg_mix_channels(in[0], in[1]), 3);
}

/* The number of mixed channels against that of channels: all, some, one; the kernel has cases. */
static void test_derivatives(void **state)
{
    static const int64_t counts[][2] = {{3, 3}, {1, 1}, {1, 2}, {3, 4}, {4, 5}, {2, 2}};
    (void)state;
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        const int64_t mixed = counts[i][0];
        assert_gradients_right(
            &(gradient_case){.name = "mixed and cubed",
                             .function = mix_cubed,
                             .inputs = {{GRADIENT_SIGNED, SG_SHAPE(2, 2, 1, counts[i][1])},
                                        {GRADIENT_CONSTANT, SG_SHAPE(2, mixed, mixed + 1)}},
                             .seed = 40 + i});
    }
}

static void test_refuses_other_maps(void **state)
{
    sg_context *context = *state;
    sg_tensor *x = random_leaf(context, SG_F32, SG_SHAPE(2, 3, 3, 3), 1);
    const sg_shape wrong[] = {SG_SHAPE(1, 3, 4), SG_SHAPE(2, 3, 3), SG_SHAPE(2, 4, 5)};
    for (int i = 0; i < 3; i++)
        assert_refused(context, sg_mix_channels(x, random_tensor(context, SG_F64, wrong[i], 1)),
                       SG_ERROR_SHAPE);
    assert_refused(context,
                   sg_mix_channels(x, random_tensor(context, SG_F32, SG_SHAPE(2, 3, 4), 1)),
                   SG_ERROR_SHAPE);
    assert_null(sg_mix_channels(NULL, random_tensor(context, SG_F64, SG_SHAPE(2, 3, 4), 1)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_values, context_setup, context_teardown),
        cmocka_unit_test(test_derivatives),
        cmocka_unit_test_setup_teardown(test_refuses_other_maps, context_setup, context_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
