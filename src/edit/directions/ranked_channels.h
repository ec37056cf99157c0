/* Channels of StyleSpace in the order of how much they do, and directions of the first of them. */
#ifndef SG_EDIT_DIRECTIONS_RANKED_CHANNELS_H
#define SG_EDIT_DIRECTIONS_RANKED_CHANNELS_H

#include "base/text.h"
#include "edit/direction.h"
#include "edit/style_space.h"

/* w whose styles are measured for the deviations of channels. */
enum { SG_RANKED_SAMPLES = 500 };

/* A channel, the deviation of its styles, and what one deviation does: how much it changes log p of
 * an attribute, or the cosine between what it changes and what is wanted. */
typedef struct sg_ranked_channel {
    size_t layer, channel;
    double deviation, effect;
} sg_ranked_channel;

/*
 * Fills list [space->channels] with all channels, of effects [space->channels], and sorts it, the
 * largest effect of either sign first.
 */
void sg_channels_rank(const sg_style_space *space, const sg_moments *moments, const double *effects,
                      sg_ranked_channel *list);

/*
 * Appends the direction of the first `count` channels of the list to `set`, for w of `width`
 * numbers: a step of 1 moves each by effect / `unit` of its deviations. `source` is taken
 * over and cleared. Fails with SG_ERROR_MEMORY, and as sg_direction_set_add does.
 */
sg_status sg_channels_add(sg_direction_set *set, size_t width, const char *name,
                          const sg_style_space *space, const sg_ranked_channel *list, size_t count,
                          double unit, sg_text *source, sg_error *error);

#endif
