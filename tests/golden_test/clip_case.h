/*
 * CLIP: clip.safetensors, with the sizes of clip_tensors.tsv beside it, and bpe.json. The network
 * is written with weights from their names and opened as anybody's.
 */
#ifndef GOLDEN_TEST_CLIP_CASE_H
#define GOLDEN_TEST_CLIP_CASE_H

#include "features/clip/clip.h"
#include "golden_test/golden_case.h"

/* Opens the network of the case in a precision; it must be closed. NULL when it cannot be, which is
 * reported for `group`. */
sg_clip *open_case_clip(golden_case *test, sg_dtype dtype, const char *group);

/* Reads rows of tokens, [N, context]; the caller frees them. *count gets N. NULL if absent. */
int32_t *case_tokens(golden_case *test, const char *name, size_t *count);

/* Compares the features of both towers and their gradients. */
void run_clip(golden_case *test);

/* Compares the tokens of bpe.json in the case's folder; does nothing where there is none. */
void run_tokens(golden_case *test);

#endif
