/*
 * The zip archive of torch: NAME/data.pkl, the numbers of each storage as NAME/data/KEY, and
 * NAME/byteorder. Members that are stored as they are stay in place; packed ones are unpacked, with
 * a bound on their total.
 */
#include <stdio.h>
#include <string.h>

#include "checkpoint/pickle/pickle.h"
#include "checkpoint/torch/torch_file.h"
#include "checkpoint/torch/torch_storage.h"
#include "checkpoint/zip_memory.h"

/* Deflate cannot pack more than this many bytes into one. */
#define LARGEST_DEFLATE_RATIO 1032

enum { LONGEST_NAME = 1000 };

static const char pickle_name[] = "data.pkl";

/* An archive being read. */
typedef struct archive_reader {
    sg_document *document;
    sg_zip_memory zip;
    char folder[LONGEST_NAME + 1]; /* "NAME/", which all members' names start with */
    bool big_endian;
    sg_error *error;
} archive_reader;

bool sg_is_zip(const unsigned char *bytes, size_t size)
{
    return size >= 4 && memcmp(bytes, "PK\3\4", 4) == 0;
}

static sg_status fail(const archive_reader *reader, const char *member, const char *what)
{
    return sg_fail(reader->error, SG_ERROR_FORMAT, "%s: the zip archive's member %.200s %s",
                   reader->document->path, member, what);
}

/* The bytes of a member, in place or unpacked. */
static sg_status load_member(archive_reader *reader, uint64_t index, const char *name,
                             const unsigned char **bytes, size_t *size)
{
    sg_zip_member member;
    if (!sg_zip_memory_member(&reader->zip, index, &member) || member.packed > reader->zip.size ||
        member.size / LARGEST_DEFLATE_RATIO > member.packed)
        return fail(reader, name, "is larger than the archive can hold");
    *size = member.size;
    if (member.stored) {
        *bytes = sg_zip_memory_find(&reader->zip, &member);
        return *bytes ? SG_OK : fail(reader, name, "does not lie within the archive");
    }
    unsigned char *unpacked = sg_tree_allocate_payload(reader->document, member.size);
    if (!unpacked)
        return sg_tree_fail(reader->document, reader->error);
    *bytes = unpacked;
    return sg_zip_memory_unpack(&reader->zip, &member, unpacked)
               ? SG_OK
               : fail(reader, name, "is damaged or packed in a way that is not known");
}

/* The number of the member "NAME/rest"; false when there is none. */
static bool locate(const archive_reader *reader, const char *rest, size_t length, uint64_t *index,
                   char *name)
{
    size_t folder = strlen(reader->folder);
    if (length > LONGEST_NAME - folder)
        return false;
    memcpy(name, reader->folder, folder);
    memcpy(name + folder, rest, length);
    name[folder + length] = '\0';
    zip_int64_t place = zip_name_locate(reader->zip.archive, name, 0);
    *index = place >= 0 ? (uint64_t)place : 0;
    return place >= 0;
}

/* A sg_storage_find whose context is the archive. */
static sg_status find_storage(void *context, sg_torch_storage *storage, sg_error *error)
{
    archive_reader *reader = context;
    char rest[LONGEST_NAME + 1];
    char name[LONGEST_NAME + 1];
    uint64_t index;
    size_t size;
    int key_size = storage->key_size < LONGEST_NAME ? (int)storage->key_size : LONGEST_NAME;
    int length = snprintf(rest, sizeof rest, "data/%.*s", key_size, (const char *)storage->key);
    if ((size_t)length != storage->key_size + 5 ||
        !locate(reader, rest, (size_t)length, &index, name))
        return sg_fail(error, SG_ERROR_FORMAT, "%s: the zip archive has no member %.200s",
                       reader->document->path, rest);
    sg_status status = load_member(reader, index, name, &storage->storage.bytes, &size);
    if (!status && size < storage->storage.size)
        return fail(reader, name, "is smaller than its tensors say");
    storage->storage.big_endian = reader->big_endian;
    storage->found = true;
    return status;
}

/* The member "NAME/data.pkl", which gives the folder's name. */
static bool find_pickle(archive_reader *reader, uint64_t *index)
{
    zip_int64_t count = zip_get_num_entries(reader->zip.archive, 0);
    for (zip_int64_t i = 0; i < count; i++) {
        const char *name = zip_get_name(reader->zip.archive, (zip_uint64_t)i, 0);
        const char *slash = name ? strchr(name, '/') : NULL;
        if (slash && strcmp(slash + 1, pickle_name) == 0 && slash - name < LONGEST_NAME / 2) {
            size_t length = (size_t)(slash - name) + 1;
            memcpy(reader->folder, name, length);
            reader->folder[length] = '\0';
            *index = (uint64_t)i;
            return true;
        }
    }
    return false;
}

/* Archives of before the byte order was written have none, and are little endian. */
static sg_status read_byte_order(archive_reader *reader)
{
    static const char rest[] = "byteorder";
    char name[LONGEST_NAME + 1];
    uint64_t index;
    const unsigned char *bytes;
    size_t size;
    if (!locate(reader, rest, strlen(rest), &index, name))
        return SG_OK;
    sg_status status = load_member(reader, index, name, &bytes, &size);
    if (status)
        return status;
    reader->big_endian = size == 3 && memcmp(bytes, "big", 3) == 0;
    bool little = size == 6 && memcmp(bytes, "little", 6) == 0;
    return reader->big_endian || little ? SG_OK
                                        : fail(reader, name, "is neither \"little\" nor \"big\"");
}

static sg_status read_object(archive_reader *reader, int depth, sg_value **root)
{
    uint64_t index;
    const unsigned char *bytes;
    size_t size;
    size_t used;
    if (!find_pickle(reader, &index))
        return sg_fail(reader->error, SG_ERROR_FORMAT,
                       "%s: the zip archive is not torch's: it holds no NAME/data.pkl",
                       reader->document->path);
    sg_status status = read_byte_order(reader);
    if (!status)
        status = load_member(reader, index, pickle_name, &bytes, &size);
    if (status)
        return status;
    sg_torch_storages storages = {
        .document = reader->document, .find = find_storage, .context = reader};
    sg_pickle_source source = {.document = reader->document,
                               .bytes = bytes,
                               .size = size,
                               .depth = depth,
                               .persistent = sg_torch_persistent_load,
                               .context = &storages};
    status = sg_pickle_read(&source, &used, root, reader->error);
    sg_torch_storages_clear(&storages);
    return status;
}

sg_status sg_torch_archive_read(sg_document *document, const unsigned char *bytes, size_t size,
                                int depth, sg_value **root, sg_error *error)
{
    archive_reader reader = {.document = document, .error = error};
    char buffer[200];
    sg_status status = SG_OK;
    const char *reason = sg_zip_memory_open(&reader.zip, bytes, size, buffer);
    if (reason) {
        status = sg_fail(error, SG_ERROR_FORMAT, "%s: cannot be read as a zip archive: %s",
                         document->path, reason);
    } else {
        status = read_object(&reader, depth, root);
    }
    sg_zip_memory_close(&reader.zip);
    if (status)
        *root = NULL;
    return status;
}
