/* Films of projections. Tested by: tests/cli/test_project.c */
#include "invert/run/projection_film.h"

#include <stdio.h>

#include "invert/results/projection_figure.h"

sg_status sg_projection_film_open(const char *path, int frames_per_second, const sg_watch *watch,
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

sg_status sg_projection_film_add(sg_video *film, const sg_image *target, const sg_image *picture,
                                 sg_error *error)
{
    sg_image *both = NULL;
    if (!film)
        return SG_OK;
    SG_TRY(sg_pictures_beside(target, picture, &both, error));
    const sg_status status = sg_video_add(film, both, error);
    sg_image_destroy(both);
    return status;
}
