/*
 * An archive is a sequence of blocks of 512 bytes: for each file a header, then its content, padded
 * with zeros. Numbers in headers are octal texts:
 *
 *     offset  size  meaning
 *          0   100  name
 *        124    12  size of the content
 *        148     8  sum of the header's bytes, with blanks in this field
 *        156     1  type: '0' or a zero byte for a file
 *        257     6  "ustar"
 *        345   155  what is before the name and a '/', or nothing
 *
 * A header of zeros ends the archive.
 */
#include "base/files/tar_archive.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include "base/allocate.h"
#include "base/files/file.h"
#include "base/files/input_file.h"

enum {
    BLOCK_BYTES = 512,
    NAME_BYTES = 100,
    SIZE_AT = 124,
    SIZE_BYTES = 12,
    SUM_AT = 148,
    SUM_BYTES = 8,
    TYPE_AT = 156,
    MAGIC_AT = 257,
    PREFIX_AT = 345,
    PREFIX_BYTES = 155,
    SKIPPED_BYTES = 1 << 16,
    FIRST_CAPACITY = 1 << 20,
    STREAM_BUFFER = 1 << 17
};

struct sg_tar_archive {
    gzFile stream; /* also reads files that are not compressed */
    char *path;
    char name[PREFIX_BYTES + NAME_BYTES + 2];
    size_t left; /* bytes of the current file and its padding that are not read yet */
    size_t size; /* of the current file */
};

/* Reads an octal number that blanks or a zero byte end; false for other text. */
static bool read_octal(const uint8_t *field, size_t length, uint64_t *number)
{
    size_t i = 0;
    *number = 0;
    while (i < length && field[i] == ' ')
        i++;
    for (; i < length && field[i] >= '0' && field[i] <= '7'; i++)
        *number = *number * 8 + (uint64_t)(field[i] - '0');
    return i == length || field[i] == ' ' || field[i] == 0;
}

/* True if the sum of the header's bytes is as stated. */
static bool has_sum(const uint8_t *header)
{
    uint64_t stated = 0;
    uint64_t sum = 0;
    for (size_t i = 0; i < BLOCK_BYTES; i++)
        sum += i >= SUM_AT && i < SUM_AT + SUM_BYTES ? ' ' : header[i];
    return read_octal(header + SUM_AT, SUM_BYTES, &stated) && sum == stated;
}

static bool is_zero(const uint8_t *header)
{
    for (size_t i = 0; i < BLOCK_BYTES; i++)
        if (header[i] != 0)
            return false;
    return true;
}

bool sg_tar_recognises(const char *path)
{
    uint8_t header[BLOCK_BYTES];
    gzFile stream = NULL;
    if (sg_input_gzip(path, &stream, NULL))
        return false;
    const bool whole = gzread(stream, header, BLOCK_BYTES) == BLOCK_BYTES;
    gzclose(stream);
    return whole && memcmp(header + MAGIC_AT, "ustar", 5) == 0 && has_sum(header);
}

sg_status sg_tar_open(const char *path, sg_tar_archive **archive, sg_error *error)
{
    *archive = NULL;
    sg_tar_archive *opened = sg_allocate(1, sizeof *opened);
    char *copy = sg_duplicate_text(path);
    if (!opened || !copy) {
        free(opened);
        free(copy);
        return sg_fail_memory(error, "%s", path);
    }
    *opened = (sg_tar_archive){.path = copy};
    const sg_status status = sg_input_gzip(path, &opened->stream, error);
    if (status) {
        sg_tar_close(opened);
        return status;
    }
    (void)gzbuffer(opened->stream, STREAM_BUFFER);
    *archive = opened;
    return SG_OK;
}

/* Reads up to `size` bytes; *got is less at the end of the file. */
static sg_status read_some(sg_tar_archive *archive, uint8_t *bytes, size_t size, size_t *got,
                           sg_error *error)
{
    int code = 0;
    *got = 0;
    while (*got < size) {
        const size_t wanted = size - *got < INT32_MAX ? size - *got : INT32_MAX;
        const int count = gzread(archive->stream, bytes + *got, (unsigned)wanted);
        if (count < 0)
            return sg_fail(error, SG_ERROR_FORMAT, "%s: not a whole archive: %s", archive->path,
                           gzerror(archive->stream, &code));
        if (count == 0)
            break;
        *got += (size_t)count;
    }
    return SG_OK;
}

static sg_status fail_early(const sg_tar_archive *archive, sg_error *error)
{
    return sg_fail(error, SG_ERROR_FORMAT, "%s: not a whole archive: truncated: it ends within %s",
                   archive->path, archive->name[0] ? archive->name : "its first header");
}

static sg_status skip_rest(sg_tar_archive *archive, sg_error *error)
{
    uint8_t *skipped = archive->left > 0 ? sg_allocate(SKIPPED_BYTES, 1) : NULL;
    sg_status status =
        archive->left > 0 && !skipped ? sg_fail_memory(error, "%s", archive->path) : SG_OK;
    while (!status && archive->left > 0) {
        size_t got = 0;
        const size_t wanted = archive->left < SKIPPED_BYTES ? archive->left : SKIPPED_BYTES;
        status = read_some(archive, skipped, wanted, &got, error);
        if (!status && got < wanted)
            status = fail_early(archive, error);
        archive->left -= got;
    }
    free(skipped);
    return status;
}

static void copy_name(sg_tar_archive *archive, const uint8_t *header)
{
    const int prefix = (int)strnlen((const char *)header + PREFIX_AT, PREFIX_BYTES);
    const int name = (int)strnlen((const char *)header, NAME_BYTES);
    snprintf(archive->name, sizeof archive->name, "%.*s%s%.*s", prefix,
             (const char *)header + PREFIX_AT, prefix > 0 ? "/" : "", name, (const char *)header);
}

/* Reads the header of an entry of any kind. */
static sg_status read_header(sg_tar_archive *archive, bool *is_file, bool *is_end, sg_error *error)
{
    size_t got = 0;
    uint64_t size = 0;
    uint8_t header[BLOCK_BYTES];
    SG_TRY(skip_rest(archive, error));
    SG_TRY(read_some(archive, header, BLOCK_BYTES, &got, error));
    *is_end = got == 0 || (got == BLOCK_BYTES && is_zero(header));
    if (*is_end)
        return SG_OK;
    if (got < BLOCK_BYTES)
        return fail_early(archive, error);
    if (!has_sum(header) || !read_octal(header + SIZE_AT, SIZE_BYTES, &size) ||
        size > SIZE_MAX - BLOCK_BYTES)
        return sg_fail(error, SG_ERROR_FORMAT, "%s: a header of the archive is damaged, after %s",
                       archive->path, archive->name[0] ? archive->name : "its start");
    copy_name(archive, header);
    *is_file = header[TYPE_AT] == '0' || header[TYPE_AT] == 0;
    archive->size = (size_t)size;
    archive->left = (archive->size + BLOCK_BYTES - 1) / BLOCK_BYTES * BLOCK_BYTES;
    return SG_OK;
}

sg_status sg_tar_next(sg_tar_archive *archive, sg_tar_entry *entry, sg_error *error)
{
    bool is_file = false;
    bool is_end = false;
    *entry = (sg_tar_entry){0};
    while (!is_file && !is_end)
        SG_TRY(read_header(archive, &is_file, &is_end, error));
    if (!is_end)
        *entry = (sg_tar_entry){.name = archive->name, .size = archive->size};
    return SG_OK;
}

/* Reads archive->size bytes, doubling the buffer as they come. */
static sg_status read_content(sg_tar_archive *archive, unsigned char **bytes, sg_error *error)
{
    size_t capacity = 0;
    for (size_t done = 0; done < archive->size || capacity == 0;) {
        size_t got = 0;
        size_t next = capacity == 0 ? FIRST_CAPACITY : capacity * 2;
        next = next < archive->size ? next : archive->size;
        unsigned char *grown = sg_reallocate(*bytes, next > 0 ? next : 1, 1);
        if (!grown)
            return sg_fail_memory(error, "%s in %s", archive->name, archive->path);
        *bytes = grown;
        capacity = next > 0 ? next : 1;
        SG_TRY(read_some(archive, grown + done, next - done, &got, error));
        archive->left -= got;
        done += got;
        if (done < next)
            return fail_early(archive, error);
    }
    return SG_OK;
}

sg_status sg_tar_read(sg_tar_archive *archive, size_t limit, unsigned char **bytes, sg_error *error)
{
    *bytes = NULL;
    if (archive->size > limit)
        return sg_fail(error, SG_ERROR_FORMAT, "%s: %s has %zu bytes, expected at most %zu",
                       archive->path, archive->name, archive->size, limit);
    const sg_status status = read_content(archive, bytes, error);
    if (status) {
        free(*bytes);
        *bytes = NULL;
    }
    return status;
}

void sg_tar_close(sg_tar_archive *archive)
{
    if (!archive)
        return;
    if (archive->stream)
        gzclose(archive->stream);
    free(archive->path);
    free(archive);
}
