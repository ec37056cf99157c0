/*
 * Pictures between the layers of a network that only infers: channels-last, in the format of tap
 * products (kernels/product/product.h), with zeros around that the next convolution takes as its
 * padding.
 *
 * A row has a gap of zeros after its pixels, which pads its own right side and the left side of the
 * next row; rows of zeros lie above the first picture and below each. Nothing but pixels is ever
 * written, so zeros are set once.
 */
#ifndef SG_KERNELS_CONVOLUTION_TAP_IMAGE_H
#define SG_KERNELS_CONVOLUTION_TAP_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A batch of pictures, or some channels of them. All steps are in numbers. */
typedef struct sg_tap_image {
    void *values; /* the first number of the first pixel (of triples: its first part) */
    bool parts;   /* in the format of tap products; false: floats on every processor */
    int64_t height, width;
    int64_t pixel, row, picture, plane; /* from one to the next; planes are a number's parts */
} sg_tap_image;

/* The size of a batch of pictures. */
typedef struct sg_tap_layout {
    int64_t batch, height, width, channels;
    int64_t rows; /* of zeros above and below each picture; zeros share it */
    int64_t gap;  /* pixels of zeros after each row, and before the first */
    bool parts;
} sg_tap_layout;

/* Returns the bytes of such a batch, with room for what is read beyond it. */
size_t sg_tap_layout_bytes(const sg_tap_layout *layout);

/* Returns the image of a batch at `memory`, zeroed and aligned to 64 bytes. */
sg_tap_image sg_tap_layout_image(const sg_tap_layout *layout, void *memory);

/* Returns the image from a picture on; from a channel on. */
sg_tap_image sg_tap_image_from(const sg_tap_image *image, int64_t picture, int64_t channel);

/*
 * Store or read `count` numbers from number `index` of a row of a picture on, as floats. Numbers of
 * a row are those of its pixels, one after the other.
 */
void sg_tap_image_store(const sg_tap_image *image, int64_t picture, int64_t row, int64_t index,
                        const float *values, int64_t count);
void sg_tap_image_read(const sg_tap_image *image, int64_t picture, int64_t row, int64_t index,
                       float *values, int64_t count);

#endif
