/* The numbers of a label as people give them: all of them, or those that are not 0. */
#ifndef SG_LATENT_LABEL_VALUES_H
#define SG_LATENT_LABEL_VALUES_H

#include <cjson/cJSON.h>
#include <stddef.h>

#include "base/error.h"

/*
 * Reads "0.2,0.8", a number for each of `width`, or "1=1,3=0.5", numbers counted from 0 with the
 * others 0, to `values` [width]. Fails with SG_ERROR_ARGUMENT and the part of a sentence that
 * follows the label's name.
 */
sg_status sg_label_values_parse(const char *text, size_t width, float *values, sg_error *error);

/* Reads a list of `width` numbers in the same way. */
sg_status sg_label_values_from_json(const cJSON *json, size_t width, float *values,
                                    sg_error *error);

#endif
