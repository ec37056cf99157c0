/* The configs of mappers as plain data, and from and to JSON. */
#ifndef SG_MODELS_MAPPER_MAPPER_CONFIG_H
#define SG_MODELS_MAPPER_MAPPER_CONFIG_H

#include <cjson/cJSON.h>

#include "base/error.h"

enum { SG_MAPPER_MOST_WS = 64, SG_MAPPER_MOST_LAYERS = 16 };

/* A mapper: layers of w_dim numbers for the coarse, the middle and the fine inputs each. */
typedef struct sg_mapper_config {
    int num_ws, w_dim;  /* of the generator */
    int coarse, middle; /* inputs below them are coarse, middle; 4, 8 */
    int num_layers;     /* of each group; 4 */
} sg_mapper_config;

/* Returns the published sizes, for 18 inputs of 512 numbers. */
sg_mapper_config sg_mapper_config_default(void);

/* Fails with SG_ERROR_ARGUMENT and a sentence for sizes that do not go together. */
sg_status sg_mapper_config_check(const sg_mapper_config *config, sg_error *error);

/* Reads init_kwargs; absent keywords keep the published values. Fails as the check does, or for
 * keywords that are not known; *config is unchanged then. */
sg_status sg_mapper_config_from_json(const cJSON *init_kwargs, sg_mapper_config *config,
                                     sg_error *error);

/* Returns the init_kwargs object (the caller deletes it); NULL on lack of memory. */
cJSON *sg_mapper_config_to_json(const sg_mapper_config *config);

/* Returns the number of weights. */
double sg_mapper_config_values(const sg_mapper_config *config);

#endif
