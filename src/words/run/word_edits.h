/*
 * Edits by words: for each picture of a set, the search for the latent that a guide likes, and a
 * plan that follows the way there, which sheets, strips and films paint as they paint other edits.
 */
#ifndef SG_WORDS_RUN_WORD_EDITS_H
#define SG_WORDS_RUN_WORD_EDITS_H

#include "image/image.h"
#include "pictures/picture_set.h"
#include "words/run/word_options.h"

typedef struct sg_word_edits sg_word_edits;

/*
 * Opens what the options name, for a prepared work; both are borrowed and must outlive the edits.
 * Fails with SG_ERROR_ARGUMENT for names that the files do not know, and as opening does. *edits
 * (NULL on failure) must be closed.
 */
sg_status sg_word_edits_open(const sg_word_options *options, const sg_picture_work *work,
                             sg_word_edits **edits, sg_error *error);
void sg_word_edits_close(sg_word_edits *edits);

/* What became of one picture; valid during the call. */
typedef struct sg_word_result {
    const char *source;           /* "seed 3" or "photo.npz" */
    const sg_guide *guide;        /* whose wishes and answers to keep these are: */
    const double *before, *after; /* [count + kept] */
    sg_search_report last;
} sg_word_result;

/* Callbacks; any may be NULL. */
typedef struct sg_word_hooks {
    void *user;
    void (*show)(void *user, const sg_image *both); /* the start beside the picture so far */
    void (*found)(void *user, const sg_word_result *result);
} sg_word_hooks;

/*
 * Searches for each source of the work, whose pictures follow what is found from then on
 * (work->found). Meanwhile FOLDER/current.png shows the start beside the picture so far;
 * FOLDER/edits.json has the answers before and after. `watch` sees all steps as one work. Fails
 * with SG_ERROR_CANCELLED, and as the search does.
 */
sg_status sg_word_edits_run(sg_word_edits *edits, sg_picture_work *work, const sg_word_hooks *hooks,
                            const sg_watch *watch, sg_error *error);

#endif
