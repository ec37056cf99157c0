/* Which layers are chosen, by a list of names. */
#ifndef SG_LAYERS_LAYER_CHOICE_H
#define SG_LAYERS_LAYER_CHOICE_H

#include <stdbool.h>

#include "base/error.h"

/*
 * True if the list (NULL: all), of names separated by commas, has the layer's name or the name of
 * its block: "b16" is that of "b16.conv0", "L3" that of "L3_36_512".
 */
bool sg_layer_is_chosen(const char *list, const char *name);

/* Fails with SG_ERROR_ARGUMENT, naming the nearest, unless every name of the list chooses one of
 * the `count` layers. */
sg_status sg_layer_choice_check(const char *list, const char *const *names, size_t count,
                                sg_error *error);

#endif
