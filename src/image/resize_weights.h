/*
 * The weights of a resize along one direction: which pixels of the source a target pixel sums.
 * Pictures are resized separably, so that two such tables describe every resize (resize.h,
 * resize_planes.h).
 */
#ifndef SG_IMAGE_RESIZE_WEIGHTS_H
#define SG_IMAGE_RESIZE_WEIGHTS_H

#include <stdbool.h>
#include <stddef.h>

/* How the weights of a direction are found. */
typedef enum sg_resize_filter {
    /* Filters that widen with the scale, against aliasing. */
    SG_RESIZE_LANCZOS,  /* windowed sinc with three lobes: Pillow's LANCZOS */
    SG_RESIZE_BOX,      /* the pixels whose centres are in the target pixel: Pillow's BOX */
    SG_RESIZE_AREA,     /* every pixel by the part that the target pixel covers */
    SG_RESIZE_BILINEAR, /* triangle: Pillow's BILINEAR */
    SG_RESIZE_HAMMING,  /* sinc in Hamming's window of one lobe: Pillow's HAMMING */
    SG_RESIZE_BICUBIC,  /* Keys's cubic, a = -0.5: Pillow's BICUBIC */
    SG_RESIZE_FILTERS,
    /* Rules that pick pixels without regard to aliasing. */
    SG_RESIZE_HALFPIXEL = SG_RESIZE_FILTERS, /* two neighbours of the pixel's centre: PyTorch's
                                                bilinear with align_corners=False */
    SG_RESIZE_LEGACY, /* two neighbours of the pixel's first corner: resize_bilinear of TensorFlow
                         1 */
    SG_RESIZE_CELL /* equal weights of all pixels that the target pixel touches: PyTorch's area */
} sg_resize_filter;

/* The weights of target positions from `from` on. */
typedef struct sg_resize_weights {
    size_t from;
    size_t width;   /* room for the weights of a position */
    size_t *first;  /* [positions]: the source position of the first weight */
    size_t *count;  /* [positions]: the number of weights, at most `width` */
    double *values; /* [positions, width]: add up to 1 for each position */
} sg_resize_weights;

/*
 * Computes the weights from `source` pixels (at least 1) to `target`; the caller frees them by
 * sg_resize_weights_free, also after a failure. Returns false on lack of memory.
 */
bool sg_resize_weights_make(sg_resize_weights *weights, size_t source, size_t target,
                            sg_resize_filter filter);

/* The same for `count` of the target's positions from `from` on alone. */
bool sg_resize_weights_make_part(sg_resize_weights *weights, size_t source, size_t target,
                                 size_t from, size_t count, sg_resize_filter filter);

void sg_resize_weights_free(sg_resize_weights *weights);

#endif
