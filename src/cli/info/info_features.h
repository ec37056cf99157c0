/* What `stylegan info` says of a feature network's file. */
#ifndef SG_CLI_INFO_INFO_FEATURES_H
#define SG_CLI_INFO_INFO_FEATURES_H

#include <stdint.h>

#include "base/error.h"

/*
 * Prints which feature networks the file of `bytes` bytes holds; as JSON an object with "file",
 * "bytes" and "features". *found is false, and nothing is printed, if it holds none. Fails with
 * SG_ERROR_MEMORY.
 */
sg_status sg_info_print_features(const char *path, uint64_t bytes, bool json, bool *found,
                                 sg_error *error);

#endif
