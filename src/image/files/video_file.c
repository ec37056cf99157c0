/* Checks the options of videos, and passes everything else on to the video module. */
#include "image/files/video_file.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/module.h"
#include "image/files/video_module.h"

static sg_status check_options(const char *path, const sg_video_options *options, sg_error *error)
{
    if (options->frames_per_second < 1 || options->frames_per_second > SG_VIDEO_LARGEST_RATE)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "%s: the rate of a video is %d frames a second, but must be from 1 to %d",
                       path, options->frames_per_second, SG_VIDEO_LARGEST_RATE);
    if (options->bitrate != 0 && (options->bitrate < SG_VIDEO_SMALLEST_BITRATE ||
                                  options->bitrate > SG_VIDEO_LARGEST_BITRATE))
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "%s: the rate of a video is %" PRId64
                       " bits a second, but must be from %" PRId64 " to %" PRId64,
                       path, options->bitrate, SG_VIDEO_SMALLEST_BITRATE, SG_VIDEO_LARGEST_BITRATE);
    if (options->bitrate == 0 &&
        (options->quality < 1 || options->quality > SG_VIDEO_WORST_QUALITY))
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "%s: the quality of a video is %d, but must be from 1 (best) to %d", path,
                       options->quality, SG_VIDEO_WORST_QUALITY);
    return SG_OK;
}

sg_status sg_video_create(const char *path, const sg_video_options *options, sg_video **video,
                          sg_error *error)
{
    const void *address = NULL;
    char purpose[sizeof error->message / 2];
    *video = NULL;
    SG_TRY(check_options(path, options, error));
    snprintf(purpose, sizeof purpose, "%s: a video needs FFmpeg's libraries", path);
    SG_TRY(sg_module_open("video", SG_VIDEO_MODULE_SYMBOL, purpose, &address, error));
    const sg_video_module *module = address;
    return module->create(path, options, video, error);
}

sg_status sg_video_add(sg_video *video, const sg_image *frame, sg_error *error)
{
    return video->module->add(video, frame, error);
}

sg_status sg_video_finish(sg_video *video, sg_error *error)
{
    return video->module->finish(video, error);
}

void sg_video_abandon(sg_video *video)
{
    if (video)
        video->module->abandon(video);
}
