/*
 * What a kind of data set (IDX, folder of pictures, archive ...) provides. A new kind is one source
 * file that fills in these functions, and one line in the table of data/dataset.c.
 */
#ifndef SG_DATA_DATASET_KIND_H
#define SG_DATA_DATASET_KIND_H

#include "data/dataset.h"

/* The functions behind an open data set; `state` is the kind's own. */
typedef struct sg_dataset_functions {
    /*
     * Does the work of sg_dataset_read with an index already checked and a `label` that is never
     * NULL. Several threads call it at once.
     */
    sg_status (*read)(const void *state, size_t index, uint8_t *pixels_hwc, int *label,
                      sg_error *error);

    /* Releases the state. */
    void (*destroy)(void *state);
} sg_dataset_functions;

/* How a kind is told from others and opened. */
typedef struct sg_dataset_kind {
    /* What it reads, for the sentence that says what was expected. */
    const char *expected;

    /* Whether the file or folder at `path` looks like this kind; it need not be whole. */
    bool (*recognises)(const char *path);

    /* Opens it; the result comes from sg_dataset_create. */
    sg_status (*open)(const char *path, sg_dataset **dataset, sg_error *error);
} sg_dataset_kind;

/*
 * A data set in *dataset that owns `state` from now on, also on failure (it is destroyed then).
 * `functions` must outlive it. Fails with SG_ERROR_MEMORY.
 */
sg_status sg_dataset_create(const sg_dataset_functions *functions, void *state,
                            const sg_dataset_info *info, sg_dataset **dataset, sg_error *error);

/* Copies `length` bytes of `name` to info->name, shortened to what fits. */
void sg_dataset_set_name(sg_dataset_info *info, const char *name, size_t length);

#endif
