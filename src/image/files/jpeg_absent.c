/*
 * Stands in for jpeg_file.c in a build without JPEG (SG_JPEG=OFF).
 * Tested by: tests/platforms/minimal.sh
 */
#include "image/files/jpeg_file.h"

static sg_status refuse(const char *name, sg_error *error)
{
    return sg_fail(
        error, SG_ERROR_LIBRARY,
        "%s: is a JPEG, which this build does not read (libjpeg was left out by SG_JPEG=OFF)",
        name);
}

sg_status sg_jpeg_measure(const char *name, const unsigned char *bytes, size_t size,
                          sg_image_shape *shape, sg_error *error)
{
    (void)bytes;
    (void)size;
    *shape = (sg_image_shape){0};
    return refuse(name, error);
}

sg_status sg_jpeg_decode(const char *name, const unsigned char *bytes, size_t size,
                         sg_image **image, sg_error *error)
{
    (void)bytes;
    (void)size;
    *image = NULL;
    return refuse(name, error);
}
