/* Grid sampling. It is linear in the image, so that it and its adjoint are each other's gradients,
 * to any order. */
#include "ops/augment/grid_sample.h"

#include "kernels/resample/grid_sample.h"
#include "ops/by_dtype.h"
#include "ops/check.h"
#include "ops/op_table.h"

/* True if images and maps fit; fails otherwise. */
static bool check_maps(const char *op, sg_tensor *x, sg_tensor *maps)
{
    if (!maps || !sg_check_inputs(op, &x, 1) || !sg_check_rank(op, x, 4) ||
        !sg_check_rank(op, maps, 3))
        return false;
    const int64_t *size = maps->shape.size;
    if (maps->dtype != SG_F64 || size[0] != x->shape.size[0] || size[1] != 2 || size[2] != 3) {
        sg_shape_mismatch(op, x, maps);
        return false;
    }
    return true;
}

sg_tensor *sg_grid_sample(sg_tensor *x, sg_tensor *maps, int64_t height, int64_t width)
{
    if (!check_maps("grid_sample", x, maps))
        return NULL;
    const int64_t *size = x->shape.size;
    sg_tensor *y =
        sg_tensor_create(x->context, x->dtype, SG_SHAPE(size[0], height, width, size[3]));
    if (!y)
        return NULL;
    const sg_grid_shape shape = {size[0], size[3], size[1], size[2], height, width};
    SG_BY_DTYPE(x, sg_grid_sample, (&shape, sg_f64(maps), sg_values(x), sg_values(y)));
    return sg_tape_record(&sg_op_grid_sample, NULL, 0, (sg_tensor *[]){x, maps}, y);
}

sg_tensor *sg_grid_scatter(sg_tensor *y, sg_tensor *maps, int64_t height, int64_t width)
{
    if (!check_maps("grid_scatter", y, maps))
        return NULL;
    const int64_t *size = y->shape.size;
    sg_tensor *x =
        sg_tensor_create(y->context, y->dtype, SG_SHAPE(size[0], height, width, size[3]));
    if (!x)
        return NULL;
    const sg_grid_shape shape = {size[0], size[3], height, width, size[1], size[2]};
    SG_BY_DTYPE(y, sg_grid_scatter, (&shape, sg_f64(maps), sg_values(y), sg_values(x)));
    return sg_tape_record(&sg_op_grid_scatter, NULL, 0, (sg_tensor *[]){y, maps}, x);
}

static void backward_grid_sample(sg_backward *call)
{
    const int64_t *size = call->input_shapes[0].size;
    if (call->wanted[0])
        call->results[0] = sg_grid_scatter(call->gradient, call->inputs[1], size[1], size[2]);
}

static void backward_grid_scatter(sg_backward *call)
{
    const int64_t *size = call->input_shapes[0].size;
    if (call->wanted[0])
        call->results[0] = sg_grid_sample(call->gradient, call->inputs[1], size[1], size[2]);
}

const sg_op sg_op_grid_sample = {"grid_sample", 2, {SG_READS_INPUT(1), 0}, backward_grid_sample};
const sg_op sg_op_grid_scatter = {"grid_scatter", 2, {SG_READS_INPUT(1), 0}, backward_grid_scatter};

sg_tensor *sg_resize_aligned(sg_tensor *x, int64_t height, int64_t width)
{
    if (!sg_check_inputs("resize_aligned", &x, 1) || !sg_check_rank("resize_aligned", x, 4))
        return NULL;
    const int64_t *size = x->shape.size;
    const double scale_x = width > 1 ? (double)(size[2] - 1) / (double)(width - 1) : 0;
    const double scale_y = height > 1 ? (double)(size[1] - 1) / (double)(height - 1) : 0;
    const double map[6] = {scale_x, 0, 0, 0, scale_y, 0};
    const size_t scope = sg_scope_open(x->context);
    sg_tensor *maps = sg_tensor_create(x->context, SG_F64, SG_SHAPE(size[0], 2, 3));
    for (int64_t i = 0; maps && i < sg_tensor_count(maps); i++)
        sg_tensor_set_value(maps, i, map[i % 6]);
    return sg_scope_close(x->context, scope, sg_grid_sample(x, maps, height, width));
}
