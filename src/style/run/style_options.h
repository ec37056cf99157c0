/* All that a style transfer can be told, as fields: options of `stylegan style`. */
#ifndef SG_STYLE_RUN_STYLE_OPTIONS_H
#define SG_STYLE_RUN_STYLE_OPTIONS_H

#include "base/fields.h"
#include "base/number_list.h"
#include "style/pixel_style.h"

/* Plain data; texts are borrowed. */
typedef struct sg_style_options {
    sg_pixel_style_options pixels; /* alpha counts for every way */
    sg_decimal_list weights;       /* of the styles; empty: equal ones. Owned */
    bool keep_colours;             /* the styles get the content's colours first */
    int size;                      /* pixels of the longer side */
    bool save_video;
    int frames_per_second;
    sg_given given; /* rows of the fields that were given */
} sg_style_options;

/* The fields; the table is about sg_style_options. */
extern const sg_field_table sg_style_fields;

/* Returns the defaults. */
sg_style_options sg_style_options_default(void);

/* Writes the shares of `count` styles, which add up to 1, to `shares`. Fails with SG_ERROR_ARGUMENT
 * for another number of weights, a negative one, or zeros alone. */
sg_status sg_style_shares(const sg_style_options *options, size_t count, double *shares,
                          sg_error *error);

#endif
