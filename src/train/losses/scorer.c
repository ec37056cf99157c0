/* Scores of blurred, augmented and noisy pictures; see scorer.h. */
#include "train/losses/scorer.h"

#include "ops/arithmetic.h"
#include "tensor/work.h"
#include "train/augment/augment.h"
#include "train/losses/blur.h"

static sg_tensor *add_noise(sg_tensor *pictures, double sigma, sg_random random)
{
    enum { BLOCK = 1024 };
    float values[BLOCK];
    if (!pictures || sigma == 0)
        return pictures;
    const int64_t count = sg_tensor_count(pictures);
    sg_tensor *noise = sg_tensor_create(pictures->context, pictures->dtype, pictures->shape);
    sg_work_note_pass(sg_normal_kind, noise, 1);
    if (sg_is_hollow(pictures->context))
        return sg_add(pictures, noise);
    for (int64_t at = 0; noise && at < count; at += BLOCK) {
        const int64_t length = count - at < BLOCK ? count - at : BLOCK;
        sg_random_normal_fill(&random, values, (size_t)length);
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
    sg_tensor *seen = sg_blur(pictures, scorer->blur_sigma);
    if (scorer->augment)
        seen = sg_augment(scorer->augment, scorer->augment_p, &scorer->draws, seen);
    seen = add_noise(seen, scorer->noise_sigma, scorer->noise);
    return sg_scope_close(pictures->context, scope,
                          sg_discriminator_score(scorer->discriminator, seen, labels));
}
