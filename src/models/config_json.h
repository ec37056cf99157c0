/* Configs from and to the official init_kwargs as JSON. */
#ifndef SG_MODELS_CONFIG_JSON_H
#define SG_MODELS_CONFIG_JSON_H

#include <cjson/cJSON.h>

#include "base/error.h"
#include "models/config.h"

/*
 * Reads init_kwargs, those of a generator as the family's; absent keywords keep the defaults.
 * StyleGAN2's and StyleGAN3's `synthesis_kwargs` may be nested or flattened. Fails with a sentence
 * that names the keyword if a value has the wrong kind, is out of range, or asks for something that
 * this program does not know; *config is unchanged then.
 */
sg_status sg_generator_config_from_json(const cJSON *init_kwargs, sg_family family,
                                        sg_generator_config *config, sg_error *error);
sg_status sg_discriminator_config_from_json(const cJSON *init_kwargs,
                                            sg_discriminator_config *config, sg_error *error);

/* Returns the family that a discriminator's init_kwargs name; the default one if they name none. */
sg_family sg_discriminator_family_of_json(const cJSON *init_kwargs);

/*
 * Calls `visit` for every keyword that is known and ignored because it does not change a float32
 * network (num_fp16_res), unless its value is 0, false or null.
 */
void sg_config_visit_ignored(const cJSON *init_kwargs, bool discriminator, sg_family family,
                             void (*visit)(void *user, const char *keyword), void *user);

/* Returns the init_kwargs object (the caller deletes it); NULL on lack of memory. */
cJSON *sg_generator_config_to_json(const sg_generator_config *config);
cJSON *sg_discriminator_config_to_json(const sg_discriminator_config *config);

#endif
