/* Keywords of forks of the official programs that leave a network as it is. */
#ifndef SG_MODELS_FORK_OPTIONS_H
#define SG_MODELS_FORK_OPTIONS_H

#include <cjson/cJSON.h>
#include <stdbool.h>

/*
 * True if a network with the keyword at this value is the same as without it: the keyword is of
 * training only or is told by shapes, or the value is the usual one, or it turns something off that
 * the official programs do not have.
 */
bool sg_fork_option_is_harmless(const char *keyword, const cJSON *value);

#endif
