/* Sets of names; see choices.h. */
#include "base/choices.h"

#include <stdio.h>
#include <string.h>

const char *sg_choice_name(const sg_choices *choices, size_t index)
{
    if (index >= choices->count)
        return "?";
    return *(const char *const *)((const char *)choices->first + index * choices->stride);
}

int sg_choice_find(const sg_choices *choices, const char *name)
{
    for (size_t i = 0; i < choices->count; i++)
        if (strcmp(sg_choice_name(choices, i), name) == 0)
            return (int)i;
    return -1;
}

static const char *list(const sg_choices *choices, const char *quote, char *text, size_t size)
{
    size_t length = 0;
    text[0] = '\0';
    for (size_t i = 0; i < choices->count && length < size; i++) {
        const char *before = i == 0 ? "" : i + 1 < choices->count ? ", " : " or ";
        const int added = snprintf(text + length, size - length, "%s%s%s%s", before, quote,
                                   sg_choice_name(choices, i), quote);
        length += added > 0 ? (size_t)added : 0;
    }
    return text;
}

const char *sg_choice_list(const sg_choices *choices, char *text, size_t size)
{
    return list(choices, "", text, size);
}

const char *sg_choice_list_quoted(const sg_choices *choices, char *text, size_t size)
{
    return list(choices, "\"", text, size);
}
