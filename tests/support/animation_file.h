/* A reader of animated PNG files for tests, which holds them to the format's rules. */
#ifndef SUPPORT_ANIMATION_FILE_H
#define SUPPORT_ANIMATION_FILE_H

#include <stddef.h>
#include <stdint.h>

enum { MOST_FRAMES_READ = 64 };

/* What such a file holds. */
typedef struct animation_file {
    size_t width, height, channels; /* 8 bits a channel */
    size_t count;                   /* frames */
    uint32_t plays;                 /* 0: without end */
    unsigned rate;                  /* frames a second */
    uint8_t *frames[MOST_FRAMES_READ];
} animation_file;

/*
 * Reads the file chunk by chunk: sums, order, sequence numbers, one control chunk for each frame
 * and sizes must be right, and every frame must inflate to its pixels. Fails the test otherwise.
 */
animation_file read_animation(const char *path);

/* Frees the frames. */
void animation_file_clear(animation_file *animation);

#endif
