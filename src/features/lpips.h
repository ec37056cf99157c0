/* What LPIPS adds to a kind of feature networks. */
#ifndef SG_FEATURES_LPIPS_H
#define SG_FEATURES_LPIPS_H

#include <stddef.h>

/* Returns the length of the vector of a picture of this size. */
size_t sg_lpips_vector_length(size_t height, size_t width);

#endif
