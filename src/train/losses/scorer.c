/* Scores of blurred and noisy pictures; see scorer.h. */
#include "train/losses/scorer.h"

#include <math.h>

#include "ops/arithmetic.h"
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

static sg_tensor *blur(sg_tensor *pictures, double sigma)
{
    int reach = (int)floor(sigma * 3);
    if (!pictures || reach == 0)
        return pictures;
    sg_upfirdn_options options = sg_upfirdn_defaults();
    options.pad_x0 = options.pad_x1 = options.pad_y0 = options.pad_y1 = reach;
    return sg_upfirdn(pictures, gaussian(pictures, sigma, reach), options);
}

static sg_tensor *add_noise(sg_tensor *pictures, double sigma, sg_random *random)
{
    enum { BLOCK = 1024 };
    float values[BLOCK];
    if (!pictures || sigma == 0)
        return pictures;
    const int64_t count = sg_tensor_count(pictures);
    sg_tensor *noise = sg_tensor_create(pictures->context, pictures->dtype, pictures->shape);
    for (int64_t at = 0; noise && at < count; at += BLOCK) {
        const int64_t length = count - at < BLOCK ? count - at : BLOCK;
        sg_random_normal_fill(random, values, (size_t)length);
        for (int64_t i = 0; i < length; i++)
            sg_tensor_set_value(noise, at + i, sigma * (double)values[i]);
    }
    return sg_add(pictures, noise);
}

sg_tensor *sg_score(const sg_scorer *scorer, sg_tensor *pictures, sg_tensor *labels)
{
    if (!pictures)
        return NULL;
    size_t scope = sg_scope_open(pictures->context);
    sg_tensor *seen =
        add_noise(blur(pictures, scorer->blur_sigma), scorer->noise_sigma, scorer->noise);
    return sg_scope_close(pictures->context, scope,
                          sg_discriminator_score(scorer->discriminator, seen, labels));
}
