/* The heuristic of adaptive augmentation; see ada.h. */
#include "train/step/ada.h"

#include <math.h>

void sg_ada_add_scores(sg_ada *ada, const sg_tensor *scores)
{
    for (int64_t i = 0; scores && i < sg_tensor_count(scores); i++) {
        const double score = sg_tensor_value(scores, i);
        ada->sign_sum += (score > 0) - (score < 0);
        ada->scores++;
    }
}

void sg_ada_adjust(sg_ada *ada, double target, double images, double kimg)
{
    const double r_t = ada->scores > 0 ? (double)ada->sign_sum / (double)ada->scores : target;
    const double direction = (r_t > target) - (r_t < target);
    const float step = (float)(direction * images / (kimg * 1000));
    ada->p = fmaxf(ada->p + step, 0);
    ada->sign_sum = ada->scores = 0;
}
