/* Normal random numbers, which are drawn in single precision whatever the tensor's type. */
#include "tensor/normal.h"

#include "tensor/work.h"

sg_tensor *sg_tensor_normal(sg_context *context, sg_dtype dtype, sg_shape shape, sg_random *random)
{
    enum { BLOCK = 1024 };
    float block[BLOCK];
    sg_tensor *tensor = sg_tensor_create(context, dtype, shape);
    if (!tensor)
        return NULL;
    sg_work_note_pass(sg_normal_kind, tensor, 1);
    if (sg_is_hollow(context))
        return tensor;
    const int64_t count = sg_tensor_count(tensor);
    if (dtype == SG_F32) {
        sg_random_normal_fill(random, sg_f32(tensor), (size_t)count);
        return tensor;
    }
    for (int64_t at = 0; at < count; at += BLOCK) {
        const int64_t length = count - at < BLOCK ? count - at : BLOCK;
        sg_random_normal_fill(random, block, (size_t)length);
        for (int64_t i = 0; i < length; i++)
            sg_tensor_set_value(tensor, at + i, (double)block[i]);
    }
    return tensor;
}
