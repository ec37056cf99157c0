/*
 * Transfer of colours; see colours.h. Roots of matrices of 3x3 are by their eigenvectors, which
 * Jacobi's rotations find.
 */
#include "style/colours.h"

#include <math.h>

enum { COLOURS = 3, SWEEPS = 30 };

typedef double matrix[COLOURS][COLOURS];

/* Means and deviations of colours. */
typedef struct colour_scale {
    double mean[COLOURS], deviation[COLOURS];
} colour_scale;

static colour_scale measure(const double *pixels, size_t count)
{
    colour_scale scale = {{0}, {0}};
    for (size_t i = 0; i < count * COLOURS; i++)
        scale.mean[i % COLOURS] += pixels[i] / (double)count;
    for (size_t i = 0; i < count * COLOURS; i++)
        scale.deviation[i % COLOURS] += pow(pixels[i] - scale.mean[i % COLOURS], 2);
    for (int c = 0; c < COLOURS; c++)
        scale.deviation[c] = sqrt(scale.deviation[c] / (double)(count > 1 ? count - 1 : 1));
    return scale;
}

static double scaled(const colour_scale *scale, const double *pixel, int colour)
{
    const double deviation = scale->deviation[colour];
    return deviation > 0 ? (pixel[colour] - scale->mean[colour]) / deviation : 0;
}

/* Sums the products of scaled colours, and adds the identity. */
static void correlate(const double *pixels, size_t count, const colour_scale *scale, matrix sums)
{
    for (int a = 0; a < COLOURS; a++)
        for (int b = 0; b < COLOURS; b++) {
            sums[a][b] = a == b ? 1 : 0;
            for (size_t i = 0; i < count; i++)
                sums[a][b] +=
                    scaled(scale, pixels + i * COLOURS, a) * scaled(scale, pixels + i * COLOURS, b);
        }
}

static void multiply(matrix a, matrix b, matrix product)
{
    for (int i = 0; i < COLOURS; i++)
        for (int k = 0; k < COLOURS; k++) {
            product[i][k] = 0;
            for (int j = 0; j < COLOURS; j++)
                product[i][k] += a[i][j] * b[j][k];
        }
}

/* Rotates the symmetric `m` so that entry (p, q) vanishes, and `vectors` along. */
static void rotate(matrix m, matrix vectors, int p, int q)
{
    if (m[p][q] == 0)
        return;
    const double angle = atan2(2 * m[p][q], m[q][q] - m[p][p]) / 2;
    const double c = cos(angle);
    const double s = sin(angle);
    for (int k = 0; k < COLOURS; k++) {
        const double left = m[k][p];
        const double vector = vectors[k][p];
        m[k][p] = c * left - s * m[k][q];
        m[k][q] = s * left + c * m[k][q];
        vectors[k][p] = c * vector - s * vectors[k][q];
        vectors[k][q] = s * vector + c * vectors[k][q];
    }
    for (int k = 0; k < COLOURS; k++) {
        const double top = m[p][k];
        m[p][k] = c * top - s * m[q][k];
        m[q][k] = s * top + c * m[q][k];
    }
}

/* Computes the power of a symmetric matrix without negative eigenvalues; `m` is used up. */
static void raise(matrix m, double exponent, matrix result)
{
    matrix vectors = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
    for (int sweep = 0; sweep < SWEEPS; sweep++)
        for (int p = 0; p < COLOURS; p++)
            for (int q = p + 1; q < COLOURS; q++)
                rotate(m, vectors, p, q);
    for (int i = 0; i < COLOURS; i++)
        for (int k = 0; k < COLOURS; k++) {
            result[i][k] = 0;
            for (int j = 0; j < COLOURS; j++)
                result[i][k] += vectors[i][j] * pow(m[j][j], exponent) * vectors[k][j];
        }
}

void sg_colours_align(double *pixels, size_t count, const double *reference, size_t reference_count)
{
    const colour_scale own = measure(pixels, count);
    const colour_scale other = measure(reference, reference_count);
    matrix sums;
    matrix whitens;
    matrix colours;
    matrix change;
    correlate(pixels, count, &own, sums);
    raise(sums, -0.5, whitens);
    correlate(reference, reference_count, &other, sums);
    raise(sums, 0.5, colours);
    multiply(colours, whitens, change);
    for (size_t i = 0; i < count; i++) {
        double *pixel = pixels + i * COLOURS;
        const double z[COLOURS] = {scaled(&own, pixel, 0), scaled(&own, pixel, 1),
                                   scaled(&own, pixel, 2)};
        for (int c = 0; c < COLOURS; c++) {
            pixel[c] = other.mean[c];
            for (int k = 0; k < COLOURS; k++)
                pixel[c] += other.deviation[c] * change[c][k] * z[k];
        }
    }
}
