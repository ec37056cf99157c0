/*
 * The rows of all families' generators and of mapping networks.
 *
 * Tested by: tests/models/test_config_json.c
 */
#include "models/config_fields.h"

#include "models/family.h"

enum { CHANGED_OR_NULL = SG_FIELD_CHANGED | SG_FIELD_NULLABLE };

static const sg_field mapping_rows[] = {
    {SG_ROW(sg_mapping_config, embed_features, SG_FIELD_INT), .least = 1, .most = SG_LARGEST_WIDTH,
     .null_value = -1, .flags = CHANGED_OR_NULL},
    {SG_ROW(sg_mapping_config, layer_features, SG_FIELD_INT), .least = 1, .most = SG_LARGEST_WIDTH,
     .null_value = -1, .flags = CHANGED_OR_NULL},
    SG_ACTIVATION_ROW(sg_mapping_config),
    {SG_ROW(sg_mapping_config, lr_multiplier, SG_FIELD_NUMBER),
     .flags = SG_FIELD_ABOVE | SG_FIELD_CHANGED},
    {SG_ROW(sg_mapping_config, w_avg_beta, SG_FIELD_NUMBER), .most = 1, .flags = SG_FIELD_CHANGED},
};
static SG_FIELD_TABLE(mapping_rows, NULL);

/* Generators always write the number of layers. */
static const sg_field generator_mapping[] = {
    SG_COUNT_ROW(sg_mapping_config, num_layers, 0, SG_MAX_MAPPING_LAYERS),
};
static SG_FIELD_TABLE(generator_mapping, &mapping_rows_table);

static const sg_field label_mapping[] = {
    {SG_ROW(sg_mapping_config, num_layers, SG_FIELD_INT), .most = SG_MAX_MAPPING_LAYERS,
     .flags = SG_FIELD_CHANGED},
};
const sg_field_table sg_label_mapping_table = {label_mapping, 1, &mapping_rows_table};

static const sg_field generator_rows[] = {
    SG_COUNT_ROW(sg_generator_config, z_dim, 1, SG_LARGEST_WIDTH),
    SG_COUNT_ROW(sg_generator_config, c_dim, 0, SG_LARGEST_WIDTH),
    SG_COUNT_ROW(sg_generator_config, w_dim, 1, SG_LARGEST_WIDTH),
    SG_SIZE_ROWS(sg_generator_config),
    {.name = "mapping_kwargs",
     .kind = SG_FIELD_OBJECT,
     .offset = offsetof(sg_generator_config, mapping),
     .nested = &generator_mapping_table},
    SG_CHANNEL_ROWS(sg_generator_config),
};

sg_field_table sg_generator_fields(sg_family family)
{
    return (sg_field_table){generator_rows, sizeof generator_rows / sizeof *generator_rows,
                            sg_family_of(family)->generator_fields};
}
