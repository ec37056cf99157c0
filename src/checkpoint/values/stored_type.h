/*
 * The element types of stored tensors: their names in safetensors and NumPy files, their sizes and
 * their conversion to numbers.
 */
#ifndef SG_CHECKPOINT_VALUES_STORED_TYPE_H
#define SG_CHECKPOINT_VALUES_STORED_TYPE_H

#include <stdbool.h>
#include <stddef.h>

/* The most dimensions of an array or tensor in any file. */
enum { SG_STORED_MAX_RANK = 8 };

/* Element types, all those of safetensors. */
typedef enum sg_stored_type {
    SG_STORED_BOOL,
    SG_STORED_U8,
    SG_STORED_I8,
    SG_STORED_F8_E5M2,
    SG_STORED_F8_E4M3,
    SG_STORED_I16,
    SG_STORED_U16,
    SG_STORED_F16,
    SG_STORED_BF16,
    SG_STORED_I32,
    SG_STORED_U32,
    SG_STORED_F32,
    SG_STORED_F64,
    SG_STORED_I64,
    SG_STORED_U64
} sg_stored_type;

/* Returns the type's name in safetensors files ("F32"); the bytes of one element. */
const char *sg_stored_type_name(sg_stored_type type);
size_t sg_stored_type_bytes(sg_stored_type type);

/* Finds the type of that safetensors name; false if there is none. */
bool sg_stored_type_from_name(const char *name, sg_stored_type *type);

/*
 * Finds the type and byte order of a NumPy name such as "<f4"; false for names of other types
 * (text, complex numbers, records).
 */
bool sg_stored_type_from_numpy(const char *name, sg_stored_type *type, bool *big_endian);

/* True if elements of this type can be converted to numbers: all except floats of 8 bits. */
bool sg_stored_type_converts(sg_stored_type type);

/*
 * Converts `count` little-endian elements at `bytes` to numbers; the type must convert. Values too
 * large for a float become infinite.
 */
void sg_stored_to_floats(sg_stored_type type, const unsigned char *bytes, size_t count,
                         float *values);
void sg_stored_to_doubles(sg_stored_type type, const unsigned char *bytes, size_t count,
                          double *values);

#endif
