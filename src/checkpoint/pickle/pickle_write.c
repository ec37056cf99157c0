/*
 * The operations of pickles, for writing.
 *
 * Tested by: tests/checkpoint/torch/test_torch_write.c
 */
#include "checkpoint/pickle/pickle_write.h"

#include <string.h>

#include "checkpoint/values/stored_type.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "numbers are little endian");

/* The operations with an operand. */
enum {
    OP_PROTOCOL = 0x80,
    OP_TEXT = 'X',          /* a count of 32 bits, then UTF-8 */
    OP_BYTES = 'B',         /* a count of 32 bits, then the bytes */
    OP_INTEGER = 'J',       /* 32 bits */
    OP_LONG_INTEGER = 0x8a, /* a count of bytes, then the bytes */
    OP_REAL = 'G',          /* big endian */
    OP_TRUE = 0x88,
    OP_FALSE = 0x89,
    OP_GLOBAL = 'c', /* two lines */
    OP_PUT = 'r',    /* a number of 32 bits */
    OP_GET = 'j'
};

static void put_byte(sg_text *pickle, int byte)
{
    const char character = (char)byte;
    sg_text_append_bytes(pickle, &character, 1);
}

static void put_32(sg_text *pickle, uint32_t number)
{
    sg_text_append_bytes(pickle, (const char *)&number, sizeof number);
}

void sg_put_opcode(sg_text *pickle, sg_pickle_opcode opcode)
{
    put_byte(pickle, opcode);
}

void sg_put_protocol(sg_text *pickle, int protocol)
{
    put_byte(pickle, OP_PROTOCOL);
    put_byte(pickle, protocol);
}

void sg_put_bool(sg_text *pickle, bool value)
{
    put_byte(pickle, value ? OP_TRUE : OP_FALSE);
}

void sg_put_integer(sg_text *pickle, int64_t number)
{
    if (number >= INT32_MIN && number <= INT32_MAX) {
        put_byte(pickle, OP_INTEGER);
        put_32(pickle, (uint32_t)number);
        return;
    }
    put_byte(pickle, OP_LONG_INTEGER);
    put_byte(pickle, sizeof number);
    sg_text_append_bytes(pickle, (const char *)&number, sizeof number);
}

void sg_put_real(sg_text *pickle, double number)
{
    uint64_t bits;
    memcpy(&bits, &number, sizeof bits);
    put_byte(pickle, OP_REAL);
    for (int shift = 56; shift >= 0; shift -= 8)
        put_byte(pickle, (int)(bits >> shift & 0xff));
}

void sg_put_text(sg_text *pickle, const char *text)
{
    const size_t length = strlen(text);
    put_byte(pickle, OP_TEXT);
    put_32(pickle, (uint32_t)length);
    sg_text_append_bytes(pickle, text, length);
}

void sg_put_bytes_start(sg_text *pickle, uint32_t count)
{
    put_byte(pickle, OP_BYTES);
    put_32(pickle, count);
}

void sg_put_global(sg_text *pickle, const char *module, const char *name)
{
    put_byte(pickle, OP_GLOBAL);
    sg_text_append(pickle, "%s\n%s\n", module, name);
}

/* A tuple. */
static void put_integers(sg_text *pickle, const int64_t *numbers, int count)
{
    sg_put_opcode(pickle, SG_OP_MARK);
    for (int i = 0; i < count; i++)
        sg_put_integer(pickle, numbers[i]);
    sg_put_opcode(pickle, SG_OP_TUPLE);
}

void sg_put_ordered_dict(sg_text *pickle)
{
    sg_put_global(pickle, "collections", "OrderedDict");
    sg_put_opcode(pickle, SG_OP_EMPTY_TUPLE);
    sg_put_opcode(pickle, SG_OP_CALL);
}

void sg_put_memo(sg_text *pickle, uint32_t number)
{
    put_byte(pickle, OP_PUT);
    put_32(pickle, number);
}

void sg_put_again(sg_text *pickle, uint32_t number)
{
    put_byte(pickle, OP_GET);
    put_32(pickle, number);
}

/* ---- pairs ---- */

void sg_put_pair_bool(sg_text *pickle, const char *key, bool value)
{
    sg_put_text(pickle, key);
    sg_put_bool(pickle, value);
}

void sg_put_pair_integer(sg_text *pickle, const char *key, int64_t number)
{
    sg_put_text(pickle, key);
    sg_put_integer(pickle, number);
}

void sg_put_pair_real(sg_text *pickle, const char *key, double number)
{
    sg_put_text(pickle, key);
    sg_put_real(pickle, number);
}

void sg_put_pair_text(sg_text *pickle, const char *key, const char *text)
{
    sg_put_text(pickle, key);
    sg_put_text(pickle, text);
}

void sg_put_pair_none(sg_text *pickle, const char *key)
{
    sg_put_text(pickle, key);
    sg_put_opcode(pickle, SG_OP_NONE);
}

/* ---- tensors ---- */

void sg_put_tensor_start(sg_text *pickle)
{
    sg_put_global(pickle, "torch._utils", "_rebuild_tensor_v2");
    sg_put_opcode(pickle, SG_OP_MARK);
}

/* The arguments after the storage: offset, sizes, strides, requires_grad, hooks. */
void sg_put_tensor_end(sg_text *pickle, const int64_t *size, int rank)
{
    int64_t strides[SG_STORED_MAX_RANK];
    int64_t stride = 1;
    for (int i = rank - 1; i >= 0; i--) {
        strides[i] = stride;
        stride *= size[i];
    }
    sg_put_integer(pickle, 0);
    put_integers(pickle, size, rank);
    put_integers(pickle, strides, rank);
    sg_put_bool(pickle, false);
    sg_put_ordered_dict(pickle);
    sg_put_opcode(pickle, SG_OP_TUPLE);
    sg_put_opcode(pickle, SG_OP_CALL);
}
