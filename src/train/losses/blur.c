/*
 * Gaussian blur by a filter in both axes.
 * Tested by: tests/train/losses/test_scorer.c
 */
#include "train/losses/blur.h"

#include <math.h>

#include "ops/upfirdn.h"

/* Returns 2^-(distance / sigma)^2 in both axes with a sum of 1, over 2 * reach + 1 taps. */
static sg_tensor *gaussian(const sg_tensor *pictures, double sigma, int reach)
{
    int64_t taps = 2 * (int64_t)reach + 1;
    double sum = 0;
    sg_tensor *filter = sg_tensor_create(pictures->context, pictures->dtype, SG_SHAPE(taps, taps));
    for (int i = -reach; i <= reach; i++)
        sum += exp2(-pow(i / sigma, 2));
    for (int y = -reach; filter && y <= reach; y++)
        for (int x = -reach; x <= reach; x++)
            sg_tensor_set_value(filter, (y + reach) * taps + x + reach,
                                exp2(-pow(x / sigma, 2) - pow(y / sigma, 2)) / (sum * sum));
    return filter;
}

sg_tensor *sg_blur(sg_tensor *pictures, double sigma)
{
    const int reach = (int)floor(sigma * 3);
    sg_upfirdn_options options = sg_upfirdn_defaults();
    if (!pictures || reach == 0)
        return pictures;
    options.pad_x0 = options.pad_x1 = options.pad_y0 = options.pad_y1 = reach;
    return sg_upfirdn(pictures, gaussian(pictures, sigma, reach), options);
}
