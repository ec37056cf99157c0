/* Networks that grow, for their descriptors, and what generators and discriminators share. */
#ifndef SG_MODELS_GROWING_GROWING_H
#define SG_MODELS_GROWING_GROWING_H

#include "models/family.h"

extern const sg_synthesis_functions sg_stylegan1_synthesis;
extern const sg_synthesis_functions sg_progan_synthesis;
extern const sg_discriminator_functions sg_growing_discriminator;

enum { SG_MAX_GROWING_BLOCKS = 16 };

/* Constant filters, which follow from the config and are in no file. */
typedef struct sg_growing_filters {
    sg_tensor *box;  /* [2, 2]: nearest-neighbour enlarging and averages of pixels */
    sg_tensor *blur; /* [taps, taps], or NULL for one tap */
} sg_growing_filters;

/* Returns the filters, in the set's type; errors are in the context. The caller releases them. */
sg_growing_filters sg_growing_filters_create(const sg_parameter_set *set, const float *taps,
                                             int count);
void sg_growing_filters_release(sg_growing_filters *filters);

/* True if a convolution also resamples to or from `side`, the larger one. */
bool sg_growing_fuses(const sg_growing_config *config, int side);

/* Returns picture + (smaller - picture) * share. */
sg_tensor *sg_growing_blend(sg_tensor *picture, sg_tensor *smaller, double share);

#endif
