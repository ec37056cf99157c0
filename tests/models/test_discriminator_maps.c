/* Feature maps of discriminators of every family: sizes, gradients reach pictures, refusals. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "models/config_rules.h"
#include "ops/gradient.h"
#include "ops/reduce.h"
#include "support/networks.h"
#include "support/tensors.h"

/* Maps halve from block to block; the sum of all depends on every pixel. */
static void check(sg_context *context, const sg_discriminator_config *config, int count)
{
    sg_feature_maps maps;
    sg_tensor *gradient = NULL;
    sg_discriminator *net = tiny_discriminator(context, config, SG_F64, 3);
    const size_t scope = sg_scope_open(context);
    sg_tensor *x = random_leaf(
        context, SG_F64,
        SG_SHAPE(2, config->img_resolution, config->img_resolution, config->img_channels), 4);
    sg_discriminator_maps(net, x, &maps);
    assert_int_equal(maps.count, count);
    for (int i = 1; i < count; i++)
        assert_int_equal(2 * maps.maps[i]->shape.size[1], maps.maps[i - 1]->shape.size[1]);
    sg_gradient(sg_mean_all(maps.maps[count - 1]), NULL, &x, 1, (sg_gradient_options){0},
                &gradient);
    assert_non_null(gradient);
    double sum = 0;
    for (int64_t i = 0; i < sg_tensor_count(gradient); i++)
        sum += sg_tensor_value(gradient, i) * sg_tensor_value(gradient, i);
    assert_true(sum > 0);
    sg_feature_maps_clear(&maps);
    sg_discriminator_maps(net, sg_tensor_full(context, SG_F64, SG_SHAPE(1, 2, 2, 3), 0), &maps);
    assert_int_equal(maps.count, 0);
    assert_refused(context, NULL, SG_ERROR_SHAPE);
    sg_tensor_require_gradient(x, false);
    sg_scope_close(context, scope, NULL);
    sg_discriminator_destroy(net);
}

static void test_families(void **state)
{
    sg_discriminator_config config = tiny_discriminator_config(SG_ARCHITECTURE_RESNET, 3, 0);
    config.img_resolution = 16;
    check(*state, &config, 2);
    config = tiny_discriminator_config(SG_ARCHITECTURE_SKIP, 1, 3);
    check(*state, &config, 1);
    config = tiny_growing_discriminator_config(SG_PROGAN, 16, 3, 2);
    check(*state, &config, 2);
    config = sg_discriminator_config_of_family(SG_DCGAN);
    config.img_resolution = 16;
    config.img_channels = 3;
    config.c_dim = 2;
    config.channel_base = 32;
    config.channel_max = 8;
    check(*state, &config, 2);
}

/* Pictures of other sizes than the training's have maps of other sizes; those of its own the same
 * ones. Sides that the last map does not divide are refused. */
static void test_wide_pictures(void **state)
{
    sg_context *context = *state;
    sg_feature_maps maps;
    sg_discriminator_config config = tiny_discriminator_config(SG_ARCHITECTURE_RESNET, 3, 0);
    config.img_resolution = 16;
    sg_discriminator *net = tiny_discriminator(context, &config, SG_F64, 3);
    const size_t scope = sg_scope_open(context);
    assert_int_equal(sg_discriminator_step(net), 4);
    sg_tensor *x = random_tensor(context, SG_F64, SG_SHAPE(1, 24, 36, 3), 4);
    sg_discriminator_wide_maps(net, x, &maps);
    assert_int_equal(maps.count, 2);
    assert_int_equal(maps.maps[0]->shape.size[1], 12);
    assert_int_equal(maps.maps[1]->shape.size[2], 9);
    sg_feature_maps_clear(&maps);
    x = random_tensor(context, SG_F64, SG_SHAPE(1, 16, 16, 3), 5);
    sg_discriminator_wide_maps(net, x, &maps);
    sg_tensor *first = sg_tensor_retain(maps.maps[1]);
    sg_feature_maps_clear(&maps);
    sg_discriminator_maps(net, x, &maps);
    assert_tensors_near("a map", maps.maps[1], first, 0);
    sg_tensor_release(first);
    sg_feature_maps_clear(&maps);
    sg_discriminator_wide_maps(net, sg_tensor_full(context, SG_F64, SG_SHAPE(1, 18, 16, 3), 0),
                               &maps);
    assert_int_equal(maps.count, 0);
    assert_refused(context, NULL, SG_ERROR_SHAPE);
    sg_scope_close(context, scope, NULL);
    sg_discriminator_destroy(net);
    config = tiny_growing_discriminator_config(SG_PROGAN, 16, 3, 2);
    net = tiny_discriminator(context, &config, SG_F64, 3);
    assert_int_equal(sg_discriminator_step(net), 0);
    sg_discriminator_destroy(net);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_families, context_setup, context_teardown),
        cmocka_unit_test_setup_teardown(test_wide_pictures, context_setup, context_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
