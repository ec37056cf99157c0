/* The settings of videos. */
#ifndef SG_IMAGE_FILES_VIDEO_OPTIONS_H
#define SG_IMAGE_FILES_VIDEO_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

enum {
    SG_VIDEO_LARGEST_RATE = 1000,  /* frames a second */
    SG_VIDEO_LARGEST_SIDE = 16384, /* pixels of a frame */
    SG_VIDEO_WORST_QUALITY = 51,
    SG_VIDEO_USUAL_QUALITY = 18 /* an eye hardly tells a frame from its picture */
};

/* The least and the greatest bit rate. */
#define SG_VIDEO_SMALLEST_BITRATE ((int64_t)1000)
#define SG_VIDEO_LARGEST_BITRATE ((int64_t)1000000000)

/* The codecs of MP4 files; WebM files have VP9 or, without it, VP8. */
typedef enum sg_video_codec { SG_VIDEO_BEST, SG_VIDEO_H264, SG_VIDEO_MPEG4 } sg_video_codec;

/* The settings of a video; the text is borrowed until sg_video_create returns. */
typedef struct sg_video_options {
    bool webm;             /* a WebM file instead of MP4; `codec` is not read */
    sg_video_codec codec;  /* best: H.264, or MPEG-4 without x264 */
    int frames_per_second; /* 1 .. SG_VIDEO_LARGEST_RATE */
    int quality;         /* x264's constant rate factor, 1 (best) .. SG_VIDEO_WORST_QUALITY; MPEG-4
                            gets the quantiser of the same step, VP9 and VP8 the level at the same
                            share of their 63; ignored with a bit rate */
    int64_t bitrate;     /* average bits a second, SG_VIDEO_SMALLEST_BITRATE ..
                            SG_VIDEO_LARGEST_BITRATE; 0: as many as the quality takes */
    const char *comment; /* stored in the file; NULL: none */
} sg_video_options;

/* A video that is being written; it appears under its name when it is finished. */
typedef struct sg_video sg_video;

#endif
