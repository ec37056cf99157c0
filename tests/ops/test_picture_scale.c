/* Enlarging and reducing pictures: derivatives, official values, refusals. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ops/picture_scale.h"
#include "support/gradient_check.h"
#include "support/stored_values.h"
#include "support/tensors.h"

static sg_tensor *run_enlarge(sg_context *context, sg_tensor *const *in, const void *options)
{
    (void)context;
    return sg_enlarge_nearest(in[0], *(const int *)options);
}

static sg_tensor *run_reduce(sg_context *context, sg_tensor *const *in, const void *options)
{
    (void)context;
    return sg_reduce_box(in[0], *(const int *)options);
}

static void derivatives_are_right(void **state)
{
    (void)state;
    static const int two = 2;
    static const int three = 3;
    static const gradient_case cases[] = {
        {"twice", run_enlarge, &two, {{GRADIENT_SIGNED, GRADIENT_SHAPE(2, 2, 3, 2)}}, 1},
        {"three times", run_enlarge, &three, {{GRADIENT_SIGNED, GRADIENT_SHAPE(1, 1, 2, 1)}}, 2},
        {"half", run_reduce, &two, {{GRADIENT_SIGNED, GRADIENT_SHAPE(2, 4, 2, 3)}}, 3},
        {"a third", run_reduce, &three, {{GRADIENT_SIGNED, GRADIENT_SHAPE(1, 3, 6, 2)}}, 4},
    };
    assert_all_gradients_right(cases, sizeof cases / sizeof *cases);
}

static void values_are_the_official_ones(void **state)
{
    sg_context *context = *state;
    sg_safetensors *file = open_golden_values("sg1/ops.safetensors");
    for (int dtype = SG_F32; dtype <= SG_F64; dtype++) {
        sg_tensor *x = stored_picture(context, (sg_dtype)dtype, file, "down2.x");
        assert_tensors_near("half", sg_reduce_box(x, 2),
                            stored_picture(context, (sg_dtype)dtype, file, "down2.y"), 2e-7);
        assert_tensors_near("a quarter", sg_reduce_box(x, 4),
                            stored_picture(context, (sg_dtype)dtype, file, "down2.y_factor4"),
                            2e-7);
        assert_tensors_near("twice", sg_enlarge_nearest(x, 2),
                            stored_picture(context, (sg_dtype)dtype, file, "down2.y_up2"), 0);
    }
    sg_safetensors_close(file);
}

static void factor_one_is_nothing(void **state)
{
    sg_tensor *x = random_tensor(*state, SG_F32, SG_SHAPE(1, 3, 5, 2), 1);
    assert_ptr_equal(sg_enlarge_nearest(x, 1), x);
    assert_ptr_equal(sg_reduce_box(x, 1), x);
}

static void what_does_not_fit_is_refused(void **state)
{
    sg_context *context = *state;
    sg_tensor *picture = random_tensor(context, SG_F32, SG_SHAPE(1, 6, 4, 2), 1);
    sg_tensor *latents = random_tensor(context, SG_F32, SG_SHAPE(2, 4), 2);
    assert_refused(context, sg_reduce_box(picture, 4), SG_ERROR_SHAPE);
    assert_refused(context, sg_reduce_box(picture, 3), SG_ERROR_SHAPE);
    assert_refused(context, sg_reduce_box(picture, 0), SG_ERROR_SHAPE);
    assert_refused(context, sg_reduce_box(latents, 2), SG_ERROR_SHAPE);
    assert_refused(context, sg_enlarge_nearest(latents, 2), SG_ERROR_SHAPE);
    assert_refused(context, sg_enlarge_nearest(picture, 0), SG_ERROR_SHAPE);
    assert_null(sg_enlarge_nearest(NULL, 2));
}

#define WITH_CONTEXT(test) cmocka_unit_test_setup_teardown(test, context_setup, context_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_CONTEXT(derivatives_are_right),
        WITH_CONTEXT(values_are_the_official_ones),
        WITH_CONTEXT(factor_one_is_nothing),
        WITH_CONTEXT(what_does_not_fit_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
