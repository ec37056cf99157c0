/*
 * Moves and turns pictures as continuous images (Karras et al. 2021, appendix E): the references of
 * the equivariance metrics. Pictures are floats [height, width, channels], black beyond their
 * edges; `valid` [height, width] is 1 for pixels that depend on nothing beyond them. Results do not
 * overlap their sources.
 */
#ifndef SG_METRICS_MOVED_PICTURE_H
#define SG_METRICS_MOVED_PICTURE_H

enum {
    SG_TURN_REACH = 6, /* pixels: reach of the filters of a turn */
    SG_MAP_REACH = 8   /* of any other map */
};

/* The size of a picture. */
typedef struct sg_picture_size {
    int height, width, channels;
} sg_picture_size;

/* Moves by whole pixels to the right and down. */
void sg_translate_whole(const sg_picture_size *size, const float *picture, int x, int y,
                        float *moved, unsigned char *valid);

/* Moves by any number of pixels: a sinc in Lanczos's window of 3 lobes. */
void sg_translate_fraction(const sg_picture_size *size, const float *picture, double x, double y,
                           float *moved, unsigned char *valid);

/*
 * Maps coordinates around the middle by the affine `matrix` [3, 3] (rows; x before y, y pointing
 * down; the last column in shares of the sides), which must be invertible. `reach`, at most
 * SG_MAP_REACH, is that of the filter.
 */
void sg_map_picture(const sg_picture_size *size, const float *picture, const double matrix[9],
                    int reach, float *mapped, unsigned char *valid);

/* Turns around the middle by `angle` (radians, against the clock). */
void sg_rotate(const sg_picture_size *size, const float *picture, double angle, float *turned,
               unsigned char *valid);

/* Removes the frequencies that a picture could not show if sg_rotate had turned it by `angle`. */
void sg_pseudo_rotate(const sg_picture_size *size, const float *picture, double angle,
                      float *filtered, unsigned char *valid);

#endif
