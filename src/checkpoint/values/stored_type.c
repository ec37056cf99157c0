/*
 * Element types of stored tensors: names, sizes and conversion to numbers. Halves are IEEE 754
 * binary16; bf16 is the upper half of a binary32.
 *
 * Tested by: tests/checkpoint/safetensors/test_safetensors.c
 */
#include "checkpoint/values/stored_type.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "base/choices.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "stored values are little endian");

typedef struct type_row {
    const char *name;
    const char *numpy; /* without the byte order; NULL if NumPy has no such type */
    size_t bytes;
} type_row;

static const type_row type_rows[] = {
    [SG_STORED_BOOL] = {"BOOL", "b1", 1},       [SG_STORED_U8] = {"U8", "u1", 1},
    [SG_STORED_I8] = {"I8", "i1", 1},           [SG_STORED_F8_E5M2] = {"F8_E5M2", NULL, 1},
    [SG_STORED_F8_E4M3] = {"F8_E4M3", NULL, 1}, [SG_STORED_I16] = {"I16", "i2", 2},
    [SG_STORED_U16] = {"U16", "u2", 2},         [SG_STORED_F16] = {"F16", "f2", 2},
    [SG_STORED_BF16] = {"BF16", NULL, 2},       [SG_STORED_I32] = {"I32", "i4", 4},
    [SG_STORED_U32] = {"U32", "u4", 4},         [SG_STORED_F32] = {"F32", "f4", 4},
    [SG_STORED_F64] = {"F64", "f8", 8},         [SG_STORED_I64] = {"I64", "i8", 8},
    [SG_STORED_U64] = {"U64", "u8", 8},
};

enum { TYPE_COUNT = sizeof type_rows / sizeof type_rows[0] };

const char *sg_stored_type_name(sg_stored_type type)
{
    return type_rows[type].name;
}

size_t sg_stored_type_bytes(sg_stored_type type)
{
    return type_rows[type].bytes;
}

bool sg_stored_type_from_name(const char *name, sg_stored_type *type)
{
    static const sg_choices names = SG_CHOICES(type_rows);
    const int found = sg_choice_find(&names, name);
    if (found >= 0)
        *type = (sg_stored_type)found;
    return found >= 0;
}

bool sg_stored_type_from_numpy(const char *name, sg_stored_type *type, bool *big_endian)
{
    *big_endian = name[0] == '>';
    if (name[0] != '\0' && strchr("<>|=", name[0]))
        name++;
    for (int i = 0; i < TYPE_COUNT; i++) {
        if (type_rows[i].numpy && strcmp(name, type_rows[i].numpy) == 0) {
            *type = (sg_stored_type)i;
            return true;
        }
    }
    return false;
}

bool sg_stored_type_converts(sg_stored_type type)
{
    return type != SG_STORED_F8_E5M2 && type != SG_STORED_F8_E4M3;
}

static double half_value(uint16_t bits)
{
    int exponent = bits >> 10 & 31;
    int mantissa = bits & 1023;
    double magnitude;
    if (exponent == 31)
        magnitude = mantissa != 0 ? (double)NAN : (double)INFINITY;
    else if (exponent == 0)
        magnitude = ldexp(mantissa, -24);
    else
        magnitude = ldexp(mantissa + 1024, exponent - 25);
    return (bits & 0x8000) != 0 ? -magnitude : magnitude;
}

static double brain_value(uint16_t bits)
{
    uint32_t wide = (uint32_t)bits << 16;
    float value;
    memcpy(&value, &wide, sizeof value);
    return (double)value;
}

/* Returns from the calling function with the element as `type`. */
#define RETURN_AS(type)                                                                            \
    do {                                                                                           \
        type element;                                                                              \
        memcpy(&element, bytes, sizeof element);                                                   \
        return (double)element;                                                                    \
    } while (false)

static double element_value(sg_stored_type type, const unsigned char *bytes)
{
    uint16_t half;
    switch (type) {
    case SG_STORED_BOOL:
        return bytes[0] != 0 ? 1.0 : 0.0;
    case SG_STORED_U8:
        return bytes[0];
    case SG_STORED_I8:
        RETURN_AS(int8_t);
    case SG_STORED_I16:
        RETURN_AS(int16_t);
    case SG_STORED_U16:
        RETURN_AS(uint16_t);
    case SG_STORED_F16:
        memcpy(&half, bytes, sizeof half);
        return half_value(half);
    case SG_STORED_BF16:
        memcpy(&half, bytes, sizeof half);
        return brain_value(half);
    case SG_STORED_I32:
        RETURN_AS(int32_t);
    case SG_STORED_U32:
        RETURN_AS(uint32_t);
    case SG_STORED_F32:
        RETURN_AS(float);
    case SG_STORED_F64:
        RETURN_AS(double);
    case SG_STORED_I64:
        RETURN_AS(int64_t);
    case SG_STORED_U64:
        RETURN_AS(uint64_t);
    case SG_STORED_F8_E5M2:
    case SG_STORED_F8_E4M3:
        break;
    }
    return (double)NAN;
}

/* Converts to float; beyond its range, where C leaves the conversion undefined, to infinity. */
static float narrow(double value)
{
    if (fabs(value) > (double)__FLT_MAX__)
        return value > 0.0 ? INFINITY : -INFINITY;
    return (float)value;
}

void sg_stored_to_floats(sg_stored_type type, const unsigned char *bytes, size_t count,
                         float *values)
{
    if (type == SG_STORED_F32) {
        memcpy(values, bytes, count * sizeof *values);
        return;
    }
    size_t step = sg_stored_type_bytes(type);
    for (size_t i = 0; i < count; i++)
        values[i] = narrow(element_value(type, bytes + i * step));
}

void sg_stored_to_doubles(sg_stored_type type, const unsigned char *bytes, size_t count,
                          double *values)
{
    size_t step = sg_stored_type_bytes(type);
    for (size_t i = 0; i < count; i++)
        values[i] = element_value(type, bytes + i * step);
}
