/*
 * The video module, stylegan-video.so: the parts of video_file.h and rare_picture.h that link
 * FFmpeg's libraries. They bring a hundred more along, which would triple the time in which every
 * command starts.
 */
#ifndef SG_IMAGE_FILES_VIDEO_MODULE_H
#define SG_IMAGE_FILES_VIDEO_MODULE_H

#include "image/files/video_options.h"
#include "image/image.h"

/* The module's variable, a sg_video_module. Its functions are those of video_file.h, with options
 * that were checked. */
#define SG_VIDEO_MODULE_SYMBOL "sg_video_module_functions"

typedef struct sg_video_module {
    const char *(*version)(void); /* sg_version of the module */
    sg_status (*create)(const char *path, const sg_video_options *options, sg_video **video,
                        sg_error *error);
    sg_status (*add)(sg_video *video, const sg_image *frame, sg_error *error);
    sg_status (*finish)(sg_video *video, sg_error *error);
    void (*abandon)(sg_video *video);

    /* As sg_decode_picture (image/video/picture_decoder.h). */
    sg_status (*decode)(const char *name, const char *codec, const unsigned char *bytes,
                        size_t size, sg_image **image, sg_error *error);
} sg_video_module;

/* The start of the module's own struct; the module sets it in `create`. */
struct sg_video {
    const sg_video_module *module;
};

#endif
