/* The inside of the pickle interpreter: its input, its stacks, and functions that its operations
 * share. */
#ifndef SG_CHECKPOINT_PICKLE_PICKLE_MACHINE_H
#define SG_CHECKPOINT_PICKLE_PICKLE_MACHINE_H

#include "checkpoint/pickle/pickle_source.h"

enum { SG_PICKLE_LONGEST_LINE = 1000 };

struct sg_pickle {
    sg_value_tree *tree;
    const sg_pickle_source *source;
    const unsigned char *bytes;
    size_t size;
    size_t at;     /* the next byte */
    size_t opcode; /* the first byte of the present operation */

    sg_value **stack;
    size_t count;
    size_t capacity;
    size_t *marks; /* heights of the stack */
    size_t mark_count;
    size_t mark_capacity;
    sg_value **memo; /* by index; NULL where nothing was put */
    size_t memo_capacity;
    size_t memo_count; /* entries that are not NULL */
    int call_depth;    /* of callables that call others */

    sg_error *error;
};

/* Fails with "PATH: byte N: " and the sentence. */
sg_status sg_pickle_fail(sg_pickle *pickle, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
sg_status sg_pickle_fail_memory(sg_pickle *pickle);

#ifdef __clang_analyzer__
/* As in base/error.h: the analyser would follow paths on which these return SG_OK. */
#define sg_pickle_fail(pickle, ...) ((void)sg_pickle_fail(pickle, __VA_ARGS__), SG_ERROR_FORMAT)
#define sg_pickle_fail_memory(pickle) ((void)sg_pickle_fail_memory(pickle), SG_ERROR_MEMORY)
#endif

/* Stores a new value in *result; fails for NULL, which means a failed allocation. */
sg_status sg_pickle_give(sg_pickle *pickle, sg_value *value, sg_value **result);

/* ---- input ---- */

/* Takes the next `size` bytes; fails if the pickle ends before. */
sg_status sg_pickle_take(sg_pickle *pickle, size_t size, const unsigned char **bytes);

/* Takes a little-endian number of 1 to 8 bytes. */
sg_status sg_pickle_take_number(sg_pickle *pickle, size_t size, uint64_t *number);

/*
 * Takes a number of `width` bytes, then as many bytes as it says. `is_signed`: the number has a
 * sign, and a negative one is an error.
 */
sg_status sg_pickle_take_counted(sg_pickle *pickle, int width, bool is_signed,
                                 const unsigned char **bytes, size_t *count);

/* Takes the bytes up to the next newline, and the newline. */
sg_status sg_pickle_take_line(sg_pickle *pickle, const unsigned char **line, size_t *length);

/* ---- stack ---- */

/* Makes room for `needed` elements in a table of the machine, charged to the tree's budget. */
sg_status sg_pickle_grow(sg_pickle *pickle, void **table, size_t *capacity, size_t element,
                         size_t needed);

/* Pushes a value; fails for NULL, which means a failed allocation. */
sg_status sg_pickle_push(sg_pickle *pickle, sg_value *value);

/* Finds the top `count` values, without removing them; fails if fewer lie above the last mark. */
sg_status sg_pickle_top(sg_pickle *pickle, size_t count, sg_value ***values);

/* Removes `count` values that sg_pickle_top found. */
void sg_pickle_drop(sg_pickle *pickle, size_t count);

/* Removes the last mark and all values above it; these stay readable until the next push. */
sg_status sg_pickle_pop_mark(sg_pickle *pickle, sg_value ***values, size_t *count);

/* ---- operations ---- */

/* An operation, to be performed after its code was read. */
typedef struct sg_pickle_operation {
    sg_status (*perform)(sg_pickle *pickle, int argument);
    int argument; /* its meaning is the function's: a width in bytes, a kind of value, a count */
} sg_pickle_operation;

/*
 * Operations on numbers, texts and bytes (pickle_scalars.c), and on classes, functions and objects
 * (pickle_objects.c); zero where another file performs the code.
 */
extern const sg_pickle_operation sg_pickle_scalar_operations[256];
extern const sg_pickle_operation sg_pickle_object_operations[256];

#endif
