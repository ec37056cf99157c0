/*
 * Reduction by area: boxes where both sides shrink by the same whole number, otherwise a product
 * with the matrix of each direction's weights.
 *
 * Tested by: tests/features/tape/test_lpips_tape.c
 */
#include "features/tape/area_reduction.h"

#include "features/feature_input.h"
#include "image/resize_weights.h"
#include "ops/layout.h"
#include "ops/matmul.h"
#include "ops/picture_scale.h"

/* Returns the weights from `source` to `target` pixels as a matrix [target, source]. */
static sg_tensor *weight_matrix(sg_tensor *like, size_t source, size_t target,
                                sg_resize_filter filter)
{
    sg_resize_weights weights;
    sg_tensor *matrix =
        sg_tensor_full(like->context, like->dtype, SG_SHAPE((int64_t)target, (int64_t)source), 0);
    if (!sg_resize_weights_make(&weights, source, target, filter))
        matrix = sg_context_fail_memory(like->context, "a resized picture");
    for (size_t i = 0; matrix && i < target; i++)
        for (size_t k = 0; k < weights.count[i]; k++)
            sg_tensor_set_value(matrix, (int64_t)(i * source + weights.first[i] + k),
                                weights.values[i * weights.width + k]);
    sg_resize_weights_free(&weights);
    return matrix;
}

/* Returns x [N, H, W, C] with H pixels brought to `target`. */
static sg_tensor *resize_rows(sg_tensor *x, size_t target, sg_resize_filter filter)
{
    static const int axes[] = {1, 0, 2, 3};
    if (!x)
        return NULL;
    const int64_t *size = x->shape.size;
    sg_tensor *matrix = weight_matrix(x, (size_t)size[1], target, filter);
    sg_tensor *rows =
        sg_reshape(sg_permute(x, axes), SG_SHAPE(size[1], size[0] * size[2] * size[3]));
    sg_tensor *reduced = sg_matmul(matrix, false, rows, false, 1);
    return sg_permute(sg_reshape(reduced, SG_SHAPE((int64_t)target, size[0], size[2], size[3])),
                      axes);
}

sg_tensor *sg_resize_tensor(sg_tensor *pictures, size_t height, size_t width,
                            sg_resize_filter filter)
{
    static const int turned[] = {0, 2, 1, 3};
    if (!pictures)
        return NULL;
    size_t scope = sg_scope_open(pictures->context);
    sg_tensor *x = sg_permute(resize_rows(pictures, height, filter), turned);
    x = sg_permute(resize_rows(x, width, filter), turned);
    return sg_scope_close(pictures->context, scope, x);
}

sg_tensor *sg_reduce_area(sg_tensor *pictures)
{
    if (!pictures)
        return NULL;
    const size_t full_height = (size_t)pictures->shape.size[1];
    const size_t full_width = (size_t)pictures->shape.size[2];
    size_t height = full_height;
    size_t width = full_width;
    sg_feature_reduce_size(&height, &width);
    if (height == full_height && width == full_width)
        return pictures;
    const size_t factor = full_height / height;
    if (height * factor == full_height && width * factor == full_width)
        return sg_reduce_box(pictures, (int)factor);
    return sg_resize_tensor(pictures, height, width, SG_RESIZE_CELL);
}
