/*
 * A single picture of `generate`, from the command line or from a line of a batch: where its styles
 * come from, how it is painted, and what its files say and hold.
 */
#ifndef SG_PICTURES_PICTURE_REQUEST_H
#define SG_PICTURES_PICTURE_REQUEST_H

#include "latent/styles.h"
#include "latent/transform.h"
#include "pictures/picture_metadata.h"
#include "pictures/picture_network.h"

/* What to paint; everything is borrowed. */
typedef struct sg_painting {
    sg_style_source source;
    size_t w_index;     /* with source.ws: its place in its file */
    const char *w_file; /* and the file, for the remarks */
    sg_truncation truncation;
    const char *center_file; /* that truncation.center is from; NULL: its seed */
    sg_noise_mode noise_mode;
    sg_transform transform;
} sg_painting;

/* What a grid of several pictures says in place of their seeds, truncations and classes. */
typedef struct sg_painting_lists {
    const char *psis, *classes; /* as they were given; NULL when they are the same in all */
} sg_painting_lists;

/*
 * Paints the picture into *image, which the caller destroys, and writes its truncated styles to
 * `w_path` [1, num_ws, w_dim] (NULL: nowhere). Random noise is that of the seed, or, for given
 * styles, of their place in the file.
 */
sg_status sg_painting_paint(const sg_picture_network *network, const sg_painting *painting,
                            const char *w_path, sg_image **image, sg_error *error);

/* Begins the remarks of the picture's file, or of a grid's when `lists` is not NULL. */
void sg_painting_remark(const sg_picture_network *network, const sg_painting *painting,
                        const sg_painting_lists *lists, sg_remarks *remarks);

#endif
