/* Class labels of a collection's pictures; see data/sources/picture_source.h for where they come
 * from. */
#ifndef SG_DATA_SOURCES_PICTURE_LABELS_H
#define SG_DATA_SOURCES_PICTURE_LABELS_H

#include "data/sources/picture_source.h"

/* The largest class number that is believed. */
#define SG_LARGEST_LABEL 65535

/*
 * The place of the label file in a list of files, or list->count when there is none. Fails with
 * SG_ERROR_FORMAT when several .csv files could be meant.
 */
sg_status sg_find_label_file(const char *path, const sg_file_list *list, size_t *place,
                             sg_error *error);

/*
 * Sets the labels of the source's sorted pictures, its label_count and what is unmatched, from the
 * content of a label file called source->label_file. Fails with SG_ERROR_FORMAT and a sentence that
 * names the file and the entry or line.
 */
sg_status sg_label_from_file(sg_picture_source *source, const unsigned char *bytes, size_t size,
                             sg_error *error);

/*
 * The same from the names of the pictures' folders; sets nothing when they do not tell classes, or
 * more than SG_LARGEST_LABEL. Fails with SG_ERROR_MEMORY.
 */
sg_status sg_label_from_folders(sg_picture_source *source, sg_error *error);

#endif
