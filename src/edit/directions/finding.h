/* Finding directions of w in a generator: six methods behind one call. */
#ifndef SG_EDIT_DIRECTIONS_FINDING_H
#define SG_EDIT_DIRECTIONS_FINDING_H

#include "base/choices.h"
#include "base/watch.h"
#include "edit/directions/finding_options.h"

/* "pca", "sefa", "boundary", "gradient", "stylespace", "text". */
extern const sg_choices sg_finding_methods;

/*
 * Finds directions and appends them to `found`, each of unit length with the deviation of w along
 * it as its sigma, its source in words, and how far the w that were drawn reach as its useful
 * range. Fails with SG_ERROR_ARGUMENT for a finding that lacks what its method needs, with
 * SG_ERROR_CANCELLED, and as the networks do.
 */
sg_status sg_directions_find(const sg_finding *finding, const sg_watch *watch,
                             sg_direction_set *found, sg_error *error);

#endif
