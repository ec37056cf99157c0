/*
 * The rows of all families' generators and of mapping networks.
 *
 * Tested by: tests/models/test_config_json.c
 */
#include "models/config_fields.h"

#include "models/family.h"

enum { CHANGED_OR_NULL = SG_FIELD_CHANGED | SG_FIELD_NULLABLE };

static bool channels_from_json(const cJSON *json, void *value)
{
    sg_channel_list list = {0};
    const cJSON *item;
    cJSON_ArrayForEach(item, json)
    {
        if (list.count == SG_MOST_LEVELS || !cJSON_IsNumber(item) || item->valuedouble < 1 ||
            item->valuedouble > SG_LARGEST_WIDTH || item->valuedouble != item->valueint)
            return false;
        list.at[list.count++] = item->valueint;
    }
    *(sg_channel_list *)value = list;
    return cJSON_IsArray(json);
}

static cJSON *channels_to_json(const void *value)
{
    const sg_channel_list *list = value;
    return cJSON_CreateIntArray(list->at, list->count);
}

const sg_field_codec sg_channel_list_codec = {
    .from_json = channels_from_json,
    .to_json = channels_to_json,
    .expected = "a list of channels at 4, 8, 16 and on, such as [512, 300, 64]"};

static const sg_field mapping_rows[] = {
    {"embed_features", SG_INT(sg_mapping_config, embed_features, 1, SG_LARGEST_WIDTH),
     SG_FLAGS(CHANGED_OR_NULL), .null_value = -1},
    {"layer_features", SG_INT(sg_mapping_config, layer_features, 1, SG_LARGEST_WIDTH),
     SG_FLAGS(CHANGED_OR_NULL), .null_value = -1},
    SG_ACTIVATION_ROW(sg_mapping_config, activation),
    {"lr_multiplier", SG_NUMBER(sg_mapping_config, lr_multiplier, 0, 0),
     SG_FLAGS(SG_FIELD_CHANGED | SG_FIELD_ABOVE)},
    {"w_avg_beta", SG_NUMBER(sg_mapping_config, w_avg_beta, 0, 1), SG_FLAGS(SG_FIELD_CHANGED)},
};
static const SG_FIELD_TABLE(mapping_rows, NULL);

/* Generators always write the number of layers. */
static const sg_field layer_rows[] = {
    SG_COUNT_ROW(sg_mapping_config, num_layers, 0, SG_MAX_MAPPING_LAYERS),
};
static const SG_FIELD_TABLE(layer_rows, &mapping_rows_table);

static const sg_field label_layer_rows[] = {
    {"num_layers", SG_INT(sg_mapping_config, num_layers, 0, SG_MAX_MAPPING_LAYERS),
     SG_FLAGS(SG_FIELD_CHANGED)},
};
const sg_field_table sg_label_mapping_table = {label_layer_rows, 1, &mapping_rows_table};

static const sg_field generator_rows[] = {
    SG_COUNT_ROW(sg_generator_config, z_dim, 1, SG_LARGEST_WIDTH),
    SG_COUNT_ROW(sg_generator_config, c_dim, 0, SG_LARGEST_WIDTH),
    SG_COUNT_ROW(sg_generator_config, w_dim, 1, SG_LARGEST_WIDTH),
    SG_SIZE_ROWS(sg_generator_config),
    {"mapping_kwargs", SG_OBJECT(sg_generator_config, mapping, &layer_rows_table)},
    SG_CHANNEL_ROWS(sg_generator_config),
};

sg_field_table sg_generator_fields(sg_family family)
{
    return (sg_field_table){generator_rows, sizeof generator_rows / sizeof *generator_rows,
                            sg_family_of(family)->generator_fields};
}
