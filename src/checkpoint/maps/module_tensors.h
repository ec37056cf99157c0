/* The tensors of a PyTorch module that was pickled whole. */
#ifndef SG_CHECKPOINT_MAPS_MODULE_TENSORS_H
#define SG_CHECKPOINT_MAPS_MODULE_TENSORS_H

#include "checkpoint/maps/foreign_tensors.h"

/* True if the value is an object, of whatever class, with the state of a PyTorch module. */
bool sg_is_module(const sg_value *value);

/*
 * Adds what lies under the names of parameters and persistent buffers of the module and the modules
 * in it; None is skipped. The caller clears the list, also on failure. Fails for names that are no
 * text or too long, and for modules that are nested or shared without measure.
 */
sg_status sg_module_tensors(const sg_value *module, const char *path, sg_foreign_tensors *list,
                            sg_error *error);

#endif
