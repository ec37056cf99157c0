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
#include "checkpoint/pickle/pickle_write.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "stored values are little endian");

#define FOLDER "archive"

/* Members before the storages: the pickle, the version of the format, the byte order. */
enum { PICKLE, VERSION, BYTE_ORDER_NAME, FIXED_MEMBERS };

/* ---- the pickle ---- */

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
    sg_put_opcode(pickle, SG_OP_MARK);
    sg_put_text(pickle, "storage");
    sg_put_global(pickle, "torch", "FloatStorage");
    sg_put_text(pickle, key);
    sg_put_text(pickle, "cpu");
    sg_put_integer(pickle, count);
    sg_put_opcode(pickle, SG_OP_TUPLE);
    sg_put_opcode(pickle, SG_OP_PERSISTENT);
}

static void put_tensor(sg_text *pickle, const sg_tensor_entry *tensor, size_t number)
{
    sg_put_text(pickle, tensor->name);
    sg_put_tensor_start(pickle);
    put_storage(pickle, number, count_values(tensor));
    sg_put_tensor_end(pickle, tensor->size, tensor->rank);
}

/* True if both tensors are in the same dict. */
static bool same_dict(const sg_tensor_entry *a, const sg_tensor_entry *b)
{
    return a->dict == b->dict || (a->dict && b->dict && strcmp(a->dict, b->dict) == 0);
}

static void put_pickle(sg_text *pickle, const sg_tensor_entry *tensors, size_t count)
{
    sg_put_protocol(pickle, 2);
    sg_put_opcode(pickle, SG_OP_EMPTY_DICT);
    sg_put_opcode(pickle, SG_OP_MARK);
    for (size_t i = 0; i < count; i++) {
        bool inside = tensors[i].dict;
        if (inside && (i == 0 || !same_dict(&tensors[i - 1], &tensors[i]))) {
            sg_put_text(pickle, tensors[i].dict);
            sg_put_ordered_dict(pickle);
            sg_put_opcode(pickle, SG_OP_MARK);
        }
        put_tensor(pickle, &tensors[i], i);
        if (inside && (i + 1 == count || !same_dict(&tensors[i], &tensors[i + 1])))
            sg_put_opcode(pickle, SG_OP_SET_ITEMS);
    }
    sg_put_opcode(pickle, SG_OP_SET_ITEMS);
    sg_put_opcode(pickle, SG_OP_STOP);
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
