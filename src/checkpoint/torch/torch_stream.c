/*
 * The old stream of torch: five pickles (a magic number, the protocol, a dict about the machine
 * that wrote it, the object, the list of the storages' keys), then, for each key in the list's
 * order, the number of elements in 8 bytes and the elements. These are little endian on every
 * machine; torch itself ignores the third pickle.
 *
 * Tested by: tests/checkpoint/torch/test_torch_file.c
 */
#include "checkpoint/torch/torch_file.h"

#include <string.h>

#include "checkpoint/pickle/pickle.h"
#include "checkpoint/torch/torch_storage.h"

enum { PROTOCOL = 1001, MAGIC_BYTES = 10 };

/* 0x1950a86a20f9469cfc6c, little endian. */
static const unsigned char magic[MAGIC_BYTES] = {0x6c, 0xfc, 0x9c, 0x46, 0xf9,
                                                 0x20, 0x6a, 0xa8, 0x50, 0x19};

/* A stream being read. */
typedef struct stream_reader {
    sg_value_tree *tree;
    const unsigned char *bytes;
    size_t size;
    size_t at;
    int depth;
    sg_torch_storages storages;
    sg_error *error;
} stream_reader;

/* The magic number is a pickle: PROTO, perhaps FRAME from protocol 4 on, LONG1. */
bool sg_is_torch_stream(const unsigned char *bytes, size_t size)
{
    enum { PROTO_BYTES = 2, FRAME_BYTES = 9, LONG_BYTES = 2 };
    if (size < PROTO_BYTES + LONG_BYTES + MAGIC_BYTES || bytes[0] != 0x80)
        return false;
    size_t at = PROTO_BYTES + (bytes[PROTO_BYTES] == 0x95 ? FRAME_BYTES : 0);
    return size >= at + LONG_BYTES + MAGIC_BYTES && bytes[at] == 0x8a &&
           bytes[at + 1] == MAGIC_BYTES && memcmp(bytes + at + LONG_BYTES, magic, MAGIC_BYTES) == 0;
}

static sg_status fail(const stream_reader *reader, const char *what)
{
    return sg_fail(reader->error, SG_ERROR_FORMAT, "%s: the torch stream %s", reader->tree->path,
                   what);
}

static sg_status read_pickle(stream_reader *reader, bool with_storages, sg_value **root)
{
    sg_pickle_source source = {
        .tree = reader->tree,
        .bytes = reader->bytes + reader->at,
        .size = reader->size - reader->at,
        .depth = reader->depth,
        .find_callable = sg_torch_find_callable,
        .persistent = with_storages ? sg_torch_persistent_load : NULL,
        .context = &reader->storages,
    };
    size_t used;
    sg_status status = sg_pickle_read(&source, &used, root, reader->error);
    reader->at += used;
    return status;
}

/* Reads the magic number, the protocol and the machine. */
static sg_status read_preamble(stream_reader *reader)
{
    sg_value *value;
    int64_t protocol = 0;
    SG_TRY(read_pickle(reader, false, &value));
    SG_TRY(read_pickle(reader, false, &value));
    if (!sg_value_integer(value, &protocol) || protocol != PROTOCOL)
        return fail(reader, "is not of protocol 1001, the only one that is known");
    return read_pickle(reader, false, &value);
}

/* Reads the data of one storage: the number of its elements, then the elements. */
static sg_status read_storage(stream_reader *reader, const sg_value *key)
{
    size_t key_size;
    const unsigned char *key_bytes = sg_value_bytes(key, &key_size);
    sg_torch_storage *entry =
        key_bytes ? sg_torch_storages_get(&reader->storages, key_bytes, key_size) : NULL;
    if (!entry || entry->found)
        return fail(reader, "lists a storage that no tensor uses, or one twice");
    if (reader->size - reader->at < sizeof(uint64_t))
        return fail(reader, "ends early, before a storage; download or copy it again");
    uint64_t elements;
    memcpy(&elements, reader->bytes + reader->at, sizeof elements);
    reader->at += sizeof elements;
    if (elements != entry->storage.size / entry->element)
        return fail(reader, "has a storage of another size than its tensors say");
    if (entry->storage.size > reader->size - reader->at)
        return fail(reader, "ends early, within a storage; download or copy it again");
    entry->storage.bytes = reader->bytes + reader->at;
    entry->found = true;
    reader->at += entry->storage.size;
    return SG_OK;
}

static sg_status read_storages(stream_reader *reader)
{
    sg_value *keys;
    SG_TRY(read_pickle(reader, false, &keys));
    if (keys->kind != SG_VALUE_LIST || keys->list.count != reader->storages.count)
        return fail(reader, "does not list the storages that its tensors use");
    for (size_t i = 0; i < keys->list.count; i++)
        SG_TRY(read_storage(reader, keys->list.items[i]));
    return SG_OK;
}

sg_status sg_torch_stream_read(sg_value_tree *tree, const unsigned char *bytes, size_t size,
                               int depth, sg_value **root, sg_error *error)
{
    stream_reader reader = {
        .tree = tree,
        .bytes = bytes,
        .size = size,
        .depth = depth,
        .storages = {.tree = tree},
        .error = error,
    };
    sg_status status = read_preamble(&reader);
    if (!status)
        status = read_pickle(&reader, true, root);
    if (!status)
        status = read_storages(&reader);
    sg_torch_storages_clear(&reader.storages);
    if (status)
        *root = NULL;
    return status;
}
