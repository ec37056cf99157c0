/*
 * Plans that were made before, so that equal edits of many pictures (lines of a batch, calls of a
 * program) are planned once: their files are read once, and clusters of w found once.
 */
#ifndef SG_EDIT_REQUEST_EDIT_STORE_H
#define SG_EDIT_REQUEST_EDIT_STORE_H

#include "edit/request/edit_plan.h"

/* The latest plans of one generator; a bounded number of them. */
typedef struct sg_edit_store sg_edit_store;

/* Makes an empty store for a generator, which outlives it. Fails with SG_ERROR_MEMORY. */
sg_status sg_edit_store_create(sg_generator *generator, sg_edit_store **store, sg_error *error);
void sg_edit_store_destroy(sg_edit_store *store);

/*
 * Returns in *plan the plan of a request, as sg_edit_plan_make makes it; NULL when nothing is asked
 * for or on failure. The plan belongs to the store and is valid until the next call. A plan whose
 * files of directions or w have changed is made anew; of files that are gone, what was read stays.
 * Plans that differ share the directions of a file, and clusters and moments of w. Fails as
 * sg_edit_plan_make does.
 */
sg_status sg_edit_store_find(sg_edit_store *store, const sg_edit_request *request,
                             sg_style_label label, const sg_edit_plan **plan, sg_error *error);

#endif
