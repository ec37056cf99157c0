/*
 * Animated GIF files (GIF89a) that repeat without end: every frame with the 256 colours that suit
 * it best (image/palette.h). Times are hundredths of a second, and programs show frames of less
 * than two of these slowly, so that 50 frames a second are the most.
 */
#ifndef SG_IMAGE_FILES_GIF_FILE_H
#define SG_IMAGE_FILES_GIF_FILE_H

#include "image/image.h"

enum {
    SG_GIF_LARGEST_RATE = 50,   /* frames a second */
    SG_GIF_LARGEST_SIDE = 65535 /* pixels of a frame */
};

/* A GIF that is being written; it appears under its name when it is finished. */
typedef struct sg_gif sg_gif;

/*
 * Starts a GIF at `path` with this rate and a comment (NULL: none; borrowed until this returns).
 * *gif (NULL on failure) must be finished or abandoned. Fails with SG_ERROR_ARGUMENT for a rate out
 * of range, SG_ERROR_FILE or SG_ERROR_MEMORY.
 */
sg_status sg_gif_create(const char *path, int frames_per_second, const char *comment, sg_gif **gif,
                        sg_error *error);

/*
 * Adds the next frame. Grey becomes colour, and alpha is laid over black. Fails with SG_ERROR_SHAPE
 * for a frame of another size than the first, SG_ERROR_ARGUMENT for a side that is too long,
 * SG_ERROR_FILE or SG_ERROR_MEMORY.
 */
sg_status sg_gif_add(sg_gif *gif, const sg_image *frame, sg_error *error);

/*
 * Ends the file and renames it to its name, atomically; frees `gif` in any case. Equal frames and
 * rates give equal bytes. Fails with SG_ERROR_ARGUMENT without a frame, and with SG_ERROR_FILE;
 * there is no file then.
 */
sg_status sg_gif_finish(sg_gif *gif, sg_error *error);

/* Removes the unfinished file and frees `gif`; NULL is allowed. */
void sg_gif_abandon(sg_gif *gif);

#endif
