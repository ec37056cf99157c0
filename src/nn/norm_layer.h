/*
 * Normalisation with a learned gain and bias for each channel: over the batch (Ioffe and Szegedy
 * 2015), where pictures depend on each other, or over each sample (Ba et al. 2016).
 */
#ifndef SG_NN_NORM_LAYER_H
#define SG_NN_NORM_LAYER_H

#include "base/choices.h"
#include "nn/parameter.h"
#include "ops/activation.h"

/* The kinds of normalisation. */
typedef enum sg_norm_kind {
    SG_NORM_BATCH,
    SG_NORM_LAYER,
    SG_NORM_NONE,
    SG_NORM_COUNT
} sg_norm_kind;

/* The names of sg_norm_kind: "batch", "layer", "none". */
extern const sg_choices sg_norm_choices;

/* A layer; its tensors belong to the parameter set. */
typedef struct sg_norm_layer {
    sg_norm_kind kind;
    sg_tensor *weight;          /* [C], near 1 at the start; borrowed */
    sg_tensor *bias;            /* [C] */
    sg_tensor *mean, *variance; /* [C], buffers: averages over batches; NULL when not tracked */
} sg_norm_layer;

/* Options of batch normalisation in a pass; other kinds ignore them. */
typedef struct sg_norm_pass {
    bool batch_moments;   /* uses the batch's own moments, as in training, not the tracked ones */
    bool update_averages; /* moves the tracked moments towards the batch's */
} sg_norm_pass;

/*
 * Adds "PREFIX.weight" and "PREFIX.bias". `kind` is not SG_NORM_NONE. Batch normalisation that
 * `tracks` also adds "PREFIX.running_mean" and "PREFIX.running_var"; without them it always uses
 * the batch's own moments.
 */
sg_norm_layer sg_norm_layer_create(sg_parameter_set *set, const char *prefix, sg_norm_kind kind,
                                   int channels, bool tracks);

/* Returns act(normalised x * weight + bias) of x [N, H, W, C]. */
sg_tensor *sg_norm_layer_forward(const sg_norm_layer *layer, sg_tensor *x, sg_norm_pass pass,
                                 sg_bias_act_options activation);

#endif
