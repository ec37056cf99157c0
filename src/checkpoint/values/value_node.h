/*
 * The memory layout of a value, for the readers that build the tree. All other code uses value.h.
 *
 * Values are mutable while a pickle is read, since a pickle may fill a list after others refer to
 * it. Items are only ever appended, so two values may share the items that both had at some time.
 */
#ifndef SG_CHECKPOINT_VALUES_VALUE_NODE_H
#define SG_CHECKPOINT_VALUES_VALUE_NODE_H

#include "checkpoint/values/strided_array.h"

typedef struct sg_value sg_value;

/* What a value is besides its kind, while a pickle is read and for descriptions. */
typedef enum sg_value_role {
    SG_ROLE_NONE,
    SG_ROLE_GLOBAL,     /* inert: a class or function by its name */
    SG_ROLE_STORAGE,    /* object: the memory of torch tensors */
    SG_ROLE_NUMPY_TYPE, /* object: a NumPy dtype */
    SG_ROLE_BLANK_ARRAY /* object: a NumPy array whose state is not set yet */
} sg_value_role;

/* A callable that is recognised by its name; see pickle_calls.h. */
typedef struct sg_callable sg_callable;

/* A torch storage, or a part of one. */
typedef struct sg_storage_view {
    const sg_array_storage *storage;
    size_t offset; /* bytes */
    size_t size;   /* bytes */
    sg_stored_type type;
    bool numeric; /* false for complex and quantised numbers, whose `type` means nothing */
} sg_storage_view;

/* A NumPy dtype. */
typedef struct sg_numpy_type {
    sg_stored_type type;
    bool numeric; /* false for text, records, complex numbers and objects: `type` means nothing */
    bool big_endian;
} sg_numpy_type;

/* The items of a list, tuple, set or dict. */
typedef struct sg_value_items {
    sg_value **items; /* of a dict: key, value, key, value ... */
    size_t count;     /* items; twice the pairs of a dict */
    sg_value *state;  /* a dict's attributes, set by BUILD; or NULL */
} sg_value_items;

/* The content of a text or of bytes. */
typedef struct sg_value_text_part {
    const unsigned char *bytes;
    size_t size;
    sg_value *loaded; /* the content of the torch file in these bytes; NULL until it is read */
} sg_value_text_part;

/* An object, or an inert value. */
typedef struct sg_value_object {
    const char *class_name;
    union {
        sg_value *arguments; /* SG_ROLE_NONE, SG_ROLE_BLANK_ARRAY */
        const sg_callable *callable;
        const sg_storage_view *storage;
        sg_numpy_type *numpy_type;
    };
    sg_value *state;
} sg_value_object;

struct sg_value {
    uint8_t kind;      /* sg_value_kind */
    uint8_t role;      /* sg_value_role */
    bool terminated;   /* a text without zero bytes that a zero byte follows */
    bool raw;          /* a text that was a Python 2 string: its bytes may be data */
    uint32_t capacity; /* room for items */
    union {
        bool boolean;
        int64_t integer;
        double real;
        sg_value_text_part text; /* also bytes */
        sg_value_items list;     /* also tuple, set, dict */
        sg_array *array;
        sg_value_object object; /* also inert */
    };
};

#endif
