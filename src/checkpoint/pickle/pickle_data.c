/*
 * Plain data in the arguments of calls. Pickles below protocol 3 write bytes as texts in Latin-1.
 *
 * Tested by: tests/checkpoint/pickle/test_pickle.c
 */
#include "checkpoint/pickle/pickle_data.h"

bool sg_plain_integer(const sg_value *value, int64_t least, int64_t most, int64_t *integer)
{
    if (value->kind != SG_VALUE_INTEGER && value->kind != SG_VALUE_BOOL)
        return false;
    *integer = value->kind == SG_VALUE_BOOL ? value->boolean : value->integer;
    return *integer >= least && *integer <= most;
}

bool sg_plain_sizes(const sg_value *value, int *rank, int64_t *sizes)
{
    if (value->kind != SG_VALUE_TUPLE || value->list.count > SG_STORED_MAX_RANK)
        return false;
    *rank = (int)value->list.count;
    for (int i = 0; i < *rank; i++)
        if (!sg_plain_integer(value->list.items[i], 0, INT64_MAX, &sizes[i]))
            return false;
    return true;
}

bool sg_is_byte_data(const sg_value *value)
{
    return value->kind == SG_VALUE_BYTES || value->kind == SG_VALUE_TEXT;
}

/*
 * Decodes UTF-8 of characters up to 255 into bytes; returns their number, or SIZE_MAX for other
 * characters. Every byte except the first of a pair gives one. The loop has no branches on the
 * bytes, since no processor predicts those of random numbers.
 */
static size_t decode_latin(const unsigned char *text, size_t size, unsigned char *bytes)
{
    size_t count = 0;
    unsigned faults = 0;
    unsigned before = 0;
    for (size_t at = 0; at < size; at++) {
        unsigned byte = text[at];
        unsigned first = byte >= 0xc0;
        unsigned last = (byte & 0xc0) == 0x80;
        unsigned pair = (before << 6 | (byte & 0x3f)) & 0xff;
        faults |= last ^ (unsigned)(before >= 0xc0);
        faults |= first & (unsigned)((byte & 0xfe) != 0xc2);
        bytes[count] = (unsigned char)(byte ^ ((byte ^ pair) & (0U - last)));
        count += 1 - first;
        before = byte;
    }
    faults |= before >= 0xc0;
    return faults == 0 ? count : SIZE_MAX;
}

static bool is_ascii(const unsigned char *text, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (text[i] >= 0x80)
            return false;
    return true;
}

sg_status sg_pickle_byte_data(sg_pickle *pickle, const sg_value *value, const unsigned char **bytes,
                              size_t *size)
{
    *bytes = value->text.bytes;
    *size = value->text.size;
    if (value->kind == SG_VALUE_BYTES || value->raw)
        return SG_OK;
    if (!sg_tree_charge_work(pickle->tree, *size))
        return sg_pickle_fail_memory(pickle);
    if (is_ascii(*bytes, *size))
        return SG_OK;
    unsigned char *decoded = sg_tree_allocate_payload(pickle->tree, *size);
    if (!decoded)
        return sg_pickle_fail_memory(pickle);
    size_t count = decode_latin(*bytes, *size, decoded);
    if (count == SIZE_MAX)
        return sg_pickle_fail(pickle, "a text that stands for bytes has characters beyond 255");
    *bytes = decoded;
    *size = count;
    return SG_OK;
}
