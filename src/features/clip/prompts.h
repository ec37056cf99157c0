/* Prompts that texts are put into, so that a direction between texts is no accident of one wording.
 */
#ifndef SG_FEATURES_CLIP_PROMPTS_H
#define SG_FEATURES_CLIP_PROMPTS_H

#include <stddef.h>

#include "base/error.h"

/* Texts on the heap; cleared by sg_prompts_clear. */
typedef struct sg_prompts {
    char **texts; /* [count] */
    size_t count;
} sg_prompts;

/*
 * Puts `text` into each line with {} of the file at `templates` (empty: a list of our own). Fails
 * with SG_ERROR_FORMAT for a file without lines, of more than SG_MOST_PROMPTS, or with a line that
 * has not one {}, and as reading does. `prompts` must be cleared, also after a failure.
 */
enum { SG_MOST_PROMPTS = 256 };
sg_status sg_prompts_make(const char *templates, const char *text, sg_prompts *prompts,
                          sg_error *error);
void sg_prompts_clear(sg_prompts *prompts);

#endif
