/* Enlarging by repetition and reducing by averages: a picture [N, H, W, C] viewed as [N, H / f, f,
 * W / f, f, C]. */
#include "ops/picture_scale.h"

#include "ops/check.h"
#include "ops/layout.h"
#include "ops/reduce.h"

sg_tensor *sg_enlarge_nearest(sg_tensor *x, int factor)
{
    if (!sg_check_inputs("enlarge_nearest", &x, 1) || !sg_check_rank("enlarge_nearest", x, 4))
        return NULL;
    if (factor == 1)
        return x;
    if (factor < 1)
        return sg_context_fail(x->context, SG_ERROR_SHAPE,
                               "enlarge_nearest: a picture cannot be enlarged by %d", factor);
    size_t scope = sg_scope_open(x->context);
    const int64_t *s = x->shape.size;
    sg_tensor *y = sg_reshape(x, SG_SHAPE(s[0], s[1], 1, s[2], 1, s[3]));
    y = sg_broadcast(y, SG_SHAPE(s[0], s[1], factor, s[2], factor, s[3]));
    y = sg_reshape(y, SG_SHAPE(s[0], s[1] * factor, s[2] * factor, s[3]));
    return sg_scope_close(x->context, scope, y);
}

sg_tensor *sg_reduce_box(sg_tensor *x, int factor)
{
    if (!sg_check_inputs("reduce_box", &x, 1) || !sg_check_rank("reduce_box", x, 4))
        return NULL;
    if (factor == 1)
        return x;
    const int64_t *s = x->shape.size;
    if (factor < 1 || s[1] % factor || s[2] % factor)
        return sg_context_fail(x->context, SG_ERROR_SHAPE,
                               "reduce_box: %lld x %lld pixels do not divide by %d",
                               (long long)s[1], (long long)s[2], factor);
    size_t scope = sg_scope_open(x->context);
    const int64_t height = s[1] / factor;
    const int64_t width = s[2] / factor;
    sg_tensor *y = sg_reshape(x, SG_SHAPE(s[0], height, factor, width, factor, s[3]));
    y = sg_mean(y, SG_SHAPE(s[0], height, 1, width, 1, s[3]));
    y = sg_reshape(y, SG_SHAPE(s[0], height, width, s[3]));
    return sg_scope_close(x->context, scope, y);
}
