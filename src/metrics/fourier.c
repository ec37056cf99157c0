/*
 * Stockham's form of the fast Fourier transform for any size: with n = p m and stride s, a pass
 *
 *   out[q + s (p j + k)] = exp(-2 pi i j k / n) sum over r of in[q + s (j + m r)] exp(-2 pi i r k /
 * p)
 *
 * for j < m, k < p, q < s takes the factor p out of n and multiplies s by it; after the last pass
 * the result is in order. All passes work on LANES sequences side by side, [size, LANES], with real
 * and imaginary parts apart, so that the innermost loops are contiguous.
 *
 * In two dimensions the rows come first. Two rows of real values are transformed as one of complex
 * values: z = a + i b has a's transform (Z[u] + conj(Z[-u])) / 2 and b's (Z[u] - conj(Z[-u])) / 2i.
 */
#include "metrics/fourier.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "kernels/vector/vectorise.h"

/* MOST_FACTORS: 2 to that power is beyond any size_t. */
enum { LANES = 8, MOST_FACTORS = 64 };

static const double pi = 3.14159265358979323846;

/* LANES sequences of complex numbers, [size, LANES]. */
typedef struct lane_block {
    double *real;
    double *imaginary;
} lane_block;

struct sg_fourier {
    size_t height, width, side, bins;
    size_t factors[MOST_FACTORS], factor_count;
    double *cosines, *sines;          /* [side]: of -2 pi t / side */
    lane_block block, other;          /* [side, LANES]: passes go from one to the other */
    double *row_real, *row_imaginary; /* [height rounded up to 2, bins]: the transforms of rows */
};

/* Takes the factor p out of `rest` as often as it is there. */
static size_t take_factor(sg_fourier *fourier, size_t p, size_t rest)
{
    for (; rest % p == 0; rest /= p)
        fourier->factors[fourier->factor_count++] = p;
    return rest;
}

/* Fours first, since their passes need the fewest multiplications. */
static void factorise(sg_fourier *fourier)
{
    size_t rest = take_factor(fourier, 2, take_factor(fourier, 4, fourier->side));
    for (size_t p = 3; p * p <= rest; p += 2)
        rest = take_factor(fourier, p, rest);
    if (rest > 1)
        take_factor(fourier, rest, rest);
}

static sg_status allocate(sg_fourier *fourier, sg_error *error)
{
    const size_t side = fourier->side;
    const size_t rows = fourier->height + fourier->height % 2;
    double **const blocks[] = {&fourier->block.real, &fourier->block.imaginary,
                               &fourier->other.real, &fourier->other.imaginary};
    bool whole = true;
    for (size_t i = 0; i < 4; i++)
        whole = (*blocks[i] = sg_allocate(side * LANES, sizeof(double))) && whole;
    fourier->cosines = sg_allocate(side, sizeof(double));
    fourier->sines = sg_allocate(side, sizeof(double));
    fourier->row_real = sg_allocate(rows * fourier->bins, sizeof(double));
    fourier->row_imaginary = sg_allocate(rows * fourier->bins, sizeof(double));
    if (!whole || !fourier->cosines || !fourier->sines || !fourier->row_real ||
        !fourier->row_imaginary)
        return sg_fail_memory(error, "a spectrum of %zu x %zu values", side, side);
    for (size_t t = 0; t < side; t++) {
        fourier->cosines[t] = cos(2 * pi * (double)t / (double)side);
        fourier->sines[t] = -sin(2 * pi * (double)t / (double)side);
    }
    return SG_OK;
}

sg_status sg_fourier_create(size_t height, size_t width, size_t side, sg_fourier **fourier,
                            sg_error *error)
{
    *fourier = NULL;
    sg_fourier *created = sg_allocate(1, sizeof *created);
    if (!created)
        return sg_fail_memory(error, "a spectrum");
    created->height = height;
    created->width = width;
    created->side = side;
    created->bins = side / 2 + 1;
    factorise(created);
    const sg_status status = allocate(created, error);
    if (status) {
        sg_fourier_destroy(created);
        return status;
    }
    *fourier = created;
    return SG_OK;
}

void sg_fourier_destroy(sg_fourier *fourier)
{
    if (!fourier)
        return;
    free(fourier->block.real);
    free(fourier->block.imaginary);
    free(fourier->other.real);
    free(fourier->other.imaginary);
    free(fourier->cosines);
    free(fourier->sines);
    free(fourier->row_real);
    free(fourier->row_imaginary);
    free(fourier);
}

/* ---- one dimension ---- */

/* One output of a pass, `count` values: sums in[r * step] times the twiddle of index r * turn. */
SG_INLINE void sum_terms(const sg_fourier *fourier, const lane_block *in, size_t from, size_t step,
                         size_t p, size_t first, size_t turn, const lane_block *out, size_t to,
                         size_t count)
{
    for (size_t r = 0; r < p; r++) {
        const size_t t = (first + r * turn) % fourier->side;
        const double cosine = fourier->cosines[t];
        const double sine = fourier->sines[t];
        const double *restrict a = in->real + from + r * step;
        const double *restrict b = in->imaginary + from + r * step;
        double *restrict real = out->real + to;
        double *restrict imaginary = out->imaginary + to;
        for (size_t i = 0; i < count; i++) {
            const double product = a[i] * cosine - b[i] * sine;
            const double cross = a[i] * sine + b[i] * cosine;
            real[i] = r > 0 ? real[i] + product : product;
            imaginary[i] = r > 0 ? imaginary[i] + cross : cross;
        }
    }
}

/* A pass of any factor: p sums of p terms, each multiplied by its twiddles. */
SG_INLINE void pass_of_any(const sg_fourier *fourier, size_t p, size_t m, size_t stride,
                           const lane_block *in, const lane_block *out)
{
    const size_t count = stride * LANES;
    for (size_t j = 0; j < m; j++)
        for (size_t k = 0; k < p; k++)
            sum_terms(fourier, in, j * count, m * count, p, j * k * stride, fourier->side / p * k,
                      out, (p * j + k) * count, count);
}

/* Multiplies the complex number x + i y by c + i s. */
SG_INLINE void multiply(double x, double y, double c, double s, double *real, double *imaginary)
{
    *real = x * c - y * s;
    *imaginary = x * s + y * c;
}

/* The butterflies of one j of a pass of the factor 4, whose inner roots are 1, -i, -1 and i. */
SG_INLINE void butterflies(const double *restrict a, const double *restrict b, size_t step,
                           const double *c, const double *s, double *restrict real,
                           double *restrict imaginary, size_t count)
{
#ifndef __clang__ /* GCC loses sight of `restrict` once this is inlined */
#pragma GCC ivdep
#endif
    for (size_t i = 0; i < count; i++) {
        const double even = a[i] + a[i + 2 * step];
        const double even_i = b[i] + b[i + 2 * step];
        const double apart = a[i] - a[i + 2 * step];
        const double apart_i = b[i] - b[i + 2 * step];
        const double odd = a[i + step] + a[i + 3 * step];
        const double odd_i = b[i + step] + b[i + 3 * step];
        const double cross = a[i + step] - a[i + 3 * step];
        const double cross_i = b[i + step] - b[i + 3 * step];
        real[i] = even + odd;
        imaginary[i] = even_i + odd_i;
        multiply(apart + cross_i, apart_i - cross, c[1], s[1], &real[i + count],
                 &imaginary[i + count]);
        multiply(even - odd, even_i - odd_i, c[2], s[2], &real[i + 2 * count],
                 &imaginary[i + 2 * count]);
        multiply(apart - cross_i, apart_i + cross, c[3], s[3], &real[i + 3 * count],
                 &imaginary[i + 3 * count]);
    }
}

/* A pass of the factor 4. */
SG_INLINE void pass_of_four(const sg_fourier *fourier, size_t m, size_t stride,
                            const lane_block *in, const lane_block *out)
{
    const size_t count = stride * LANES;
    for (size_t j = 0; j < m; j++) {
        double c[4];
        double s[4];
        for (size_t k = 0; k < 4; k++) {
            c[k] = fourier->cosines[j * k * stride];
            s[k] = fourier->sines[j * k * stride];
        }
        butterflies(in->real + j * count, in->imaginary + j * count, m * count, c, s,
                    out->real + 4 * j * count, out->imaginary + 4 * j * count, count);
    }
}

/* Transforms the sequences of fourier->block; the results are in fourier->block again. */
SG_VECTORISED static void transform_lanes(sg_fourier *fourier)
{
    size_t stride = 1;
    for (size_t f = 0; f < fourier->factor_count; f++) {
        const size_t p = fourier->factors[f];
        const size_t m = fourier->side / stride / p;
        if (p == 4)
            pass_of_four(fourier, m, stride, &fourier->block, &fourier->other);
        else
            pass_of_any(fourier, p, m, stride, &fourier->block, &fourier->other);
        stride *= p;
        const lane_block passed = fourier->other;
        fourier->other = fourier->block;
        fourier->block = passed;
    }
}

/* ---- two dimensions ---- */

static void clear_block(const sg_fourier *fourier)
{
    memset(fourier->block.real, 0, fourier->side * LANES * sizeof(double));
    memset(fourier->block.imaginary, 0, fourier->side * LANES * sizeof(double));
}

/* Puts pairs of rows from `first` on into the lanes. */
static void gather_rows(const sg_fourier *fourier, const double *values, size_t first)
{
    clear_block(fourier);
    for (size_t lane = 0; lane < 2 * LANES && first + lane < fourier->height; lane++) {
        const double *row = values + (first + lane) * fourier->width;
        double *part = lane % 2 == 0 ? fourier->block.real : fourier->block.imaginary;
        for (size_t x = 0; x < fourier->width; x++)
            part[x * LANES + lane / 2] = row[x];
    }
}

/* Takes the transforms of the rows of each pair apart. */
static void store_rows(const sg_fourier *fourier, size_t first)
{
    for (size_t lane = 0; lane < LANES && first + 2 * lane < fourier->height; lane++) {
        const size_t row = (first + 2 * lane) * fourier->bins;
        for (size_t u = 0; u < fourier->bins; u++) {
            const size_t i = u * LANES + lane;
            const size_t mirror = (fourier->side - u) % fourier->side * LANES + lane;
            const double a = fourier->block.real[i], b = fourier->block.imaginary[i];
            const double c = fourier->block.real[mirror], d = fourier->block.imaginary[mirror];
            fourier->row_real[row + u] = (a + c) / 2;
            fourier->row_imaginary[row + u] = (b - d) / 2;
            fourier->row_real[row + fourier->bins + u] = (b + d) / 2;
            fourier->row_imaginary[row + fourier->bins + u] = (c - a) / 2;
        }
    }
}

/* Puts the columns from `first` on of the rows' transforms into the lanes. */
static void gather_columns(const sg_fourier *fourier, size_t first, size_t lanes)
{
    clear_block(fourier);
    for (size_t y = 0; y < fourier->height; y++)
        for (size_t lane = 0; lane < lanes; lane++) {
            const size_t i = y * fourier->bins + first + lane;
            fourier->block.real[y * LANES + lane] = fourier->row_real[i];
            fourier->block.imaginary[y * LANES + lane] = fourier->row_imaginary[i];
        }
}

void sg_fourier_transform(sg_fourier *fourier, const double *values, double complex *bins)
{
    for (size_t first = 0; first < fourier->height; first += 2 * LANES) {
        gather_rows(fourier, values, first);
        transform_lanes(fourier);
        store_rows(fourier, first);
    }
    for (size_t first = 0; first < fourier->bins; first += LANES) {
        const size_t left = fourier->bins - first;
        const size_t lanes = left < LANES ? left : LANES;
        gather_columns(fourier, first, lanes);
        transform_lanes(fourier);
        for (size_t v = 0; v < fourier->side; v++)
            for (size_t lane = 0; lane < lanes; lane++)
                bins[v * fourier->bins + first + lane] =
                    __builtin_complex(fourier->block.real[v * LANES + lane],
                                      fourier->block.imaginary[v * LANES + lane]);
    }
}
