/* Cutting a part out of a picture; see crop.h. */
#include "image/crop.h"

#include <string.h>

sg_status sg_image_crop(const sg_image *image, size_t left, size_t top, size_t width, size_t height,
                        sg_image **cropped, sg_error *error)
{
    *cropped = NULL;
    if (left > image->width || top > image->height || width > image->width - left ||
        height > image->height - top)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "%zux%zu pixels from (%zu, %zu) on do not lie within a picture of %zux%zu",
                       width, height, left, top, image->width, image->height);
    const sg_status status = sg_image_create(width, height, image->channels, cropped, error);
    const size_t row = width * image->channels;
    for (size_t y = 0; y < height && !status; y++)
        memcpy((*cropped)->pixels + y * row,
               image->pixels + ((top + y) * image->width + left) * image->channels, row);
    return status;
}
