/* A reader of GIF files for tests, written from the format's description. */
#ifndef SUPPORT_DECODED_GIF_H
#define SUPPORT_DECODED_GIF_H

#include <stddef.h>
#include <stdint.h>

enum { MOST_GIF_FRAMES = 64, GIF_TEXT_BYTES = 1024 };

/* What such a file holds. */
typedef struct decoded_gif {
    size_t width, height; /* pixels */
    size_t count;         /* frames */
    int loops;            /* the number of times; 0: without end; -1: not said */
    char comment[GIF_TEXT_BYTES];
    size_t delays[MOST_GIF_FRAMES];   /* hundredths of a second */
    uint8_t *frames[MOST_GIF_FRAMES]; /* RGB */
} decoded_gif;

/* Decodes the file, whose frames cover the whole screen and have palettes of their own. Fails the
 * test otherwise. */
decoded_gif decode_gif(const char *path);

/* Frees the frames. */
void decoded_gif_clear(decoded_gif *gif);

#endif
