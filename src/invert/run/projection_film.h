/* The film of a projection: the target beside the picture of every step. */
#ifndef SG_INVERT_RUN_PROJECTION_FILM_H
#define SG_INVERT_RUN_PROJECTION_FILM_H

#include "image/files/video_file.h"

/* Adds a frame, unless `film` is NULL: both pictures side by side. */
sg_status sg_projection_film_add(sg_video *film, const sg_image *target, const sg_image *picture,
                                 sg_error *error);

#endif
