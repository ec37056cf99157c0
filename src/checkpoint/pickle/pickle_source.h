/* What a pickle is read from, and what its reader asks the caller for. */
#ifndef SG_CHECKPOINT_PICKLE_PICKLE_SOURCE_H
#define SG_CHECKPOINT_PICKLE_PICKLE_SOURCE_H

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

#endif
