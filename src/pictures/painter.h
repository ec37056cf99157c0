/* From requests to pictures: one, or a plan of many with progress, cancelling and delivery. */
#ifndef SG_PICTURES_PAINTER_H
#define SG_PICTURES_PAINTER_H

#include "base/watch.h"
#include "image/figures/grid.h"
#include "latent/w_spread.h"
#include "pictures/picture_request.h"

/*
 * Synthesises the picture as values [1, H, W, C] of nominally -1 to 1 in *values (NULL on failure),
 * which the innermost scope of the network's context owns. Fails with SG_ERROR_NUMERIC for values
 * that are not finite.
 */
sg_status sg_picture_values(const sg_picture_network *network, const sg_picture_request *request,
                            sg_tensor **values, sg_error *error);

/* Tells w far beyond all that the network's pictures are made of; zero it before use, clear it
 * after. */
typedef struct sg_far_w {
    sg_w_spread spread; /* of W, once a picture needs it */
    double distance;    /* of the last picture, as sg_w_spread_distance; 0: not measured */
    bool noted;         /* the watcher knows */
} sg_far_w;

void sg_far_w_clear(sg_far_w *far);

/* Writes a sentence about the last picture, if its w is more than 100 times as far from the mean as
 * random w; returns false otherwise. */
enum { SG_FAR_W_BYTES = 200 };
bool sg_far_w_describe(const sg_far_w *far, const sg_picture_request *request,
                       char sentence[SG_FAR_W_BYTES]);

/*
 * Paints the picture into *image (NULL on failure), which the caller destroys, and writes its w if
 * the request says so. Measures the w of files, latents and edits for `far` (NULL: nobody asks).
 */
sg_status sg_paint_picture(const sg_picture_network *network, const sg_picture_request *request,
                           sg_far_w *far, sg_image **image, sg_error *error);

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
 * `watch` (NULL: nobody) asks to stop; pictures delivered before stay. Notes the first w that is
 * far off to the watcher.
 */
sg_status sg_paint_pictures(const sg_picture_network *network, const sg_picture_plan *plan,
                            const sg_watch *watch, sg_error *error);

/* Creates an empty grid, as sg_grid_create does, for pictures of the generator. */
sg_status sg_paint_grid(const sg_generator *generator, size_t columns, size_t rows, sg_grid **grid,
                        sg_error *error);

#endif
