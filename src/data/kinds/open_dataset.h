/* Opens whatever is at a path, of any kind, as a data set or as a collection of pictures. */
#ifndef SG_DATA_KINDS_OPEN_DATASET_H
#define SG_DATA_KINDS_OPEN_DATASET_H

#include "data/dataset.h"
#include "data/sources/picture_source.h"

/*
 * Opens the data set at `path` in *dataset, which the caller destroys: an IDX file of images, also
 * gzip-compressed, with the label file beside it if there is one; a folder with such files; a
 * folder of pictures; or a zip archive of those (data/sources/picture_source.h says
 * how pictures get labels). All pictures must have one shape. Fails with a sentence that names the
 * file, what was found and what was expected; *dataset is NULL then.
 */
sg_status sg_dataset_open(const char *path, sg_dataset **dataset, sg_error *error);

/* Opens the same without its labels, which are not read, so that they may be of any kind;
 * info.unread_labels says where they are. */
sg_status sg_dataset_open_unlabelled(const char *path, sg_dataset **dataset, sg_error *error);

/*
 * Opens the same as a labelled collection of pictures of any shapes in *source, which the caller
 * destroys. Pictures that are no files (IDX) get names. Fails in the same way; *source is NULL
 * then.
 */
sg_status sg_picture_source_open(const char *path, sg_picture_source **source, sg_error *error);

/* Opens the same collection, also what symbolic links lead to that leave the set. */
sg_status sg_picture_source_open_linked(const char *path, sg_picture_source **source,
                                        sg_error *error);

/* Opens the same collection without its labels; source->unread_labels says where they are. */
sg_status sg_picture_source_open_unlabelled(const char *path, sg_picture_source **source,
                                            sg_error *error);

/*
 * Makes a data set in *dataset of a collection, which it owns from now on, also on failure. Reads
 * the headers of all files. Fails with SG_ERROR_FORMAT and a sentence that names the first picture
 * that cannot be measured or has no label where others have one, with SG_ERROR_SHAPE for one that
 * has another shape than the first; *dataset is NULL then.
 */
sg_status sg_picture_dataset_create(sg_picture_source *source, sg_dataset **dataset,
                                    sg_error *error);

#endif
