/* From requests to pictures: one, or a plan of many with progress, cancelling and delivery. */
#ifndef SG_PICTURES_PAINTER_H
#define SG_PICTURES_PAINTER_H

#include "base/watch.h"
#include "image/figures/grid.h"
#include "pictures/picture_request.h"

/*
 * Synthesises the picture as values [1, H, W, C] of nominally -1 to 1 in *values (NULL on failure),
 * which the innermost scope of the network's context owns.
 */
sg_status sg_picture_values(const sg_picture_network *network, const sg_picture_request *request,
                            sg_tensor **values, sg_error *error);

/*
 * Paints the picture into *image (NULL on failure), which the caller destroys, and writes its w if
 * the request says so.
 */
sg_status sg_paint_picture(const sg_picture_network *network, const sg_picture_request *request,
                           sg_image **image, sg_error *error);

/* Writes the picture to the request's file, with remarks that say how it was made. */
sg_status sg_picture_write(const sg_picture_network *network, const sg_picture_request *request,
                           const sg_image *image, sg_error *error);

/* Many pictures, one after another. */
typedef struct sg_picture_plan {
    size_t count;
    size_t frame;        /* pictures in one step of progress; 0: one */
    const char *subject; /* the file being written, for the sentence after cancelling; NULL: none */
    void *user;          /* passed to the functions */
    /*
     * Returns the request for picture `index`; what it borrows lives until the next call. A failure
     * of the context that it causes comes up when the picture is painted.
     */
    sg_picture_request (*request)(void *user, size_t index);
    /* Takes the painted picture, which is destroyed after the call. */
    sg_status (*deliver)(void *user, size_t index, const sg_picture_request *request,
                         const sg_image *image, sg_error *error);
} sg_picture_plan;

/* Tells `watch` that the first `pictures` of the plan are done. Fails with SG_ERROR_CANCELLED when
 * it asks to stop. */
sg_status sg_paint_step(const sg_picture_plan *plan, size_t pictures, const sg_watch *watch,
                        sg_error *error);

/*
 * Paints the plan's pictures in their order and delivers each. Fails with SG_ERROR_CANCELLED when
 * `watch` (NULL: nobody) asks to stop; pictures delivered before stay.
 */
sg_status sg_paint_pictures(const sg_picture_network *network, const sg_picture_plan *plan,
                            const sg_watch *watch, sg_error *error);

/* Creates an empty grid, as sg_grid_create does, for pictures of the generator. */
sg_status sg_paint_grid(const sg_generator *generator, size_t columns, size_t rows, sg_grid **grid,
                        sg_error *error);

#endif
