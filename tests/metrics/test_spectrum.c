/* Average power spectra: noise, waves, Parseval's theorem, whitening, the map. */
#include "metrics/spectrum.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/random.h"

enum { SIZE = 16, FACTOR = 4, SIDE = SIZE * FACTOR, PICTURES = 2000 };

static const double pi = 3.14159265358979323846;

static sg_spectrum *spectrum_of(size_t width, size_t height, size_t channels, double beta)
{
    const sg_image_shape shape = {width, height, channels};
    sg_spectrum *spectrum = NULL;
    assert_int_equal(sg_spectrum_create(&shape, beta, FACTOR, &spectrum, NULL), SG_OK);
    return spectrum;
}

static sg_image *picture(size_t width, size_t height, size_t channels)
{
    sg_image *image = NULL;
    assert_int_equal(sg_image_create(width, height, channels, &image, NULL), SG_OK);
    return image;
}

static void fill_noise(sg_image *image, sg_random *random)
{
    for (size_t i = 0; i < sg_image_size(image); i++)
        image->pixels[i] = (uint8_t)(40 + sg_random_below(random, 100));
}

/* The power of a spectrum whitened with its own statistics; the caller frees it. */
static float *own_power(const sg_spectrum *spectrum)
{
    const sg_level_statistics statistics = sg_spectrum_statistics(spectrum);
    const size_t side = sg_spectrum_side(spectrum);
    float *power = calloc(side * side, sizeof *power);
    assert_non_null(power);
    assert_int_equal(sg_spectrum_power(spectrum, &statistics, power, NULL), SG_OK);
    return power;
}

static void white_noise_is_flat(void **state)
{
    (void)state;
    sg_spectrum *spectrum = spectrum_of(SIZE, SIZE, 3, 8);
    sg_image *image = picture(SIZE, SIZE, 3);
    sg_random random = sg_random_stream(5, 0);
    for (int i = 0; i < PICTURES; i++) {
        fill_noise(image, &random);
        assert_int_equal(sg_spectrum_add(spectrum, image, NULL), SG_OK);
    }
    const sg_level_statistics statistics = sg_spectrum_statistics(spectrum);
    assert_true(fabs(statistics.mean - 89.5) < 0.2);
    assert_true(fabs(statistics.deviation - sqrt((100.0 * 100 - 1) / 12)) < 0.2);
    /* An average of 6000 exponential variables deviates by 1.3 %; a real one by 1.8 %. */
    float *power = own_power(spectrum);
    for (size_t i = 0; i < (size_t)SIDE * SIDE; i++)
        assert_true(fabs(sg_power_decibels(power[i])) < 0.45);
    free(power);
    sg_image_destroy(image);
    sg_spectrum_destroy(spectrum);
}

static void a_wave_peaks_at_its_frequency(void **state)
{
    (void)state;
    enum { ACROSS = 12, DOWN = 7 }; /* of the transform's SIDE */
    sg_spectrum *spectrum = spectrum_of(SIZE, SIZE, 1, 8);
    sg_image *image = picture(SIZE, SIZE, 1);
    for (int y = 0; y < SIZE; y++)
        for (int x = 0; x < SIZE; x++)
            image->pixels[y * SIZE + x] =
                (uint8_t)lrint(128 + 100 * cos(2 * pi * (ACROSS * x + DOWN * y) / SIDE + 0.3));
    assert_int_equal(sg_spectrum_add(spectrum, image, NULL), SG_OK);
    float *power = own_power(spectrum);
    size_t peak = 0;
    for (size_t i = 0; i < (size_t)SIDE * SIDE; i++)
        peak = power[i] > power[peak] ? i : peak;
    assert_int_equal(peak, DOWN * SIDE + ACROSS);
    assert_true(power[peak] == power[(SIDE - DOWN) * SIDE + SIDE - ACROSS]);
    assert_true(power[(SIDE - DOWN) * SIDE + ACROSS] < power[peak] * 1e-2);
    free(power);
    sg_image_destroy(image);
    sg_spectrum_destroy(spectrum);
}

/* Without a window, the mean power is the mean square of the whitened pixels, which is 1, however
 * far they are padded. */
static void powers_follow_parseval(void **state)
{
    (void)state;
    enum { WIDTH = 12, HEIGHT = 8 };
    sg_spectrum *spectrum = spectrum_of(WIDTH, HEIGHT, 2, 0);
    sg_image *image = picture(WIDTH, HEIGHT, 2);
    sg_random random = sg_random_stream(6, 0);
    for (int i = 0; i < 3; i++) {
        fill_noise(image, &random);
        assert_int_equal(sg_spectrum_add(spectrum, image, NULL), SG_OK);
    }
    const size_t side = sg_spectrum_side(spectrum);
    assert_int_equal(side, WIDTH * FACTOR);
    float *power = own_power(spectrum);
    double sum = 0;
    for (size_t i = 0; i < side * side; i++)
        sum += power[i];
    assert_true(fabs(sum / (double)(side * side) - 1) < 1e-5);
    free(power);
    sg_image_destroy(image);
    sg_spectrum_destroy(spectrum);
}

/* Against the definition, whitened with foreign statistics: the sum over the pixels at one
 * frequency, without a window. */
static void whitening_is_that_of_the_pixels(void **state)
{
    (void)state;
    const sg_level_statistics statistics = {100, 20};
    const size_t across = 5;
    const size_t down = 61;
    sg_spectrum *spectrum = spectrum_of(SIZE, SIZE, 1, 0);
    sg_image *image = picture(SIZE, SIZE, 1);
    sg_random random = sg_random_stream(7, 0);
    fill_noise(image, &random);
    assert_int_equal(sg_spectrum_add(spectrum, image, NULL), SG_OK);
    double real = 0;
    double imaginary = 0;
    for (size_t y = 0; y < SIZE; y++)
        for (size_t x = 0; x < SIZE; x++) {
            const double level = (image->pixels[y * SIZE + x] - 100.0) / 20;
            real += level * cos(2 * pi * (double)(across * x + down * y) / SIDE);
            imaginary -= level * sin(2 * pi * (double)(across * x + down * y) / SIDE);
        }
    const double expected = (real * real + imaginary * imaginary) / (SIZE * SIZE);
    float *power = calloc((size_t)SIDE * SIDE, sizeof *power);
    assert_non_null(power);
    assert_int_equal(sg_spectrum_power(spectrum, &statistics, power, NULL), SG_OK);
    assert_true(fabs(power[down * SIDE + across] - expected) < 1e-5 * expected);
    free(power);
    sg_image_destroy(image);
    sg_spectrum_destroy(spectrum);
}

/* One pixel of whitened level 1 among zeros has the power of the window there, at all frequencies.
 * The values are those in the documentation of numpy.kaiser(12, 14). */
static void the_window_is_kaisers(void **state)
{
    (void)state;
    enum { COUNT = 12, HALF = 6 };
    static const double window[HALF] = {7.72686684e-06, 3.46009194e-03, 4.65200189e-02,
                                        2.29737120e-01, 5.99885316e-01, 9.45674898e-01};
    const sg_level_statistics statistics = {100, 1};
    double squares = 0;
    for (int i = 0; i < HALF; i++)
        squares += 2 * window[i] * window[i] / COUNT;
    const size_t size = (size_t)COUNT * FACTOR * COUNT * FACTOR;
    float *power = calloc(size, sizeof *power);
    assert_non_null(power);
    for (size_t x = 0; x < COUNT; x++) {
        sg_spectrum *spectrum = spectrum_of(COUNT, COUNT, 1, 14);
        sg_image *image = picture(COUNT, COUNT, 1);
        memset(image->pixels, 100, sg_image_size(image));
        image->pixels[4 * COUNT + x] = 101;
        assert_int_equal(sg_spectrum_add(spectrum, image, NULL), SG_OK);
        assert_int_equal(sg_spectrum_power(spectrum, &statistics, power, NULL), SG_OK);
        const double value = window[4] * window[x < HALF ? x : COUNT - 1 - x] / squares;
        const double expected = value * value / (COUNT * COUNT);
        for (size_t i = 0; i < size; i++)
            assert_true(fabs(power[i] - expected) < 1e-4 * expected + 1e-9);
        sg_image_destroy(image);
        sg_spectrum_destroy(spectrum);
    }
    free(power);
}

static void maps_have_frequency_0_in_the_middle(void **state)
{
    (void)state;
    enum { EVEN = 4, ROWS = 5 };
    float power[EVEN * EVEN];
    float decibels[ROWS * ROWS];
    for (int i = 0; i < EVEN * EVEN; i++)
        power[i] = 1;
    power[0] = 100;
    power[1] = 10;
    power[2 * EVEN + 2] = 0.1F;
    assert_int_equal(sg_spectrum_map(power, EVEN, 0, decibels, NULL), SG_OK);
    assert_true(fabsf(decibels[2 * ROWS + 2] - 20) < 1e-5);
    assert_true(fabsf(decibels[2 * ROWS + 3] - 10) < 1e-5);
    const int corners[] = {0, ROWS - 1, ROWS * (ROWS - 1), ROWS * ROWS - 1};
    for (int i = 0; i < 4; i++)
        assert_true(fabsf(decibels[corners[i]] + 10) < 1e-5);
    /* Smoothing spreads the peak and keeps what is even as it is. */
    assert_int_equal(sg_spectrum_map(power, EVEN, 1, decibels, NULL), SG_OK);
    assert_true(decibels[2 * ROWS + 2] < 10 && decibels[3 * ROWS + 2] > 1);
    for (int i = 0; i < EVEN * EVEN; i++)
        power[i] = 1000;
    assert_int_equal(sg_spectrum_map(power, EVEN, 1.5, decibels, NULL), SG_OK);
    for (int i = 0; i < ROWS * ROWS; i++)
        assert_true(fabsf(decibels[i] - 30) < 1e-4);
    assert_true(sg_power_decibels(0) == -200);
}

static void mistakes_are_refused(void **state)
{
    (void)state;
    const sg_image_shape shape = {SIZE, SIZE, 1};
    const sg_image_shape large = {SG_SPECTRUM_LARGEST_SIDE, 1, 1};
    float *power = calloc((size_t)SIDE * SIDE, sizeof *power);
    sg_spectrum *spectrum = NULL;
    assert_int_equal(sg_spectrum_create(&shape, -1, 4, &spectrum, NULL), SG_ERROR_ARGUMENT);
    assert_int_equal(sg_spectrum_create(&shape, NAN, 4, &spectrum, NULL), SG_ERROR_ARGUMENT);
    assert_int_equal(sg_spectrum_create(&shape, 8, 0, &spectrum, NULL), SG_ERROR_ARGUMENT);
    assert_int_equal(sg_spectrum_create(&large, 8, 2, &spectrum, NULL), SG_ERROR_ARGUMENT);
    assert_null(spectrum);
    spectrum = spectrum_of(SIZE, SIZE, 1, 8);
    sg_level_statistics statistics = {0, 1};
    assert_int_equal(sg_spectrum_power(spectrum, &statistics, power, NULL), SG_ERROR_ARGUMENT);
    sg_image *image = picture(SIZE, SIZE, 3);
    assert_int_equal(sg_spectrum_add(spectrum, image, NULL), SG_ERROR_SHAPE);
    sg_image_destroy(image);
    image = picture(SIZE, SIZE, 1);
    assert_int_equal(sg_spectrum_add(spectrum, image, NULL), SG_OK);
    assert_int_equal(sg_spectrum_count(spectrum), 1);
    statistics = sg_spectrum_statistics(spectrum);
    assert_int_equal(sg_spectrum_power(spectrum, &statistics, power, NULL), SG_ERROR_ARGUMENT);
    sg_image_destroy(image);
    sg_spectrum_destroy(spectrum);
    free(power);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(white_noise_is_flat),
                                       cmocka_unit_test(a_wave_peaks_at_its_frequency),
                                       cmocka_unit_test(powers_follow_parseval),
                                       cmocka_unit_test(whitening_is_that_of_the_pixels),
                                       cmocka_unit_test(the_window_is_kaisers),
                                       cmocka_unit_test(maps_have_frequency_0_in_the_middle),
                                       cmocka_unit_test(mistakes_are_refused)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
