/* Options from a foreign file as JSON. */
#ifndef SG_CHECKPOINT_VALUES_VALUE_JSON_H
#define SG_CHECKPOINT_VALUES_VALUE_JSON_H

#include <cjson/cJSON.h>

#include "checkpoint/values/value.h"

/*
 * Converts a value to JSON (cJSON_Delete): scalars, texts, lists, tuples, dicts with text keys, and
 * arrays of up to 64 numbers. Any other value becomes its description in angle brackets, a text
 * that no option accepts. NULL for lack of memory, and for a tree of more than 10,000 values, 1000
 * keys in one dict or 16 levels.
 */
cJSON *sg_value_to_json(const sg_value *value);

#endif
