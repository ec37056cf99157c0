/*
 * Pictures in at most 256 colours, for files that hold no more. A picture with fewer colours keeps
 * them; others are quantised by splitting boxes of colours (Wu 1991) and an ordered dither, which
 * stays in place from frame to frame of a film where error diffusion would flicker.
 */
#ifndef SG_IMAGE_PALETTE_H
#define SG_IMAGE_PALETTE_H

#include "image/image.h"

enum { SG_PALETTE_COLORS = 256 };

/* The colours of a picture; plain data. */
typedef struct sg_palette {
    size_t count;                         /* 1 .. SG_PALETTE_COLORS */
    uint8_t colors[SG_PALETTE_COLORS][3]; /* red, green, blue */
} sg_palette;

/*
 * Chooses the colours of an RGB picture, and writes the index of every pixel's colour to `indices`
 * [height * width]. Equal pictures give equal results. Fails with SG_ERROR_SHAPE for other
 * channels, and with SG_ERROR_MEMORY.
 */
sg_status sg_palette_apply(const sg_image *image, sg_palette *palette, uint8_t *indices,
                           sg_error *error);

#endif
