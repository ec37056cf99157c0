/*
 * Layer normalisation: two passes over a row that is in cache.
 *
 * Tested by: tests/ops/transformer/test_layer_norm.c
 */
#include "kernels/transformer/layer_norm.h"

#include <math.h>
#include <stddef.h>

#include "base/parallel.h"
#include "kernels/vector/vectorise.h"

enum {
    GRAIN_VALUES = 16384,
    LANES = 16 /* partial sums, so that a sum is vectorised in an order of its own */
};

#define TEMPLATE "kernels/transformer/layer_norm.inc"
#include "kernels/vector/each_real.inc"
