/*
 * The losses of a classifier: cross entropies of its logits and the labels of the data. All take
 * logits and labels [N, K], in the order of classes or attributes.
 */
#ifndef SG_TRAIN_LOSSES_CLASSIFICATION_H
#define SG_TRAIN_LOSSES_CLASSIFICATION_H

#include "models/config.h"
#include "tensor/tape.h"

/*
 * Returns log(sum of e^logit) over each row, [N, 1]: the softmax's normaliser, without overflow.
 * Pairs of columns are joined by log(e^a + e^b) = a + softplus(b - a) until one is left, so that
 * its gradient is the softmax and can be differentiated again.
 */
sg_tensor *sg_log_sum_exp(sg_tensor *logits);

/*
 * Returns the loss, a scalar on the tape. For classes the softmax's cross entropy, mean(lse(z) -
 * <z, label>), whose labels are shares that add up to 1. For attributes the sigmoids' cross
 * entropy, the mean over pictures and attributes of softplus(z) - z * label, whose labels are
 * probabilities.
 */
sg_tensor *sg_loss_cross_entropy(sg_discriminator_output output, sg_tensor *logits,
                                 sg_tensor *labels);

/*
 * Returns the share of answers that are right, from 0 to 1: of pictures whose largest logit is at
 * their largest label, or of attributes whose logit is above 0 where the label is above 1/2.
 */
double sg_share_right(sg_discriminator_output output, const sg_tensor *logits,
                      const sg_tensor *labels);

#endif
