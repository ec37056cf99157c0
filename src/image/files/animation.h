/*
 * Animated PNG files (PNG specification, third edition, W3C 2025): a PNG file whose further frames
 * stand in chunks that programs without animations skip, so that these show the first frame.
 */
#ifndef SG_IMAGE_FILES_ANIMATION_H
#define SG_IMAGE_FILES_ANIMATION_H

#include "image/files/png_file.h"

/* The most frames that a second may have. */
enum { SG_ANIMATION_LARGEST_RATE = 1000 };

/* What is known of an animation before its frames; the texts are borrowed for its lifetime. */
typedef struct sg_animation_options {
    size_t frame_count;       /* 1 .. UINT32_MAX / 2 */
    int frames_per_second;    /* 1 .. SG_ANIMATION_LARGEST_RATE */
    const sg_png_text *texts; /* remarks as for sg_png_write; NULL when there are none */
    size_t text_count;
} sg_animation_options;

/* An animation being written; it appears under its name only when finished. */
typedef struct sg_animation sg_animation;

/*
 * Starts an animation at `path` that will be shown over and over. *animation (NULL on failure) must
 * be finished or abandoned. Fails with SG_ERROR_ARGUMENT for options outside their ranges,
 * SG_ERROR_FILE or SG_ERROR_MEMORY.
 */
sg_status sg_animation_create(const char *path, const sg_animation_options *options,
                              sg_animation **animation, sg_error *error);

/*
 * Encodes the next frame and writes it. Fails with SG_ERROR_SHAPE for one of another size or
 * channel count than the first, with SG_ERROR_ARGUMENT for one too many, and as sg_png_write does.
 */
sg_status sg_animation_add(sg_animation *animation, const sg_image *frame, sg_error *error);

/*
 * Ends the file and puts it in place, atomically; frees `animation` in any case. Equal frames and
 * options give equal bytes. Fails with SG_ERROR_ARGUMENT when frames are missing, and with
 * SG_ERROR_FILE; there is no file then.
 */
sg_status sg_animation_finish(sg_animation *animation, sg_error *error);

/* Gives up and frees `animation`; nothing is left behind. NULL is allowed. */
void sg_animation_abandon(sg_animation *animation);

#endif
