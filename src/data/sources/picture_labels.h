/* Class labels of a collection's pictures, from the sources in data/sources/picture_source.h. */
#ifndef SG_DATA_SOURCES_PICTURE_LABELS_H
#define SG_DATA_SOURCES_PICTURE_LABELS_H

#include "data/sources/picture_collection.h"

/* The largest class number that is accepted. */
#define SG_LARGEST_LABEL 65535

/*
 * Finds the label file in a list of files: *index is list->count when there is none. Fails with
 * SG_ERROR_FORMAT when several .csv files could be meant.
 */
sg_status sg_find_label_file(const char *path, const sg_file_list *list, size_t *index,
                             sg_error *error);

/*
 * Sets the labels of the source's sorted pictures, its label_count and its unmatched names from the
 * content of the label file source->label_file. Fails with SG_ERROR_FORMAT and a sentence that
 * names the file and the entry or line.
 */
sg_status sg_label_from_file(sg_picture_source *source, const unsigned char *bytes, size_t size,
                             sg_error *error);

/*
 * Sets labels and label_count from the names of the pictures' outermost folders; changes nothing
 * when these are no classes, or more than SG_LARGEST_LABEL. Fails with SG_ERROR_MEMORY.
 */
sg_status sg_label_from_folders(sg_picture_source *source, sg_error *error);

#endif
