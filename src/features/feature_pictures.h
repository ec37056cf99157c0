/* What feature networks are given, and what they compute. */
#ifndef SG_FEATURES_FEATURE_PICTURES_H
#define SG_FEATURES_FEATURE_PICTURES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/choices.h"

/* How pictures come to the size of a network's input. */
typedef enum sg_feature_resize {
    SG_FEATURE_RESIZE_LEGACY,   /* TensorFlow 1's bilinear rule, as NVIDIA's programs */
    SG_FEATURE_RESIZE_CLEAN,    /* antialiased bicubic without rounding, as clean-fid */
    SG_FEATURE_RESIZE_HALFPIXEL /* bilinear with half-pixel centres, as pytorch-fid */
} sg_feature_resize;

/* The modes by name: "legacy", "clean", "halfpixel". */
extern const sg_choices sg_feature_resize_choices;

/*
 * Pictures of one size, [count, height, width, channels] with values of 0 to 255; one of `bytes`
 * and `floats` is set. One channel is repeated to three. All is borrowed.
 */
typedef struct sg_feature_pictures {
    size_t count, height, width;
    size_t channels; /* 1, or 3: red, green, blue */
    const uint8_t *bytes;
    const float *floats;
} sg_feature_pictures;

/* Inner layers that results may show. */
typedef enum sg_feature_layer {
    SG_INCEPTION_INPUT,
    SG_INCEPTION_POOL1,
    SG_INCEPTION_POOL2,
    SG_INCEPTION_PRE_AUX, /* after Mixed_6e */
    SG_INCEPTION_LAST,    /* after Mixed_7c */
    SG_VGG16_INPUT,
    SG_VGG16_RELU1, /* the ends of blocks, before their pools; four more follow */
    SG_VGG16_POOL5 = SG_VGG16_RELU1 + 5,
    SG_VGG16_FC1 /* the first matrix, rectified */
} sg_feature_layer;

/* A layer that is asked for, and room for its values, [count, height, width, channels]. */
typedef struct sg_feature_tap {
    sg_feature_layer layer;
    float *values;
} sg_feature_tap;

/*
 * What is computed of pictures; the caller's arrays, each of which may be NULL. Features of LPIPS
 * are NVIDIA's form of it: one vector per picture, squared distances of which are LPIPS distances.
 * It joins the ends of blocks, channels outermost, so that its length depends on the picture's
 * size.
 */
typedef struct sg_feature_results {
    float *features; /* [count, features] */
    float *logits;   /* [count, classes] */
    bool no_bias;    /* logits without the last layer's bias, as Inception scores take them */
    const sg_feature_tap *taps;
    size_t tap_count;
} sg_feature_results;

#endif
