/* Which part of a picture is the target of a projection, and which pixels count. */
#ifndef SG_INVERT_TARGETS_TARGET_OPTIONS_H
#define SG_INVERT_TARGETS_TARGET_OPTIONS_H

#include "base/fields.h"

/* Four numbers in pixels of the picture, from its top left corner. */
typedef struct sg_target_area {
    bool given;
    double numbers[4];
} sg_target_area;

/* Plain data; zeros are the defaults. */
typedef struct sg_target_options {
    sg_target_area crop;  /* left, top, width, height: the part to show */
    sg_target_area align; /* x0, y0, x1, y1: a box to search around (alignment.h) */
    const char *mask;     /* a picture whose black pixels do not count; NULL: all count */
} sg_target_options;

/* The same as options: --crop, --align, --mask. */
extern const sg_field_table sg_target_fields_table;

#endif
