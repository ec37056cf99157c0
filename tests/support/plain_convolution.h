/* A convolution by its definition, one pixel at a time. */
#ifndef SUPPORT_PLAIN_CONVOLUTION_H
#define SUPPORT_PLAIN_CONVOLUTION_H

#include "tensor/tensor.h"

/*
 * The pixel (row, column) of output channel `out` of sample n: x [N, H, W, I] correlated with
 * w [O, I, K, K], K odd, with K / 2 zeros on each side. Input channel i is multiplied by styles[i]
 * unless `styles` is NULL.
 */
double plain_convolution(const sg_tensor *x, const sg_tensor *w, int64_t n, int64_t row,
                         int64_t column, int64_t out, const double *styles);

/* max(x, x / 5) * sqrt(2), the networks' activation. */
double plain_leaky_relu(double x);

#endif
