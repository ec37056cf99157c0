/*
 * Kinds of pictures that are read through libraries which need not be installed: FFmpeg's, in the
 * video module, and libheif, in a module of its own. Each row says how a kind is recognised and
 * which module reads it.
 */
#ifndef SG_IMAGE_FILES_RARE_PICTURE_H
#define SG_IMAGE_FILES_RARE_PICTURE_H

#include "image/image.h"

/* The modules, in the order in which they are asked. */
typedef enum sg_rare_reader {
    SG_READ_BY_FFMPEG = 1 << 0,
    SG_READ_BY_HEIF = 1 << 1,
    SG_READ_BY_NONE = 0
} sg_rare_reader;

/* A kind of picture. */
typedef struct sg_rare_kind {
    const char *name;    /* "TIFF" */
    const char *endings; /* of names, each between spaces: " .tif .tiff " */
    const char *codec;   /* FFmpeg's name of its decoder; NULL when it has none */
    unsigned readers;    /* a set of sg_rare_reader */
} sg_rare_kind;

/* Returns the kind of a file that starts with these bytes; NULL for another. */
const sg_rare_kind *sg_rare_kind_of(const unsigned char *bytes, size_t size);

/* Returns the kind of a name's ending, such as ".TIF"; NULL for another. */
const sg_rare_kind *sg_rare_kind_of_ending(const char *ending);

/* The kinds have numbers, so that a set of them is a bit mask; the number of NULL is 0. */
enum { SG_MOST_RARE_KINDS = 32 };
size_t sg_rare_kind_number(const sg_rare_kind *kind);

/* True if a module that reads the kind is installed. */
bool sg_rare_kind_is_read(const sg_rare_kind *kind);

/*
 * Writes to `text` of `size` bytes what `kinds`, a bit mask of numbers, are and what must be
 * installed to read them: "(HEIC, TIFF); install libheif and FFmpeg's libraries". Returns `text`.
 */
const char *sg_rare_kinds_describe(unsigned long kinds, char *text, size_t size);

/*
 * Decodes a file in memory into *image, which the caller destroys, upright by its orientation; of
 * an animation or of several pages, the first. Alpha that is opaque everywhere is left out.
 * Sentences call the file `name`. Fails with SG_ERROR_LIBRARY when no module reads the kind, with
 * SG_ERROR_FORMAT for a damaged file, and with SG_ERROR_MEMORY; *image is NULL then.
 */
sg_status sg_rare_picture_decode(const char *name, const sg_rare_kind *kind,
                                 const unsigned char *bytes, size_t size, sg_image **image,
                                 sg_error *error);

#endif
