/*
 * The inside of values and of their document; for the readers of this folder, who build the tree.
 * Everyone else sees value.h.
 *
 * Values live in the document's arena and are freed with it, all at once. They are mutable while a
 * pickle is read, since a pickle may fill a list after others refer to it. Items are only ever
 * appended, so two values may share the items that both had at some time.
 */
#ifndef SG_CHECKPOINT_VALUES_VALUE_TREE_H
#define SG_CHECKPOINT_VALUES_VALUE_TREE_H

#include "checkpoint/values/value.h"

/* What a value stands for besides its kind, while a pickle is read and for descriptions. */
typedef enum sg_value_role {
    SG_ROLE_NONE,
    SG_ROLE_GLOBAL,     /* inert: a class or function by its name */
    SG_ROLE_STORAGE,    /* object: the memory of torch tensors */
    SG_ROLE_NUMPY_TYPE, /* object: a NumPy dtype */
    SG_ROLE_BLANK_ARRAY /* object: a NumPy array before its state was set */
} sg_value_role;

/* A callable that is recognised by its name; see pickle_calls.h. */
typedef struct sg_callable sg_callable;

/* A run of bytes that arrays lie in. */
typedef struct sg_storage {
    const unsigned char *bytes; /* NULL as long as a stream's data were not reached */
    size_t size;                /* bytes */
    bool big_endian;
} sg_storage;

/* A torch storage, or a part of one. */
typedef struct sg_storage_view {
    const sg_storage *storage;
    size_t offset; /* bytes */
    size_t size;   /* bytes */
    sg_stored_type type;
    bool numeric; /* whether `type` says it: not so for complex and quantised numbers */
} sg_storage_view;

/* A NumPy dtype. */
typedef struct sg_numpy_type {
    sg_stored_type type;
    bool numeric; /* whether `type` says it: not so for text, records, complex numbers, objects */
    bool big_endian;
} sg_numpy_type;

/* The elements of an array. */
typedef struct sg_array {
    sg_value_array layout;
    const sg_storage *storage;
    size_t offset; /* of the first element, in bytes */
} sg_array;

typedef struct sg_value_items {
    sg_value **items; /* a dict's: key, value, key, value ... */
    size_t count;     /* items; twice the pairs of a dict */
    sg_value *state;  /* a dict's attributes, set by BUILD; or NULL */
} sg_value_items;

typedef struct sg_value_text_part {
    const unsigned char *bytes;
    size_t size;
    sg_value *loaded; /* what these bytes hold as a torch file, once that was asked for */
} sg_value_text_part;

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
    bool terminated;   /* a text that a zero byte follows, and that holds none */
    bool raw;          /* a text that was a Python 2 string: its bytes are its data */
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

enum { SG_SHARED_INTEGERS = 256 };

typedef struct sg_tree_block sg_tree_block;

struct sg_document {
    char *path;
    sg_container container;
    const unsigned char *bytes; /* the whole file */
    size_t size;
    bool mapped; /* whether `bytes` is to be unmapped */
    const sg_value *root;

    sg_tree_block *blocks;
    unsigned char *free_start; /* what is left of the newest small block */
    size_t free_size;
    size_t block_size;  /* of the next one */
    size_t tree_budget; /* bytes that values may still take */
    size_t work_budget; /* bytes that may still be unpacked, decoded or read as nested files */

    sg_value none, yes, no, empty_tuple; /* one of each is enough */
    sg_value integers[SG_SHARED_INTEGERS];
};

/* Sets the budgets and the shared values of a zeroed document whose size is known. */
void sg_tree_start(sg_document *document);

/* Frees all values and unpacked data. */
void sg_tree_end(sg_document *document);

/* Takes bytes from the tree's budget, false when it has not so many; gives them back. */
bool sg_tree_charge(sg_document *document, size_t bytes);
void sg_tree_refund(sg_document *document, size_t bytes);

/* Zeroed memory of the arena, aligned to 8 bytes; NULL on lack of budget or memory. */
void *sg_tree_allocate(sg_document *document, size_t bytes);

/*
 * Takes bytes that are about to be read once more than as a part of the file from the budget of
 * such work, false when it has not so many. A pickle can ask for the same work again in a few
 * bytes.
 */
bool sg_tree_charge_work(sg_document *document, size_t bytes);

/* Memory for unpacked data, charged as work; NULL on lack of budget or memory. */
unsigned char *sg_tree_allocate_payload(sg_document *document, size_t bytes);

/* The sentence for a NULL or false of the above; returns the status. */
sg_status sg_tree_fail(const sg_document *document, sg_error *error);

#ifdef __clang_analyzer__
/* As in base/error.h: the analyser would follow paths on which it returns SG_OK. */
#define sg_tree_fail(document, error) ((void)sg_tree_fail(document, error), SG_ERROR_MEMORY)
#endif

/* New values; NULL on lack of budget or memory. Bytes are borrowed. */
sg_value *sg_tree_integer(sg_document *document, int64_t integer);
sg_value *sg_tree_real(sg_document *document, double real);
sg_value *sg_tree_bytes(sg_document *document, const unsigned char *bytes, size_t size);

/* Names and options are shorter; only source and numbers written as text are longer. */
#define SG_TREE_LONGEST_COPIED_TEXT ((size_t)64 << 10)

/*
 * A text. Short ones are copied, to be followed by a zero byte, and must be UTF-8; long ones are
 * borrowed.
 */
sg_value *sg_tree_text(sg_document *document, const unsigned char *bytes, size_t size);

/* A list, tuple, set or dict with these items, which are copied. */
sg_value *sg_tree_items(sg_document *document, sg_value_kind kind, sg_value *const *items,
                        size_t count);

/* A list, tuple or set that shares the present items of another, or a dict those of a dict. */
sg_value *sg_tree_sharing(sg_document *document, sg_value_kind kind, const sg_value *other);

/* An object or inert value; `class_name` is borrowed, `arguments` may be NULL. */
sg_value *sg_tree_object(sg_document *document, sg_value_kind kind, const char *class_name,
                         sg_value *arguments);

/* An array of numbers; `array` is borrowed, from the arena as a rule. */
sg_value *sg_tree_array(sg_document *document, sg_array *array);

/* Appends items (a dict's: keys and values alternately); false on lack of budget or memory. */
bool sg_tree_append(sg_document *document, sg_value *value, sg_value *const *items, size_t count);

/* A zero-terminated copy in the arena; NULL on lack of budget or memory. */
char *sg_tree_copy_text(sg_document *document, const unsigned char *bytes, size_t size);

#endif
