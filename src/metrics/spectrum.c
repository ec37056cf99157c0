/*
 * Average power spectra. A picture's transform is linear in its pixels, so whitening is applied to
 * the sums afterwards: with x the windowed levels and w the window, both transformed,
 *
 *   sum |x - m w|^2 = sum |x|^2 - 2 m Re(conj(w) sum x) + n m^2 |w|^2.
 *
 * So one pass over the pictures is enough, and they can be whitened with the statistics of others.
 * Levels are counted from MIDDLE, which keeps the terms small.
 */
#include "metrics/spectrum.h"

#include <complex.h>
#include <math.h>
#include <stdlib.h>

#include "base/allocate.h"
#include "base/special.h"
#include "metrics/fourier.h"

enum { MIDDLE = 128, LARGEST_BETA = 100 };

struct sg_spectrum {
    sg_image_shape shape;
    size_t side, bins;      /* of the transform: side, and side / 2 + 1, which the others mirror */
    size_t count, planes;   /* pictures, and colour channels of all pictures */
    double levels, squares; /* sums over all values */
    double *window;         /* [height * width], of mean square 1 */
    double *values;         /* [height * width]: the windowed levels */
    double complex *bin;    /* [side * bins] */
    double *power;          /* [side * bins]: sums of |x|^2 */
    double complex *totals; /* [side * bins]: sums of x */
    sg_fourier *fourier;
};

static void fill_window(sg_spectrum *spectrum, double beta)
{
    const size_t height = spectrum->shape.height;
    const size_t width = spectrum->shape.width;
    double squares = 0;
    for (size_t y = 0; y < height; y++)
        for (size_t x = 0; x < width; x++) {
            const double value =
                sg_kaiser_window(y, height, beta) * sg_kaiser_window(x, width, beta);
            spectrum->window[y * width + x] = value;
            squares += value * value;
        }
    const double scale = sqrt((double)(height * width) / squares);
    for (size_t i = 0; i < height * width; i++)
        spectrum->window[i] *= scale;
}

static sg_status allocate(sg_spectrum *spectrum, sg_error *error)
{
    const size_t side = spectrum->side;
    const size_t entries = side * spectrum->bins;
    const size_t pixels = spectrum->shape.height * spectrum->shape.width;
    spectrum->window = sg_allocate(pixels, sizeof(double));
    spectrum->values = sg_allocate(pixels, sizeof(double));
    spectrum->bin = sg_allocate(entries, sizeof(double complex));
    spectrum->power = sg_allocate(entries, sizeof(double));
    spectrum->totals = sg_allocate(entries, sizeof(double complex));
    if (!spectrum->window || !spectrum->values || !spectrum->bin || !spectrum->power ||
        !spectrum->totals)
        return sg_fail_memory(error, "a spectrum of %zu x %zu values", side, side);
    return sg_fourier_create(spectrum->shape.height, spectrum->shape.width, side,
                             &spectrum->fourier, error);
}

sg_status sg_spectrum_create(const sg_image_shape *shape, double beta, int interpolation,
                             sg_spectrum **spectrum, sg_error *error)
{
    *spectrum = NULL;
    const size_t longer = shape->width > shape->height ? shape->width : shape->height;
    if (!(beta >= 0 && beta <= LARGEST_BETA))
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"beta\" of the window is %g, but must be from 0 to %d", beta,
                       LARGEST_BETA);
    if (shape->width < 1 || shape->height < 1 || interpolation < 1 ||
        longer > SG_SPECTRUM_LARGEST_SIDE / (size_t)interpolation)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "pictures of %zu x %zu pixels cannot be interpolated %d times: a spectrum "
                       "has at most %d values a side",
                       shape->width, shape->height, interpolation, SG_SPECTRUM_LARGEST_SIDE);
    sg_spectrum *created = sg_allocate(1, sizeof *created);
    if (!created)
        return sg_fail_memory(error, "a spectrum");
    created->shape = *shape;
    created->side = longer * (size_t)interpolation;
    created->bins = created->side / 2 + 1;
    const sg_status status = allocate(created, error);
    if (status) {
        sg_spectrum_destroy(created);
        return status;
    }
    fill_window(created, beta);
    *spectrum = created;
    return SG_OK;
}

void sg_spectrum_destroy(sg_spectrum *spectrum)
{
    if (!spectrum)
        return;
    sg_fourier_destroy(spectrum->fourier);
    free(spectrum->window);
    free(spectrum->values);
    free(spectrum->bin);
    free(spectrum->power);
    free(spectrum->totals);
    free(spectrum);
}

/* Adds a level, counted from MIDDLE, to the sums and to the values to transform. */
static void add_level(sg_spectrum *spectrum, size_t pixel, double level)
{
    spectrum->levels += level;
    spectrum->squares += level * level;
    spectrum->values[pixel] = level * spectrum->window[pixel];
}

/* Adds the transform of the values to the sums. */
static void add_values(sg_spectrum *spectrum)
{
    sg_fourier_transform(spectrum->fourier, spectrum->values, spectrum->bin);
    for (size_t i = 0; i < spectrum->side * spectrum->bins; i++) {
        const double complex value = spectrum->bin[i];
        spectrum->power[i] += creal(value) * creal(value) + cimag(value) * cimag(value);
        spectrum->totals[i] += value;
    }
    spectrum->planes++;
}

sg_status sg_spectrum_add(sg_spectrum *spectrum, const sg_image *image, sg_error *error)
{
    const sg_image_shape *shape = &spectrum->shape;
    if (!sg_image_has_shape(image, shape))
        return sg_fail(error, SG_ERROR_SHAPE,
                       "a spectrum of pictures of %zu x %zu pixels in %zu channels was given one "
                       "of %zu x %zu in %zu",
                       shape->width, shape->height, shape->channels, image->width, image->height,
                       image->channels);
    const size_t colours = image->channels < 3 ? 1 : 3;
    for (size_t channel = 0; channel < colours; channel++) {
        for (size_t i = 0; i < image->height * image->width; i++)
            add_level(spectrum, i, image->pixels[i * image->channels + channel] - MIDDLE);
        add_values(spectrum);
    }
    spectrum->count++;
    return SG_OK;
}

void sg_spectrum_add_plane(sg_spectrum *spectrum, const float *values)
{
    for (size_t i = 0; i < spectrum->shape.height * spectrum->shape.width; i++)
        add_level(spectrum, i, (double)values[i]);
    add_values(spectrum);
    spectrum->count++;
}

sg_level_statistics sg_spectrum_statistics(const sg_spectrum *spectrum)
{
    const double values =
        (double)(spectrum->planes * spectrum->shape.width * spectrum->shape.height);
    const double mean = spectrum->levels / values;
    return (sg_level_statistics){mean + MIDDLE,
                                 sqrt(fmax(0, spectrum->squares / values - mean * mean))};
}

size_t sg_spectrum_count(const sg_spectrum *spectrum)
{
    return spectrum->count;
}

size_t sg_spectrum_side(const sg_spectrum *spectrum)
{
    return spectrum->side;
}

sg_status sg_spectrum_power(const sg_spectrum *spectrum, const sg_level_statistics *statistics,
                            float *power, sg_error *error)
{
    if (spectrum->count == 0)
        return sg_fail(error, SG_ERROR_ARGUMENT, "there is no spectrum without pictures");
    if (!(statistics->deviation > 0))
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "all pixels have the level %g, so they have no spectrum", statistics->mean);
    /* The next picture overwrites the window's transform. */
    sg_fourier_transform(spectrum->fourier, spectrum->window, spectrum->bin);
    const size_t side = spectrum->side;
    const double n = (double)spectrum->planes;
    const double mean = statistics->mean - MIDDLE;
    const double scale = 1 / (n * statistics->deviation * statistics->deviation *
                              (double)(spectrum->shape.width * spectrum->shape.height));
    for (size_t y = 0; y < side; y++)
        for (size_t x = 0; x < spectrum->bins; x++) {
            const size_t i = y * spectrum->bins + x;
            const double complex window = spectrum->bin[i];
            const double sum = spectrum->power[i] -
                               2 * mean * creal(conj(window) * spectrum->totals[i]) +
                               n * mean * mean * creal(conj(window) * window);
            const float value = (float)(fmax(0, sum) * scale);
            power[y * side + x] = value;
            power[(side - y) % side * side + (side - x) % side] = value;
        }
    return SG_OK;
}

/* ---- maps ---- */

double sg_power_decibels(double power)
{
    return 10 * log10(fmax(power, 1e-20));
}

/* Computes the right half of a Gaussian, [reach + 1]; the weights of both halves add up to 1. */
static void fill_gaussian(double deviation, size_t reach, float *weights)
{
    double sum = 0;
    for (size_t d = 0; d <= reach; d++) {
        const double z = d > 0 ? (double)d / deviation : 0;
        weights[d] = (float)exp(-z * z / 2);
        sum += d > 0 ? 2 * weights[d] : weights[d];
    }
    for (size_t d = 0; d <= reach; d++)
        weights[d] = (float)(weights[d] / sum);
}

/* Smooths `rows` rows and writes them as columns; the ends of a row repeat. */
static void smooth_rows(const float *values, size_t rows, const float *weights, size_t reach,
                        float *smooth)
{
    for (size_t y = 0; y < rows; y++)
        for (size_t x = 0; x < rows; x++) {
            const float *row = values + y * rows;
            float sum = weights[0] * row[x];
            for (size_t d = 1; d <= reach; d++)
                sum += weights[d] * (row[x > d ? x - d : 0] + row[x + d < rows ? x + d : rows - 1]);
            smooth[x * rows + y] = sum;
        }
}

sg_status sg_spectrum_map(const float *power, size_t side, double deviation, float *decibels,
                          sg_error *error)
{
    const size_t half = side / 2;
    const size_t rows = 2 * half + 1;
    const size_t reach = (size_t)ceil(4 * deviation);
    float *passed = sg_allocate(rows * rows, sizeof *passed);
    float *weights = sg_allocate(reach + 1, sizeof *weights);
    if (!passed || !weights) {
        free(passed);
        free(weights);
        return sg_fail_memory(error, "a map of %zu x %zu values", rows, rows);
    }
    for (size_t y = 0; y < rows; y++)
        for (size_t x = 0; x < rows; x++)
            decibels[y * rows + x] = (float)sg_power_decibels(
                power[(y + side - half) % side * side + (x + side - half) % side]);
    fill_gaussian(deviation, reach, weights);
    smooth_rows(decibels, rows, weights, reach, passed);
    smooth_rows(passed, rows, weights, reach, decibels);
    free(passed);
    free(weights);
    return SG_OK;
}
