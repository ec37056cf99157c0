/* Names with commas between them; see parts.h.
 * Tested by: tests/cli/test_directions.c */
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "cli/directions/parts.h"

/* Takes blanks at both ends of a name away. */
static char *trim(char *name)
{
    name += strspn(name, " \t");
    size_t length = strlen(name);
    while (length > 0 && strchr(" \t", name[length - 1]))
        name[--length] = '\0';
    return name;
}

sg_status sg_name_list_read(const char *text, const char *option, sg_name_list *list,
                            sg_error *error)
{
    if (!text)
        return SG_OK;
    list->text = sg_duplicate_text(text);
    list->names = sg_allocate(strlen(text) + 1, sizeof *list->names);
    if (!list->text || !list->names)
        return sg_fail_memory(error, "a list of names");
    for (char *at = list->text; at;) {
        char *comma = strchr(at, ',');
        if (comma)
            *comma = '\0';
        char *name = trim(at);
        if (name[0] == '\0')
            return sg_fail(error, SG_ERROR_ARGUMENT,
                           "--%s takes names with commas between them, not \"%s\"", option, text);
        list->names[list->count++] = name;
        at = comma ? comma + 1 : NULL;
    }
    return SG_OK;
}

void sg_name_list_clear(sg_name_list *list)
{
    free(list->text);
    free(list->names);
    *list = (sg_name_list){0};
}

sg_status sg_name_list_find(const sg_name_list *list, sg_attributes *attributes, size_t **wanted,
                            sg_error *error)
{
    *wanted = sg_allocate(list->count + 1, sizeof **wanted);
    if (!*wanted)
        return sg_fail_memory(error, "a list of attributes");
    for (size_t i = 0; i < list->count; i++)
        SG_TRY(sg_attribute_find(attributes, list->names[i], &(*wanted)[i], error));
    return SG_OK;
}
