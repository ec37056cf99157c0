/*
 * The zip archive of torch: NAME/data.pkl, the numbers of each storage as NAME/data/KEY, and
 * NAME/byteorder. Members stored without packing stay in place; packed ones are unpacked, charged
 * to the tree's budget for work.
 *
 * Tested by: tests/checkpoint/torch/test_torch_file.c
 */
#include "checkpoint/torch/torch_file.h"

#include <stdio.h>
#include <string.h>

#include "base/files/file_kind.h"
#include "base/files/zip_archive.h"
#include "base/text.h"
#include "checkpoint/pickle/pickle.h"
#include "checkpoint/torch/torch_storage.h"

enum { LONGEST_NAME = 1000 };

/* An archive being read. */
typedef struct archive_reader {
    sg_value_tree *tree;
    sg_zip_archive *zip;
    char folder[LONGEST_NAME + 1]; /* "NAME/", which all members' names start with */
    bool big_endian;
    sg_error *error;
} archive_reader;

bool sg_is_zip(const unsigned char *bytes, size_t size)
{
    return sg_file_kind_of(bytes, size, false)->form == SG_FORM_ZIP;
}

/* Returns the bytes of a member, in place or unpacked. */
static sg_status load_member(archive_reader *reader, size_t index, const unsigned char **bytes,
                             size_t *size)
{
    SG_TRY(sg_zip_measure(reader->zip, index, SIZE_MAX, size, reader->error));
    SG_TRY(sg_zip_locate(reader->zip, index, bytes, reader->error));
    if (*bytes)
        return SG_OK;
    unsigned char *unpacked = sg_tree_allocate_payload(reader->tree, *size);
    if (!unpacked)
        return sg_tree_fail(reader->tree, reader->error);
    *bytes = unpacked;
    return sg_zip_unpack(reader->zip, index, *size, *size, unpacked, reader->error);
}

/* Finds the member "NAME/REST"; false if it is absent. */
static bool find_member(const archive_reader *reader, const char *rest, size_t *index)
{
    char name[2 * LONGEST_NAME + 2];
    const int length = snprintf(name, sizeof name, "%s%s", reader->folder, rest);
    return length <= LONGEST_NAME && sg_zip_find(reader->zip, name, index);
}

/* A sg_storage_find whose context is the archive. */
static sg_status find_storage(void *context, sg_torch_storage *storage, sg_error *error)
{
    archive_reader *reader = context;
    char rest[LONGEST_NAME + 1];
    size_t index;
    size_t size;
    const int key_size = storage->key_size < LONGEST_NAME ? (int)storage->key_size : LONGEST_NAME;
    const int length =
        snprintf(rest, sizeof rest, "data/%.*s", key_size, (const char *)storage->key);
    if ((size_t)length != storage->key_size + 5 || !find_member(reader, rest, &index))
        return sg_fail(error, SG_ERROR_FORMAT, "%s: the zip archive has no member %.200s",
                       reader->tree->path, rest);
    SG_TRY(load_member(reader, index, &storage->storage.bytes, &size));
    if (size < storage->storage.size)
        return sg_fail(error, SG_ERROR_FORMAT,
                       "%s: the zip archive's member %.200s is smaller than its tensors say",
                       reader->tree->path, rest);
    storage->storage.big_endian = reader->big_endian;
    storage->found = true;
    return SG_OK;
}

/* Finds the member "NAME/data.pkl", whose name gives the folder. */
static bool find_pickle(archive_reader *reader, size_t *index)
{
    for (*index = 0; *index < sg_zip_count(reader->zip); ++*index) {
        const char *name = sg_zip_name(reader->zip, *index);
        const char *slash = name ? strchr(name, '/') : NULL;
        if (slash && strcmp(slash + 1, "data.pkl") == 0 && slash - name < LONGEST_NAME / 2) {
            const size_t length = (size_t)(slash - name) + 1;
            memcpy(reader->folder, name, length);
            reader->folder[length] = '\0';
            return true;
        }
    }
    return false;
}

/* Old archives do not state the byte order: they are little endian. */
static sg_status read_byte_order(archive_reader *reader)
{
    size_t index;
    const unsigned char *bytes;
    size_t size;
    if (!find_member(reader, "byteorder", &index))
        return SG_OK;
    SG_TRY(load_member(reader, index, &bytes, &size));
    reader->big_endian = size == 3 && memcmp(bytes, "big", 3) == 0;
    const bool little = size == 6 && memcmp(bytes, "little", 6) == 0;
    return reader->big_endian || little
               ? SG_OK
               : sg_fail(reader->error, SG_ERROR_FORMAT,
                         "%s: the zip archive's byteorder is neither \"little\" nor \"big\"",
                         reader->tree->path);
}

/* Other archives, by the ends of their members' names: what they seem to be. */
static const char *kind_of_member(const char *name)
{
    static const char *const kinds[][2] = {
        {".npy", ": it seems to be an archive of NumPy's arrays (.npz), such as w"},
        {".png", ": it seems to be a data set"},
        {".jpg", ": it seems to be a data set"},
        {".jpeg", ": it seems to be a data set"},
        {".webp", ": it seems to be a data set"},
        {".pkl", "; unpack it first"},
        {".pt", "; unpack it first"},
        {".pth", "; unpack it first"},
        {".ckpt", "; unpack it first"},
        {".safetensors", "; unpack it first"},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (sg_has_suffix(name, kinds[i][0]))
            return kinds[i][1];
    return "";
}

/* Says what the archive has instead, by the first member that tells something. */
static sg_status fail_other_archive(const archive_reader *reader)
{
    const size_t count = sg_zip_count(reader->zip);
    const char *told = count > 0 ? sg_zip_name(reader->zip, 0) : NULL;
    for (size_t i = 0; told && i < count && *kind_of_member(told) == '\0'; i++)
        if (sg_zip_name(reader->zip, i))
            told = sg_zip_name(reader->zip, i);
    return sg_fail(reader->error, SG_ERROR_FORMAT,
                   "%s: the zip archive is not torch's: it holds no NAME/data.pkl%s%.100s%s",
                   reader->tree->path, told ? ", but " : "", told ? told : "",
                   told ? kind_of_member(told) : "");
}

static sg_status read_object(archive_reader *reader, int depth, sg_value **root)
{
    size_t index;
    const unsigned char *bytes;
    size_t size;
    size_t used;
    if (!find_pickle(reader, &index))
        return fail_other_archive(reader);
    SG_TRY(read_byte_order(reader));
    SG_TRY(load_member(reader, index, &bytes, &size));
    sg_torch_storages storages = {.tree = reader->tree, .find = find_storage, .context = reader};
    const sg_pickle_source source = {.tree = reader->tree,
                                     .bytes = bytes,
                                     .size = size,
                                     .depth = depth,
                                     .find_callable = sg_torch_find_callable,
                                     .persistent = sg_torch_persistent_load,
                                     .context = &storages};
    const sg_status status = sg_pickle_read(&source, &used, root, reader->error);
    sg_torch_storages_clear(&storages);
    return status;
}

sg_status sg_torch_archive_read(sg_value_tree *tree, const unsigned char *bytes, size_t size,
                                int depth, sg_value **root, sg_error *error)
{
    archive_reader reader = {.tree = tree, .error = error};
    *root = NULL;
    SG_TRY(sg_zip_open_bytes(bytes, size, tree->path, &reader.zip, error));
    const sg_status status = read_object(&reader, depth, root);
    sg_zip_close(reader.zip);
    if (status)
        *root = NULL;
    return status;
}
