/* Linear layers of transformers: one matrix product over all tokens. */
#include "ops/transformer/dense.h"

#include "ops/activation.h"
#include "ops/check.h"
#include "ops/layout.h"
#include "ops/matmul.h"

sg_tensor *sg_dense(sg_tensor *x, sg_tensor *w, sg_tensor *bias)
{
    sg_tensor *inputs[] = {x, w};
    if (!sg_check_inputs("dense", inputs, 2) || !sg_check_rank("dense", w, 2) ||
        !sg_check_axis("dense", x, x->shape.rank - 1))
        return NULL;
    sg_shape shape = x->shape;
    const int64_t columns = shape.size[shape.rank - 1];
    const int64_t rows = columns > 0 ? sg_tensor_count(x) / columns : 0;
    shape.size[shape.rank - 1] = w->shape.size[0];
    sg_tensor *y = sg_matmul(sg_reshape(x, SG_SHAPE(rows, columns)), false, w, true, 1);
    if (bias)
        y = sg_bias_act_in_place(y, NULL, NULL, bias, sg_bias_act_without_gain(SG_LINEAR));
    return sg_reshape(y, shape);
}
