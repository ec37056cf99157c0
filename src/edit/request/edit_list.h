/*
 * Lists of edits as people give them: NAME=AMOUNT, or NAME=AMOUNT@LAYERS for some inputs of the
 * synthesis network alone, such as "smile=2@0-7". Options give one each time, a text several with
 * semicolons between them, JSON a text, a list of texts, or an object {"smile": 2}.
 */
#ifndef SG_EDIT_REQUEST_EDIT_LIST_H
#define SG_EDIT_REQUEST_EDIT_LIST_H

#include "base/fields.h"

enum {
    SG_MOST_EDIT_TEXTS = 16, /* of a list: an option may be given so often */
    SG_MOST_EDITS = 64,      /* of a list in all */
    SG_EDIT_TEXT_BYTES = 400
};

/* A list before it is read; everything is borrowed. */
typedef struct sg_edit_list {
    const char *texts[SG_MOST_EDIT_TEXTS];
    size_t count;
    const cJSON *json; /* instead of texts; NULL: texts */
} sg_edit_list;

/* Reads one more text into an sg_edit_list, or JSON in place of all that it has. */
extern const sg_field_codec sg_edit_list_codec;

/* The same on the command line for texts that are taken whole, semicolons and all. */
extern const sg_field_codec sg_edit_texts_codec;

/* True if nothing is in the list. */
bool sg_edit_list_is_empty(const sg_edit_list *list);

/* One edit. */
typedef struct sg_edit_item {
    char name[SG_EDIT_TEXT_BYTES];
    double amount;                   /* finite, of a size of SG_LARGEST_AMOUNT at most */
    char layers[SG_EDIT_TEXT_BYTES]; /* "0-7"; empty: all */
} sg_edit_item;

#define SG_LARGEST_AMOUNT 1000.0

/*
 * Reads the list into items[SG_MOST_EDITS] and *count. `field` names it in sentences. Fails with
 * SG_ERROR_ARGUMENT and a sentence that quotes what is no edit.
 */
sg_status sg_edit_list_read(const sg_edit_list *list, const char *field, sg_edit_item *items,
                            size_t *count, sg_error *error);

/* Chooses the layers of an item among `inputs` in chosen[inputs]. Fails with SG_ERROR_ARGUMENT. */
sg_status sg_edit_layers_read(const sg_edit_item *item, const char *field, size_t inputs,
                              bool *chosen, sg_error *error);

#endif
