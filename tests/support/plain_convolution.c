/* Convolution in four loops. */
#include "support/plain_convolution.h"

#include <math.h>

double plain_convolution(const sg_tensor *x, const sg_tensor *w, int64_t n, int64_t row,
                         int64_t column, int64_t out, const double *styles)
{
    const int64_t *s = x->shape.size;
    const int64_t kernel = w->shape.size[2];
    double sum = 0;
    for (int64_t i = 0; i < s[3]; i++)
        for (int64_t a = 0; a < kernel; a++)
            for (int64_t b = 0; b < kernel; b++) {
                const int64_t y = row + a - kernel / 2;
                const int64_t z = column + b - kernel / 2;
                if (y < 0 || y >= s[1] || z < 0 || z >= s[2])
                    continue;
                sum += sg_tensor_value(x, ((n * s[1] + y) * s[2] + z) * s[3] + i) *
                       sg_tensor_value(w, ((out * s[3] + i) * kernel + a) * kernel + b) *
                       (styles ? styles[i] : 1);
            }
    return sum;
}

double plain_leaky_relu(double x)
{
    return sqrt(2) * (x > 0 ? x : 0.2 * x);
}
