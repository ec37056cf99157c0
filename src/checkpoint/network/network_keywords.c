/* Keywords given beside a file; see network_keywords.h. */
#include "checkpoint/network/network_keywords.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/fields.h"
#include "checkpoint/contents/network_part.h"

enum { LONGEST_TEXT = 10000, DEEPEST = 4 };

/* ---- reading ---- */

/* Returns the length of a key ("mapping_kwargs.num_layers") that '=' follows; 0 if there is none.
 */
static size_t key_length(const char *text)
{
    size_t length = 0;
    while (isalnum((unsigned char)text[length]) || text[length] == '_' || text[length] == '.')
        length++;
    return text[length] == '=' && isalpha((unsigned char)text[0]) ? length : 0;
}

/* Returns the value's length: up to the end, or to a comma that another key follows. */
static size_t value_length(const char *text)
{
    size_t length = 0;
    while (text[length] != '\0' && !(text[length] == ',' && key_length(text + length + 1) > 0))
        length++;
    return length;
}

static cJSON *read_value(const char *text)
{
    cJSON *json = cJSON_ParseWithOpts(text, NULL, true);
    if (json)
        return json;
    if (strcmp(text, "None") == 0 || strcmp(text, "none") == 0)
        return cJSON_CreateNull();
    if (strcmp(text, "True") == 0 || strcmp(text, "False") == 0)
        return cJSON_CreateBool(text[0] == 'T');
    return cJSON_CreateString(text);
}

/* Puts the value, which is taken over, under a key with dots. */
static bool put(cJSON *object, char *key, cJSON *value, int depth)
{
    char *dot = strchr(key, '.');
    if (dot)
        *dot = '\0';
    cJSON *inner = dot ? cJSON_GetObjectItemCaseSensitive(object, key) : NULL;
    if (dot && depth < DEEPEST) {
        if (!inner)
            inner = cJSON_AddObjectToObject(object, key);
        if (cJSON_IsObject(inner))
            return put(inner, dot + 1, value, depth + 1);
    }
    cJSON_DeleteItemFromObjectCaseSensitive(object, key);
    return sg_json_add(object, key, value);
}

/* Reads the pairs of a text that may be changed. */
static sg_status read_pairs(char *text, cJSON *keywords, sg_error *error)
{
    for (char *at = text; *at != '\0';) {
        const size_t key = key_length(at);
        char *value = at + key + 1;
        if (key == 0)
            return sg_fail(error, SG_ERROR_ARGUMENT,
                           "takes KEY=VALUE, such as z_dim=512, or several after commas, not "
                           "\"%.100s\"",
                           at);
        const size_t length = value_length(value);
        const bool last = value[length] == '\0';
        at[key] = '\0';
        value[length] = '\0';
        if (!put(keywords, at, read_value(value), 0))
            return sg_fail_memory(error, "the keywords of a network");
        at = last ? value + length : value + length + 1;
    }
    return SG_OK;
}

sg_status sg_network_keywords_parse(const char *text, cJSON **keywords, sg_error *error)
{
    *keywords = NULL;
    if (strlen(text) > LONGEST_TEXT)
        return sg_fail(error, SG_ERROR_ARGUMENT, "is longer than %d bytes", LONGEST_TEXT);
    char *copy = sg_duplicate_text(text);
    cJSON *read = cJSON_CreateObject();
    sg_status status = copy && read ? read_pairs(copy, read, error)
                                    : sg_fail_memory(error, "the keywords of a network");
    free(copy);
    if (status)
        cJSON_Delete(read);
    else
        *keywords = read;
    return status;
}

/* ---- using ---- */

/* Copies the pairs into `to`, objects pair by pair; the depth is that of the parsed keys. */
static bool merge(const cJSON *from, cJSON *to, const char *except)
{
    const cJSON *item;
    bool done = true;
    cJSON_ArrayForEach(item, from)
    {
        cJSON *present = cJSON_GetObjectItemCaseSensitive(to, item->string);
        if (except && strcmp(item->string, except) == 0)
            continue;
        if (cJSON_IsObject(item) && cJSON_IsObject(present)) {
            done = merge(item, present, NULL) && done;
            continue;
        }
        cJSON_DeleteItemFromObjectCaseSensitive(to, item->string);
        done = sg_json_add(to, item->string, cJSON_Duplicate(item, true)) && done;
    }
    return done;
}

sg_status sg_network_keywords_apply(const cJSON *keywords, cJSON *config, const char *path,
                                    sg_error *error)
{
    const char *const discriminator = sg_network_part_name(SG_PART_D);
    cJSON *entry;
    bool done = true;
    cJSON_ArrayForEach(entry, config)
    {
        cJSON *arguments = cJSON_GetObjectItemCaseSensitive(entry, "init_kwargs");
        const bool scores = strcmp(entry->string, discriminator) == 0;
        const cJSON *given =
            scores ? cJSON_GetObjectItemCaseSensitive(keywords, discriminator) : keywords;
        if (cJSON_IsObject(arguments))
            done = merge(given, arguments, scores ? NULL : discriminator) && done;
    }
    return done ? SG_OK : sg_fail_memory(error, "%s", path);
}
