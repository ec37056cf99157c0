/* Conversion of stored elements to numbers; for the readers of this folder. */
#ifndef SG_CHECKPOINT_VALUES_STORED_TYPE_H
#define SG_CHECKPOINT_VALUES_STORED_TYPE_H

#include "checkpoint/safetensors/safetensors.h"

/* The type of that name; false when there is none. */
bool sg_stored_type_from_name(const char *name, sg_stored_type *type);

/*
 * The type of NumPy's name for it, such as "<f4", and its byte order; false for what are no numbers
 * of these types.
 */
bool sg_stored_type_from_numpy(const char *name, sg_stored_type *type, bool *big_endian);

/* Whether elements of this type can be converted to numbers. */
bool sg_stored_type_converts(sg_stored_type type);

/* `count` little-endian elements at `bytes` as numbers; the type must be one that converts. */
void sg_stored_to_floats(sg_stored_type type, const unsigned char *bytes, size_t count,
                         float *values);
void sg_stored_to_doubles(sg_stored_type type, const unsigned char *bytes, size_t count,
                          double *values);

#endif
