/* Keywords of networks that people give beside a file, since the file cannot tell them. */
#ifndef SG_CHECKPOINT_NETWORK_NETWORK_KEYWORDS_H
#define SG_CHECKPOINT_NETWORK_NETWORK_KEYWORDS_H

#include <cjson/cJSON.h>

#include "base/error.h"

/*
 * Reads "KEY=VALUE,KEY=VALUE" into a new object: values are JSON, or words of Python (None, True),
 * or texts; a dot leads into an object ("mapping_kwargs.num_layers=4"). A comma that no KEY=
 * follows belongs to the value. Fails with SG_ERROR_ARGUMENT for a text of another form; the
 * sentence is to follow the option's name.
 */
sg_status sg_network_keywords_parse(const char *text, cJSON **keywords, sg_error *error);

/*
 * Puts the keywords into a part's init_kwargs, replacing what is there: those of "D" into the
 * discriminator's, all others into the generators'. Fails for lack of memory for `path`.
 */
sg_status sg_network_keywords_apply(const cJSON *keywords, cJSON *config, const char *path,
                                    sg_error *error);

#endif
