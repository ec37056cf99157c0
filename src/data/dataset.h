/*
 * Data sets of equally sized 8-bit pictures with class labels, read by index. A data set stands on
 * the functions of its kind; data/kinds/open_dataset.h opens one.
 */
#ifndef SG_DATA_DATASET_H
#define SG_DATA_DATASET_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/text.h"

typedef struct sg_dataset sg_dataset;

/* What a data set holds; plain data. Texts and arrays are the data set's. */
typedef struct sg_dataset_info {
    size_t image_count; /* at least 1 */
    size_t height;      /* pixels of every picture */
    size_t width;       /* pixels of every picture */
    size_t channels;    /* 1 grey, 2 grey and alpha, 3 RGB, 4 RGBA */
    size_t label_count; /* classes, or numbers in a label; 0 without labels */
    size_t label_rows;  /* labels are 0 .. label_rows - 1: rows of label_values, or classes; 0 is
                           label_count */
    const float *label_values;      /* [label_rows, label_count]; NULL: one-hot rows, for classes */
    const char *const *label_names; /* [label_count]: of the classes; NULL without */
    const char *label_problem; /* why the labels that there are cannot be read; NULL: no problem */
    const char *unread_labels; /* where labels are that were not read; NULL: there are none */
    const char *notes;         /* lines for people on how it was read; NULL: there are none */
    char name[128];            /* from the name of the file or folder, cut where it is longer */
} sg_dataset_info;

/* The functions of an open data set; `state` is the kind's own. */
typedef struct sg_dataset_functions {
    /*
     * Does the work of sg_dataset_read for an index in range and a `label` that is not NULL.
     * Several threads call it at once.
     */
    sg_status (*read)(const void *state, size_t index, uint8_t *pixels_hwc, int *label,
                      sg_error *error);

    /* Does the work of sg_dataset_label, where that takes no reading of the picture; otherwise
     * NULL.
     */
    int (*label)(const void *state, size_t index);

    /* Does the work of sg_dataset_trace; NULL: nothing is known. */
    void (*trace)(const void *state, size_t index, sg_text *text);

    /* Releases the state. */
    void (*destroy)(void *state);
} sg_dataset_functions;

/*
 * Makes a data set in *dataset that owns `state` from now on; on failure `state` is destroyed.
 * `functions` must outlive it. Fails with SG_ERROR_MEMORY.
 */
sg_status sg_dataset_create(const sg_dataset_functions *functions, void *state,
                            const sg_dataset_info *info, sg_dataset **dataset, sg_error *error);

/* Copies `length` bytes of `name` to info->name, cut to what fits. */
void sg_dataset_set_name(sg_dataset_info *info, const char *name, size_t length);

/* Releases the data set; NULL is allowed. */
void sg_dataset_destroy(sg_dataset *dataset);

/* Returns what the data set holds. */
sg_dataset_info sg_dataset_info_of(const sg_dataset *dataset);

/* Fails with SG_ERROR_FORMAT and info.label_problem if there is one. */
sg_status sg_dataset_check_labels(const sg_dataset *dataset, sg_error *error);

/* Makes the data set one without labels, whatever was wrong with them. */
void sg_dataset_leave_labels(sg_dataset *dataset);

/* Finds the label of picture `index`, -1 without one. Fails as sg_dataset_read does. */
sg_status sg_dataset_label(const sg_dataset *dataset, size_t index, int *label, sg_error *error);

/* Appends what tells picture `index` from others without reading it: the name and size of its file,
 * and the checksum that an archive has of it. Nothing where nothing is known. */
void sg_dataset_trace(const sg_dataset *dataset, size_t index, sg_text *text);

/*
 * Copies picture `index` to `pixels_hwc` (height * width * channels bytes, channels innermost) and
 * its label to *label, -1 without one; `label` may be NULL. Several threads may read at once.
 * Fails with SG_ERROR_ARGUMENT for an index beyond the last, otherwise as the kind's files do.
 */
sg_status sg_dataset_read(const sg_dataset *dataset, size_t index, uint8_t *pixels_hwc, int *label,
                          sg_error *error);

#endif
