/* Resizing of pictures, separably, to 8 bits after each direction, as Pillow does it. */
#ifndef SG_IMAGE_RESIZE_H
#define SG_IMAGE_RESIZE_H

#include "base/choices.h"
#include "image/image.h"

/* How the source's pixels are weighted; support in target pixels when making a picture smaller. */
typedef enum sg_resize_filter {
    SG_RESIZE_LANCZOS, /* windowed sinc with three lobes: Pillow's LANCZOS */
    SG_RESIZE_BOX,     /* the pixels whose centres fall into the target pixel: Pillow's BOX */
    SG_RESIZE_AREA     /* all pixels, by the part of them that the target pixel covers */
} sg_resize_filter;

/* The filters by name: "lanczos", "box", "area". */
extern const sg_choices sg_resize_choices;

/*
 * `image` as a picture of `width` x `height` in *resized, which the caller destroys. Filters widen
 * with the scale, so that nothing aliases. Pixels count by their alpha, where there is one. Fails
 * as sg_image_create does; *resized is NULL then.
 */
sg_status sg_image_resize(const sg_image *image, size_t width, size_t height,
                          sg_resize_filter filter, sg_image **resized, sg_error *error);

#endif
