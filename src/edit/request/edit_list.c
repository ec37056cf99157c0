/* Texts and JSON of edits; see edit_list.h. */
#include "edit/request/edit_list.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/number_list.h"

/* What the edits of a list look like, by its field. */
static const struct {
    const char *field, *form;
} forms[] = {{"style", "LAYER:CHANNEL=AMOUNT, such as b16.conv1:45=3"},
             {"mix", "W=SHARE or W=SHARE@LAYERS, such as seed:5=0.4@0-3"},
             {"layer_psi", "LAYERS=PSI, such as 0-3=0.5"}};

static const char *form_of(const char *field)
{
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++)
        if (strcmp(forms[i].field, field) == 0)
            return forms[i].form;
    return "NAME=AMOUNT or NAME=AMOUNT@LAYERS, such as smile=2@0-7";
}

/* ---- the codec ---- */

static sg_status add_whole(const char *text, void *value, sg_error *error)
{
    sg_edit_list *list = value;
    if (list->count == SG_MOST_EDIT_TEXTS)
        return sg_fail(error, SG_ERROR_ARGUMENT, "is given more than %d times", SG_MOST_EDIT_TEXTS);
    list->json = NULL;
    list->texts[list->count++] = text;
    return SG_OK;
}

static sg_status add_text(const char *text, void *value, sg_error *error)
{
    if (((const sg_edit_list *)value)->count < SG_MOST_EDIT_TEXTS)
        return add_whole(text, value, error);
    return sg_fail(error, SG_ERROR_ARGUMENT,
                   "is given more than %d times; one text may hold several, with semicolons "
                   "between them",
                   SG_MOST_EDIT_TEXTS);
}

static bool from_json(const cJSON *json, void *value)
{
    *(sg_edit_list *)value = (sg_edit_list){.json = json};
    for (const cJSON *item = json->child; item; item = item->next)
        if (cJSON_IsObject(json) ? !cJSON_IsNumber(item) : !cJSON_IsString(item))
            return false;
    return cJSON_IsString(json) || cJSON_IsArray(json) || cJSON_IsObject(json);
}

const sg_field_codec sg_edit_list_codec = {
    .parse = add_text,
    .from_json = from_json,
    .expected = "a text or a list of texts such as \"smile=2@0-7\", or an object such as "
                "{\"smile\": 2}"};

const sg_field_codec sg_edit_texts_codec = {.parse = add_whole};

bool sg_edit_list_is_empty(const sg_edit_list *list)
{
    return list->count == 0 && !list->json;
}

/* ---- items ---- */

/* A list being read. */
typedef struct reading {
    const char *field;
    sg_edit_item *items;
    size_t count;
} reading;

static sg_status add_item(reading *all, const char *name, size_t name_length, double amount,
                          const char *layers, size_t layers_length, sg_error *error)
{
    if (!(fabs(amount) <= SG_LARGEST_AMOUNT))
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"%s\": the amount of \"%.*s\" is %g, but must be from %g to %g",
                       all->field, (int)name_length, name, amount, -SG_LARGEST_AMOUNT,
                       SG_LARGEST_AMOUNT);
    if (all->count == SG_MOST_EDITS)
        return sg_fail(error, SG_ERROR_ARGUMENT, "\"%s\" holds more than %d edits", all->field,
                       SG_MOST_EDITS);
    if (name_length == 0 || name_length >= SG_EDIT_TEXT_BYTES ||
        layers_length >= SG_EDIT_TEXT_BYTES)
        return sg_fail(error, SG_ERROR_ARGUMENT, "\"%s\" has a name that is empty or too long",
                       all->field);
    sg_edit_item *item = &all->items[all->count++];
    snprintf(item->name, sizeof item->name, "%.*s", (int)name_length, name);
    snprintf(item->layers, sizeof item->layers, "%.*s", (int)layers_length, layers);
    item->amount = amount;
    return SG_OK;
}

/* Returns the last equals sign of a text; NULL if it has none. */
static const char *last_equals(const char *text, size_t length)
{
    while (length > 0 && text[length - 1] != '=')
        length--;
    return length > 0 ? text + length - 1 : NULL;
}

/* Reads one edit; its name may hold all characters but the last equals sign and what follows. */
static sg_status read_edit(reading *all, const char *text, size_t length, sg_error *error)
{
    char *end = NULL;
    const char *equals = last_equals(text, length);
    const double amount = equals ? strtod(equals + 1, &end) : 0;
    const char *stop = text + length;
    while (end && end < stop && isspace((unsigned char)*end))
        end++;
    const bool whole = equals && end > equals + 1 && end <= stop && (end == stop || *end == '@');
    if (!whole)
        return sg_fail(error, SG_ERROR_ARGUMENT, "\"%s\" takes %s, not \"%.*s\"", all->field,
                       form_of(all->field), (int)length, text);
    const char *layers = end < stop ? end + 1 : stop;
    if (end < stop && layers == stop)
        return sg_fail(error, SG_ERROR_ARGUMENT, "\"%s\": no layers follow the @ of \"%.*s\"",
                       all->field, (int)length, text);
    return add_item(all, text, (size_t)(equals - text), amount, layers, (size_t)(stop - layers),
                    error);
}

/* Reads edits with semicolons between them. */
static sg_status read_text(reading *all, const char *text, sg_error *error)
{
    while (*text) {
        const size_t whole = strcspn(text, ";");
        const char *start = text;
        size_t length = whole;
        while (length > 0 && isspace((unsigned char)*start)) {
            start++;
            length--;
        }
        while (length > 0 && isspace((unsigned char)start[length - 1]))
            length--;
        if (length > 0)
            SG_TRY(read_edit(all, start, length, error));
        text += whole + (text[whole] == ';');
    }
    return SG_OK;
}

static sg_status read_json(reading *all, const cJSON *json, sg_error *error)
{
    if (cJSON_IsString(json))
        return read_text(all, json->valuestring, error);
    for (const cJSON *item = json->child; item; item = item->next) {
        if (cJSON_IsString(item))
            SG_TRY(read_text(all, item->valuestring, error));
        else
            SG_TRY(
                add_item(all, item->string, strlen(item->string), item->valuedouble, "", 0, error));
    }
    return SG_OK;
}

sg_status sg_edit_list_read(const sg_edit_list *list, const char *field, sg_edit_item *items,
                            size_t *count, sg_error *error)
{
    reading all = {.field = field, .items = items};
    *count = 0;
    if (list->json)
        SG_TRY(read_json(&all, list->json, error));
    for (size_t i = 0; !list->json && i < list->count; i++)
        SG_TRY(read_text(&all, list->texts[i], error));
    *count = all.count;
    return SG_OK;
}

sg_status sg_edit_layers_read(const sg_edit_item *item, const char *field, size_t inputs,
                              bool *chosen, sg_error *error)
{
    sg_error own = {0};
    sg_number_list list = {0};
    for (size_t i = 0; i < inputs; i++)
        chosen[i] = item->layers[0] == '\0';
    if (item->layers[0] == '\0')
        return SG_OK;
    const sg_status status =
        sg_number_list_parse(item->layers, "layers", (uint32_t)inputs - 1, &list, &own);
    for (size_t i = 0; i < list.count; i++)
        chosen[list.values[i]] = true;
    sg_number_list_clear(&list);
    return status ? sg_fail(error, status, "\"%s\": %s has %zu inputs: %s", field, "the network",
                            inputs, own.message)
                  : SG_OK;
}
