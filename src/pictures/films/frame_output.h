/* Output of a moving picture's frames: a video, a GIF, an animated PNG, or a PNG file for each. */
#ifndef SG_PICTURES_FILMS_FRAME_OUTPUT_H
#define SG_PICTURES_FILMS_FRAME_OUTPUT_H

#include "pictures/picture_metadata.h"

typedef enum sg_frame_format {
    SG_FRAMES_NUMBERED,  /* DIR/frame0000.png, or by a pattern such as DIR/walk%05d.png */
    SG_FRAMES_ANIMATION, /* FILE.png, FILE.apng */
    SG_FRAMES_VIDEO,     /* FILE.mp4, FILE.webm */
    SG_FRAMES_GIF,       /* FILE.gif */
    SG_FRAMES_UNKNOWN
} sg_frame_format;

/*
 * Returns the format that a path asks for. Numbered frames go to a folder, which exists or whose
 * name ends in "/", or follow a pattern, which has one number, as %d, %4d or %04d, and ends in
 * ".png".
 */
sg_frame_format sg_frame_format_of(const char *path);

/* All that is known before the first frame; borrowed until the output is closed. */
typedef struct sg_frame_output_options {
    const char *path; /* of a known format */
    size_t frame_count;
    int frames_per_second;     /* in the range of the format; not read for numbered frames */
    size_t scale;              /* side of the square that a pixel becomes, 1 or more */
    int quality;               /* of a video: see image/files/video_file.h */
    int64_t bitrate;           /* of a video */
    const sg_remarks *remarks; /* stored in every file */
} sg_frame_output_options;

typedef struct sg_frame_output sg_frame_output;

/*
 * Opens the output, and makes the folder of numbered frames. *output (NULL on failure) must be
 * finished or abandoned.
 */
sg_status sg_frame_output_open(const sg_frame_output_options *options, sg_frame_output **output,
                               sg_error *error);

/* Adds the next frame. */
sg_status sg_frame_output_add(sg_frame_output *output, const sg_image *frame, sg_error *error);

/* Closes the output and frees it, also on failure. A file of all frames appears only now. */
sg_status sg_frame_output_finish(sg_frame_output *output, sg_error *error);

/* Frees the output (NULL is allowed) without finishing it; numbered frames that were added stay. */
void sg_frame_output_abandon(sg_frame_output *output);

#endif
