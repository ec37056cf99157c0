/*
 * Lists of tensors by both their names.
 *
 * Tested by: tests/checkpoint/maps/test_map_tensorflow.c
 */
#include "checkpoint/maps/foreign_names.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/allocate.h"

/* Adds "OFFICIAL", a dot and `official_end` if there is one; the foreign name likewise. */
static void add(sg_foreign_names *names, const char *official, const char *official_end,
                const char *foreign, char separator, const char *foreign_end, sg_foreign_form form)
{
    if (!sg_grow(&names->items, &names->capacity, names->count, sizeof *names->items)) {
        names->failed = true;
        return;
    }
    const char foreign_separator[] = {foreign_end[0] != '\0' ? separator : '\0', '\0'};
    sg_foreign_name *name = &names->items[names->count++];
    *name = (sg_foreign_name){.form = form};
    snprintf(name->official, sizeof name->official, "%s%s%s", official,
             official_end[0] != '\0' ? "." : "", official_end);
    snprintf(name->foreign, sizeof name->foreign, "%s%s%s", foreign, foreign_separator,
             foreign_end);
}

void sg_foreign_names_add(sg_foreign_names *names, const char *official, const char *foreign,
                          sg_foreign_form form)
{
    add(names, official, "", foreign, '.', "", form);
}

void sg_foreign_names_add_layer(sg_foreign_names *names, const char *official, const char *foreign,
                                char separator, const sg_layer_row *rows)
{
    for (; rows->official; rows++)
        add(names, official, rows->official, foreign, separator, rows->foreign, rows->form);
}

void sg_foreign_names_clear(sg_foreign_names *names)
{
    free(names->items);
    *names = (sg_foreign_names){0};
}
