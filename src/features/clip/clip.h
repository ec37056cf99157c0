/*
 * CLIP (Radford et al. 2021) with a vision transformer: features of pictures and of texts in one
 * space. The files are those that people have: OpenAI's TorchScript archives and state dicts,
 * open_clip's state dicts, Hugging Face's safetensors; nothing in them is executed. Pictures may be
 * on the tape, so that they, and what made them, can be steered towards a text.
 */
#ifndef SG_FEATURES_CLIP_CLIP_H
#define SG_FEATURES_CLIP_CLIP_H

#include "tensor/tape.h"

typedef struct sg_clip sg_clip;

/*
 * Opens both towers from the first of `files` that holds them, otherwise from a file in
 * $XDG_DATA_HOME/stylegan that has one of the names under which it is published. The merges file of
 * the tokenizer is among `files`, beside the network, or in that folder; without it texts cannot be
 * read, and the sentence of sg_clip_texts says so. *clip (NULL on failure) must be closed before
 * the context.
 */
sg_status sg_clip_find(sg_clip **clip, sg_context *context, sg_dtype dtype,
                       const char *const *files, size_t count, sg_error *error);

/* Closes the towers; NULL is allowed. */
void sg_clip_close(sg_clip *clip);

/* Return the path of the file, borrowed; that of its merges, or NULL; the side of pictures, 224;
 * the numbers of a feature vector, 512; the scale of logits, about 100. */
const char *sg_clip_path(const sg_clip *clip);
const char *sg_clip_merges_path(const sg_clip *clip);
size_t sg_clip_image_side(const sg_clip *clip);
size_t sg_clip_width(const sg_clip *clip);
double sg_clip_logit_scale(const sg_clip *clip);

/* Writes what the weights do not tell, so that two networks of one file may differ in it: the kind
 * of GELU and the heads of the image tower, such as "quick 12". */
void sg_clip_print_setting(const sg_clip *clip, char *text, size_t size);

/* Returns the tokens of a text, at most, start and end included: 77. */
size_t sg_clip_context_length(const sg_clip *clip);

/*
 * Computes features [N, width], not of unit length, of pictures [N, side, side, 3] as the tower
 * takes them (sg_clip_normalised). NULL (error in the context) on failure.
 */
sg_tensor *sg_clip_image(const sg_clip *clip, sg_tensor *pictures);

/* Computes the tokens [N, patches + 1, vision width] of pictures after the first normalisation and
 * `blocks` blocks: the first is the class token. */
sg_tensor *sg_clip_image_tokens(const sg_clip *clip, sg_tensor *pictures, int64_t blocks);

/*
 * Brings pictures [N, H, W, 1 or 3] with values of -1 to 1 to what the tower takes: the shorter
 * side to `side` by Pillow's bicubic rule, the middle of the longer one, one channel repeated to
 * three, ((x + 1) / 2 - mean) / deviation.
 */
sg_tensor *sg_clip_normalised(const sg_clip *clip, sg_tensor *pictures);

/* Computes features [count, width] of rows [count, context length] of tokens: of each row's
 * largest token, which is the end. Fails for tokens that the vocabulary has not. */
sg_tensor *sg_clip_tokens(const sg_clip *clip, const int32_t *tokens, size_t count);

/*
 * Computes features [count, width] of texts; *features is owned by the innermost scope. Fails
 * without a merges file, for texts that are no UTF-8, and for texts of too many tokens.
 */
sg_status sg_clip_texts(const sg_clip *clip, const char *const *texts, size_t count,
                        sg_tensor **features, sg_error *error);

/* Returns rows [N, width] of unit length; those of length 0 stay as they are. */
sg_tensor *sg_clip_unit(sg_tensor *features);

/* Computes features of unit length of pictures, normalised as sg_clip_normalised does it. */
sg_tensor *sg_clip_look(const sg_clip *clip, sg_tensor *pictures);

#endif
