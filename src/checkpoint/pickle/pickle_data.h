/* Plain data in the arguments of calls: bytes and integers. */
#ifndef SG_CHECKPOINT_PICKLE_PICKLE_DATA_H
#define SG_CHECKPOINT_PICKLE_PICKLE_DATA_H

#include "checkpoint/pickle/pickle_machine.h"

/* True for bytes and for texts, whose characters may be one byte each. */
bool sg_is_byte_data(const sg_value *value);

/*
 * Returns the bytes of bytes or of a text in Latin-1, decoded as work if it is not ASCII; `value`
 * must be byte data. Fails for a text with characters beyond 255.
 */
sg_status sg_pickle_byte_data(sg_pickle *pickle, const sg_value *value, const unsigned char **bytes,
                              size_t *size);

/* Reads an integer value, no array; false for other values and for those out of range. */
bool sg_plain_integer(const sg_value *value, int64_t least, int64_t most, int64_t *integer);

/* Reads a tuple of up to SG_STORED_MAX_RANK integers from 0 as sizes; false for other values. */
bool sg_plain_sizes(const sg_value *value, int *rank, int64_t *sizes);

#endif
