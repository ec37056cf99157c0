/* Pictures before and after their edits, in files, sheets and films: the work of `edit`. */
#ifndef SG_PICTURES_EDITS_EDIT_PICTURES_H
#define SG_PICTURES_EDITS_EDIT_PICTURES_H

#include "pictures/films/frame_output.h"
#include "pictures/picture_set.h"

/*
 * Writes FOLDER/NAME.png, edited, for every source of the work, and the sheet
 * FOLDER/before-after.png with a row for each. That of a sum shows its terms and, where they are
 * seeds and nothing else is edited, the picture of the same sum of their latents z, also written to
 * FOLDER/sum-z.png. `work` is prepared, and its edit has a plan.
 */
sg_status sg_edit_paint(const sg_picture_work *work, const sg_watch *watch, sg_error *error);

/* Writes FOLDER/strip.png: a row for each source, `count` columns, at least 2, from all moves
 * reversed to all moves in full; where a search found the edits, along its way. */
sg_status sg_edit_strip(const sg_picture_work *work, size_t count, const sg_watch *watch,
                        sg_error *error);

/* What changes in a film. */
typedef enum sg_edit_film_kind {
    SG_EDIT_SWEEP, /* the moves, from nothing to full, reversed, and back; or the way of a search,
                      which then stays at its end */
    SG_EDIT_PULSE, /* psi, between two values (edit/waves.h) */
    SG_EDIT_WAVE   /* psi, in a wave over the grid of sources */
} sg_edit_film_kind;

typedef struct sg_edit_film {
    sg_edit_film_kind kind;
    double psi_start, psi_end; /* of a pulse or wave */
    double frequency;          /* pulses in the film */
    int columns, rows;         /* of the grid; all sources have a cell */
    sg_frame_output_options output;
} sg_edit_film;

/* Writes the film. After SG_ERROR_CANCELLED, numbered frames stay, and a film does not appear. */
sg_status sg_edit_film_paint(const sg_picture_work *work, const sg_edit_film *film,
                             const sg_watch *watch, sg_error *error);

#endif
