/* Network configs from and to the official init_kwargs as JSON. */
#ifndef SG_MODELS_CONFIG_JSON_H
#define SG_MODELS_CONFIG_JSON_H

#include <cjson/cJSON.h>

#include "base/error.h"
#include "models/config.h"

/*
 * Reads init_kwargs, a generator's as the family's; absent keys keep the defaults, null means none.
 * `synthesis_kwargs` may be nested or flattened. Fails with a sentence that names the key when a
 * value has the wrong type, is out of range, or asks for something this program does not know.
 */
sg_status sg_generator_config_from_json(const cJSON *init_kwargs, sg_family family,
                                        sg_generator_config *config, sg_error *error);
sg_status sg_discriminator_config_from_json(const cJSON *init_kwargs,
                                            sg_discriminator_config *config, sg_error *error);

/* The family that a discriminator's init_kwargs name: StyleGAN2 where they name none. */
sg_family sg_discriminator_family_of_json(const cJSON *init_kwargs);

/*
 * Calls `visit` for every known keyword that does not change a float32 network (such as
 * num_fp16_res) and asks for something: is not 0, false or null.
 */
void sg_config_visit_ignored(const cJSON *init_kwargs, bool discriminator, sg_family family,
                             void (*visit)(void *user, const char *key), void *user);

/* The init_kwargs object (the caller deletes it); NULL on lack of memory. */
cJSON *sg_generator_config_to_json(const sg_generator_config *config);
cJSON *sg_discriminator_config_to_json(const sg_discriminator_config *config);

/* Checks ranges and divisibility of a config; the sentence names the field. */
sg_status sg_generator_config_check(const sg_generator_config *config, sg_error *error);
sg_status sg_discriminator_config_check(const sg_discriminator_config *config, sg_error *error);

#endif
