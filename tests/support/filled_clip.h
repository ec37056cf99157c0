/*
 * Files of CLIP of any size whose weights follow from the names of their tensors alone, and a
 * merges file to go with them.
 */
#ifndef SUPPORT_FILLED_CLIP_H
#define SUPPORT_FILLED_CLIP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

/* The sizes of the towers; those of a block's hidden layer are four times its width. */
typedef struct filled_clip {
    const char *prefix; /* of the names that fill the tensors: "clip." */
    int64_t width;      /* of features */
    int64_t side, patch, vision_width, vision_layers;
    int64_t context, vocabulary, text_width, text_layers;
} filled_clip;

/* A small one that every test can afford; ViT-B/32, 605 MB. */
extern const filled_clip tiny_clip, full_clip;

/* The names and types that a file has. */
typedef enum filled_clip_layout {
    FILLED_CLIP_OPENAI,      /* safetensors of OpenAI's names */
    FILLED_CLIP_HALVES,      /* of 16-bit floats */
    FILLED_CLIP_HUGGING_FACE /* of Hugging Face's names, queries, keys and values apart */
} filled_clip_layout;

/* Writes the network as safetensors. */
sg_status write_filled_clip(const char *path, const filled_clip *clip, filled_clip_layout layout,
                            sg_error *error);

/* Writes a merges file of so many merges, up to 458,000, no two alike, of letters ("a b", "ab cd").
 */
sg_status write_filled_merges(const char *path, int64_t merges, sg_error *error);

#endif
