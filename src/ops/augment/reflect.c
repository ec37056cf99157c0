/* Padding by reflection, of slices that are flipped. */
#include "ops/augment/reflect.h"

#include "ops/check.h"
#include "ops/layout.h"

static int64_t smaller(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* Returns up to `count` positions that mirror the start or the end of x. */
static sg_tensor *mirror(sg_tensor *x, int axis, int64_t count, bool at_end)
{
    const int64_t size = x->shape.size[axis];
    if (size == 1)
        return x;
    return sg_flip(sg_slice(x, axis, at_end ? size - 1 - count : 1, count), 1u << axis);
}

sg_tensor *sg_reflect(sg_tensor *x, int axis, int64_t before, int64_t after)
{
    if (!sg_check_inputs("reflect", &x, 1) || !sg_check_axis("reflect", x, axis))
        return NULL;
    while (x && (before > 0 || after > 0)) {
        const int64_t size = x->shape.size[axis];
        const int64_t most = size > 1 ? size - 1 : 1;
        const int64_t left = smaller(before, most);
        const int64_t right = smaller(after, most);
        sg_tensor *y = x;
        if (left > 0)
            y = sg_concatenate(mirror(x, axis, left, false), y, axis);
        if (right > 0)
            y = sg_concatenate(y, mirror(x, axis, right, true), axis);
        x = y;
        before -= left;
        after -= right;
    }
    return x;
}
