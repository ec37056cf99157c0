/* What the ways of finding directions share. */
#ifndef SG_EDIT_DIRECTIONS_FINDING_STATE_H
#define SG_EDIT_DIRECTIONS_FINDING_STATE_H

#include "base/text.h"
#include "base/watch.h"
#include "edit/directions/finding_options.h"

/* One call of sg_directions_find. */
typedef struct sg_finding_state {
    const sg_finding *finding;
    const sg_watch *watch;
    sg_direction_set *found;
    size_t width, num_ws;
    size_t count;   /* directions or channels to find */
    size_t samples; /* w that were drawn */
    double *codes;  /* [samples, width] */
    double *logits; /* [samples, attributes]; NULL: not asked for yet */
} sg_finding_state;

/* The methods; each appends to state->found. */
sg_status sg_find_pca(sg_finding_state *state, sg_error *error);
sg_status sg_find_sefa(sg_finding_state *state, sg_error *error);
sg_status sg_find_boundary(sg_finding_state *state, sg_error *error);
sg_status sg_find_gradient(sg_finding_state *state, sg_error *error);
sg_status sg_find_style_space(sg_finding_state *state, sg_error *error);
sg_status sg_find_text(sg_finding_state *state, sg_error *error);

/*
 * Appends a direction of unit length to the found ones: conditions it, and measures sigma and the
 * useful range on the drawn w, or on `sigma` when it is not 0. `source` is taken over and cleared.
 */
sg_status sg_finding_add(sg_finding_state *state, const char *name, const double *values,
                         double sigma, sg_text *source, sg_error *error);

/*
 * Paints the picture of code `index` on the tape, with a gradient for its w [1, num_ws, w_dim] in
 * *ws (NULL: nobody asks for one); returns the picture, NULL (error in the context) on failure.
 * Results belong to the innermost scope.
 */
sg_tensor *sg_finding_paint(const sg_finding_state *state, size_t index, sg_tensor **ws);

#endif
