/*
 * Plans of what a search found for one picture: the way from its start to the edit, as a search
 * through w or through StyleSpace went it. At strength 0 a picture is the start, at 1 the edit, and
 * between them what the search had on the way.
 */
#ifndef SG_EDIT_REQUEST_EDIT_PATH_H
#define SG_EDIT_REQUEST_EDIT_PATH_H

#include "edit/request/edit_plan.h"

/* A way of equal steps, without its start; everything is borrowed. One of the two is NULL. */
typedef struct sg_edit_path {
    size_t points;
    const float *w;      /* [points, num_ws, w_dim]: what is added to w */
    const float *styles; /* [points, channels]: to the styles of all layers (edit/style_space.h) */
} sg_edit_path;

/*
 * Makes a plan that follows a copy of the path, for pictures of the generator, which outlives it;
 * `text` is what it says of itself. Strengths below 0 and above 1 are multiples of the last point.
 * *plan (NULL on failure) is destroyed by the caller. Fails with SG_ERROR_ARGUMENT for styles of a
 * generator that has none.
 */
sg_status sg_edit_plan_make_path(const sg_edit_path *path, const char *text,
                                 sg_generator *generator, sg_edit_plan **plan, sg_error *error);

#endif
