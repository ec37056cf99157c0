/* The names of CLIP's tensors in files of several programs, by those of OpenAI's program. */
#ifndef SG_FEATURES_CLIP_CLIP_NAMES_H
#define SG_FEATURES_CLIP_CLIP_NAMES_H

#include "features/feature_tensors.h"

enum { SG_CLIP_NAME_BYTES = 120 };

/* Who named the tensors. */
typedef enum sg_clip_names {
    SG_CLIP_OPENAI,       /* and open_clip */
    SG_CLIP_CUSTOM_TEXT,  /* open_clip's classes with a text tower of their own */
    SG_CLIP_HUGGING_FACE, /* queries, keys and values are tensors of their own */
    SG_CLIP_UNKNOWN       /* no CLIP */
} sg_clip_names;

/* Tells by the names whether the file holds CLIP, with whatever image tower. */
sg_clip_names sg_clip_names_of(const sg_feature_tensors *tensors);

/* Writes the name of the tensor that OpenAI's program calls `name`. */
void sg_clip_name(sg_clip_names names, const char *name, char text[SG_CLIP_NAME_BYTES]);

/* True if the image tower is a ResNet. */
bool sg_clip_is_resnet(const sg_feature_tensors *tensors);

#endif
