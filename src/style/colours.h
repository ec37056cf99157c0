/*
 * Transfer of colours from picture to picture: by the statistics of each colour, or by correlation
 * alignment (CORAL, Sun, Feng and Saenko 2016), which takes the covariances of colours along.
 */
#ifndef SG_STYLE_COLOURS_H
#define SG_STYLE_COLOURS_H

#include <stddef.h>

/*
 * Gives `pixels` [count, 3] the colours of `reference` [reference_count, 3] in place: scales each
 * colour to mean 0 and deviation 1, of count - 1 degrees of freedom, multiplies by B^1/2 A^-1/2,
 * with A and B the sums of products of the scaled colours of either plus the identity, and scales
 * to the reference's deviations and means. A colour without deviation is only moved.
 */
void sg_colours_align(double *pixels, size_t count, const double *reference,
                      size_t reference_count);

#endif
