/* What CLIP's towers are made of. */
#ifndef SG_FEATURES_CLIP_CLIP_INSIDE_H
#define SG_FEATURES_CLIP_CLIP_INSIDE_H

#include "features/clip/bpe.h"
#include "features/clip/clip.h"
#include "features/clip/clip_sizes.h"
#include "nn/parameter.h"

/* Weight and bias; borrowed from the set, as all below. */
typedef struct clip_layer {
    sg_tensor *weight, *bias;
} clip_layer;

/* x += out(attention(in(norm1(x)))); x += project(gelu(expand(norm2(x)))). */
typedef struct clip_block {
    clip_layer norm1, in, out, norm2, expand, project;
} clip_block;

typedef struct clip_tower {
    sg_clip_tower_sizes sizes;
    sg_tensor *positions; /* [tokens, width] */
    clip_block *blocks;
    clip_layer last;       /* the last normalisation */
    sg_tensor *projection; /* [features, width] */
    bool causal;
} clip_tower;

struct sg_clip {
    char *path;
    char *merges; /* the path of what bpe was made of */
    sg_clip_sizes sizes;
    sg_parameter_set parameters;
    sg_tensor *patches;     /* [width, patch * patch * 3], channels innermost */
    sg_tensor *class_token; /* [width] */
    clip_layer first;       /* the normalisation before the image tower's blocks */
    sg_tensor *words;       /* [vocabulary, text width] */
    double logit_scale;
    clip_tower vision, text;
    sg_bpe *bpe; /* NULL: there is no merges file */
};

/* Opens both towers of one file; *clip (NULL on failure) must be closed. */
sg_status sg_clip_open(sg_clip **clip, sg_context *context, sg_dtype dtype,
                       const sg_feature_tensors *tensors, sg_error *error);

/* Opens the tokenizer, if there is a merges file among `files`, beside the network or published. */
sg_status sg_clip_read_merges(sg_clip *clip, const char *const *files, size_t count,
                              sg_error *error);

/* Makes the tensors of clip->sizes and fills them from a file. The caller closes the towers, also
 * after a failure. */
sg_status sg_clip_read_weights(sg_clip *clip, const sg_feature_tensors *tensors, sg_error *error);

/* Runs tokens [N, T, width] through the first `count` blocks; through the image tower's last block,
 * of the first token alone: [N, 1, width]. */
sg_tensor *sg_clip_run_blocks(const sg_clip *clip, const clip_tower *tower, sg_tensor *x,
                              int64_t count);
sg_tensor *sg_clip_run_last(const sg_clip *clip, sg_tensor *x);

/* Returns features [N, features] of tokens [N, width]: normalised and projected. */
sg_tensor *sg_clip_finish(const clip_tower *tower, sg_tensor *x);

#endif
