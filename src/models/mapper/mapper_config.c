/*
 * Configs of mappers: one row for each keyword, and what must hold between them.
 *
 * Tested by: tests/models/mapper/test_mapper.c
 */
#include "models/mapper/mapper_config.h"

#include "models/config_fields.h"

static const sg_field mapper_rows[] = {
    SG_COUNT_ROW(sg_mapper_config, num_ws, 1, SG_MAPPER_MOST_WS),
    SG_COUNT_ROW(sg_mapper_config, w_dim, 1, SG_LARGEST_WIDTH),
    SG_COUNT_ROW(sg_mapper_config, coarse, 0, SG_MAPPER_MOST_WS),
    SG_COUNT_ROW(sg_mapper_config, middle, 0, SG_MAPPER_MOST_WS),
    SG_COUNT_ROW(sg_mapper_config, num_layers, 1, SG_MAPPER_MOST_LAYERS),
};
static const SG_FIELD_TABLE(mapper_rows, NULL);

static const sg_fields_reading reading = {.subject = "the mapper's config", .name = "init_kwargs"};

sg_mapper_config sg_mapper_config_default(void)
{
    return (sg_mapper_config){
        .num_ws = 18, .w_dim = 512, .coarse = 4, .middle = 8, .num_layers = 4};
}

sg_status sg_mapper_config_check(const sg_mapper_config *config, sg_error *error)
{
    SG_TRY(sg_fields_check(&mapper_rows_table, config, NULL, SG_SPELL_KEYWORD, error));
    if (config->middle < config->coarse || config->num_ws < config->middle)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"coarse\" and \"middle\" of a mapper are %d and %d, but must be in this "
                       "order and at most its \"num_ws\", %d",
                       config->coarse, config->middle, config->num_ws);
    return SG_OK;
}

sg_status sg_mapper_config_from_json(const cJSON *init_kwargs, sg_mapper_config *config,
                                     sg_error *error)
{
    sg_mapper_config result = sg_mapper_config_default();
    SG_TRY(sg_fields_from_json(&mapper_rows_table, &reading, init_kwargs, &result, NULL, error));
    SG_TRY(sg_mapper_config_check(&result, error));
    *config = result;
    return SG_OK;
}

cJSON *sg_mapper_config_to_json(const sg_mapper_config *config)
{
    const sg_mapper_config defaults = sg_mapper_config_default();
    cJSON *object = cJSON_CreateObject();
    if (object && sg_fields_to_json(&mapper_rows_table, config, &defaults, object))
        return object;
    cJSON_Delete(object);
    return NULL;
}

double sg_mapper_config_values(const sg_mapper_config *config)
{
    const int groups = (config->coarse > 0) + (config->middle > config->coarse) +
                       (config->num_ws > config->middle);
    return (double)groups * config->num_layers * config->w_dim * (config->w_dim + 1.0);
}
