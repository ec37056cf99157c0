/*
 * Statistics of feature maps; see style_statistics.h.
 *
 * Tested by: tests/golden_test/style_case.c
 */
#include "style/style_statistics.h"

#include "ops/arithmetic.h"
#include "ops/reduce.h"

/* Added to variances by the published program, so that a constant map has a deviation. */
static const double least_variance = 1e-5;

/* Returns maps without their means, which *mean gets. */
static sg_tensor *centre(sg_tensor *maps, sg_tensor **mean)
{
    const int64_t *size = maps->shape.size;
    *mean = sg_mean(maps, SG_SHAPE(size[0], 1, 1, size[3]));
    return sg_subtract(maps, *mean);
}

/* Returns the deviations of centred maps. Of a single pixel the variance is 0. */
static sg_tensor *deviation_of(sg_tensor *centred)
{
    if (!centred)
        return NULL;
    const int64_t *size = centred->shape.size;
    const int64_t pixels = size[1] * size[2];
    sg_tensor *squares = sg_sum_product(centred, centred, SG_SHAPE(size[0], 1, 1, size[3]));
    const double share = 1 / (double)(pixels > 1 ? pixels - 1 : 1);
    return sg_power(sg_affine(squares, share, least_variance), 0.5);
}

sg_style_statistics sg_style_statistics_of(sg_tensor *maps)
{
    sg_style_statistics found = {NULL, NULL};
    if (maps)
        found.deviation = deviation_of(centre(maps, &found.mean));
    return found;
}

sg_tensor *sg_style_adain(sg_tensor *content, const sg_style_statistics *style)
{
    sg_tensor *mean = NULL;
    if (!content)
        return NULL;
    sg_tensor *centred = centre(content, &mean);
    sg_tensor *factor = sg_multiply(style->deviation, sg_power(deviation_of(centred), -1));
    return sg_add(sg_multiply(centred, factor), style->mean);
}

sg_tensor *sg_style_blend(sg_tensor *from, sg_tensor *to, double share)
{
    if (share == 0 || share == 1)
        return share == 0 ? from : to;
    return sg_add(sg_affine(from, 1 - share, 0), sg_affine(to, share, 0));
}
