/* Scores of blurred and augmented pictures; see scorer.h. */
#include "train/losses/scorer.h"

#include "train/augment/augment.h"
#include "train/losses/blur.h"

sg_tensor *sg_score(const sg_scorer *scorer, sg_tensor *pictures, sg_tensor *labels)
{
    if (!pictures)
        return NULL;
    size_t scope = sg_scope_open(pictures->context);
    sg_tensor *seen = sg_blur(pictures, scorer->blur_sigma);
    if (scorer->augment)
        seen = sg_augment(scorer->augment, scorer->augment_p, &scorer->draws, seen);
    return sg_scope_close(pictures->context, scope,
                          sg_discriminator_score(scorer->discriminator, seen, labels));
}
