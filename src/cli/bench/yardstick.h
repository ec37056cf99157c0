/*
 * What this machine can do, measured now: the yardsticks that benchmarks are compared with, since
 * absolute times mean little on a shared machine.
 */
#ifndef SG_CLI_BENCH_YARDSTICK_H
#define SG_CLI_BENCH_YARDSTICK_H

#include <stdint.h>

/* A measured limit: the work of one run and the seconds of the fastest of some runs. */
typedef struct sg_limit {
    double multiply_adds;
    double seconds; /* 0 when it could not be measured */
} sg_limit;

/* oneDNN's direct f32 convolution, 3x3, 512 to 512 channels, 64x64 pixels, in its favourite layout.
 * Not measured in builds without oneDNN. */
sg_limit sg_limit_convolution(int runs);

/* Fused multiply-adds on registers, all threads. */
sg_limit sg_limit_fma(int runs);

#endif
