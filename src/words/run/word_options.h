/* What an edit by words is asked to do: fields for the command line and other callers. */
#ifndef SG_WORDS_RUN_WORD_OPTIONS_H
#define SG_WORDS_RUN_WORD_OPTIONS_H

#include "base/fields.h"
#include "edit/request/edit_list.h"
#include "words/latent_search.h"

/* All that is asked for; texts are borrowed. */
typedef struct sg_word_options {
    sg_edit_list texts;     /* "a smiling face" or "a smiling face=2"; below 0: away from it */
    const char *from_text;  /* what the pictures show now; NULL: not said */
    sg_clip_view view;      /* how CLIP looks at pictures */
    sg_edit_list files;     /* of CLIP: network and merges */
    sg_edit_list towards;   /* attributes of `classifier`, "smile" or "smile=2"; below 0: away */
    const char *classifier; /* the file of a classifier */
    const char *keep;       /* its attributes whose answers stay, with commas, or "all" */
    double keep_weight;     /* of each */
    sg_latent_search_options search;
    const char *layers; /* the inputs that move, "0-7"; NULL: all */
    sg_given given;     /* which fields were given */
} sg_word_options;

/* The defaults, as an initialiser. */
#define SG_WORD_OPTIONS                                                                            \
    {                                                                                              \
        .search = SG_LATENT_SEARCH_OPTIONS, .keep_weight = 10                                      \
    }

/* The fields of sg_word_options, except `keep`, which edits have already. */
extern const sg_field_table sg_word_fields;

/* True if an edit by words is asked for. */
bool sg_word_options_ask(const sg_word_options *options);

/* Fails with SG_ERROR_ARGUMENT for options that contradict each other or have no effect, before any
 * file is read. */
sg_status sg_word_options_check(const sg_word_options *options, sg_error *error);

/* Reads "NAME" or "NAME=WEIGHT" into a wish, whose name it writes to name[SG_EDIT_TEXT_BYTES]; what
 * follows the last equals sign belongs to the name unless it is a number. Fails with
 * SG_ERROR_ARGUMENT for a name that is empty or too long. */
sg_status sg_wish_read(const char *text, const char *field, char *name, sg_wish *wish,
                       sg_error *error);

#endif
