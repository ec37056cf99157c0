/* Normalisations, composed from plain ops in scopes of their own. */
#include "ops/normalize.h"

#include "ops/arithmetic.h"
#include "ops/check.h"
#include "ops/reduce.h"

sg_tensor *sg_normalize_second_moment(sg_tensor *x, double epsilon)
{
    if (!x || !sg_check_axis("normalize_second_moment", x, x->shape.rank - 1))
        return NULL;
    size_t scope = sg_scope_open(x->context);
    sg_shape shape = x->shape;
    double length = (double)shape.size[shape.rank - 1];
    shape.size[shape.rank - 1] = 1;
    sg_tensor *moment = sg_affine(sg_sum_product(x, x, shape), 1 / length, epsilon);
    return sg_scope_close(x->context, scope, sg_multiply(x, sg_power(moment, -0.5)));
}

sg_tensor *sg_normalize_over(sg_tensor *x, sg_shape shape, double epsilon)
{
    if (!x)
        return NULL;
    size_t scope = sg_scope_open(x->context);
    const int64_t kept = sg_shape_count(&shape);
    const double values = kept ? (double)sg_tensor_count(x) / (double)kept : 1;
    sg_tensor *centred = sg_subtract(x, sg_mean(x, shape));
    sg_tensor *variance = sg_affine(sg_sum_product(centred, centred, shape), 1 / values, epsilon);
    return sg_scope_close(x->context, scope, sg_multiply(centred, sg_power(variance, -0.5)));
}

sg_tensor *sg_normalize_instance(sg_tensor *x, double epsilon)
{
    if (!sg_check_rank("normalize_instance", x, 4))
        return NULL;
    return sg_normalize_over(x, SG_SHAPE(x->shape.size[0], 1, 1, x->shape.size[3]), epsilon);
}
