/*
 * What each channel of StyleSpace does to CLIP's features of pictures: the relevance of channels of
 * StyleCLIP (Patashnik et al. 2021, section 6). It belongs to a generator, and any two texts make
 * a direction of it; so it is kept on disk.
 */
#ifndef SG_EDIT_DIRECTIONS_CHANNEL_FEATURES_H
#define SG_EDIT_DIRECTIONS_CHANNEL_FEATURES_H

#include "base/watch.h"
#include "edit/directions/finding_state.h"
#include "edit/style_space.h"

/* Of all channels; zero it before use, clear it after. */
typedef struct sg_channel_features {
    size_t channels, width; /* of features */
    float *values;          /* [channels, width]: of unit length, or 0 for channels left out */
} sg_channel_features;

/*
 * Computes them, or reads those that a call for the same files and numbers kept: of each channel of
 * the chosen inputs' convolutions (not of layers named torgb), the mean over the drawn w of the
 * direction, of unit length, between the features of the pictures with the channel moved by 5 and
 * by -5 of its standard deviations `moments`. Fails with SG_ERROR_CANCELLED, and as the networks
 * do.
 */
sg_status sg_channel_features_find(const sg_finding_state *state, const sg_style_space *space,
                                   const sg_moments *moments, sg_channel_features *features,
                                   sg_error *error);
void sg_channel_features_clear(sg_channel_features *features);

#endif
