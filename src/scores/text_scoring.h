/* How well pictures in files fit texts, by CLIP (metrics/formulas/text_fit.h). */
#ifndef SG_SCORES_TEXT_SCORING_H
#define SG_SCORES_TEXT_SCORING_H

#include "base/watch.h"
#include "stylegan.h"

/* An open CLIP with the features of texts; made by sg_text_scoring_open. */
typedef struct sg_text_scoring sg_text_scoring;

/*
 * Opens CLIP from `files` (features/clip/clip.h) and reads the texts. *scoring (NULL on failure)
 * must be closed.
 */
sg_status sg_text_scoring_open(const char *const *files, size_t file_count,
                               const char *const *texts, size_t text_count,
                               const sg_context_options *compute, sg_text_scoring **scoring,
                               sg_error *error);
void sg_text_scoring_close(sg_text_scoring *scoring);

/* What is said of one picture; plain data, valid during the call. */
typedef struct sg_text_answer {
    const char *file;     /* the path as given, or the collection's path and the name in it */
    const double *scores; /* [count]: 100 max(cos, 0) of the picture and each text */
    /* [count]: softmax of the logits, which CLIP was trained with: to which of the texts the
     * picture belongs, if to one. */
    const double *probabilities;
    size_t count;
} sg_text_answer;
typedef void (*sg_text_answer_function)(void *user, const sg_text_answer *answer);

/* Scores all pictures of paths, of any sizes, in their order. Fails as reading does, and with
 * SG_ERROR_CANCELLED. */
sg_status sg_text_scoring_run(sg_text_scoring *scoring, const char *const *paths, size_t count,
                              const sg_watch *watch, void *user, sg_text_answer_function answer,
                              sg_error *error);

#endif
