/* Names of layers in lists. */
#include "layers/layer_choice.h"

#include <stdio.h>
#include <string.h>

#include "base/nearest_name.h"

enum { ITEM_BYTES = 80 };

/* Copies the item at *list, cut to what fits and without blanks, and moves *list after it; false
 * at the end. */
static bool next_item(const char **list, char item[ITEM_BYTES])
{
    const char *start = *list;
    if (!start || *start == '\0')
        return false;
    const size_t length = strcspn(start, ",");
    *list = start[length] == ',' ? start + length + 1 : start + length;
    const size_t blanks = strspn(start, " ");
    const size_t skipped = blanks < length ? blanks : length;
    snprintf(item, ITEM_BYTES, "%.*s", (int)(length - skipped), start + skipped);
    for (size_t end = strlen(item); end > 0 && item[end - 1] == ' '; end--)
        item[end - 1] = '\0';
    return true;
}

/* True if the item is the name, or what comes before a point or a line below in it. */
static bool matches(const char *item, const char *name)
{
    const size_t length = strlen(item);
    return length > 0 && strncmp(item, name, length) == 0 &&
           (name[length] == '\0' || name[length] == '.' || name[length] == '_');
}

bool sg_layer_is_chosen(const char *list, const char *name)
{
    char item[ITEM_BYTES];
    if (!list)
        return true;
    while (next_item(&list, item))
        if (matches(item, name))
            return true;
    return false;
}

sg_status sg_layer_choice_check(const char *list, const char *const *names, size_t count,
                                sg_error *error)
{
    char item[ITEM_BYTES];
    while (next_item(&list, item)) {
        size_t i = 0;
        while (i < count && !matches(item, names[i]))
            i++;
        if (i < count)
            continue;
        const char *nearest = sg_nearest_name(item, names, count);
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"layers\" names \"%s\", but the network's %zu layers are from \"%s\" to "
                       "\"%s\"%s%s%s",
                       item, count, names[0], names[count - 1],
                       nearest ? "; the nearest is \"" : "", nearest ? nearest : "",
                       nearest ? "\"" : "");
    }
    return SG_OK;
}
