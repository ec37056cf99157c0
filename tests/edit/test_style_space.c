/* Layers with styles in every family, and shifts that are undone. */
#include "edit/style_space.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "support/networks.h"

static void assert_layer(const sg_style_space *space, size_t index, const char *name, int input)
{
    assert_string_equal(space->layers[index].name, name);
    assert_int_equal(space->layers[index].input, input);
}

static void colours_take_the_next_layers_input(void **state)
{
    (void)state;
    const sg_generator_config config = tiny_generator_config(SG_ARCHITECTURE_SKIP, 3, 0);
    sg_context *context = sg_context_create(1);
    sg_generator *generator = tiny_generator(context, &config, SG_F32, 1);
    sg_style_space space = {0};
    assert_int_equal(sg_style_space_open(generator, &space, NULL), SG_OK);
    assert_int_equal(space.count, 5);
    assert_layer(&space, 0, "b4.conv1", 0);
    assert_layer(&space, 1, "b4.torgb", 1);
    assert_layer(&space, 2, "b8.conv0", 1);
    assert_layer(&space, 3, "b8.conv1", 2);
    assert_layer(&space, 4, "b8.torgb", 3);
    sg_style_space_clear(&space);
    sg_generator_destroy(generator);
    sg_context_destroy(context);
}

static void other_families_have_one_input_for_each(void **state)
{
    (void)state;
    const sg_generator_config configs[] = {tiny_stylegan3_config(false, 3, 0),
                                           tiny_growing_config(SG_STYLEGAN1, 8, 3, 0)};
    for (int i = 0; i < 2; i++) {
        sg_context *context = sg_context_create(1);
        sg_generator *generator = tiny_generator(context, &configs[i], SG_F32, 1);
        sg_style_space space = {0};
        assert_int_equal(sg_style_space_open(generator, &space, NULL), SG_OK);
        assert_int_equal(space.count, sg_generator_num_ws(generator));
        for (size_t k = 0; k < space.count; k++)
            assert_int_equal(space.layers[k].input, k);
        sg_style_space_clear(&space);
        sg_generator_destroy(generator);
        sg_context_destroy(context);
    }
}

static void progressive_networks_have_no_styles(void **state)
{
    (void)state;
    sg_error error = {0};
    const sg_generator_config config = tiny_growing_config(SG_PROGAN, 8, 3, 0);
    sg_context *context = sg_context_create(1);
    sg_generator *generator = tiny_generator(context, &config, SG_F32, 1);
    sg_style_space space = {0};
    assert_int_equal(sg_style_space_open(generator, &space, &error), SG_ERROR_ARGUMENT);
    assert_non_null(strstr(error.message, "has no styles of layers"));
    sg_generator_destroy(generator);
    sg_context_destroy(context);
}

/* Two shifts of one channel add up, and all is as before afterwards, bit for bit. */
static void shifts_are_undone(void **state)
{
    (void)state;
    const sg_generator_config config = tiny_generator_config(SG_ARCHITECTURE_SKIP, 3, 0);
    sg_context *context = sg_context_create(1);
    sg_generator *generator = tiny_generator(context, &config, SG_F32, 1);
    const sg_style_shift shifts[] = {{2, 1, 0.1}, {2, 1, 0.2}, {0, 0, -3}};
    double saved[3];
    sg_style_space space = {0};
    assert_int_equal(sg_style_space_open(generator, &space, NULL), SG_OK);
    const size_t scope = sg_scope_open(context);
    sg_tensor *ws = sg_tensor_full(context, SG_F32,
                                   SG_SHAPE(1, sg_generator_num_ws(generator), config.w_dim), 0.5);
    const float before = sg_f32(sg_style_values(&space.layers[2], ws))[1];
    sg_style_shift_begin(&space, shifts, 3, saved);
    const float during = sg_f32(sg_style_values(&space.layers[2], ws))[1];
    sg_style_shift_end(&space, shifts, 3, saved);
    assert_true(fabs((double)(during - before) - 0.3) < 1e-6);
    assert_true(sg_f32(sg_style_values(&space.layers[2], ws))[1] == before);
    sg_scope_close(context, scope, NULL);
    sg_style_space_clear(&space);
    sg_generator_destroy(generator);
    sg_context_destroy(context);
}

static void unknown_layers_get_a_suggestion(void **state)
{
    (void)state;
    sg_error error = {0};
    const sg_generator_config config = tiny_generator_config(SG_ARCHITECTURE_SKIP, 3, 0);
    sg_context *context = sg_context_create(1);
    sg_generator *generator = tiny_generator(context, &config, SG_F32, 1);
    sg_style_space space = {0};
    assert_int_equal(sg_style_space_open(generator, &space, NULL), SG_OK);
    assert_null(sg_style_layer_find(&space, "b8.conv3", &error));
    assert_non_null(strstr(error.message, "the nearest is \"b8.conv"));
    assert_ptr_equal(sg_style_layer_find(&space, "b8.conv1", NULL), &space.layers[3]);
    sg_style_space_clear(&space);
    sg_generator_destroy(generator);
    sg_context_destroy(context);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(colours_take_the_next_layers_input),
        cmocka_unit_test(other_families_have_one_input_for_each),
        cmocka_unit_test(progressive_networks_have_no_styles),
        cmocka_unit_test(shifts_are_undone),
        cmocka_unit_test(unknown_layers_get_a_suggestion),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
