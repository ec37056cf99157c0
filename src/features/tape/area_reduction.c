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

/* Finds the source positions from *first to *end - 1 that the weights reach. */
static void find_reach(const sg_resize_weights *weights, size_t count, size_t *first, size_t *end)
{
    *first = SIZE_MAX;
    *end = 0;
    for (size_t i = 0; i < count; i++) {
        const size_t stop = weights->first[i] + weights->count[i];
        *first = weights->first[i] < *first ? weights->first[i] : *first;
        *end = stop > *end ? stop : *end;
    }
}

/* Returns the weights as a matrix [count, end - first] of the source positions that they reach. */
static sg_tensor *weight_matrix(sg_tensor *like, const sg_resize_weights *weights, size_t count,
                                size_t first, size_t end)
{
    const size_t reach = end - first;
    sg_tensor *matrix =
        sg_tensor_full(like->context, like->dtype, SG_SHAPE((int64_t)count, (int64_t)reach), 0);
    for (size_t i = 0; matrix && i < count; i++)
        for (size_t k = 0; k < weights->count[i]; k++)
            sg_tensor_set_value(matrix, (int64_t)(i * reach + weights->first[i] - first + k),
                                weights->values[i * weights->width + k]);
    return matrix;
}

/* Returns the rows of x [N, H, W, C] that the matrix reaches, multiplied by it. */
static sg_tensor *multiply_rows(sg_tensor *x, sg_tensor *matrix, size_t first)
{
    static const int axes[] = {1, 0, 2, 3};
    if (!matrix)
        return NULL;
    const int64_t reach = matrix->shape.size[1];
    if (reach < x->shape.size[1])
        x = sg_slice(x, 1, (int64_t)first, reach);
    if (!x)
        return NULL;
    const int64_t *size = x->shape.size;
    sg_tensor *rows = sg_reshape(sg_permute(x, axes), SG_SHAPE(reach, size[0] * size[2] * size[3]));
    sg_tensor *reduced = sg_matmul(matrix, false, rows, false, 1);
    return sg_permute(
        sg_reshape(reduced, SG_SHAPE(matrix->shape.size[0], size[0], size[2], size[3])), axes);
}

/* Returns the part of x [N, H, W, C] with H pixels resized. */
static sg_tensor *resize_rows(sg_tensor *x, sg_resize_part part, sg_resize_filter filter)
{
    sg_resize_weights weights;
    size_t first;
    size_t end;
    sg_tensor *made = NULL;
    if (!x)
        return NULL;
    if (sg_resize_weights_make_part(&weights, (size_t)x->shape.size[1], part.size, part.from,
                                    part.count, filter)) {
        find_reach(&weights, part.count, &first, &end);
        made = multiply_rows(x, weight_matrix(x, &weights, part.count, first, end), first);
    } else
        made = sg_context_fail_memory(x->context, "a resized picture");
    sg_resize_weights_free(&weights);
    return made;
}

sg_tensor *sg_resize_tensor(sg_tensor *pictures, sg_resize_part rows, sg_resize_part columns,
                            sg_resize_filter filter)
{
    static const int turned[] = {0, 2, 1, 3};
    if (!pictures)
        return NULL;
    size_t scope = sg_scope_open(pictures->context);
    sg_tensor *x = sg_permute(resize_rows(pictures, rows, filter), turned);
    x = sg_permute(resize_rows(x, columns, filter), turned);
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
    return sg_resize_tensor(pictures, (sg_resize_part){height, 0, height},
                            (sg_resize_part){width, 0, width}, SG_RESIZE_CELL);
}
