/* Films of projections. Tested by: tests/cli/test_project.c */
#include "invert/run/projection_film.h"

#include "invert/results/projection_figure.h"

sg_status sg_projection_film_add(sg_video *film, const sg_image *target, const sg_image *picture,
                                 sg_error *error)
{
    sg_image *both = NULL;
    if (!film)
        return SG_OK;
    SG_TRY(sg_image_beside(target, picture, &both, error));
    const sg_status status = sg_video_add(film, both, error);
    sg_image_destroy(both);
    return status;
}
