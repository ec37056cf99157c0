/* Lowpass filters against SciPy's (tests/nn/filters/make_files.py), and their buffers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "checkpoint/safetensors/safetensors.h"
#include "nn/lowpass_filter.h"
#include "support/close.h"
#include "support/parameters.h"
#include "support/tensors.h"

enum { MOST_TAPS = 64, LEAST_FILTERS = 22 };

static sg_lowpass parse_name(const char *name)
{
    sg_lowpass filter;
    assert_int_equal(sscanf(name, "taps%d_cutoff%lf_width%lf_rate%lf", &filter.taps, &filter.cutoff,
                            &filter.width, &filter.rate),
                     4);
    filter.radial = strstr(name, "_radial");
    assert_in_range(filter.taps, 1, MOST_TAPS);
    return filter;
}

static void filters_are_those_of_scipy(void **state)
{
    static double expected[MOST_TAPS * MOST_TAPS];
    static double found[MOST_TAPS * MOST_TAPS];
    sg_safetensors *file = NULL;
    (void)state;
    assert_int_equal(sg_safetensors_open("tests/nn/filters/filters.safetensors", &file, NULL),
                     SG_OK);
    assert_true(sg_safetensors_count(file) >= LEAST_FILTERS);
    for (size_t i = 0; i < sg_safetensors_count(file); i++) {
        const sg_stored_tensor *stored = sg_safetensors_at(file, i);
        sg_lowpass filter = parse_name(stored->name);
        assert_int_equal(stored->count, filter.radial ? filter.taps * filter.taps : filter.taps);
        assert_int_equal(sg_safetensors_read_doubles(file, stored, expected, NULL), SG_OK);
        sg_lowpass_design(&filter, found);
        for (size_t k = 0; k < stored->count; k++)
            assert_close_at(found[k], expected[k], 1e-12, stored->name, __FILE__, __LINE__);
    }
    sg_safetensors_close(file);
}

/* A file fills the filters of a blank network, whose config may ask for some that take minutes. */
static void blank_networks_design_nothing(void **state)
{
    sg_context *context = *state;
    const sg_lowpass filter = {.taps = 12, .cutoff = 2, .width = 12, .rate = 32, .radial = true};
    double designed[144];
    sg_lowpass_design(&filter, designed);
    sg_parameter_set set;
    sg_parameter_set_init(&set, context, SG_F32, 0);
    context->blank_parameters = true;
    const sg_tensor *tensor = sg_lowpass_create(&set, "L0", "down_filter", &filter);
    context->blank_parameters = false;
    assert_non_null(tensor);
    assert_true(sg_tensor_value(tensor, 77) != (float)designed[77]);
    sg_parameter_set_clear(&set);
}

static void buffers_have_the_filters_shape(void **state)
{
    static const expected_parameter expected[] = {{"L0.up_filter", false, {1, {12}}},
                                                  {"L0.down_filter", false, {2, {12, 12}}}};
    const sg_lowpass up = {.taps = 12, .cutoff = 2, .width = 12, .rate = 32};
    const sg_lowpass none = {.taps = 1, .cutoff = 2, .width = 12, .rate = 32};
    sg_lowpass down = up;
    down.radial = true;
    sg_parameter_set set;
    sg_parameter_set_init(&set, *state, SG_F32, 0);
    sg_lowpass_create(&set, "L0", "up_filter", &up);
    const sg_tensor *square = sg_lowpass_create(&set, "L0", "down_filter", &down);
    assert_null(sg_lowpass_create(&set, "L0", "no_filter", &none));
    assert_parameters(&set, expected, 2);
    double sum = 0;
    for (int i = 0; i < 144; i++) {
        sum += sg_tensor_value(square, i);
        assert_close(sg_tensor_value(square, i), sg_tensor_value(square, 143 - i), 1e-9);
    }
    assert_close(sum, 1, 1e-6);
    sg_parameter_set_clear(&set);
}

#define WITH_CONTEXT(test) cmocka_unit_test_setup_teardown(test, context_setup, context_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(filters_are_those_of_scipy),
        WITH_CONTEXT(blank_networks_design_nothing),
        WITH_CONTEXT(buffers_have_the_filters_shape),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
