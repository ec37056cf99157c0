/* Padding by reflection. */
#ifndef SG_OPS_AUGMENT_REFLECT_H
#define SG_OPS_AUGMENT_REFLECT_H

#include "tensor/tape.h"

/*
 * Returns x with so many positions before and after it along one axis, which mirror it without
 * repeating its outermost position. Reflects as often as it takes; an axis of size 1 repeats.
 */
sg_tensor *sg_reflect(sg_tensor *x, int axis, int64_t before, int64_t after);

#endif
