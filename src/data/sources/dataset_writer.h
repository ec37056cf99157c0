/*
 * Writes data sets in the official layout: 00000/img00000000.png and so on, a thousand pictures to
 * a folder, and dataset.json with the labels, their names where they have any, and how the pictures
 * were made.
 */
#ifndef SG_DATA_SOURCES_DATASET_WRITER_H
#define SG_DATA_SOURCES_DATASET_WRITER_H

#include "base/watch.h"
#include "data/sources/picture_source.h"
#include "data/sources/picture_transform.h"

/* The set to write; plain data, everything is borrowed. */
typedef struct sg_set_plan {
    const sg_picture_source *source;
    const size_t *indices; /* [count]: the pictures to take, in their order */
    size_t count;
    sg_picture_transform transform;
    size_t channels;       /* every picture is converted to */
    bool compressed;       /* the PNG files: smaller, and slower to read */
    const sg_watch *watch; /* may be NULL */
} sg_set_plan;

/*
 * Makes the picture `index` of the source as the set has it, converted and transformed, in
 * *prepared, which the caller destroys. Several threads may call it at once. Fails as reading and
 * sg_transform_apply do; *prepared is NULL then.
 */
sg_status sg_set_picture(const sg_set_plan *plan, size_t index, sg_image **prepared,
                         sg_error *error);

/* Fails with SG_ERROR_FILE if sg_dataset_write could not write to `path`; for before the work. */
sg_status sg_dataset_check_destination(const char *path, sg_error *error);

/*
 * Writes the set to `path`, a zip archive when the name ends in .zip, otherwise a folder; it
 * appears whole or not at all. The pictures are PNG files. Labels are written when every picture
 * has one. Fails with SG_ERROR_CANCELLED when the watch stops the work, otherwise as reading,
 * sg_transform_apply and sg_pack_write_folder or sg_pack_write_zip do.
 */
sg_status sg_dataset_write(const sg_set_plan *plan, const char *path, sg_error *error);

#endif
