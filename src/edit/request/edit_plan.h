/*
 * Plans of edits: what a request becomes once a network is loaded. They say what to add to w, which
 * styles to shift, how to truncate.
 *
 * The order of a picture: its w (of a seed, a file, or a sum), each truncated; mixes; moves; and
 * styles while the picture is synthesised.
 */
#ifndef SG_EDIT_REQUEST_EDIT_PLAN_H
#define SG_EDIT_REQUEST_EDIT_PLAN_H

#include "edit/direction.h"
#include "edit/request/edit_request.h"

/* True if the request asks for an edit. */
bool sg_edit_request_edits(const sg_edit_request *request);

/*
 * Makes the plan of a request for a generator, which outlives it, with the directions of its file:
 * *plan, NULL when nothing is asked for or on failure; the caller destroys it. Statistics of w are
 * those of the label's class. Fails with SG_ERROR_ARGUMENT and a sentence for names that are not
 * known, sizes that do not fit the network, and amounts out of range, or as reading the file does.
 */
sg_status sg_edit_plan_make(const sg_edit_request *request, sg_generator *generator,
                            sg_style_label label, sg_edit_plan **plan, sg_error *error);
void sg_edit_plan_destroy(sg_edit_plan *plan);

/* Lets the request's pictures follow the plan (NULL: none), at full strength. */
void sg_edit_request_follow(sg_edit_request *request, const sg_edit_plan *plan);

/* Returns the edits as one line for people, such as "move smile=2@0-7; style b16.conv1:45=3". */
const char *sg_edit_plan_text(const sg_edit_plan *plan);

/* Returns the amount of the only move or style of the plan, and its name in *name, borrowed; *name
 * is NULL where there are several, or none. */
double sg_edit_plan_single(const sg_edit_plan *plan, const char **name);

/* Returns the terms of the sum to start from, *count of them; NULL: there is none. */
const sg_w_term *sg_edit_plan_sum(const sg_edit_plan *plan, size_t *count);

/* Returns the mixes, *count of them. */
const sg_edit_mix *sg_edit_plan_mixes(const sg_edit_plan *plan, size_t *count);

/* True if the plan changes how w are truncated; psi and cutoff alone are not its matter. */
bool sg_edit_plan_truncates(const sg_edit_plan *plan);

/*
 * Truncates ws [num_ws, w_dim] as the plan says: towards `base` [num_ws, w_dim], or the nearest of
 * its centres, by `psi` below `cutoff` (negative: everywhere) where it says nothing else.
 */
void sg_edit_truncate(const sg_edit_plan *plan, const double *base, double psi, int cutoff,
                      double *ws);

/* Moves ws [num_ws, w_dim] by all moves times `strength`. */
void sg_edit_move(const sg_edit_plan *plan, double strength, double *ws);

/* True if the plan shifts styles, which no file of w can hold. */
bool sg_edit_plan_shifts(const sg_edit_plan *plan);

/* Shift the generator's styles by `strength`, and restore them. */
void sg_edit_shift_begin(const sg_edit_plan *plan, double strength);
void sg_edit_shift_end(const sg_edit_plan *plan);

#endif
