/* The exponential function in single precision, in plain arithmetic that compilers vectorise. */
#ifndef SG_KERNELS_VECTOR_EXPONENTIAL_H
#define SG_KERNELS_VECTOR_EXPONENTIAL_H

#include <stdint.h>
#include <string.h>

#include "kernels/vector/vectorise.h"

/*
 * Returns e^x to about one unit in the last place, for x from -87 to 88; beyond, e^-87 or e^88.
 * x = n ln 2 + r; e^r is a polynomial for |r| <= ln 2 / 2 (Cephes's expf), 2^n is made of its bits.
 */
SG_INLINE float sg_exp_f32(float x)
{
    const float rounding = 12582912; /* 1.5 * 2^23: adding it leaves no fraction */
    x = x < -87 ? -87 : x;
    x = x > 88 ? 88 : x;
    const float n = x * 1.44269504088896341F + rounding - rounding;
    float r = x - n * 0.693359375F; /* ln 2 in two parts */
    r += n * 2.12194440e-4F;
    float p = 1.9875691500e-4F;
    p = p * r + 1.3981999507e-3F;
    p = p * r + 8.3334519073e-3F;
    p = p * r + 4.1665795894e-2F;
    p = p * r + 1.6666665459e-1F;
    p = p * r + 5.0000001201e-1F;
    const float whole = n == n ? n : 0; /* a NaN has no integer; r keeps it */
    const uint32_t bits = (uint32_t)((int32_t)whole + 127) << 23;
    float power;
    memcpy(&power, &bits, sizeof power);
    return (p * r * r + r + 1) * power;
}

#endif
