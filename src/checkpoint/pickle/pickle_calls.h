/*
 * The short list of callables that a pickle may name and that become data. Nothing is ever called:
 * each entry says which value the call would have made.
 */
#ifndef SG_CHECKPOINT_PICKLE_PICKLE_CALLS_H
#define SG_CHECKPOINT_PICKLE_PICKLE_CALLS_H

#include "checkpoint/pickle/pickle_machine.h"

/*
 * The value that calling `class_name` with these arguments would make, into *result. NULL in
 * *result: these arguments mean nothing that is known, and the value becomes inert. Fails when the
 * file is damaged.
 */
typedef sg_status (*sg_call)(sg_pickle *pickle, const char *class_name, sg_value *const *arguments,
                             size_t count, sg_value **result);

struct sg_callable {
    const char *name;
    sg_call call;
};

/*
 * The name that a class or function has today: modules of Python 2, NumPy 2 and the like are
 * brought to one. `name` itself, or another in `buffer`.
 */
const char *sg_present_name(const char *name, char *buffer, size_t size);

/* The entry of that present name ("module.name"), or NULL. */
const sg_callable *sg_find_callable(const char *name);

/*
 * The value of a call: of a known callable, or else an inert value that keeps the arguments. Never
 * NULL when it succeeds.
 */
sg_status sg_pickle_call(sg_pickle *pickle, const sg_value *callable, sg_value *const *arguments,
                         size_t count, sg_value **result);

/* Bytes, or a text whose characters stand for one byte each, as bytes; false for other kinds. */
bool sg_is_byte_data(const sg_value *value);
sg_status sg_pickle_byte_data(sg_pickle *pickle, const sg_value *value, const unsigned char **bytes,
                              size_t *size);

/* The number of an integer value (no array's); false for others and for what is out of range. */
bool sg_plain_integer(const sg_value *value, int64_t least, int64_t most, int64_t *integer);

#endif
