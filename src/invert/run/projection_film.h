/* The film of a projection: the target beside the picture of every step. */
#ifndef SG_INVERT_RUN_PROJECTION_FILM_H
#define SG_INVERT_RUN_PROJECTION_FILM_H

#include "base/watch.h"
#include "image/files/video_file.h"

/*
 * Starts the film at `path`. Without the video module or its codec, notes to `watch` that there is
 * no film, and why; *film is NULL then and on failure. It must be finished or abandoned
 * (image/files/video_file.h).
 */
sg_status sg_projection_film_open(const char *path, int frames_per_second, const sg_watch *watch,
                                  sg_video **film, sg_error *error);

/* Adds a frame, unless `film` is NULL: both pictures side by side. */
sg_status sg_projection_film_add(sg_video *film, const sg_image *target, const sg_image *picture,
                                 sg_error *error);

#endif
