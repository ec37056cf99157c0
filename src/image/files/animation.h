/*
 * Animated PNG files (PNG specification, third edition, W3C 2025): PNG files with further frames in
 * chunks that programs without animations skip; those programs show the first frame.
 */
#ifndef SG_IMAGE_FILES_ANIMATION_H
#define SG_IMAGE_FILES_ANIMATION_H

#include "image/files/png_file.h"

/* The most frames a second. */
enum { SG_ANIMATION_LARGEST_RATE = 1000 };

/* The settings of an animation; the texts are borrowed for its lifetime. */
typedef struct sg_animation_options {
    size_t frame_count;       /* 1 .. UINT32_MAX / 2 */
    int frames_per_second;    /* 1 .. SG_ANIMATION_LARGEST_RATE */
    const sg_png_text *texts; /* remarks as for sg_png_write; NULL for none */
    size_t text_count;
} sg_animation_options;

/* An animation that is being written; it appears under its name when it is finished. */
typedef struct sg_animation sg_animation;

/*
 * Starts an animation at `path` that repeats without end. *animation (NULL on failure) must be
 * finished or abandoned. Fails with SG_ERROR_ARGUMENT for options out of range, SG_ERROR_FILE or
 * SG_ERROR_MEMORY.
 */
sg_status sg_animation_create(const char *path, const sg_animation_options *options,
                              sg_animation **animation, sg_error *error);

/*
 * Encodes the next frame and writes it. Fails with SG_ERROR_SHAPE for a frame of another shape than
 * the first, with SG_ERROR_ARGUMENT for more frames than the options say, and as sg_png_write does.
 */
sg_status sg_animation_add(sg_animation *animation, const sg_image *frame, sg_error *error);

/*
 * Ends the file and renames it to its name, atomically; frees `animation` in any case. Equal frames
 * and options give equal bytes. Fails with SG_ERROR_ARGUMENT when frames are missing, and with
 * SG_ERROR_FILE; there is no file then.
 */
sg_status sg_animation_finish(sg_animation *animation, sg_error *error);

/* Removes the unfinished file and frees `animation`; NULL is allowed. */
void sg_animation_abandon(sg_animation *animation);

#endif
