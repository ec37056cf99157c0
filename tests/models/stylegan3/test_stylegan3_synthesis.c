/* StyleGAN3's generator: names and filters of the official networks, its paths, its averages. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ops/layout.h"
#include "support/close.h"
#include "support/golden_names.h"
#include "support/networks.h"
#include "support/parameters.h"
#include "support/tensors.h"

static const char *const golden[] = {"sg3-t-32", "sg3-r-32"};

static sg_tensor *random_styles(sg_context *context, const sg_generator *generator, sg_dtype dtype,
                                int samples)
{
    const int width = sg_generator_config_of(generator)->w_dim;
    return random_tensor(context, dtype, SG_SHAPE(samples, sg_generator_num_ws(generator), width),
                         7);
}

static sg_tensor *paint(sg_generator *generator, sg_tensor *ws)
{
    return sg_generator_synthesize(generator, ws, (sg_synthesis_options){0});
}

static void tensors_are_those_of_the_official_networks(void **state)
{
    for (size_t i = 0; i < sizeof golden / sizeof *golden; i++) {
        sg_generator_config config;
        sg_network_file *file = open_golden_network(golden[i]);
        assert_int_equal(sg_network_generator_config(file, SG_PART_G_EMA, &config, NULL), SG_OK);
        sg_generator *generator = sg_generator_create(*state, &config, SG_F32, 0);
        assert_non_null(generator);
        assert_names_of_part(sg_generator_parameters(generator), file, SG_PART_G_EMA);
        sg_generator_destroy(generator);
        sg_network_close(file);
    }
}

/* What we design, against what the official program designed with SciPy. */
static void filters_are_those_of_the_official_networks(void **state)
{
    for (size_t i = 0; i < sizeof golden / sizeof *golden; i++) {
        int compared = 0;
        sg_generator_config config;
        sg_network_file *file = open_golden_network(golden[i]);
        assert_int_equal(sg_network_generator_config(file, SG_PART_G_EMA, &config, NULL), SG_OK);
        sg_generator *generator = sg_generator_create(*state, &config, SG_F32, 0);
        const sg_parameter_set *set = sg_generator_parameters(generator);
        for (size_t k = 0; k < set->count; k++) {
            static float values[24 * 24];
            const sg_parameter *filter = &set->items[k];
            if (!strstr(filter->name, "_filter"))
                continue;
            const sg_network_tensor *stored =
                sg_network_tensor_find(file, SG_PART_G_EMA, filter->name);
            assert_true(stored && stored->count <= sizeof values / sizeof *values);
            assert_int_equal(sg_network_tensor_read_floats(stored, values, NULL), SG_OK);
            for (size_t v = 0; v < stored->count; v++)
                assert_close((double)sg_f32(filter->tensor)[v], (double)values[v], 1e-7);
            compared++;
        }
        assert_int_equal(compared, 28);
        sg_generator_destroy(generator);
        sg_network_close(file);
    }
}

static void the_path_without_tape_agrees(void **state)
{
    sg_context *context = *state;
    for (int rotations = 0; rotations < 2; rotations++) {
        const sg_generator_config config = tiny_stylegan3_config(rotations, 3, 0);
        const sg_shape expected = SG_SHAPE(2, 8, 8, 3);
        sg_generator *generator = tiny_generator(context, &config, SG_F32, 2);
        sg_tensor *ws = random_styles(context, generator, SG_F32, 2);
        assert_int_equal(sg_generator_num_ws(generator), 6);
        sg_parameter_set_require_gradient(sg_generator_parameters(generator), true);
        context->recording = true;
        const sg_tensor *recorded = paint(generator, ws);
        context->recording = false;
        const sg_tensor *plain = paint(generator, ws);
        assert_true(recorded && plain && sg_shape_equal(&plain->shape, &expected));
        assert_tensors_near("without tape", plain, recorded, 1e-5);
        sg_parameter_set_require_gradient(sg_generator_parameters(generator), false);
        sg_generator_destroy(generator);
    }
}

/* The normalisation of styles over the batch cancels out. */
static void a_batch_is_its_pictures(void **state)
{
    sg_context *context = *state;
    context->recording = false;
    const sg_generator_config config = tiny_stylegan3_config(false, 3, 0);
    sg_generator *generator = tiny_generator(context, &config, SG_F64, 3);
    sg_tensor *ws = random_styles(context, generator, SG_F64, 3);
    sg_tensor *batch = paint(generator, ws);
    for (int n = 0; n < 3; n++)
        assert_tensors_near("alone", paint(generator, sg_slice(ws, 0, n, 1)),
                            sg_slice(batch, 0, n, 1), 1e-7);
    sg_generator_destroy(generator);
}

static double largest_difference(const sg_tensor *a, const sg_tensor *b)
{
    double largest = 0;
    assert_true(a && b && sg_shape_equal(&a->shape, &b->shape));
    for (int64_t i = 0; i < sg_tensor_count(a); i++)
        largest = fmax(largest, fabs(sg_tensor_value(a, i) - sg_tensor_value(b, i)));
    return largest;
}

static void every_w_matters(void **state)
{
    sg_context *context = *state;
    const sg_generator_config config = tiny_stylegan3_config(true, 3, 0);
    sg_generator *generator = tiny_generator(context, &config, SG_F64, 4);
    /* The input's styles do nothing before training. */
    sg_tensor_set_value(
        parameter_named(sg_generator_parameters(generator), "synthesis.input.affine.weight"), 10,
        0.5);
    sg_tensor *ws = random_styles(context, generator, SG_F64, 1);
    const sg_tensor *before = paint(generator, ws);
    for (int i = 0; i < sg_generator_num_ws(generator); i++) {
        const double value = sg_tensor_value(ws, i * 5);
        sg_tensor_set_value(ws, i * 5, value + 0.5);
        assert_true(largest_difference(paint(generator, ws), before) > 1e-4);
        sg_tensor_set_value(ws, i * 5, value);
    }
    sg_generator_destroy(generator);
}

static void averages_move_only_when_asked(void **state)
{
    sg_context *context = *state;
    const sg_generator_config config = tiny_stylegan3_config(false, 3, 0);
    sg_generator *generator = tiny_generator(context, &config, SG_F64, 5);
    const sg_tensor *magnitude =
        parameter_named(sg_generator_parameters(generator), "synthesis.L2_12_3.magnitude_ema");
    sg_tensor *ws = random_styles(context, generator, SG_F64, 2);
    paint(generator, ws);
    assert_all_values(magnitude, 1);
    sg_generator_synthesize(generator, ws, (sg_synthesis_options){.update_averages = true});
    assert_true(fabs(sg_tensor_value(magnitude, 0) - 1) > 1e-6);
    sg_generator_destroy(generator);
}

static void transforms_move_the_picture(void **state)
{
    static const double moved[] = {1, 0, -0.25, 0, 1, 0, 0, 0, 1};
    static const double identity[] = {1, 0, 0, 0, 1, 0, 0, 0, 1};
    sg_context *context = *state;
    const sg_generator_config config = tiny_stylegan3_config(true, 3, 0);
    sg_generator *generator = tiny_generator(context, &config, SG_F64, 6);
    sg_tensor *ws = random_styles(context, generator, SG_F64, 1);
    const sg_tensor *before = paint(generator, ws);
    assert_true(sg_generator_set_transform(generator, moved));
    assert_true(largest_difference(paint(generator, ws), before) > 1e-3);
    assert_true(sg_generator_set_transform(generator, identity));
    assert_true(largest_difference(paint(generator, ws), before) == 0);
    sg_generator_destroy(generator);
    const sg_generator_config other = tiny_generator_config(SG_ARCHITECTURE_SKIP, 3, 0);
    generator = tiny_generator(context, &other, SG_F64, 6);
    assert_false(sg_generator_set_transform(generator, moved));
    sg_generator_destroy(generator);
}

static void impossible_configs_are_refused(void **state)
{
    sg_context *context = *state;
    sg_generator_config config[5];
    static const char *const parts[] = {"num_critical is 4", "margin_size", "conv_kernel",
                                        "first_cutoff", "channels"};
    for (int i = 0; i < 5; i++)
        config[i] = tiny_stylegan3_config(false, 3, 0);
    config[0].stylegan3.num_critical = 4;
    config[1].stylegan3.margin_size = -1;
    config[2].stylegan3.conv_kernel = 0;
    config[3].stylegan3.first_cutoff = (double)NAN;
    config[4].stylegan3.first_cutoff = 9;
    config[4].stylegan3.first_stopband = 1;
    for (int i = 0; i < 5; i++) {
        sg_error error = {0};
        assert_null(sg_generator_create(context, &config[i], SG_F32, 0));
        assert_int_equal(sg_context_take_error(context, &error), SG_ERROR_ARGUMENT);
        if (!strstr(error.message, parts[i]))
            fail_msg("%s was expected in: %s", parts[i], error.message);
    }
}

#define WITH_CONTEXT(test) cmocka_unit_test_setup_teardown(test, context_setup, context_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_CONTEXT(tensors_are_those_of_the_official_networks),
        WITH_CONTEXT(filters_are_those_of_the_official_networks),
        WITH_CONTEXT(the_path_without_tape_agrees),
        WITH_CONTEXT(a_batch_is_its_pictures),
        WITH_CONTEXT(every_w_matters),
        WITH_CONTEXT(averages_move_only_when_asked),
        WITH_CONTEXT(transforms_move_the_picture),
        WITH_CONTEXT(impossible_configs_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
