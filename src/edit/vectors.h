/*
 * Arithmetic of directions and of w as plain arrays of doubles, rows of `width` numbers: moves,
 * mixes, and directions that do not disturb each other.
 */
#ifndef SG_EDIT_VECTORS_H
#define SG_EDIT_VECTORS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/* Returns the sum of products, and the length, of vectors of `width` numbers. */
double sg_dot(const double *a, const double *b, size_t width);
double sg_length(const double *vector, size_t width);

/*
 * Moves the chosen rows of ws [rows, width] (`chosen` [rows]; NULL: all) by `amount` times the
 * direction: the same vector for all rows, or one for each with `layered`.
 */
void sg_move_rows(double *ws, size_t rows, size_t width, const bool *chosen,
                  const double *direction, bool layered, double amount);

/*
 * Makes the chosen rows of `ws` (1 - share) of themselves and `share` of those of `other`; a share
 * of 1 takes them bit for bit. Karras et al. 2019, section 3.1, mix with a share of 1.
 */
void sg_mix_rows(double *ws, const double *other, size_t rows, size_t width, const bool *chosen,
                 double share);

/*
 * Conditions a direction on others (Shen et al. 2020, "InterFaceGAN", section 3.4): takes its
 * projection on the span of `others` [count, width] away and normalises what is left, so that a
 * move along the result leaves the others' scores w.n alone. `result` may be `vector`. Fails with
 * SG_ERROR_ARGUMENT for a vector that lies in that span, or with SG_ERROR_MEMORY.
 */
sg_status sg_condition(const double *vector, const double *others, size_t count, size_t width,
                       double *result, sg_error *error);

/*
 * Makes rows [count, width] orthonormal in their order, each with the sign that it has
 * (Gram-Schmidt). Fails with SG_ERROR_ARGUMENT for a row in the span of those before it.
 */
sg_status sg_orthonormalise(double *rows, size_t count, size_t width, sg_error *error);

/*
 * Computes the step of a walk through a boundary with the unit normal `normal` [width] at a
 * distance from it (InterFaceGAN's linear_interpolate): start + distance * normal. A single code
 * (`rows` 1) is first moved onto the boundary; a layered one is not, as published.
 */
void sg_walk_from_boundary(const double *start, size_t rows, size_t width, const double *normal,
                           double distance, double *result);

#endif
