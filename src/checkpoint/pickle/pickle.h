/*
 * A bounded interpreter of pickles, protocols 0 to 5, that builds values and executes nothing. A
 * call that a pickle asks for becomes data if its name is known (pickle_calls.h), otherwise an
 * inert value.
 */
#ifndef SG_CHECKPOINT_PICKLE_PICKLE_H
#define SG_CHECKPOINT_PICKLE_PICKLE_H

#include "checkpoint/values/value_tree.h"

/* A pickle being read; pickle_machine.h has its struct. */
typedef struct sg_pickle sg_pickle;

/*
 * Finds the value of a persistent id (in the tree's arena). NULL in *result: the id is not known,
 * and its value becomes inert.
 */
typedef sg_status (*sg_persistent_load)(void *context, sg_pickle *pickle, const sg_value *id,
                                        sg_value **result);

typedef struct sg_pickle_source {
    sg_value_tree *tree;
    const unsigned char *bytes; /* must live as long as the tree */
    size_t size;                /* at most; the pickle ends with its STOP */
    int depth; /* of torch files nested as bytes in others; 0 for the file itself */
    const sg_callable *(*find_callable)(const char *name); /* besides pickle_calls.h; or NULL */
    sg_persistent_load persistent;                         /* or NULL */
    void *context;
} sg_pickle_source;

/*
 * Reads one pickle: its value into *root and the number of its bytes into *used. Fails with a
 * sentence that names the file's path and the byte.
 */
sg_status sg_pickle_read(const sg_pickle_source *source, size_t *used, sg_value **root,
                         sg_error *error);

#endif
