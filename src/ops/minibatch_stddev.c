/* Minibatch standard deviation, composed from plain ops. */
#include "ops/minibatch_stddev.h"

#include "ops/arithmetic.h"
#include "ops/check.h"
#include "ops/layout.h"
#include "ops/reduce.h"

/* Returns the deviations of x viewed as [G, M, H*W, F, C/F]: a number for each group m and map f,
 * [1, M, 1, F, 1]. */
static sg_tensor *group_deviations(sg_tensor *grouped)
{
    const int64_t *s = grouped->shape.size;
    sg_shape over_group = SG_SHAPE(1, s[1], s[2], s[3], s[4]);
    sg_shape over_pixels = SG_SHAPE(1, s[1], 1, s[3], 1);
    sg_tensor *centred = sg_subtract(grouped, sg_mean(grouped, over_group));
    sg_tensor *squares = sg_sum_product(centred, centred, over_group);
    sg_tensor *variance = sg_affine(squares, 1 / (double)s[0], 1e-8);
    return sg_mean(sg_power(variance, 0.5), over_pixels);
}

sg_tensor *sg_minibatch_stddev(sg_tensor *x, int64_t group_size, int64_t channels)
{
    if (!sg_check_rank("minibatch_stddev", x, 4))
        return NULL;
    const int64_t *s = x->shape.size;
    int64_t group = group_size > 0 && group_size < s[0] ? group_size : s[0];
    if (group == 0 || channels < 1 || s[0] % group || s[3] % channels)
        return sg_context_fail(x->context, SG_ERROR_SHAPE,
                               "minibatch_stddev: %lld samples do not divide into groups of %lld, "
                               "or %lld channels into %lld",
                               (long long)s[0], (long long)group, (long long)s[3],
                               (long long)channels);
    size_t scope = sg_scope_open(x->context);
    int64_t groups = s[0] / group;
    sg_shape split = SG_SHAPE(group, groups, s[1] * s[2], channels, s[3] / channels);
    sg_tensor *grouped = sg_reshape(x, split);
    sg_tensor *maps = grouped ? group_deviations(grouped) : NULL;
    maps = sg_broadcast(maps, SG_SHAPE(group, groups, s[1] * s[2], channels, 1));
    maps = sg_reshape(maps, SG_SHAPE(s[0], s[1], s[2], channels));
    return sg_scope_close(x->context, scope, sg_concatenate(x, maps, 3));
}
