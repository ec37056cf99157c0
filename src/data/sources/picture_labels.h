/* Labels of a collection's pictures, from the sources in data/sources/picture_source.h. */
#ifndef SG_DATA_SOURCES_PICTURE_LABELS_H
#define SG_DATA_SOURCES_PICTURE_LABELS_H

#include "data/sources/picture_collection.h"

/*
 * Moves the files of `list` that may hold labels of the source's sorted pictures to
 * source->label_files; the names of the others are freed. They lie in a folder around all pictures.
 * False on lack of memory.
 */
bool sg_take_label_files(sg_picture_source *source, sg_file_list *list);

/*
 * Labels the pictures by the first of source->label_files that is a list of labels, otherwise by
 * folders; notes what was found, and what was passed over. Fails with SG_ERROR_FORMAT and a
 * sentence where a list of labels contradicts itself or belongs to other pictures, as
 * reading the files does, and with SG_ERROR_MEMORY.
 */
sg_status sg_picture_source_label(sg_picture_source *source, sg_error *error);

/*
 * Sets source->unread_labels to where sg_picture_source_label would look, unless dataset.json says
 * that there are no labels; notes where dataset.json is no list of labels. Fails with
 * SG_ERROR_MEMORY and as reading that file does.
 */
sg_status sg_picture_source_leave_labels(sg_picture_source *source, sg_error *error);

/*
 * Labels the pictures by the content of one file. *labelled is false where the file is no list of
 * labels, which is noted; a list that says that there are no labels counts. `is_meant` is true for
 * files whose names promise labels. Fails as sg_picture_source_label does.
 */
sg_status sg_label_from_file(sg_picture_source *source, const char *file, bool is_meant,
                             const unsigned char *bytes, size_t size, bool *labelled,
                             sg_error *error);

/* Appends "0 cat, 1 dog" of the names of classes, of which there may be too many for a line. */
void sg_list_label_names(sg_text *text, const char *const *names, size_t count);

#endif
