/* Arithmetic of vectors of doubles that all ways of finding directions share. */
#ifndef SG_EDIT_DIRECTIONS_VECTORS_H
#define SG_EDIT_DIRECTIONS_VECTORS_H

#include <stddef.h>

/* Scales a vector to unit length and returns the length that it had; a zero stays. */
double sg_vector_normalise(double *vector, size_t width);

/* Reverses a vector unless its entry of largest magnitude is positive, so that the result of a
 * decomposition does not depend on the library's signs. */
void sg_vector_fix_sign(double *vector, size_t width);

#endif
