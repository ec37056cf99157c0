/*
 * Pictures before CLIP's image tower, and features after it.
 *
 * Features are those of the class token, so the last block computes attention's keys and values of
 * all tokens, and all else of the class token alone.
 *
 * Tested by: tests/features/clip/test_clip.c
 */
#include "features/clip/clip_inside.h"
#include "features/tape/area_reduction.h"
#include "ops/arithmetic.h"
#include "ops/check.h"
#include "ops/layout.h"
#include "ops/reduce.h"

/* Of the pictures that CLIP was trained with, of values of 0 to 1. */
static const double means[3] = {0.48145466, 0.4578275, 0.40821073};
static const double deviations[3] = {0.26862954, 0.26130258, 0.27577711};

sg_tensor *sg_clip_image(const sg_clip *clip, sg_tensor *pictures)
{
    if (!pictures)
        return NULL;
    const size_t scope = sg_scope_open(pictures->context);
    sg_tensor *x = sg_clip_image_tokens(clip, pictures, clip->sizes.vision.layers - 1);
    x = sg_clip_run_last(clip, x);
    if (x)
        x = sg_reshape(x, SG_SHAPE(x->shape.size[0], x->shape.size[2]));
    return sg_scope_close(pictures->context, scope, sg_clip_finish(&clip->vision, x));
}

/* Returns the middle of a direction that is resized to `resized` pixels. It starts where
 * torchvision's CenterCrop does: at half of what is cut off, rounded to even. */
static sg_resize_part middle_of(int64_t resized, int64_t side)
{
    const size_t cut = (size_t)(resized - side);
    return (sg_resize_part){(size_t)resized, cut / 2 + (cut % 4 == 3), (size_t)side};
}

/* Returns what a part keeps of an axis that has its size already. */
static sg_tensor *keep(sg_tensor *x, int axis, sg_resize_part part)
{
    return !x || part.count == part.size
               ? x
               : sg_slice(x, axis, (int64_t)part.from, (int64_t)part.count);
}

/* Resizes pictures so that the shorter side is `side`, and cuts the middle out. */
static sg_tensor *fit(sg_tensor *pictures, int64_t side)
{
    const int64_t height = pictures->shape.size[1];
    const int64_t width = pictures->shape.size[2];
    const int64_t shorter = height < width ? height : width;
    const sg_resize_part rows = middle_of(height * side / shorter, side);
    const sg_resize_part columns = middle_of(width * side / shorter, side);
    return shorter == side ? keep(keep(pictures, 1, rows), 2, columns)
                           : sg_resize_tensor(pictures, rows, columns, SG_RESIZE_BICUBIC);
}

sg_tensor *sg_clip_normalised(const sg_clip *clip, sg_tensor *pictures)
{
    if (!pictures || !sg_check_rank("clip_normalised", pictures, 4))
        return NULL;
    const int64_t *size = pictures->shape.size;
    if ((size[3] != 1 && size[3] != 3) || size[1] < 1 || size[2] < 1) {
        char text[160];
        return sg_context_fail(pictures->context, SG_ERROR_SHAPE,
                               "clip_normalised: pictures are %s, but must have 1 or 3 channels",
                               sg_shape_print(&pictures->shape, text));
    }
    sg_context *context = pictures->context;
    const size_t scope = sg_scope_open(context);
    sg_tensor *x = fit(pictures, (int64_t)sg_clip_image_side(clip));
    sg_tensor *scale = sg_tensor_full(context, pictures->dtype, SG_SHAPE(3), 0);
    sg_tensor *shift = sg_tensor_full(context, pictures->dtype, SG_SHAPE(3), 0);
    for (int c = 0; c < 3 && scale && shift; c++) {
        sg_tensor_set_value(scale, c, 0.5 / deviations[c]);
        sg_tensor_set_value(shift, c, (0.5 - means[c]) / deviations[c]);
    }
    return sg_scope_close(context, scope, sg_add(sg_multiply(x, scale), shift));
}

sg_tensor *sg_clip_unit(sg_tensor *features)
{
    if (!features || !sg_check_rank("clip_unit", features, 2))
        return NULL;
    const size_t scope = sg_scope_open(features->context);
    sg_tensor *squares = sg_sum_product(features, features, SG_SHAPE(features->shape.size[0], 1));
    /* features of length 0 stay 0 */
    sg_tensor *scale = sg_power(sg_affine(squares, 1, 1e-30), -0.5);
    return sg_scope_close(features->context, scope, sg_multiply(features, scale));
}

sg_tensor *sg_clip_look(const sg_clip *clip, sg_tensor *pictures)
{
    return sg_clip_unit(sg_clip_image(clip, sg_clip_normalised(clip, pictures)));
}
