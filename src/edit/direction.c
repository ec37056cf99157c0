/* Sets of directions; see direction.h. */
#include "edit/direction.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/nearest_name.h"

void sg_direction_clear(sg_direction *direction)
{
    free(direction->name);
    free(direction->values);
    free(direction->source);
    free(direction->channels);
    *direction = (sg_direction){0};
}

void sg_direction_set_clear(sg_direction_set *set)
{
    for (size_t i = 0; i < set->count; i++)
        sg_direction_clear(&set->items[i]);
    free(set->items);
    *set = (sg_direction_set){0};
}

/* Returns the index of the direction of that name; the count if there is none. */
static size_t index_of(const sg_direction_set *set, const char *name)
{
    size_t i = 0;
    while (i < set->count && strcmp(set->items[i].name, name) != 0)
        i++;
    return i;
}

static sg_status check(const sg_direction_set *set, const sg_direction *direction, sg_error *error)
{
    const char *name = direction->name ? direction->name : "";
    bool finite = isfinite(direction->sigma);
    if (name[0] == '\0')
        return sg_fail(error, SG_ERROR_ARGUMENT, "direction %zu has no name", set->count);
    if (index_of(set, name) < set->count)
        return sg_fail(error, SG_ERROR_ARGUMENT, "two directions have the name \"%s\"", name);
    for (size_t i = 0; direction->values && i < direction->rows * direction->width; i++)
        finite = finite && isfinite(direction->values[i]);
    for (size_t i = 0; i < direction->channel_count; i++)
        finite = finite && isfinite(direction->channels[i].step);
    if (!finite)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "the direction \"%s\" holds a number that is not finite", name);
    return SG_OK;
}

/* Copies `count` items of `size` bytes; NULL for none of them, or on lack of memory. */
static void *duplicate(const void *items, size_t count, size_t size)
{
    void *copy = items ? sg_allocate(count, size) : NULL;
    if (copy)
        memcpy(copy, items, count * size);
    return copy;
}

sg_status sg_direction_set_add(sg_direction_set *set, const sg_direction *direction,
                               sg_error *error)
{
    SG_TRY(check(set, direction, error));
    sg_direction copy = *direction;
    copy.name = sg_duplicate_text(direction->name);
    copy.source = sg_duplicate_text(direction->source);
    copy.values =
        duplicate(direction->values, direction->rows * direction->width, sizeof *copy.values);
    copy.channels = duplicate(direction->channels, direction->channel_count, sizeof *copy.channels);
    const bool whole = copy.name && !copy.source == !direction->source &&
                       !copy.values == !direction->values && !copy.channels == !direction->channels;
    if (!whole || !sg_grow(&set->items, &set->capacity, set->count, sizeof *set->items)) {
        sg_direction_clear(&copy);
        return sg_fail_memory(error, "a direction");
    }
    set->items[set->count++] = copy;
    return SG_OK;
}

const sg_direction *sg_direction_find(const sg_direction_set *set, const char *name,
                                      sg_error *error)
{
    const size_t found = index_of(set, name);
    if (found < set->count)
        return &set->items[found];
    const char **names = sg_allocate(set->count + 1, sizeof *names);
    for (size_t i = 0; names && i < set->count; i++)
        names[i] = set->items[i].name;
    const char *nearest = names ? sg_nearest_name(name, names, set->count) : NULL;
    if (nearest)
        sg_fail(error, SG_ERROR_ARGUMENT, "no direction is named \"%s\": did you mean \"%s\"?",
                name, nearest);
    else if (set->count == 0)
        sg_fail(error, SG_ERROR_ARGUMENT, "no direction is named \"%s\", for there are none at all",
                name);
    else
        sg_fail(error, SG_ERROR_ARGUMENT,
                "no direction is named \"%s\"; the first of %zu is \"%s\"", name, set->count,
                set->items[0].name);
    free(names);
    return NULL;
}
