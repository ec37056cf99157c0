/*
 * Affine maps of images: padding, upsampling, sampling, downsampling, by one kernel, or by ops as
 * the reference. Linear in the image, so that the op and its adjoint are each other's gradients.
 */
#include "ops/augment/warp.h"

#include <math.h>

#include "kernels/resample/warp.h"
#include "ops/augment/grid_sample.h"
#include "ops/augment/reflect.h"
#include "ops/by_dtype.h"
#include "ops/check.h"
#include "ops/op_table.h"
#include "ops/upfirdn.h"

enum { TAPS = SG_WARP_TAPS, REACH = TAPS / 4 };

const double sg_warp_filter[TAPS] = {
    0.0108923493f, 0.00246830587f, -0.0834316015f, -0.0341615602f, 0.347228944f,   0.556946397f,
    0.238952175f,  -0.051362481f,  -0.014891874f,  0.0316252783f,  0.00124996097f, -0.0055159335f,
};

/* Pixels of padding around an image. */
typedef struct margins {
    int64_t left, above, right, below;
} margins;

/* Returns the padding of a side that the maps overstep by `reach` pixels from the centre. */
static int64_t margin_of(double reach, int64_t size)
{
    const double margin = reach + 2 * REACH - (double)(size - 1) / 2;
    return (int64_t)ceil(fmin(fmax(margin, 0), (double)(size - 1)));
}

/* Finds what the corners of any result need, so that all images are padded alike. */
static margins find_margins(const sg_tensor *maps, int64_t height, int64_t width)
{
    double reach[4] = {-INFINITY, -INFINITY, -INFINITY, -INFINITY};
    for (int64_t n = 0; n < maps->shape.size[0]; n++) {
        for (int corner = 0; corner < 4; corner++) {
            const double *m = sg_f64(maps) + 6 * n;
            const double x = (corner & 1 ? 0.5 : -0.5) * (double)(width - 1);
            const double y = (corner & 2 ? 0.5 : -0.5) * (double)(height - 1);
            for (int axis = 0; axis < 2; axis++) {
                const double at = m[3 * axis] * x + m[3 * axis + 1] * y + m[3 * axis + 2];
                reach[axis] = fmax(reach[axis], -at);
                reach[2 + axis] = fmax(reach[2 + axis], at);
            }
        }
    }
    return (margins){margin_of(reach[0], width), margin_of(reach[1], height),
                     margin_of(reach[2], width), margin_of(reach[3], height)};
}

/*
 * Returns the maps between indices: from points of the grid, two for each pixel and REACH pixels
 * more at each side, to positions in the padded and upsampled image.
 */
static sg_tensor *index_maps(const sg_tensor *maps, margins pad, int64_t height, int64_t width)
{
    sg_tensor *grids = sg_tensor_create(maps->context, SG_F64, maps->shape);
    const double origin[2] = {(double)(2 * pad.left + width - 1),
                              (double)(2 * pad.above + height - 1)};
    const double first_x = (double)(width + 2 * REACH - 1);
    const double first_y = (double)(height + 2 * REACH - 1);
    for (int64_t row = 0; grids && row < 2 * maps->shape.size[0]; row++) {
        const double *m = sg_f64(maps) + 3 * row;
        double *grid = sg_f64(grids) + 3 * row;
        grid[0] = m[0];
        grid[1] = m[1];
        grid[2] = 2 * m[2] + origin[row % 2] - m[0] * first_x - m[1] * first_y;
    }
    return grids;
}

/* Returns the filter in both axes. */
static sg_tensor *symlet_square(const sg_tensor *x)
{
    sg_tensor *filter = sg_tensor_create(x->context, x->dtype, SG_SHAPE(TAPS, TAPS));
    for (int i = 0; filter && i < TAPS * TAPS; i++)
        sg_tensor_set_value(filter, i, sg_warp_filter[i / TAPS] * sg_warp_filter[i % TAPS]);
    return filter;
}

static sg_tensor *warp_by_ops(sg_tensor *x, sg_tensor *maps)
{
    const int64_t height = x->shape.size[1];
    const int64_t width = x->shape.size[2];
    const margins pad = find_margins(maps, height, width);
    sg_tensor *filter = symlet_square(x);
    sg_tensor *grids = index_maps(maps, pad, height, width);
    if (!filter || !grids)
        return NULL;
    sg_upfirdn_options down = sg_downsample_options(&filter->shape, 2);
    down.flip_filter = true;
    down.pad_x0 -= 2 * REACH;
    down.pad_x1 -= 2 * REACH;
    down.pad_y0 -= 2 * REACH;
    down.pad_y1 -= 2 * REACH;
    x = sg_reflect(sg_reflect(x, 1, pad.above, pad.below), 2, pad.left, pad.right);
    x = sg_upfirdn(x, filter, sg_upsample_options(&filter->shape, 2));
    x = sg_grid_sample(x, grids, 2 * height + 4 * REACH, 2 * width + 4 * REACH);
    return sg_upfirdn(x, filter, down);
}

/* Runs the kernel or its adjoint; `maps` are between points of the images. */
static sg_tensor *run_kernel(sg_tensor *from, sg_tensor *maps, bool adjoint)
{
    const int64_t *size = from->shape.size;
    if (sg_is_hollow(from->context))
        return sg_tensor_create(from->context, from->dtype, from->shape);
    const margins pad = find_margins(maps, size[1], size[2]);
    sg_tensor *grids = index_maps(maps, pad, size[1], size[2]);
    sg_tensor *to = sg_tensor_create(from->context, from->dtype, from->shape);
    if (!grids || !to)
        return NULL;
    const sg_warp_shape shape = {.samples = size[0],
                                 .height = size[1],
                                 .width = size[2],
                                 .channels = size[3],
                                 .pad_left = pad.left,
                                 .pad_above = pad.above,
                                 .pad_right = pad.right,
                                 .pad_below = pad.below,
                                 .filter = sg_warp_filter,
                                 .maps = sg_f64(grids),
                                 .copy_unmoved = from->dtype == SG_F32};
    size_t bytes = 0;
    void *scratch = sg_warp_scratch_bytes(&shape, sg_dtype_bytes(from->dtype), &bytes)
                        ? sg_pool_scratch(from->context->pool, bytes)
                        : NULL;
    if (!scratch)
        return sg_context_fail_memory(from->context, "the augmentation of pictures");
    if (adjoint)
        SG_BY_DTYPE(from, sg_warp_adjoint, (&shape, sg_values(from), sg_values(to), scratch));
    else
        SG_BY_DTYPE(from, sg_warp, (&shape, sg_values(from), sg_values(to), scratch));
    return to;
}

/* Returns the op's result, on the tape. */
static sg_tensor *run(const sg_op *op, sg_tensor *from, sg_tensor *maps, bool adjoint)
{
    size_t scope = sg_scope_open(from->context);
    sg_tensor *to = sg_scope_close(from->context, scope, run_kernel(from, maps, adjoint));
    return sg_tape_record(op, NULL, 0, (sg_tensor *[]){from, maps}, to);
}

sg_tensor *sg_warp(sg_tensor *x, sg_tensor *maps)
{
    if (!maps || !sg_check_inputs("warp", &x, 1) || !sg_check_rank("warp", x, 4))
        return NULL;
    const sg_shape expected = SG_SHAPE(x->shape.size[0], 2, 3);
    if (maps->dtype != SG_F64 || !sg_shape_equal(&maps->shape, &expected))
        return sg_shape_mismatch("warp", x, maps);
    if (!x->context->reference_kernels)
        return run(&sg_op_warp, x, maps, false);
    size_t scope = sg_scope_open(x->context);
    return sg_scope_close(x->context, scope, warp_by_ops(x, maps));
}

static void backward_warp(sg_backward *call)
{
    if (call->wanted[0] && call->gradient)
        call->results[0] = run(&sg_op_warp_adjoint, call->gradient, call->inputs[1], true);
}

static void backward_warp_adjoint(sg_backward *call)
{
    if (call->wanted[0] && call->gradient)
        call->results[0] = run(&sg_op_warp, call->gradient, call->inputs[1], false);
}

const sg_op sg_op_warp = {"warp", 2, {SG_READS_INPUT(1), 0}, backward_warp};
const sg_op sg_op_warp_adjoint = {"warp_adjoint", 2, {SG_READS_INPUT(1), 0}, backward_warp_adjoint};
