/* Opens whatever lies at a path as a collection of pictures of any sizes. */
#ifndef SG_DATA_SOURCES_OPEN_SOURCE_H
#define SG_DATA_SOURCES_OPEN_SOURCE_H

#include "data/sources/picture_source.h"

/*
 * Opens a folder, a zip archive, or IDX files (whose pictures get names of their own) in *source,
 * which the caller destroys. Fails as these do; *source is NULL then.
 */
sg_status sg_picture_source_open(const char *path, sg_picture_source **source, sg_error *error);

#endif
