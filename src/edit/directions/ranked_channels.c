/* Channels by what they do; see ranked_channels.h.
 * Tested by: tests/edit/directions/test_find_text.c */
#include "edit/directions/ranked_channels.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"

static int compare_effects(const void *a, const void *b)
{
    const double x = fabs(((const sg_ranked_channel *)a)->effect);
    const double y = fabs(((const sg_ranked_channel *)b)->effect);
    return (x < y) - (x > y);
}

void sg_channels_rank(const sg_style_space *space, const sg_moments *moments, const double *effects,
                      sg_ranked_channel *list)
{
    for (size_t i = 0; i < space->count; i++)
        for (size_t k = 0; k < space->layers[i].channels; k++) {
            const size_t at = space->layers[i].first + k;
            list[at] = (sg_ranked_channel){i, k, moments->deviation[at], effects[at]};
        }
    qsort(list, space->channels, sizeof *list, compare_effects);
}

sg_status sg_channels_add(sg_direction_set *set, size_t width, const char *name,
                          const sg_style_space *space, const sg_ranked_channel *list, size_t count,
                          double unit, sg_text *source, sg_error *error)
{
    sg_direction direction = SG_DIRECTION(.name = (char *)name, .rows = 1, .width = width);
    direction.channels = sg_allocate(count, sizeof *direction.channels);
    direction.channel_count = count;
    direction.source = source->bytes;
    for (size_t i = 0; direction.channels && i < count; i++) {
        sg_style_channel *channel = &direction.channels[i];
        memcpy(channel->layer, space->layers[list[i].layer].name, sizeof channel->layer);
        channel->channel = (int)list[i].channel;
        channel->step = list[i].deviation * list[i].effect / unit;
    }
    sg_status status = direction.channels ? SG_OK : sg_fail_memory(error, "%zu channels", count);
    if (!status && source->failed)
        status = sg_fail_memory(error, "the source of \"%s\"", name);
    if (!status)
        status = sg_direction_set_add(set, &direction, error);
    free(direction.channels);
    sg_text_clear(source);
    return status;
}
