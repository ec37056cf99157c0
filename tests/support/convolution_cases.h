/* Convolutions with random values and what the plain reference kernels in double make of them. */
#ifndef SUPPORT_CONVOLUTION_CASES_H
#define SUPPORT_CONVOLUTION_CASES_H

#include <stdbool.h>
#include <stddef.h>

#include "kernels/convolution/shape.h"

/* What a shape follows from; the stride goes both ways. */
typedef struct convolution_geometry {
    int64_t batch, height, width, in_channels, out_channels;
    int64_t kernel_height, kernel_width, stride;
    int64_t top, left, bottom, right; /* padding */
    int64_t groups;
} convolution_geometry;

/* The shape of it; false when the kernel does not fit on the padded image. */
bool shape_of_geometry(const convolution_geometry *geometry, bool swapped_weights,
                       sg_convolution_shape *shape);

/* Elements of the input, of the weights and of the output. */
int64_t count_x(const sg_convolution_shape *shape);
int64_t count_w(const sg_convolution_shape *shape);
int64_t count_y(const sg_convolution_shape *shape);

/* Bits for what a case should hold the results of. */
enum { CASE_FORWARD = 1, CASE_DATA = 2, CASE_WEIGHTS = 4, CASE_ALL = 7 };

typedef struct convolution_case {
    sg_convolution_shape shape;
    double gain;
    char name[200];
    float *x, *w, *y;                 /* random; w in the shape's order */
    double *forward, *data, *weights; /* results; NULL where not asked for */
} convolution_case;

/*
 * Fills a case, the same for the same shape. The references only ever see plain weights: swapped
 * ones are exchanged here, so that a kernel is not held against another's idea of the order.
 */
void make_convolution_case(convolution_case *made, const sg_convolution_shape *shape, double gain,
                           unsigned results);
void free_convolution_case(convolution_case *made);

/* Fails the test unless |found - expected| <= tolerance * |expected|, Euclidean norms. */
void assert_near_by_norm(const char *name, const char *what, const float *found,
                         const double *expected, int64_t count, double tolerance);

/* Room on the heap whose every float is NaN, so that what nobody wrote shows; 64-byte aligned. */
void *unwritten_bytes(size_t bytes);
float *unwritten_floats(int64_t count);

#endif
