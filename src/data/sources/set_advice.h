/* The command that makes a set for training of pictures that are none yet. */
#ifndef SG_DATA_SOURCES_SET_ADVICE_H
#define SG_DATA_SOURCES_SET_ADVICE_H

#include "data/sources/picture_collection.h"

/*
 * Writes the command line that makes pictures of width x height pixels of those at `path`, with
 * `fix` also where they must be enlarged or get other channels, to `text` of `size` bytes; returns
 * `text`. Options are fields in double quotes, as in all sentences of the library.
 */
const char *sg_set_command(const char *path, size_t width, size_t height, bool fix, char *text,
                           size_t size);

/*
 * Writes the command for squares that fit most pictures of the collection: half of them or more
 * need no enlarging. Reads the headers of all files.
 */
const char *sg_set_advice(const sg_picture_source *source, char *text, size_t size);

#endif
