/*
 * Named arrays of foreign files.
 *
 * Tested by: tests/checkpoint/maps/test_map_tensorflow.c
 */
#include "checkpoint/maps/foreign_tensors.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "models/config.h"

/* A bound on memory: a file can refer to one long name any number of times. */
enum { MOST_FOREIGN_TENSORS = 1 << 16 };

bool sg_foreign_tensors_add(sg_foreign_tensors *list, const char *prefix, const char *name,
                            const sg_value *value)
{
    if (strlen(name) > SG_LONGEST_FOREIGN_NAME || list->count >= MOST_FOREIGN_TENSORS ||
        !sg_grow(&list->items, &list->capacity, list->count, sizeof *list->items))
        return false;
    size_t bytes = strlen(prefix) + strlen(name) + 1;
    char *joined = sg_allocate(bytes, 1);
    if (!joined)
        return false;
    snprintf(joined, bytes, "%s%s", prefix, name);
    list->items[list->count++] = (sg_foreign_tensor){.name = joined, .value = value};
    return true;
}

void sg_foreign_tensors_clear(sg_foreign_tensors *list)
{
    for (size_t i = 0; i < list->count; i++)
        free(list->items[i].name);
    free(list->items);
    *list = (sg_foreign_tensors){0};
}

sg_foreign_tensor *sg_foreign_tensors_find(const sg_foreign_tensors *list, const char *name)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->items[i].name, name) == 0)
            return &list->items[i];
    return NULL;
}

int sg_foreign_tensors_run(const sg_foreign_tensors *list, const char *prefix, int first,
                           const char *suffix)
{
    enum { LONGEST = 1000 };
    int count = 0;
    for (; count < LONGEST; count++) {
        char name[SG_PARAMETER_NAME_BYTES];
        snprintf(name, sizeof name, "%s%d%s", prefix, first + count, suffix);
        if (!sg_foreign_tensors_find(list, name))
            break;
    }
    return count;
}

int sg_foreign_tensors_size(const sg_foreign_tensors *list, const char *name, int axis)
{
    sg_value_array array;
    const sg_foreign_tensor *tensor = sg_foreign_tensors_find(list, name);
    if (!tensor || !sg_value_array_of(tensor->value, &array) || axis >= array.rank ||
        array.size[axis] > INT_MAX)
        return 0;
    return (int)array.size[axis];
}

sg_status sg_foreign_tensors_take(sg_foreign_tensors *list, sg_network_contents *contents,
                                  sg_network_part part, const sg_foreign_name *name,
                                  sg_error *error)
{
    sg_foreign_tensor *found = sg_foreign_tensors_find(list, name->foreign);
    sg_network_tensor tensor;
    if (!found)
        return SG_OK;
    if (!sg_network_tensor_from_array(found->value, name->form.order, name->form.rank,
                                      name->form.added, &tensor)) {
        char text[200];
        return sg_fail(error, SG_ERROR_FORMAT,
                       "%s, %s: the tensor %s is %s, which cannot stand for %s", contents->path,
                       sg_network_part_name(part), name->foreign,
                       sg_value_describe(found->value, text), name->official);
    }
    found->taken = true;
    return sg_network_contents_add(contents, part, name->official, &tensor, error);
}

bool sg_channels_infer(const int *channels, int levels, int *channel_base, int *channel_max)
{
    *channel_max = 0;
    *channel_base = 0;
    for (int i = 0; i < levels; i++)
        *channel_max = channels[i] > *channel_max ? channels[i] : *channel_max;
    for (int i = 0; i < levels; i++) {
        if (channels[i] > INT_MAX >> (i + 2))
            return false;
        const int base = channels[i] << (i + 2);
        *channel_base = base > *channel_base ? base : *channel_base;
    }
    for (int i = 0; i < levels; i++)
        if (channels[i] <= 0 || sg_channels_at(*channel_base, *channel_max, 4 << i) != channels[i])
            return false;
    return levels > 0;
}
