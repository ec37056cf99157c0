/* Films beside other results, which are made where the machine can. */
#ifndef SG_IMAGE_FILES_OPTIONAL_VIDEO_H
#define SG_IMAGE_FILES_OPTIONAL_VIDEO_H

#include "base/watch.h"
#include "image/files/video_file.h"

/*
 * Starts the film at `path`. Without the video module or its codec, notes to `watch` that there is
 * no film, and why; *film is NULL then and on failure. It must be finished or abandoned
 * (image/files/video_file.h).
 */
sg_status sg_optional_video_create(const char *path, int frames_per_second, const sg_watch *watch,
                                   sg_video **film, sg_error *error);

#endif
