/*
 * Normalisation with a learned gain and bias for each channel: over the batch (Ioffe and Szegedy
 * 2015), which makes pictures depend on each other, or over each sample (Ba et al. 2016).
 */
#ifndef SG_NN_NORM_LAYER_H
#define SG_NN_NORM_LAYER_H

#include "base/choices.h"
#include "nn/parameter.h"
#include "ops/activation.h"

typedef enum sg_norm_kind {
    SG_NORM_BATCH,
    SG_NORM_LAYER,
    SG_NORM_NONE,
    SG_NORM_COUNT
} sg_norm_kind;

/* "batch", "layer", "none". */
extern const sg_choices sg_norm_choices;

typedef struct sg_norm_layer {
    sg_norm_kind kind;
    sg_tensor *weight;          /* [C], near 1 at the start; borrowed */
    sg_tensor *bias;            /* [C] */
    sg_tensor *mean, *variance; /* [C], buffers: of many batches; NULL when not tracked */
} sg_norm_layer;

/* How batches are normalised in this pass; the other kinds take no notice. */
typedef struct sg_norm_pass {
    bool batch_moments;   /* by the batch's own moments, as in training, not the tracked ones */
    bool update_averages; /* move the tracked moments towards the batch's */
} sg_norm_pass;

/*
 * Adds "PREFIX.weight" and "PREFIX.bias". `kind` is not SG_NORM_NONE. Batch normalisation that
 * `tracks` adds "PREFIX.running_mean" and "PREFIX.running_var" too; one that does not has only the
 * batch's own moments.
 */
sg_norm_layer sg_norm_layer_create(sg_parameter_set *set, const char *prefix, sg_norm_kind kind,
                                   int channels, bool tracks);

/* act(normalised x * weight + bias) of [N, H, W, C]. */
sg_tensor *sg_norm_layer_forward(const sg_norm_layer *layer, sg_tensor *x, sg_norm_pass pass,
                                 sg_bias_act_options activation);

#endif
