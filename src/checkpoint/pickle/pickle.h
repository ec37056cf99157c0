/*
 * A bounded interpreter of pickles, protocols 0 to 5, that builds values and executes nothing. What
 * a pickle asks to be called becomes data when its name is known (pickle_calls.h) and an inert
 * value otherwise.
 */
#ifndef SG_CHECKPOINT_PICKLE_PICKLE_H
#define SG_CHECKPOINT_PICKLE_PICKLE_H

#include "checkpoint/values/value_tree.h"

/* A pickle being read; pickle_machine.h has its inside. */
typedef struct sg_pickle sg_pickle;

/*
 * What a persistent id stands for, into *result (of the document's tree). NULL in *result: nothing
 * that is known, and the value becomes inert.
 */
typedef sg_status (*sg_persistent_load)(void *context, sg_pickle *pickle, const sg_value *id,
                                        sg_value **result);

/* Where a pickle lies. */
typedef struct sg_pickle_source {
    sg_document *document;
    const unsigned char *bytes; /* must live as long as the document */
    size_t size;                /* at most; the pickle ends with its STOP */
    int depth; /* of torch files nested as bytes in others; 0 for the file itself */
    sg_persistent_load persistent; /* or NULL */
    void *context;
} sg_pickle_source;

/*
 * Reads one pickle: its value into *root and the number of its bytes into *used. Fails with a
 * sentence that names the document's path and the byte.
 */
sg_status sg_pickle_read(const sg_pickle_source *source, size_t *used, sg_value **root,
                         sg_error *error);

#endif
