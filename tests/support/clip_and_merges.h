/* A filled CLIP (support/filled_clip.h) with its merges, in a test's folder. */
#ifndef SUPPORT_CLIP_AND_MERGES_H
#define SUPPORT_CLIP_AND_MERGES_H

#include "support/filled_clip.h"

/* Writes OpenAI's names to "clip.safetensors" and as many merges as the vocabulary has to
 * "merges.txt" beside it; returns the network's path, on the heap. */
char *write_clip_and_merges(void *const *state, const filled_clip *clip);

#endif
