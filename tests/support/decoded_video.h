/* A reader of video files for tests, through FFmpeg's libraries linked in the common way. */
#ifndef SUPPORT_DECODED_VIDEO_H
#define SUPPORT_DECODED_VIDEO_H

#include <stddef.h>
#include <stdint.h>

#include "image/image.h"

enum { MOST_DECODED_FRAMES = 128, DECODED_TEXT_BYTES = 256 };

/* What such a file holds. */
typedef struct decoded_video {
    size_t width, height;           /* pixels */
    size_t count;                   /* frames */
    double rate;                    /* frames a second, as the container says */
    double seconds;                 /* as long as it lasts */
    char codec[DECODED_TEXT_BYTES]; /* "h264" */
    char comment[DECODED_TEXT_BYTES];
    uint8_t *frames[MOST_DECODED_FRAMES]; /* RGB */
} decoded_video;

/*
 * Decodes the one video stream of the file. It must be yuv420p of BT.709's limited range, and show
 * its frames at even times from 0 on. Fails the test otherwise.
 */
decoded_video decode_video(const char *path);

/* Frees the frames. */
void decoded_video_clear(decoded_video *video);

/*
 * The peak signal-to-noise ratio in decibels of a decoded frame against the picture, whose grey
 * counts as RGB and which must have the frame's size.
 */
double decoded_psnr(const decoded_video *video, size_t frame, const sg_image *picture);

#endif
