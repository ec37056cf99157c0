/* PNG files (ISO/IEC 15948), written and read through libpng. */
#ifndef SG_IMAGE_FILES_PNG_FILE_H
#define SG_IMAGE_FILES_PNG_FILE_H

#include "image/image.h"

/*
 * A remark that is stored with a picture. The key is 1 to 79 printable ASCII characters without a
 * space at either end or two in a row. A value of ASCII, or one that is not UTF-8, becomes a tEXt
 * chunk byte for byte; one in UTF-8 beyond ASCII becomes an iTXt chunk. Remarks with an empty value
 * are left out.
 */
typedef struct sg_png_text {
    const char *key;
    const char *value;
} sg_png_text;

/*
 * Writes `image` to `path`, atomically, with `text_count` remarks (`texts` may be NULL for none).
 * Equal pictures and remarks give equal bytes. Fails with SG_ERROR_ARGUMENT for a bad key,
 * SG_ERROR_FILE when the file cannot be written, SG_ERROR_MEMORY or SG_ERROR_LIBRARY.
 */
sg_status sg_png_write(const char *path, const sg_image *image, const sg_png_text *texts,
                       size_t text_count, sg_error *error);

/*
 * Encodes the file that sg_png_write would write to *bytes (heap, caller frees; NULL on failure)
 * and *size. Sentences call it `name`. Fails as sg_png_write does, except for SG_ERROR_FILE.
 */
sg_status sg_png_encode(const char *name, const sg_image *image, const sg_png_text *texts,
                        size_t text_count, unsigned char **bytes, size_t *size, sg_error *error);

/*
 * Encodes `image` without compression to *bytes (heap, caller frees) and *size: large, but quick to
 * read again and again. Sentences call it `name`. Equal pictures give equal bytes. Fails with
 * SG_ERROR_MEMORY or SG_ERROR_LIBRARY.
 */
sg_status sg_png_encode_uncompressed(const char *name, const sg_image *image, unsigned char **bytes,
                                     size_t *size, sg_error *error);

/*
 * Reads the shape of the picture that sg_png_decode would make of a file that starts with these
 * bytes, which must reach to the first IDAT chunk. Sentences call the file `name`. Fails with
 * SG_ERROR_FORMAT.
 */
sg_status sg_png_measure(const char *name, const unsigned char *bytes, size_t size,
                         sg_image_shape *shape, sg_error *error);

/*
 * Reads the remark of that key from a file that starts with these bytes to `value` of `value_size`
 * bytes, cut to what fits; false when there is none, or no PNG.
 */
bool sg_png_read_text(const unsigned char *bytes, size_t size, const char *key, char *value,
                      size_t value_size);

/*
 * Decodes a file in memory, of any PNG colour type and bit depth, into an 8-bit picture in *image,
 * which the caller destroys: grey, grey and alpha, RGB or RGBA as the file's colours (a palette
 * counts as RGB) and transparency require. Sentences call the file `name`. Fails with
 * SG_ERROR_FORMAT when it is not a complete PNG or promises more pixels than a file of its size can
 * hold, or with SG_ERROR_MEMORY; *image is NULL then.
 */
sg_status sg_png_decode(const char *name, const unsigned char *bytes, size_t size, sg_image **image,
                        sg_error *error);

#endif
