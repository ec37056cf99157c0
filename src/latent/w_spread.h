/* How far w are from where the mapping network puts them. */
#ifndef SG_LATENT_W_SPREAD_H
#define SG_LATENT_W_SPREAD_H

#include "latent/codes.h"

/* Where random w lie; zero it before use, clear it after. */
typedef struct sg_w_spread {
    sg_moments moments; /* of random w */
    double deviation;   /* the root of the mean over components of their variance */
} sg_w_spread;

/* Finds it by a few random w of the label. Fails with SG_ERROR_MEMORY or as the generator does. */
sg_status sg_w_spread_find(sg_generator *generator, sg_style_label label, sg_w_spread *spread,
                           sg_error *error);
void sg_w_spread_clear(sg_w_spread *spread);

/*
 * Returns the distance of the farthest row of ws [..., w_dim] from the mean, in the deviation of
 * random w: about 1 for a random w. 0 where W has no extent.
 */
double sg_w_spread_distance(const sg_w_spread *spread, const sg_tensor *ws);

#endif
