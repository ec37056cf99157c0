/* What edits by words are made of, for the files of this folder. */
#ifndef SG_WORDS_RUN_WORD_EDITS_STATE_H
#define SG_WORDS_RUN_WORD_EDITS_STATE_H

#include "base/text.h"
#include "features/clip/clip.h"
#include "words/run/word_edits.h"

struct sg_word_edits {
    const sg_word_options *options;
    sg_clip *clip; /* NULL: no texts */
    sg_guide *guide;
    bool *layers;  /* [num_ws]; NULL: all */
    sg_text text;  /* what they are, for people and files */
    cJSON *record; /* of edits.json */
};

/* Begins the record, adds a result, and writes it to a file. */
sg_status sg_word_record_begin(sg_word_edits *edits, sg_error *error);
sg_status sg_word_record_add(sg_word_edits *edits, const sg_word_result *result, sg_error *error);
sg_status sg_word_record_write(const sg_word_edits *edits, const char *folder, sg_error *error);

#endif
