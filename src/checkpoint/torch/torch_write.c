/*
 * Writes torch's zip archives: FOLDER/data.pkl is a pickle of protocol 2 in which a tensor is a
 * call of torch._utils._rebuild_tensor_v2 on a storage, given by its number; the bytes of that
 * storage are FOLDER/data/NUMBER, little endian.
 */
#include "checkpoint/torch/torch_file.h"

#include <stdio.h>
#include <string.h>

#include "base/allocate.h"
#include "base/files/pack.h"
#include "base/text.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "stored values are little endian");

#define FOLDER "archive"

/* Members before the storages: the pickle, the version of the format, the byte order. */
enum { PICKLE, VERSION, BYTE_ORDER_NAME, FIXED_MEMBERS };

/* The opcodes of pickle that such a file needs. */
enum {
    OPCODE_PROTOCOL = 0x80,
    OPCODE_STOP = '.',
    OPCODE_MARK = '(',
    OPCODE_EMPTY_DICT = '}',
    OPCODE_EMPTY_TUPLE = ')',
    OPCODE_TUPLE = 't',
    OPCODE_TEXT = 'X',
    OPCODE_INTEGER = 'J',       /* 32 bits */
    OPCODE_LONG_INTEGER = 0x8a, /* a count of bytes, then the bytes */
    OPCODE_FALSE = 0x89,
    OPCODE_GLOBAL = 'c',
    OPCODE_REDUCE = 'R',
    OPCODE_PERSISTENT = 'Q',
    OPCODE_SET_ITEMS = 'u'
};

/* ---- the pickle ---- */

static void put_opcode(sg_text *pickle, int opcode)
{
    char byte = (char)opcode;
    sg_text_append_bytes(pickle, &byte, 1);
}

static void put_text(sg_text *pickle, const char *text)
{
    uint32_t length = (uint32_t)strlen(text);
    put_opcode(pickle, OPCODE_TEXT);
    sg_text_append_bytes(pickle, (const char *)&length, sizeof length);
    sg_text_append_bytes(pickle, text, length);
}

static void put_integer(sg_text *pickle, int64_t number)
{
    if (number >= INT32_MIN && number <= INT32_MAX) {
        int32_t narrow = (int32_t)number;
        put_opcode(pickle, OPCODE_INTEGER);
        sg_text_append_bytes(pickle, (const char *)&narrow, sizeof narrow);
        return;
    }
    put_opcode(pickle, OPCODE_LONG_INTEGER);
    put_opcode(pickle, sizeof number);
    sg_text_append_bytes(pickle, (const char *)&number, sizeof number);
}

static void put_global(sg_text *pickle, const char *module, const char *name)
{
    put_opcode(pickle, OPCODE_GLOBAL);
    sg_text_append(pickle, "%s\n%s\n", module, name);
}

static void put_integers(sg_text *pickle, const int64_t *numbers, int count)
{
    put_opcode(pickle, OPCODE_MARK);
    for (int i = 0; i < count; i++)
        put_integer(pickle, numbers[i]);
    put_opcode(pickle, OPCODE_TUPLE);
}

static void put_ordered_dict(sg_text *pickle)
{
    put_global(pickle, "collections", "OrderedDict");
    put_opcode(pickle, OPCODE_EMPTY_TUPLE);
    put_opcode(pickle, OPCODE_REDUCE);
}

static int64_t count_values(const sg_tensor_entry *tensor)
{
    int64_t count = 1;
    for (int i = 0; i < tensor->rank; i++)
        count *= tensor->size[i];
    return count;
}

/* A persistent id: ('storage', torch.FloatStorage, 'NUMBER', 'cpu', COUNT). */
static void put_storage(sg_text *pickle, size_t number, int64_t count)
{
    char key[32];
    snprintf(key, sizeof key, "%zu", number);
    put_opcode(pickle, OPCODE_MARK);
    put_text(pickle, "storage");
    put_global(pickle, "torch", "FloatStorage");
    put_text(pickle, key);
    put_text(pickle, "cpu");
    put_integer(pickle, count);
    put_opcode(pickle, OPCODE_TUPLE);
    put_opcode(pickle, OPCODE_PERSISTENT);
}

/* _rebuild_tensor_v2(storage, offset, size, stride, requires_grad, backward_hooks) */
static void put_tensor(sg_text *pickle, const sg_tensor_entry *tensor, size_t number)
{
    int64_t strides[SG_STORED_MAX_RANK];
    int64_t stride = 1;
    for (int i = tensor->rank - 1; i >= 0; i--) {
        strides[i] = stride;
        stride *= tensor->size[i];
    }
    put_text(pickle, tensor->name);
    put_global(pickle, "torch._utils", "_rebuild_tensor_v2");
    put_opcode(pickle, OPCODE_MARK);
    put_storage(pickle, number, count_values(tensor));
    put_integer(pickle, 0);
    put_integers(pickle, tensor->size, tensor->rank);
    put_integers(pickle, strides, tensor->rank);
    put_opcode(pickle, OPCODE_FALSE);
    put_ordered_dict(pickle);
    put_opcode(pickle, OPCODE_TUPLE);
    put_opcode(pickle, OPCODE_REDUCE);
}

/* True if both tensors are in the same dict. */
static bool same_dict(const sg_tensor_entry *a, const sg_tensor_entry *b)
{
    return a->dict == b->dict || (a->dict && b->dict && strcmp(a->dict, b->dict) == 0);
}

static void put_pickle(sg_text *pickle, const sg_tensor_entry *tensors, size_t count)
{
    put_opcode(pickle, OPCODE_PROTOCOL);
    put_opcode(pickle, 2);
    put_opcode(pickle, OPCODE_EMPTY_DICT);
    put_opcode(pickle, OPCODE_MARK);
    for (size_t i = 0; i < count; i++) {
        bool inside = tensors[i].dict;
        if (inside && (i == 0 || !same_dict(&tensors[i - 1], &tensors[i]))) {
            put_text(pickle, tensors[i].dict);
            put_ordered_dict(pickle);
            put_opcode(pickle, OPCODE_MARK);
        }
        put_tensor(pickle, &tensors[i], i);
        if (inside && (i + 1 == count || !same_dict(&tensors[i], &tensors[i + 1])))
            put_opcode(pickle, OPCODE_SET_ITEMS);
    }
    put_opcode(pickle, OPCODE_SET_ITEMS);
    put_opcode(pickle, OPCODE_STOP);
}

/* ---- the archive ---- */

/* The input of the members. */
typedef struct torch_archive {
    const char *path;
    const sg_tensor_entry *tensors;
    size_t count;
} torch_archive;

static void name_member(const void *argument, size_t index, char name[SG_PACK_NAME_SIZE])
{
    static const char *const fixed[FIXED_MEMBERS] = {"data.pkl", "version", "byteorder"};
    (void)argument;
    if (index < FIXED_MEMBERS)
        snprintf(name, SG_PACK_NAME_SIZE, "%s/%s", FOLDER, fixed[index]);
    else
        snprintf(name, SG_PACK_NAME_SIZE, "%s/data/%zu", FOLDER, index - FIXED_MEMBERS);
}

static sg_status make_pickle(const torch_archive *archive, unsigned char **bytes, size_t *size,
                             sg_error *error)
{
    sg_text pickle = {0};
    put_pickle(&pickle, archive->tensors, archive->count);
    if (pickle.failed) {
        sg_text_clear(&pickle);
        return sg_fail_memory(error, "%s", archive->path);
    }
    *bytes = (unsigned char *)pickle.bytes;
    *size = pickle.length;
    return SG_OK;
}

static sg_status make_fixed(const torch_archive *archive, const char *text, unsigned char **bytes,
                            size_t *size, sg_error *error)
{
    *bytes = (unsigned char *)sg_duplicate_text(text);
    *size = strlen(text);
    return *bytes ? SG_OK : sg_fail_memory(error, "%s", archive->path);
}

static sg_status make_storage(const torch_archive *archive, const sg_tensor_entry *tensor,
                              unsigned char **bytes, size_t *size, sg_error *error)
{
    size_t count = (size_t)count_values(tensor);
    float *values = sg_allocate(count + 1, sizeof *values);
    if (!values)
        return sg_fail_memory(error, "%s", archive->path);
    for (size_t i = 0; i < count; i++)
        values[i] = tensor->values[i] * tensor->scale;
    *bytes = (unsigned char *)values;
    *size = count * sizeof *values;
    return SG_OK;
}

static sg_status make_member(void *argument, size_t index, unsigned char **bytes, size_t *size,
                             sg_error *error)
{
    const torch_archive *archive = argument;
    switch (index) {
    case PICKLE:
        return make_pickle(archive, bytes, size, error);
    case VERSION:
        return make_fixed(archive, "3\n", bytes, size, error);
    case BYTE_ORDER_NAME:
        return make_fixed(archive, "little", bytes, size, error);
    default:
        return make_storage(archive, &archive->tensors[index - FIXED_MEMBERS], bytes, size, error);
    }
}

sg_status sg_torch_write(const char *path, const sg_tensor_entry *tensors, size_t count,
                         sg_error *error)
{
    torch_archive archive = {path, tensors, count};
    const sg_pack pack = {count + FIXED_MEMBERS, &archive, name_member, make_member};
    return sg_pack_write_zip(&pack, path, error);
}
