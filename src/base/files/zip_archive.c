/*
 * Zip archives over libzip.
 *
 * libzip does not tell where a member's data lie. But it asks the source for them, so the offset of
 * its last request to a source in memory, when it reads a member without unpacking, is the answer.
 */
#include "base/files/zip_archive.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <zip.h>

#include "base/allocate.h"
#include "base/files/file.h"
#include "base/files/file_kind.h"
#include "base/files/input_file.h"

/* Deflate cannot pack more than this many bytes into one. */
#define LARGEST_DEFLATE_RATIO 1032

/* libzip takes some 300 bytes for each member as soon as it opens the archive. */
#define MOST_MEMBERS ((uint64_t)200000)

struct sg_zip_archive {
    char *path;
    uint64_t size; /* bytes of the archive */
    zip_t *zip;
    /* Of an archive in memory: */
    const unsigned char *bytes;
    size_t at;        /* where libzip reads next */
    size_t last_read; /* where it last read */
    zip_error_t error;
};

/* ---- a source in memory ---- */

static zip_int64_t read_bytes(sg_zip_archive *archive, void *target, zip_uint64_t length)
{
    const size_t left = (size_t)archive->size - archive->at;
    const size_t count = length < left ? (size_t)length : left;
    if (count > 0)
        memcpy(target, archive->bytes + archive->at, count);
    archive->last_read = archive->at;
    archive->at += count;
    return (zip_int64_t)count;
}

static zip_int64_t seek(sg_zip_archive *archive, void *data, zip_uint64_t length)
{
    const zip_int64_t at =
        zip_source_seek_compute_offset(archive->at, archive->size, data, length, &archive->error);
    if (at < 0)
        return -1;
    archive->at = (size_t)at;
    return 0;
}

static zip_int64_t state(const sg_zip_archive *archive, void *data, zip_uint64_t length)
{
    if (length < sizeof(zip_stat_t))
        return -1;
    zip_stat_t *result = data;
    zip_stat_init(result);
    result->size = archive->size;
    result->valid = ZIP_STAT_SIZE;
    return (zip_int64_t)sizeof *result;
}

static zip_int64_t serve(void *context, void *data, zip_uint64_t length, zip_source_cmd_t command)
{
    sg_zip_archive *archive = context;
    switch (command) {
    case ZIP_SOURCE_OPEN:
        archive->at = 0;
        return 0;
    case ZIP_SOURCE_READ:
        return read_bytes(archive, data, length);
    case ZIP_SOURCE_SEEK:
        return seek(archive, data, length);
    case ZIP_SOURCE_TELL:
        return (zip_int64_t)archive->at;
    case ZIP_SOURCE_STAT:
        return state(archive, data, length);
    case ZIP_SOURCE_ERROR:
        return zip_error_to_data(&archive->error, data, length);
    case ZIP_SOURCE_CLOSE:
    case ZIP_SOURCE_FREE:
        return 0;
    case ZIP_SOURCE_SUPPORTS:
        return ZIP_SOURCE_SUPPORTS_SEEKABLE;
    default:
        zip_error_set(&archive->error, ZIP_ER_OPNOTSUPP, 0);
        return -1;
    }
}

/* ---- the number of members ---- */

static uint64_t number_at(const unsigned char *bytes)
{
    uint64_t number;
    memcpy(&number, bytes, sizeof number);
    return number;
}

/*
 * True if the closing record at `end` counts too many members. Only a 64-bit record can, to which a
 * locator of 20 bytes before the closing record leads.
 */
static bool counts_too_many(const sg_zip_archive *archive, size_t end)
{
    enum { LOCATOR_BYTES = 20, RECORD_BYTES = 56, COUNT_AT = 24, TOTAL_AT = 32 };
    if (end < LOCATOR_BYTES || archive->size < RECORD_BYTES)
        return false;
    const unsigned char *locator = archive->bytes + end - LOCATOR_BYTES;
    const uint64_t record = number_at(locator + 8);
    if (memcmp(locator, "PK\6\7", 4) != 0 || record > archive->size - RECORD_BYTES)
        return false;
    return number_at(archive->bytes + record + COUNT_AT) > MOST_MEMBERS ||
           number_at(archive->bytes + record + TOTAL_AT) > MOST_MEMBERS;
}

/* Looks at everything that may be the closing record, which a comment of up to 64 KiB follows. */
static bool has_too_many_members(const sg_zip_archive *archive)
{
    enum { CLOSING_BYTES = 22, LONGEST_COMMENT = 65535 };
    for (size_t back = CLOSING_BYTES;
         back <= CLOSING_BYTES + LONGEST_COMMENT && back <= archive->size; back++) {
        const size_t end = (size_t)archive->size - back;
        if (memcmp(archive->bytes + end, "PK\5\6", 4) == 0 && counts_too_many(archive, end))
            return true;
    }
    return false;
}

/* ---- opening and closing ---- */

static sg_status fail_open(const sg_zip_archive *archive, sg_status status, const char *reason,
                           sg_error *error)
{
    return sg_fail(error, status, "%s: cannot be opened as a zip archive: %s", archive->path,
                   reason);
}

static sg_status open_file(sg_zip_archive *archive, sg_error *error)
{
    struct stat information;
    int code = 0;
    int descriptor = -1;
    SG_TRY(sg_input_open(archive->path, &descriptor, error));
    if (fstat(descriptor, &information) == 0)
        archive->size = (uint64_t)information.st_size;
    archive->zip = zip_fdopen(descriptor, 0, &code); /* takes the descriptor when it succeeds */
    if (archive->zip)
        return SG_OK;
    close(descriptor);
    if (code == ZIP_ER_NOZIP)
        return sg_file_fail_kind(archive->path, "whole zip archive", error);
    zip_error_t reason;
    zip_error_init_with_code(&reason, code);
    const bool unreadable = code == ZIP_ER_READ;
    const sg_status status = fail_open(archive, unreadable ? SG_ERROR_FILE : SG_ERROR_FORMAT,
                                       zip_error_strerror(&reason), error);
    zip_error_fini(&reason);
    return status;
}

static sg_status open_memory(sg_zip_archive *archive, sg_error *error)
{
    if (has_too_many_members(archive))
        return fail_open(archive, SG_ERROR_FORMAT, "it has more members than are read", error);
    zip_error_t reason;
    zip_error_init(&reason);
    zip_source_t *source = zip_source_function_create(serve, archive, &reason);
    if (source)
        archive->zip = zip_open_from_source(source, ZIP_RDONLY, &reason);
    if (source && !archive->zip)
        zip_source_free(source);
    const sg_status status =
        archive->zip ? SG_OK
                     : fail_open(archive, SG_ERROR_FORMAT, zip_error_strerror(&reason), error);
    zip_error_fini(&reason);
    return status;
}

sg_status sg_zip_open_bytes(const unsigned char *bytes, size_t size, const char *name,
                            sg_zip_archive **archive, sg_error *error)
{
    *archive = NULL;
    sg_zip_archive *opened = sg_allocate(1, sizeof *opened);
    if (opened)
        opened->path = sg_duplicate_text(name);
    if (!opened || !opened->path) {
        free(opened);
        return sg_fail_memory(error, "%s", name);
    }
    opened->bytes = bytes;
    opened->size = size;
    zip_error_init(&opened->error);
    const sg_status status = bytes ? open_memory(opened, error) : open_file(opened, error);
    if (status)
        sg_zip_close(opened);
    else
        *archive = opened;
    return status;
}

sg_status sg_zip_open(const char *path, sg_zip_archive **archive, sg_error *error)
{
    return sg_zip_open_bytes(NULL, 0, path, archive, error);
}

void sg_zip_close(sg_zip_archive *archive)
{
    if (!archive)
        return;
    if (archive->zip)
        zip_discard(archive->zip);
    zip_error_fini(&archive->error);
    free(archive->path);
    free(archive);
}

/* ---- entries ---- */

size_t sg_zip_count(const sg_zip_archive *archive)
{
    const zip_int64_t count = zip_get_num_entries(archive->zip, 0);
    return count > 0 ? (size_t)count : 0;
}

const char *sg_zip_name(const sg_zip_archive *archive, size_t index)
{
    return zip_get_name(archive->zip, index, 0);
}

bool sg_zip_find(const sg_zip_archive *archive, const char *name, size_t *index)
{
    const zip_int64_t found = zip_name_locate(archive->zip, name, 0);
    *index = found >= 0 ? (size_t)found : 0;
    return found >= 0;
}

static sg_status fail_entry(const sg_zip_archive *archive, size_t index, const char *reason,
                            sg_error *error)
{
    const char *name = sg_zip_name(archive, index);
    return sg_fail(error, SG_ERROR_FORMAT, "%s%s%.255s: cannot be read from the archive: %s",
                   archive->path, archive->bytes ? ": " : "/", name ? name : "?", reason);
}

sg_status sg_zip_measure(const sg_zip_archive *archive, size_t index, size_t largest, size_t *size,
                         sg_error *error)
{
    zip_stat_t entry;
    *size = 0;
    if (zip_stat_index(archive->zip, index, 0, &entry) != 0)
        return fail_entry(archive, index, zip_strerror(archive->zip), error);
    const zip_uint64_t needed = ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE;
    if ((entry.valid & needed) != needed || entry.comp_size > archive->size ||
        entry.size / LARGEST_DEFLATE_RATIO > entry.comp_size)
        return fail_entry(archive, index, "its size is more than the archive can hold", error);
    if (entry.size > largest) {
        char reason[80];
        snprintf(reason, sizeof reason, "it is larger than the %zu bytes that are read", largest);
        return fail_entry(archive, index, reason, error);
    }
    *size = (size_t)entry.size;
    return SG_OK;
}

bool sg_zip_describe(const sg_zip_archive *archive, size_t index, size_t *size, uint32_t *checksum)
{
    zip_stat_t entry;
    if (zip_stat_index(archive->zip, index, 0, &entry) != 0 ||
        (entry.valid & (ZIP_STAT_SIZE | ZIP_STAT_CRC)) != (ZIP_STAT_SIZE | ZIP_STAT_CRC))
        return false;
    *size = (size_t)entry.size;
    *checksum = entry.crc;
    return true;
}

/* Finds the offset of an entry's data by reading its first byte without unpacking. */
static bool find_data(sg_zip_archive *archive, size_t index, size_t size, size_t *offset)
{
    zip_file_t *file = zip_fopen_index(archive->zip, index, ZIP_FL_COMPRESSED);
    if (!file)
        return false;
    unsigned char byte;
    const zip_int64_t count = zip_fread(file, &byte, 1);
    *offset = archive->last_read;
    zip_fclose(file);
    return count == 1 && *offset < archive->size && archive->bytes[*offset] == byte &&
           size <= archive->size - *offset;
}

sg_status sg_zip_locate(sg_zip_archive *archive, size_t index, const unsigned char **bytes,
                        sg_error *error)
{
    zip_stat_t entry;
    *bytes = NULL;
    if (zip_stat_index(archive->zip, index, 0, &entry) != 0)
        return fail_entry(archive, index, zip_strerror(archive->zip), error);
    const zip_uint64_t needed = ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_COMP_METHOD;
    const bool encrypted =
        (entry.valid & ZIP_STAT_ENCRYPTION_METHOD) != 0 && entry.encryption_method != ZIP_EM_NONE;
    if ((entry.valid & needed) != needed || entry.comp_method != ZIP_CM_STORE || encrypted)
        return SG_OK;
    size_t offset = 0;
    if (entry.size > 0 &&
        (entry.size != entry.comp_size || !find_data(archive, index, (size_t)entry.size, &offset)))
        return fail_entry(archive, index, "it does not lie within the archive", error);
    *bytes = archive->bytes + offset;
    return SG_OK;
}

/* libzip compares the checksum when the end is read. */
static sg_status read_entry(const sg_zip_archive *archive, size_t index, zip_file_t *file,
                            unsigned char *bytes, size_t wanted, bool all, sg_error *error)
{
    size_t got = 0;
    unsigned char beyond;
    zip_int64_t count = 1;
    while (got < wanted && count > 0) {
        count = zip_fread(file, bytes + got, wanted - got);
        got += count > 0 ? (size_t)count : 0;
    }
    if (count >= 0 && got == wanted && all)
        count = zip_fread(file, &beyond, 1);
    if (count < 0)
        return fail_entry(archive, index, zip_file_strerror(file), error);
    if (got < wanted)
        return fail_entry(archive, index, "it ends early: truncated", error);
    return all && count > 0 ? fail_entry(archive, index, "it is longer than stated", error) : SG_OK;
}

sg_status sg_zip_unpack(const sg_zip_archive *archive, size_t index, size_t size, size_t wanted,
                        unsigned char *bytes, sg_error *error)
{
    zip_file_t *file = zip_fopen_index(archive->zip, index, 0);
    if (!file)
        return fail_entry(archive, index, zip_strerror(archive->zip), error);
    const sg_status status = read_entry(archive, index, file, bytes, wanted, wanted == size, error);
    zip_fclose(file);
    return status;
}

sg_status sg_zip_read(sg_zip_archive *archive, size_t index, size_t limit, size_t largest,
                      unsigned char **bytes, size_t *size, sg_error *error)
{
    size_t whole = 0;
    *bytes = NULL;
    *size = 0;
    SG_TRY(sg_zip_measure(archive, index, largest, &whole, error));
    const size_t wanted = whole < limit ? whole : limit;
    unsigned char *content = sg_allocate(wanted + 1, 1);
    if (!content)
        return sg_fail_memory(error, "%s", archive->path);
    const sg_status status = sg_zip_unpack(archive, index, whole, wanted, content, error);
    if (status) {
        free(content);
        return status;
    }
    *bytes = content;
    *size = wanted;
    return SG_OK;
}
