/*
 * Data sets of equally sized 8-bit pictures with class labels, read by index. What kind of files
 * the pictures come from is the business of one file per kind (see data/dataset_kind.h).
 */
#ifndef SG_DATA_DATASET_H
#define SG_DATA_DATASET_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

typedef struct sg_dataset sg_dataset;

/* What a data set holds; plain data. */
typedef struct sg_dataset_info {
    size_t image_count; /* at least 1 */
    size_t height;      /* pixels of every picture */
    size_t width;       /* pixels of every picture */
    size_t channels;    /* 1 grey, 2 grey and alpha, 3 RGB, 4 RGBA */
    size_t label_count; /* number of classes: labels are 0 .. label_count - 1; 0 without labels */
    char name[128];     /* from the file's or folder's name, shortened where it is longer */
} sg_dataset_info;

/*
 * Opens what lies at `path` into *dataset, which the caller destroys: an IDX file of images, also
 * gzip-compressed, with its label file beside it if there is one; a folder with such files; a
 * folder of PNG and JPEG pictures; or a zip archive of those (data/sources/picture_source.h says
 * how they get their labels). Fails with a sentence that names the file, what was found and what
 * was expected; *dataset is NULL then.
 */
sg_status sg_dataset_open(const char *path, sg_dataset **dataset, sg_error *error);

/* Releases the data set; NULL is allowed. */
void sg_dataset_destroy(sg_dataset *dataset);

/* What the data set holds. */
sg_dataset_info sg_dataset_info_of(const sg_dataset *dataset);

/*
 * Copies picture `index` to `pixels_hwc` (height * width * channels bytes, channels innermost) and
 * its class to *label: -1 when it has none; `label` may be NULL. Several threads may read at once.
 * Fails with SG_ERROR_ARGUMENT for an index beyond the last, else as the kind's files do.
 */
sg_status sg_dataset_read(const sg_dataset *dataset, size_t index, uint8_t *pixels_hwc, int *label,
                          sg_error *error);

#endif
