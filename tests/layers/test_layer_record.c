/* Records of features against plain sums, and the peak of a spot. */
#include "layers/layer_record.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#define assert_near(value, expected, tolerance)                                                    \
    assert_true(fabs((double)(value) - (expected)) <= (tolerance))

enum { SIDE = 4, CHANNELS = 2, PADDED = 3, PICTURES = 2 };

static sg_context *context;

/* Features of channel c at pixel i: c + 1, negative in odd pixels; what pads them must not count.
 */
static sg_tensor *features(double spot)
{
    sg_tensor *tensor = sg_tensor_create(context, SG_F32, SG_SHAPE(1, SIDE, SIDE, PADDED));
    for (int64_t i = 0; i < SIDE * SIDE; i++)
        for (int64_t c = 0; c < PADDED; c++)
            sg_tensor_set_value(
                tensor, i * PADDED + c,
                c < CHANNELS ? (double)(c + 1) * (i % 2 ? -1 : 1) * (i == 5 ? spot : 1) : 1e6);
    return tensor;
}

static sg_layer_view view_of(const sg_tensor *tensor)
{
    return (sg_layer_view){"b4.conv1", CHANNELS, SIDE, SIDE, tensor};
}

static void numbers_are_those_of_all_features(void **state)
{
    (void)state;
    sg_layer_record record = {0};
    const sg_layer_recording recording = {.pictures = PICTURES, .maps = true};
    const size_t scope = sg_scope_open(context);
    for (int i = 0; i < PICTURES; i++) {
        const sg_layer_view view = view_of(features(i ? 10 : 1));
        assert_int_equal(sg_layer_record_add(&record, &view, &recording, NULL), SG_OK);
    }
    assert_int_equal(record.count, PICTURES);
    assert_near(record.numbers[0].mean, 0, 1e-12);
    assert_near(record.numbers[0].deviation, sqrt(2.5), 1e-6);
    assert_near(record.numbers[0].largest, 2, 0);
    assert_near(record.numbers[0].peak, 1, 1e-6);
    assert_near(record.numbers[1].peak, 10, 1e-5);
    assert_near(record.magnitudes[3], sqrt(2.5), 1e-6);
    assert_near(record.magnitudes[SIDE * SIDE + 5], 10 * sqrt(2.5), 1e-5);
    /* Over both pictures: 16 + 15 features of +-c and one of -10 c in each channel c. */
    const sg_layer_numbers second = sg_layer_record_channel(&record, 1);
    assert_near(second.mean, 2.0 * (-10 + 1) / 32, 1e-6);
    assert_near(second.largest, 20, 0);
    const sg_layer_numbers all = sg_layer_record_numbers(&record);
    assert_near(all.mean, 1.5 * (-10 + 1) / 32, 1e-6);
    assert_near(all.peak, 5.5, 1e-5);
    const double squares = 2.5 * (31 + 100) / 32;
    assert_near(all.deviation, sqrt(squares - all.mean * all.mean), 1e-6);
    sg_layer_record_clear(&record);
    sg_scope_close(context, scope, NULL);
}

/* Channels are transformed without their mean, so the pattern of alternating columns is all. */
static void spectra_are_those_of_the_channels(void **state)
{
    (void)state;
    float power[SIDE * SIDE];
    sg_layer_record record = {0};
    const sg_layer_recording recording = {.pictures = 1, .spectrum = true, .interpolation = 1};
    const size_t scope = sg_scope_open(context);
    const sg_layer_view view = view_of(features(1));
    assert_int_equal(sg_layer_record_add(&record, &view, &recording, NULL), SG_OK);
    const sg_level_statistics statistics = sg_spectrum_statistics(record.spectrum);
    assert_near(statistics.deviation, sqrt(2.5), 1e-6);
    assert_int_equal(sg_spectrum_power(record.spectrum, &statistics, power, NULL), SG_OK);
    for (int i = 0; i < SIDE * SIDE; i++)
        assert_near(power[i], i == SIDE / 2 ? SIDE * SIDE : 0, 1e-5);
    sg_layer_record_clear(&record);
    sg_scope_close(context, scope, NULL);
}

static int setup(void **state)
{
    (void)state;
    context = sg_context_create(1);
    return context ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    sg_context_destroy(context);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(numbers_are_those_of_all_features),
                                       cmocka_unit_test(spectra_are_those_of_the_channels)};
    return cmocka_run_group_tests(tests, setup, teardown);
}
