/* Angles between directions, and sets made orthogonal. */
#ifndef SG_EDIT_DIRECTIONS_ANGLES_H
#define SG_EDIT_DIRECTIONS_ANGLES_H

#include "edit/direction.h"

/*
 * Computes the cosine of the angle between every two directions, *cosines [count, count], which the
 * caller frees; a direction for all inputs counts with its values at each input. NaN for
 * directions that move style channels alone. Fails with SG_ERROR_ARGUMENT for directions of
 * different networks, and with SG_ERROR_MEMORY.
 */
sg_status sg_direction_cosines(const sg_direction_set *set, double **cosines, sg_error *error);

/*
 * Makes the directions orthogonal in their order: takes of each its projection on the span of those
 * before it, and normalises it; the first stays. What changes has that in its source. Fails with
 * SG_ERROR_ARGUMENT for directions that move style channels, of different shapes, or that lie in
 * the span of those before, and with SG_ERROR_MEMORY.
 */
sg_status sg_directions_orthogonalise(sg_direction_set *set, sg_error *error);

#endif
