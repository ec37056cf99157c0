/*
 * The arena that the values of one foreign file live in, and the making of values; for the readers
 * that build the tree.
 *
 * Values are freed all at once with their tree. Two budgets, set from the file's size, bound what a
 * hostile file can ask for: memory for values, and work on bytes beyond the first reading of each.
 */
#ifndef SG_CHECKPOINT_VALUES_VALUE_TREE_H
#define SG_CHECKPOINT_VALUES_VALUE_TREE_H

#include "checkpoint/values/value.h"
#include "checkpoint/values/value_node.h"

enum { SG_SHARED_INTEGERS = 256 };

typedef struct sg_tree_block sg_tree_block;
typedef struct sg_value_tree sg_value_tree;

/*
 * Reads a torch file that lies in bytes within another file into *root; the bytes must live as long
 * as the tree. `depth` counts the files that this one is nested in.
 */
typedef sg_status (*sg_nested_read)(sg_value_tree *tree, const unsigned char *bytes, size_t size,
                                    int depth, sg_value **root, sg_error *error);

struct sg_value_tree {
    const char *path;           /* for sentences; borrowed */
    const unsigned char *bytes; /* the whole file; borrowed */
    size_t size;
    sg_nested_read read_nested; /* handed in, since the readers of such files build on pickles */

    sg_tree_block *blocks;
    unsigned char *free_start; /* the unused end of the newest small block */
    size_t free_size;
    size_t block_size;  /* of the next one */
    size_t tree_budget; /* bytes that values may still take */
    size_t work_budget; /* bytes that may still be unpacked, decoded or read as nested files */

    sg_value none, yes, no, empty_tuple; /* one of each is enough */
    sg_value integers[SG_SHARED_INTEGERS];
};

/* Sets the budgets and the shared values of a zeroed tree whose size is known. */
void sg_tree_start(sg_value_tree *tree);

/* Frees all values and unpacked data. */
void sg_tree_end(sg_value_tree *tree);

/* Charges `bytes` to the budget for values, false if it has fewer left; gives them back. */
bool sg_tree_charge(sg_value_tree *tree, size_t bytes);
void sg_tree_refund(sg_value_tree *tree, size_t bytes);

/* Allocates zeroed memory of the arena, aligned to 8 bytes; NULL on lack of budget or memory. */
void *sg_tree_allocate(sg_value_tree *tree, size_t bytes);

/*
 * Charges `bytes` of re-reading (unpacking, decoding, nested files) to the work budget; false once
 * it is exhausted. A pickle can ask for the same work again in a few bytes.
 */
bool sg_tree_charge_work(sg_value_tree *tree, size_t bytes);

/* Allocates memory for unpacked data, charged as work; NULL on lack of budget or memory. */
unsigned char *sg_tree_allocate_payload(sg_value_tree *tree, size_t bytes);

/* Fails with the sentence for a NULL or false of the functions above; returns the status. */
sg_status sg_tree_fail(const sg_value_tree *tree, sg_error *error);

#ifdef __clang_analyzer__
/* As in base/error.h: the analyser would follow paths on which it returns SG_OK. */
#define sg_tree_fail(tree, error) ((void)sg_tree_fail(tree, error), SG_ERROR_MEMORY)
#endif

/* New values; NULL on lack of budget or memory. Bytes are borrowed. */
sg_value *sg_tree_integer(sg_value_tree *tree, int64_t integer);
sg_value *sg_tree_real(sg_value_tree *tree, double real);
sg_value *sg_tree_bytes(sg_value_tree *tree, const unsigned char *bytes, size_t size);

/* Names and options are shorter; only source text and numbers written as text are longer. */
#define SG_TREE_LONGEST_COPIED_TEXT ((size_t)64 << 10)

/*
 * A text. Short ones must be UTF-8 and are copied with a zero byte after them; long ones are
 * borrowed.
 */
sg_value *sg_tree_text(sg_value_tree *tree, const unsigned char *bytes, size_t size);

/* A list, tuple, set or dict with these items, which are copied. */
sg_value *sg_tree_items(sg_value_tree *tree, sg_value_kind kind, sg_value *const *items,
                        size_t count);

/* A list, tuple or set that shares the present items of another, or a dict those of a dict. */
sg_value *sg_tree_sharing(sg_value_tree *tree, sg_value_kind kind, const sg_value *other);

/*
 * An object, or an inert value, that was called with `count` arguments, kept as a tuple.
 * `class_name` is borrowed.
 */
sg_value *sg_tree_call(sg_value_tree *tree, sg_value_kind kind, const char *class_name,
                       sg_value *const *arguments, size_t count);

/* An object or inert value without arguments; `class_name` is borrowed. */
sg_value *sg_tree_object(sg_value_tree *tree, sg_value_kind kind, sg_value_role role,
                         const char *class_name);

/* An array of numbers; `array` is borrowed, usually from the arena. */
sg_value *sg_tree_array(sg_value_tree *tree, sg_array *array);

/* Appends items (a dict's: keys and values alternately); false on lack of budget or memory. */
bool sg_tree_append(sg_value_tree *tree, sg_value *value, sg_value *const *items, size_t count);

/* A zero-terminated copy in the arena; NULL on lack of budget or memory. */
char *sg_tree_copy_text(sg_value_tree *tree, const unsigned char *bytes, size_t size);

#endif
