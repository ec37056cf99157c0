/* See official_file.h. */
#include "support/official_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "models/config_json.h"
#include "models/discriminator.h"
#include "models/generator.h"
#include "support/foreign_pickle.h"

/* ---- options ---- */

static void put_json(sg_text *pickle, const cJSON *json)
{
    const cJSON *item;
    if (cJSON_IsObject(json)) {
        PUT(pickle, "}(");
        cJSON_ArrayForEach(item, json)
        {
            if (cJSON_IsNumber(item)) {
                put_number_option(pickle, item->string, item->valuedouble);
                continue;
            }
            put_text(pickle, item->string);
            put_json(pickle, item);
        }
        PUT(pickle, "u");
    } else if (cJSON_IsArray(json)) {
        PUT(pickle, "](");
        cJSON_ArrayForEach(item, json) put_integer(pickle, item->valueint);
        PUT(pickle, "e");
    } else if (cJSON_IsString(json)) {
        put_text(pickle, json->valuestring);
    } else if (cJSON_IsBool(json)) {
        if (cJSON_IsTrue(json))
            PUT(pickle, "\x88");
        else
            PUT(pickle, "\x89");
    } else {
        PUT(pickle, "N");
    }
}

/* ---- modules ---- */

/* Returns the name within the module of this prefix ("synthesis."), or NULL. */
static const char *within(const char *name, const char *prefix)
{
    const size_t length = strlen(prefix);
    return strncmp(name, prefix, length) == 0 ? name + length : NULL;
}

/* True if an earlier parameter has the same first step below the prefix. */
static bool is_seen(const sg_parameter_set *set, size_t index, const char *prefix, const char *name,
                    size_t length)
{
    for (size_t i = 0; i < index; i++) {
        const char *earlier = within(set->items[i].name, prefix);
        if (earlier && strncmp(earlier, name, length + 1) == 0)
            return true;
    }
    return false;
}

/* "_parameters" and "_modules" of the module with this prefix. */
static void put_module(sg_text *pickle, const sg_parameter_set *set, const char *prefix)
{
    put_text(pickle, "_parameters");
    PUT(pickle, "}(");
    for (size_t i = 0; i < set->count; i++) {
        const sg_tensor *tensor = set->items[i].tensor;
        const char *name = within(set->items[i].name, prefix);
        if (!name || strchr(name, '.'))
            continue;
        put_text(pickle, name);
        put_array(pickle, tensor->shape.size, tensor->shape.rank, sg_f32(tensor));
    }
    PUT(pickle, "u");
    put_text(pickle, "_modules");
    PUT(pickle, "}(");
    for (size_t i = 0; i < set->count; i++) {
        char inner[200];
        const char *name = within(set->items[i].name, prefix);
        const char *dot = name ? strchr(name, '.') : NULL;
        if (!dot || is_seen(set, i, prefix, name, (size_t)(dot - name)))
            continue;
        snprintf(inner, sizeof inner, "%.*s", (int)(dot - name), name);
        put_text(pickle, inner);
        put_persistent_start(pickle, "Module");
        snprintf(inner, sizeof inner, "%s%.*s.", prefix, (int)(dot - name), name);
        put_module(pickle, set, inner);
        put_persistent_end(pickle);
    }
    PUT(pickle, "u");
}

/* Deletes a keyword, or replaces its value: "KEY", "KEY=JSON" or NULL. */
static void change_keyword(cJSON *init_kwargs, const char *change)
{
    char key[64];
    if (!change)
        return;
    const char *value = strchr(change, '=');
    snprintf(key, sizeof key, "%.*s", (int)strcspn(change, "="), change);
    cJSON_DeleteItemFromObjectCaseSensitive(init_kwargs, key);
    if (value)
        cJSON_AddItemToObject(init_kwargs, key, cJSON_Parse(value + 1));
}

static void put_part(sg_text *pickle, sg_network_part part, const sg_parameter_set *set,
                     cJSON *init_kwargs, const char *left_out)
{
    put_text(pickle, sg_network_part_name(part));
    put_persistent_start(pickle, part == SG_PART_D ? "Discriminator" : "Generator");
    put_text(pickle, "_init_kwargs");
    change_keyword(init_kwargs, left_out);
    put_json(pickle, init_kwargs);
    put_module(pickle, set, "");
    put_persistent_end(pickle);
    cJSON_Delete(init_kwargs);
}

void write_official(const char *path, const sg_network_parts *parts, const char *left_out)
{
    sg_text pickle = {0};
    PUT(&pickle, "\x80\x03}(");
    if (parts->generator)
        put_part(&pickle, SG_PART_G, sg_generator_parameters(parts->generator),
                 sg_generator_config_to_json(sg_generator_config_of(parts->generator)), left_out);
    if (parts->discriminator)
        put_part(&pickle, SG_PART_D, sg_discriminator_parameters(parts->discriminator),
                 sg_discriminator_config_to_json(sg_discriminator_config_of(parts->discriminator)),
                 left_out);
    if (parts->generator_ema)
        put_part(&pickle, SG_PART_G_EMA, sg_generator_parameters(parts->generator_ema),
                 sg_generator_config_to_json(sg_generator_config_of(parts->generator_ema)),
                 left_out);
    PUT(&pickle, "u.");
    write_pickle(path, &pickle);
}
