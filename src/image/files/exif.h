/*
 * Entries of the first directory of a TIFF file, which EXIF data (CIPA DC-008) are as well: above
 * all the orientation, which changes a picture.
 */
#ifndef SG_IMAGE_FILES_EXIF_H
#define SG_IMAGE_FILES_EXIF_H

#include <stddef.h>

/* Tags: how the pixels of a TIFF file are compressed; how a picture is to be turned. */
enum { SG_EXIF_COMPRESSION = 0x0103, SG_EXIF_ORIENTATION = 0x0112 };

/*
 * Returns the first 16-bit number of the entry `tag` in a TIFF header with its first directory,
 * with or without "Exif" and two zero bytes before it; -1 without such an entry.
 */
int sg_exif_number(const unsigned char *bytes, size_t size, int tag);

/* Returns the orientation (image/orientation.h), SG_UPRIGHT when there is no valid one. */
int sg_exif_orientation(const unsigned char *bytes, size_t size);

#endif
