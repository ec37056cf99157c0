/*
 * Which transforms of ADA's augmentation pipe run, how often and how strongly: Karras et al. 2020,
 * "Training generative adversarial networks with limited data", appendix B.
 */
#ifndef SG_TRAIN_AUGMENT_AUGMENT_SPEC_H
#define SG_TRAIN_AUGMENT_AUGMENT_SPEC_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/* The transforms, in the order in which the pipe draws and applies them. */
typedef enum sg_augment_transform {
    SG_AUGMENT_XFLIP,
    SG_AUGMENT_ROTATE90,
    SG_AUGMENT_XINT,
    SG_AUGMENT_SCALE,
    SG_AUGMENT_ROTATE,
    SG_AUGMENT_ANISO,
    SG_AUGMENT_XFRAC,
    SG_AUGMENT_BRIGHTNESS,
    SG_AUGMENT_CONTRAST,
    SG_AUGMENT_LUMAFLIP,
    SG_AUGMENT_HUE,
    SG_AUGMENT_SATURATION,
    SG_AUGMENT_IMGFILTER,
    SG_AUGMENT_NOISE,
    SG_AUGMENT_CUTOUT,
    SG_AUGMENT_TRANSFORMS
} sg_augment_transform;

/* Plain data; all zeros is the pipe that changes nothing. */
typedef struct sg_augment_spec {
    /* The probability of a transform is its multiplier times p; 0: the transform is off. */
    double multiplier[SG_AUGMENT_TRANSFORMS];
    /* The published constant of the transform: xint_max, scale_std, rotate_max ... cutout_size. */
    double strength[SG_AUGMENT_TRANSFORMS];
} sg_augment_spec;

/*
 * Reads a spec: names after commas, each of a group (blit, geom, color, filter, noise, cutout), of
 * a published pipe (bg, bgc, bgcf, bgcfn, bgcfnc, bgfnc) or of one transform. After a transform's
 * name, "=X" sets its strength and ":X" its multiplier: "bg,hue,scale=0.1:0.5", "bgc,xflip:0".
 * Later names count over earlier ones. Fails with SG_ERROR_ARGUMENT and names what it does not
 * know; `field` is what the sentence calls the text.
 */
sg_status sg_augment_spec_parse(const char *text, const char *field, sg_augment_spec *spec,
                                sg_error *error);

/* True if a transform of the spec is on. */
bool sg_augment_spec_is_on(const sg_augment_spec *spec);

/* True if a transform from `first` to `last` is on. */
bool sg_augment_spec_has(const sg_augment_spec *spec, sg_augment_transform first,
                         sg_augment_transform last);

#endif
