/* The inside of the pickle interpreter: its stacks, and what its operations share. */
#ifndef SG_CHECKPOINT_PICKLE_PICKLE_MACHINE_H
#define SG_CHECKPOINT_PICKLE_PICKLE_MACHINE_H

#include "checkpoint/pickle/pickle.h"

enum { SG_PICKLE_LONGEST_LINE = 1000 };

struct sg_pickle {
    sg_document *document;
    const sg_pickle_source *source;
    const unsigned char *bytes;
    size_t size;
    size_t at;     /* the next byte */
    size_t opcode; /* where the present operation starts */

    sg_value **stack;
    size_t count;
    size_t capacity;
    size_t *marks; /* heights of the stack */
    size_t mark_count;
    size_t mark_capacity;
    sg_value **memo; /* by index; NULL where nothing was put */
    size_t memo_capacity;
    size_t memo_count; /* entries that are not NULL */
    int call_depth;    /* of callables that hand on to others */

    sg_error *error;
};

/* Performs one operation, whose code was read. */
typedef sg_status (*sg_pickle_operation)(sg_pickle *pickle);

/* Operations on numbers, texts and bytes, and on classes, functions and objects, by their code;
 * NULL where another file performs them. */
extern const sg_pickle_operation sg_pickle_scalar_operations[256];
extern const sg_pickle_operation sg_pickle_object_operations[256];

/* Records a failure: "PATH: byte N: " and the sentence. */
sg_status sg_pickle_fail(sg_pickle *pickle, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
sg_status sg_pickle_fail_memory(sg_pickle *pickle);

#ifdef __clang_analyzer__
/* As in base/error.h: the analyser would follow paths on which these return SG_OK. */
#define sg_pickle_fail(pickle, ...) ((void)sg_pickle_fail(pickle, __VA_ARGS__), SG_ERROR_FORMAT)
#define sg_pickle_fail_memory(pickle) ((void)sg_pickle_fail_memory(pickle), SG_ERROR_MEMORY)
#endif

/* ---- input ---- */

/* The next `size` bytes, and moves on; fails when the pickle ends before. */
sg_status sg_pickle_take(sg_pickle *pickle, size_t size, const unsigned char **bytes);

/* A little-endian number of 1 to 8 bytes. */
sg_status sg_pickle_take_number(sg_pickle *pickle, size_t size, uint64_t *number);

/* A number of `size` bytes, then so many bytes. */
sg_status sg_pickle_take_counted(sg_pickle *pickle, size_t size, const unsigned char **bytes,
                                 size_t *count);

/* The bytes up to the next newline, which is passed over. */
sg_status sg_pickle_take_line(sg_pickle *pickle, const unsigned char **line, size_t *length);

/* ---- stack ---- */

/* Pushes a value; NULL is taken for a failed allocation. */
sg_status sg_pickle_push(sg_pickle *pickle, sg_value *value);

/* The top `count` values, without removing them; fails when there are fewer above the last mark. */
sg_status sg_pickle_top(sg_pickle *pickle, size_t count, sg_value ***values);

/* Removes `count` values that sg_pickle_top found. */
void sg_pickle_drop(sg_pickle *pickle, size_t count);

/* Removes the last mark and all above it; these stay readable until the next push. */
sg_status sg_pickle_pop_mark(sg_pickle *pickle, sg_value ***values, size_t *count);

#endif
