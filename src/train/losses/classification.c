/* Cross entropies of classifiers; see classification.h. */
#include "train/losses/classification.h"

#include "ops/activation.h"
#include "ops/arithmetic.h"
#include "ops/layout.h"
#include "ops/reduce.h"

sg_tensor *sg_log_sum_exp(sg_tensor *logits)
{
    sg_tensor *sums = logits;
    while (sums && sums->shape.size[1] > 1) {
        const int64_t columns = sums->shape.size[1];
        const int64_t half = columns / 2;
        sg_tensor *left = sg_slice(sums, 1, 0, half);
        sg_tensor *right = sg_slice(sums, 1, half, half);
        sg_tensor *joined = sg_add(left, sg_softplus(sg_subtract(right, left)));
        if (columns % 2 != 0)
            joined = sg_concatenate(joined, sg_slice(sums, 1, columns - 1, 1), 1);
        sums = joined;
    }
    return sums;
}

static sg_tensor *softmax_loss(sg_tensor *logits, sg_tensor *labels)
{
    sg_tensor *normaliser = sg_log_sum_exp(logits);
    if (!normaliser || !labels)
        return NULL;
    sg_tensor *chosen = sg_sum_product(logits, labels, normaliser->shape);
    return sg_mean_all(sg_subtract(normaliser, chosen));
}

sg_tensor *sg_loss_cross_entropy(sg_discriminator_output output, sg_tensor *logits,
                                 sg_tensor *labels)
{
    if (output == SG_OUTPUT_CLASSES)
        return softmax_loss(logits, labels);
    return sg_mean_all(sg_subtract(sg_softplus(logits), sg_multiply(logits, labels)));
}

/* Returns the column of the largest of `count` values that begin at `first`. */
static int64_t largest(const sg_tensor *tensor, int64_t first, int64_t count)
{
    int64_t best = 0;
    for (int64_t k = 1; k < count; k++)
        if (sg_tensor_value(tensor, first + k) > sg_tensor_value(tensor, first + best))
            best = k;
    return best;
}

double sg_share_right(sg_discriminator_output output, const sg_tensor *logits,
                      const sg_tensor *labels)
{
    const int64_t samples = logits->shape.size[0];
    const int64_t columns = logits->shape.size[1];
    int64_t right = 0;
    if (output == SG_OUTPUT_CLASSES) {
        for (int64_t i = 0; i < samples; i++)
            right += largest(logits, i * columns, columns) == largest(labels, i * columns, columns);
        return (double)right / (double)samples;
    }
    for (int64_t i = 0; i < samples * columns; i++)
        right += (sg_tensor_value(logits, i) > 0) == (sg_tensor_value(labels, i) > 0.5);
    return (double)right / (double)(samples * columns);
}
