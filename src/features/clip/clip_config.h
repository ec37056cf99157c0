/* Sizes of CLIP's towers, and what its tensors do not say: a configuration beside the file does, or
 * its program. */
#ifndef SG_FEATURES_CLIP_CLIP_CONFIG_H
#define SG_FEATURES_CLIP_CLIP_CONFIG_H

#include "features/clip/clip_names.h"
#include "kernels/transformer/gelu.h"

/* A tower's transformer. */
typedef struct sg_clip_tower_sizes {
    int64_t width, layers, heads;
    int64_t hidden; /* the width within a block, 4 times the width */
    int64_t tokens; /* positions */
} sg_clip_tower_sizes;

typedef struct sg_clip_sizes {
    sg_clip_names names;
    int64_t width;       /* of features */
    int64_t patch, grid; /* pixels of a patch's side, patches of a picture's side */
    int64_t vocabulary;
    sg_clip_tower_sizes vision, text;
    sg_gelu_kind gelu;
} sg_clip_sizes;

/*
 * Sets the kind of GELU and the numbers of heads: from config.json or open_clip_config.json beside
 * the file; otherwise, quick GELU in OpenAI's files and Hugging Face's, exact GELU in files whose
 * name says that open_clip made them ("open_clip", "laion"), and heads of 64 numbers. A
 * configuration that cannot be read counts as none.
 */
void sg_clip_config_apply(const sg_feature_tensors *tensors, sg_clip_sizes *sizes);

#endif
