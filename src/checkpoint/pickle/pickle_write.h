/*
 * Pickles being written, operation by operation, of protocol 3: numbers, texts, bytes, containers,
 * names of classes and calls. Every function appends to a text, whose failure shows in the end.
 */
#ifndef SG_CHECKPOINT_PICKLE_PICKLE_WRITE_H
#define SG_CHECKPOINT_PICKLE_PICKLE_WRITE_H

#include <stdint.h>

#include "base/text.h"

/* The operations without an operand. */
typedef enum sg_pickle_opcode {
    SG_OP_STOP = '.',
    SG_OP_MARK = '(', /* the start of a tuple, of items or of pairs */
    SG_OP_TUPLE = 't',
    SG_OP_TUPLE_OF_ONE = 0x85,
    SG_OP_EMPTY_TUPLE = ')',
    SG_OP_EMPTY_LIST = ']',
    SG_OP_APPEND_ITEMS = 'e',
    SG_OP_EMPTY_DICT = '}',
    SG_OP_SET_ITEMS = 'u',
    SG_OP_NONE = 'N',
    SG_OP_CALL = 'R', /* a callable with a tuple */
    SG_OP_NEW_OBJECT = 0x81,
    SG_OP_BUILD = 'b',     /* gives an object its state */
    SG_OP_PERSISTENT = 'Q' /* the value of an id */
} sg_pickle_opcode;

void sg_put_opcode(sg_text *pickle, sg_pickle_opcode opcode);

/* The first operation: the protocol. */
void sg_put_protocol(sg_text *pickle, int protocol);

void sg_put_bool(sg_text *pickle, bool value);
void sg_put_integer(sg_text *pickle, int64_t number);
void sg_put_real(sg_text *pickle, double number);
void sg_put_text(sg_text *pickle, const char *text);

/* Bytes of at most 4 GiB, which the caller appends. */
void sg_put_bytes_start(sg_text *pickle, uint32_t count);

/* The class or function MODULE.NAME. */
void sg_put_global(sg_text *pickle, const char *module, const char *name);

/* An empty collections.OrderedDict. */
void sg_put_ordered_dict(sg_text *pickle);

/* Keeps the top value under a number; puts it again. */
void sg_put_memo(sg_text *pickle, uint32_t number);
void sg_put_again(sg_text *pickle, uint32_t number);

/*
 * Keys of a dict between SG_OP_MARK and SG_OP_SET_ITEMS, with a value.
 */
void sg_put_pair_bool(sg_text *pickle, const char *key, bool value);
void sg_put_pair_integer(sg_text *pickle, const char *key, int64_t number);
void sg_put_pair_real(sg_text *pickle, const char *key, double number);
void sg_put_pair_text(sg_text *pickle, const char *key, const char *text);
void sg_put_pair_none(sg_text *pickle, const char *key);

/* A call of torch._utils._rebuild_tensor_v2 on the storage of `dense` floats that is on top: a
 * tensor of this shape. */
void sg_put_tensor_start(sg_text *pickle);
void sg_put_tensor_end(sg_text *pickle, const int64_t *size, int rank);

#endif
