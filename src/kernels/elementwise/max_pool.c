/*
 * Maxima of 2x2 pixels and their adjoint, in rows of the result.
 *
 * Tested by: tests/ops/test_max_pool.c
 */
#include "kernels/elementwise/max_pool.h"

#include <string.h>

#include "base/parallel.h"
#include "kernels/vector/vectorise.h"

#define TEMPLATE "kernels/elementwise/max_pool.inc"
#include "kernels/vector/each_real.inc"
