/* Scores of blurred, augmented and noisy pictures; see scorer.h. */
#include "train/losses/scorer.h"

#include "ops/arithmetic.h"
#include "tensor/normal.h"
#include "train/augment/augment.h"
#include "train/losses/blur.h"

static sg_tensor *add_noise(sg_tensor *pictures, double sigma, sg_random random)
{
    if (!pictures || sigma == 0)
        return pictures;
    sg_tensor *noise =
        sg_tensor_normal(pictures->context, pictures->dtype, pictures->shape, &random);
    const int64_t count = sg_is_hollow(pictures->context) ? 0 : sg_tensor_count(pictures);
    for (int64_t i = 0; noise && i < count; i++)
        sg_tensor_set_value(noise, i, sigma * sg_tensor_value(noise, i));
    return sg_add(pictures, noise);
}

sg_tensor *sg_score(const sg_scorer *scorer, sg_tensor *pictures, sg_tensor *labels)
{
    if (!pictures)
        return NULL;
    size_t scope = sg_scope_open(pictures->context);
    sg_tensor *seen = sg_blur(pictures, scorer->blur_sigma);
    if (scorer->augment)
        seen = sg_augment(scorer->augment, scorer->augment_p, &scorer->draws, seen);
    seen = add_noise(seen, scorer->noise_sigma, scorer->noise);
    return sg_scope_close(pictures->context, scope,
                          sg_discriminator_score(scorer->discriminator, seen, labels));
}
