/*
 * Affine maps of channels, samples over threads.
 * Tested by: tests/ops/augment/test_mix_channels.c
 */
#include "kernels/elementwise/channel_mix.h"

#include "base/parallel.h"
#include "kernels/vector/vectorise.h"

#define TEMPLATE "kernels/elementwise/channel_mix.inc"
#include "kernels/vector/each_real.inc"
