/*
 * A pack as a zip archive through libzip, which does all the work while it closes the archive: it
 * pulls each member from a source whose callback makes the file, and pushes the archive through
 * another callback into the stream of an atomic file.
 * Tested by: tests/base/files/test_pack.c
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <zip.h>

#include "base/allocate.h"
#include "base/files/atomic_file.h"
#include "base/files/file.h"
#include "base/files/folders.h"
#include "base/files/pack.h"

#define DOS_DATE 0x21 /* 1 January 1980, where DOS began to count */

/* An archive that is being written. */
typedef struct zip_writing {
    const sg_pack *pack;
    const char *path;
    FILE *stream;
    sg_error *error;
    zip_error_t failure; /* for libzip */
} zip_writing;

/* The source of a member for libzip. */
typedef struct member_source {
    zip_writing *writing;
    size_t index;
    bool made; /* libzip asks for the size again when it has dropped the bytes */
    unsigned char *bytes;
    size_t size;
    size_t offset; /* bytes that libzip has read */
} member_source;

static zip_int64_t fail_stream(zip_writing *writing)
{
    (void)sg_fail(writing->error, SG_ERROR_FILE, "cannot write %s: %s", writing->path,
                  strerror(errno));
    zip_error_set(&writing->failure, ZIP_ER_WRITE, errno);
    return -1;
}

/* ---- the archive ---- */

static zip_int64_t seek_stream(zip_writing *writing, void *data, zip_uint64_t length)
{
    const zip_source_args_seek_t *target =
        ZIP_SOURCE_GET_ARGS(zip_source_args_seek_t, data, length, &writing->failure);
    if (!target)
        return -1;
    return fseeko(writing->stream, (off_t)target->offset, target->whence) == 0
               ? 0
               : fail_stream(writing);
}

static zip_int64_t write_stream(zip_writing *writing, const void *data, zip_uint64_t length)
{
    return fwrite(data, 1, length, writing->stream) == length ? (zip_int64_t)length
                                                              : fail_stream(writing);
}

/* libzip's callback for the archive; `state` is the writing. */
static zip_int64_t serve_archive(void *state, void *data, zip_uint64_t length,
                                 zip_source_cmd_t command)
{
    zip_writing *writing = state;
    switch (command) {
    case ZIP_SOURCE_SUPPORTS:
        return zip_source_make_command_bitmap(
            ZIP_SOURCE_OPEN, ZIP_SOURCE_READ, ZIP_SOURCE_CLOSE, ZIP_SOURCE_STAT, ZIP_SOURCE_ERROR,
            ZIP_SOURCE_FREE, ZIP_SOURCE_SEEK, ZIP_SOURCE_TELL, ZIP_SOURCE_BEGIN_WRITE,
            ZIP_SOURCE_COMMIT_WRITE, ZIP_SOURCE_ROLLBACK_WRITE, ZIP_SOURCE_SEEK_WRITE,
            ZIP_SOURCE_TELL_WRITE, ZIP_SOURCE_WRITE, ZIP_SOURCE_REMOVE, -1);
    case ZIP_SOURCE_STAT:
    case ZIP_SOURCE_OPEN: /* there is no archive yet */
        zip_error_set(&writing->failure, ZIP_ER_READ, ENOENT);
        return -1;
    case ZIP_SOURCE_SEEK_WRITE:
        return seek_stream(writing, data, length);
    case ZIP_SOURCE_TELL_WRITE:
        return ftello(writing->stream);
    case ZIP_SOURCE_WRITE:
        return write_stream(writing, data, length);
    case ZIP_SOURCE_ERROR:
        return zip_error_to_data(&writing->failure, data, length);
    default:
        return 0;
    }
}

/* ---- its members ---- */

/* Makes the member: libzip asks for its size immediately before it reads it. */
static zip_int64_t describe_member(member_source *source, void *data)
{
    zip_writing *writing = source->writing;
    if (!source->made && writing->pack->make(writing->pack->argument, source->index, &source->bytes,
                                             &source->size, writing->error)) {
        zip_error_set(&writing->failure, ZIP_ER_INTERNAL, 0);
        return -1;
    }
    source->made = true;
    zip_stat_t *member = data;
    zip_stat_init(member);
    member->valid = ZIP_STAT_SIZE | ZIP_STAT_MTIME;
    member->size = source->size;
    member->mtime = 0;
    return sizeof *member;
}

static zip_int64_t read_member(member_source *source, void *data, zip_uint64_t length)
{
    const size_t left = source->size - source->offset;
    const size_t count = left < length ? left : (size_t)length;
    if (count > 0)
        memcpy(data, source->bytes + source->offset, count);
    source->offset += count;
    return (zip_int64_t)count;
}

/* libzip's callback for a member; `state` is its source. */
static zip_int64_t serve_member(void *state, void *data, zip_uint64_t length,
                                zip_source_cmd_t command)
{
    member_source *source = state;
    switch (command) {
    case ZIP_SOURCE_SUPPORTS:
        return zip_source_make_command_bitmap(ZIP_SOURCE_OPEN, ZIP_SOURCE_READ, ZIP_SOURCE_CLOSE,
                                              ZIP_SOURCE_STAT, ZIP_SOURCE_ERROR, ZIP_SOURCE_FREE,
                                              -1);
    case ZIP_SOURCE_STAT:
        return describe_member(source, data);
    case ZIP_SOURCE_OPEN:
        source->offset = 0;
        return 0;
    case ZIP_SOURCE_READ:
        return read_member(source, data, length);
    case ZIP_SOURCE_CLOSE:
    case ZIP_SOURCE_FREE:
        free(source->bytes);
        source->bytes = NULL;
        return 0;
    case ZIP_SOURCE_ERROR:
        return zip_error_to_data(&source->writing->failure, data, length);
    default:
        return -1;
    }
}

static sg_status fail_zip(const zip_writing *writing, zip_t *zip)
{
    return sg_fail(writing->error, SG_ERROR_LIBRARY, "%s: the archive cannot be made: %s",
                   writing->path, zip_strerror(zip));
}

/* Adds every member by name, without making it yet; `sources` is [count]. */
static sg_status add_members(zip_writing *writing, zip_t *zip, member_source *sources)
{
    for (size_t i = 0; i < writing->pack->count; i++) {
        char name[SG_PACK_NAME_SIZE];
        writing->pack->name(writing->pack->argument, i, name);
        sources[i] = (member_source){.writing = writing, .index = i};
        zip_source_t *source = zip_source_function(zip, serve_member, &sources[i]);
        const zip_int64_t entry = source ? zip_file_add(zip, name, source, ZIP_FL_ENC_UTF_8) : -1;
        if (entry < 0) {
            zip_source_free(source);
            return fail_zip(writing, zip);
        }
        if (zip_set_file_compression(zip, (zip_uint64_t)entry, ZIP_CM_STORE, 0) != 0 ||
            zip_file_set_dostime(zip, (zip_uint64_t)entry, 0, DOS_DATE, 0) != 0)
            return fail_zip(writing, zip);
    }
    return SG_OK;
}

/* Writes the whole archive to the stream. */
static sg_status write_archive(zip_writing *writing, member_source *sources)
{
    zip_source_t *target = zip_source_function_create(serve_archive, writing, &writing->failure);
    zip_t *zip =
        target ? zip_open_from_source(target, ZIP_CREATE | ZIP_TRUNCATE, &writing->failure) : NULL;
    if (!zip) {
        zip_source_free(target);
        return sg_fail(writing->error, SG_ERROR_LIBRARY, "%s: libzip cannot start an archive: %s",
                       writing->path, zip_error_strerror(&writing->failure));
    }
    sg_status status = add_members(writing, zip, sources);
    if (!status && zip_close(zip) != 0) {
        /* a callback that failed has recorded more than libzip knows */
        status = writing->error->status ? writing->error->status : fail_zip(writing, zip);
    } else if (!status) {
        return SG_OK;
    }
    zip_discard(zip);
    return status;
}

bool sg_pack_is_zip(const char *path)
{
    const size_t length = strlen(path);
    return length > 4 && strcasecmp(path + length - 4, ".zip") == 0;
}

sg_status sg_pack_write_zip(const sg_pack *pack, const char *path, sg_error *error)
{
    sg_error unread = {0};
    sg_atomic_file *file = NULL;
    zip_writing writing = {.pack = pack, .path = path, .error = error ? error : &unread};
    member_source *sources = sg_allocate(pack->count, sizeof *sources);
    if (!sources)
        return sg_fail_memory(error, "%s", path);
    sg_status status = sg_make_parent_folder(path, error);
    if (!status)
        status = sg_atomic_open(path, &file, error);
    if (!status) {
        writing.stream = sg_atomic_stream(file);
        zip_error_init(&writing.failure);
        status = write_archive(&writing, sources);
        zip_error_fini(&writing.failure);
        if (!status)
            status = sg_atomic_commit(file, error);
        else
            sg_atomic_abandon(file);
    }
    free(sources);
    return status;
}
