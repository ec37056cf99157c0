/*
 * Stands in for webp_file.c in a build without WebP (SG_WEBP=OFF).
 * Tested by: tests/platforms/minimal.sh
 */
#include "image/files/webp_file.h"

static sg_status refuse(const char *name, sg_error *error)
{
    return sg_fail(
        error, SG_ERROR_LIBRARY,
        "%s: is a WebP, which this build does not read (libwebp was left out by SG_WEBP=OFF)",
        name);
}

sg_status sg_webp_measure(const char *name, const unsigned char *bytes, size_t size,
                          sg_image_shape *shape, sg_error *error)
{
    (void)bytes;
    (void)size;
    *shape = (sg_image_shape){0};
    return refuse(name, error);
}

sg_status sg_webp_decode(const char *name, const unsigned char *bytes, size_t size,
                         sg_image **image, sg_error *error)
{
    (void)bytes;
    (void)size;
    *image = NULL;
    return refuse(name, error);
}
