/*
 * The Fourier transform of a picture in double precision: of real values [height, width], padded
 * with zeros to a square of any side.
 */
#ifndef SG_METRICS_FOURIER_H
#define SG_METRICS_FOURIER_H

#include <complex.h>
#include <stddef.h>

#include "base/error.h"

/* Tables and working memory for transforms of one size. */
typedef struct sg_fourier sg_fourier;

/*
 * Prepares transforms of [height, width] values to [side, side / 2 + 1] in *fourier, which the
 * caller destroys; height and width are from 1 to side. A side with a large prime factor p takes
 * p times the work of one without. Fails with SG_ERROR_MEMORY; *fourier is NULL then.
 */
sg_status sg_fourier_create(size_t height, size_t width, size_t side, sg_fourier **fourier,
                            sg_error *error);

/* Releases it; NULL is allowed. */
void sg_fourier_destroy(sg_fourier *fourier);

/*
 * Computes bins [side, side / 2 + 1] of values [height, width]:
 * bin[v, u] = sum over y, x of value[y, x] exp(-2 pi i (v y + u x) / side). The columns left out
 * are conjugates: bin[v, u] = conj(bin[-v, -u]), indices modulo side. One thread at a time.
 */
void sg_fourier_transform(sg_fourier *fourier, const double *values, double complex *bins);

#endif
