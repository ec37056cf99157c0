/*
 * Pictures' sizes and the networks that make them: a constant of base_height x base_width is
 * doubled from resolution 4 to img_resolution, so the picture is base * img_resolution / 4 in each
 * direction.
 */
#ifndef SG_DATA_PICTURE_BASE_H
#define SG_DATA_PICTURE_BASE_H

#include <stdbool.h>
#include <stddef.h>

typedef struct sg_picture_base {
    int base_height, base_width; /* of the constant */
    int resolution;              /* img_resolution */
} sg_picture_base;

enum {
    SG_SMALLEST_SIDE = 8, /* of pictures that a network can learn from */
    SG_LARGEST_SIDE = 4096,
    SG_LARGEST_SHORTER_BASE = 16, /* sides of constants, beyond which a linear layer has too many */
    SG_LARGEST_LONGER_BASE = 64   /* weights */
};

/*
 * Finds the deepest network for pictures of this size whose constant has 3 or more pixels on its
 * shorter side, so that squares of 8, 16, 32 ... have 4x4. False if there is none: a side below 8
 * or above 4096, or a constant with more than 16 pixels on its shorter side or 64 on its longer,
 * for lack of common factors of 2.
 */
bool sg_picture_base_find(size_t height, size_t width, sg_picture_base *size);

/* Sets the sides to a size nearby for which sg_picture_base_find finds a network. */
void sg_picture_base_near(size_t *height, size_t *width);

/* Returns a side of pictures at a resolution from the constant's side. */
int sg_picture_side(int base, int resolution);

#endif
