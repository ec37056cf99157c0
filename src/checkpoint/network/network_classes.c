/*
 * Names of a classifier's classes; see network_classes.h.
 * Tested by: tests/cli/test_score.c
 */
#include "checkpoint/network/network_classes.h"

#include <string.h>

const char *sg_network_metadata(const sg_network_file *file, const char *key)
{
    for (size_t i = 0; i < sg_network_metadata_count(file); i++) {
        const sg_metadata pair = sg_network_metadata_at(file, i);
        if (strcmp(pair.key, key) == 0)
            return pair.value;
    }
    return NULL;
}

static bool are_texts(const cJSON *list, int count)
{
    const cJSON *item;
    if (!cJSON_IsArray(list) || cJSON_GetArraySize(list) != count)
        return false;
    cJSON_ArrayForEach(item, list) if (!cJSON_IsString(item)) return false;
    return true;
}

cJSON *sg_network_class_names(const sg_network_file *file, int count)
{
    const char *text = sg_network_metadata(file, "classes");
    cJSON *list = text ? cJSON_Parse(text) : NULL;
    if (are_texts(list, count))
        return list;
    cJSON_Delete(list);
    return NULL;
}
