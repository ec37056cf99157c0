/* Films beside other results. Tested by: tests/cli/test_project.c */
#include "image/files/optional_video.h"

#include <stdio.h>

sg_status sg_optional_video_create(const char *path, int frames_per_second, const sg_watch *watch,
                                   sg_video **film, sg_error *error)
{
    char note[sizeof error->message + 64];
    sg_error own = {0};
    const sg_video_options options = {.frames_per_second = frames_per_second,
                                      .quality = SG_VIDEO_USUAL_QUALITY};
    const sg_status status = sg_video_create(path, &options, film, &own);
    if (status == SG_ERROR_LIBRARY) {
        snprintf(note, sizeof note, "there will be no film: %s", own.message);
        sg_watch_note(watch, note);
        return SG_OK;
    }
    return status ? sg_fail(error, status, "%s", own.message) : SG_OK;
}
