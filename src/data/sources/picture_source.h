/*
 * Collections of picture files of any sizes, good and bad ones, with class labels: the content of a
 * folder or an archive before any picture is decoded. Data sets for training
 * (data/kinds/open_dataset.h) and the doctor (data/sources/dataset_doctor.h) build on it.
 *
 * Files and folders whose names begin with a dot, and "__MACOSX", are skipped, and so are folders
 * of training runs and made sets (data/sources/made_folders.h). Pictures are in the order of their
 * paths, byte by byte. Labels come from the first of these that is a list of labels, in a folder
 * around all pictures:
 *
 *   - dataset.json: {"labels": [["path", 3], ...]}, {"labels": [["path", [0.2, 0.8]], ...]}, or
 * null in place of the list;
 *   - labels.csv, .tsv or .txt, list_attr_celeba.txt or .csv, or the only other .csv or .tsv file:
 *     tables with the columns of data/labels/label_list.h;
 *   - sub-folders, when every picture is in one and there are several: a picture's class is the
 *     index of its outermost folder that not all pictures share (data/labels/class_folders.h).
 */
#ifndef SG_DATA_SOURCES_PICTURE_SOURCE_H
#define SG_DATA_SOURCES_PICTURE_SOURCE_H

#include "data/sources/picture_collection.h"

/* Adds a file, unless a part of its path is to be skipped. Returns false on lack of memory. */
bool sg_file_list_add(sg_file_list *list, const char *name, size_t entry);

/* Frees the names and zeroes the struct. */
void sg_file_list_clear(sg_file_list *list);

/*
 * Makes a collection of the pictures in `list` in *source, which the caller destroys. It owns
 * `state` and the list's content from now on, also on failure. `functions` must outlive it. Fails
 * with SG_ERROR_FORMAT when the list has no picture, and SG_ERROR_MEMORY; *source is NULL then. The
 * pictures have no labels yet (data/sources/picture_labels.h).
 */
sg_status sg_picture_source_create(const char *path, const sg_picture_source_functions *functions,
                                   void *state, sg_file_list *list, sg_picture_source **source,
                                   sg_error *error);

/* Releases the collection; NULL is allowed. */
void sg_picture_source_destroy(sg_picture_source *source);

/*
 * Tells the shape of a picture, from its file's header where that is enough. Several threads may
 * call it at once. Fails with a sentence that names the file, as fetching and decoding do.
 */
sg_status sg_picture_source_measure(const sg_picture_source *source, size_t index,
                                    sg_image_shape *shape, sg_error *error);

/* Reads a picture into *image, which the caller destroys. As sg_picture_source_measure otherwise.
 */
sg_status sg_picture_source_read(const sg_picture_source *source, size_t index, sg_image **image,
                                 sg_error *error);

/*
 * Appends "photos holds 2 pictures of kinds that are not read (HEIC); install libheif", with
 * `separator` after the path, for a collection with such pictures.
 */
void sg_foreign_pictures_describe(const sg_picture_source *source, const char *separator,
                                  sg_text *text);

/* Returns "collection/name" on the heap, the picture's name in sentences; NULL on lack of memory.
 */
char *sg_picture_source_name(const sg_picture_source *source, size_t index);

#endif
