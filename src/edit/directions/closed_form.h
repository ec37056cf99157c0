/*
 * Directions in closed form (SeFa; Shen and Zhou 2021): the unit vectors of w that the styles'
 * affine maps stretch most, without any picture.
 */
#ifndef SG_EDIT_DIRECTIONS_CLOSED_FORM_H
#define SG_EDIT_DIRECTIONS_CLOSED_FORM_H

#include <stddef.h>

#include "base/error.h"

/* The weight of one affine map; borrowed. */
typedef struct sg_affine_weight {
    const float *values; /* [rows, width] */
    size_t rows;
} sg_affine_weight;

/* Directions and how much each is stretched; released by sg_closed_form_clear. */
typedef struct sg_closed_form {
    size_t width;
    double *eigenvalues; /* [width], descending */
    double *directions;  /* [width, width]: row i belongs to eigenvalue i */
} sg_closed_form;

/*
 * Factors the weights of `count` layers, which have `width` columns: scales every row of all
 * weights to unit length, joins them to a matrix A [all rows, width], and takes the eigenvectors of
 * A^T A. The entry of largest magnitude of each is positive. Fails with SG_ERROR_ARGUMENT for no
 * weights or numbers that are not finite, with SG_ERROR_MEMORY, and as sg_linear_open does; `found`
 * is empty then.
 */
sg_status sg_closed_form_factor(const sg_affine_weight *weights, size_t count, size_t width,
                                sg_closed_form *found, sg_error *error);
void sg_closed_form_clear(sg_closed_form *found);

#endif
