/*
 * IDX files through zlib, whose gzread reads plain and compressed files alike. The buffer grows
 * with the bytes that really come, so that a false header costs no memory. Reading continues to the
 * end of the stream, where zlib compares gzip's checksum.
 */
#include "data/kinds/idx.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/allocate.h"
#include "base/files/file.h"
#include "base/files/input_file.h"

#define UNSIGNED_BYTE 0x08
#define FIRST_CAPACITY ((size_t)1 << 20)
#define LARGEST_READ ((size_t)1 << 24) /* zlib counts in int */

bool sg_idx_recognises(const char *path)
{
    unsigned char magic[4];
    gzFile file = NULL;
    if (sg_input_gzip(path, &file, NULL))
        return false;
    const int count = gzread(file, magic, sizeof magic);
    gzclose(file);
    return count == (int)sizeof magic && magic[0] == 0 && magic[1] == 0 &&
           magic[2] == UNSIGNED_BYTE && magic[3] >= 1 && magic[3] <= SG_IDX_LARGEST_RANK;
}

static sg_status fail_reading(gzFile file, const char *path, sg_error *error)
{
    int code = Z_OK;
    const char *message = gzerror(file, &code);
    if (code == Z_ERRNO)
        return sg_fail(error, SG_ERROR_FILE, "%s: cannot be read: %s", path, strerror(errno));
    if (code == Z_MEM_ERROR)
        return sg_fail_memory(error, "unpacking %s", path);
    return sg_fail(error, SG_ERROR_FORMAT, "%s: damaged or incomplete gzip stream (%s)", path,
                   message);
}

/*
 * Reads up to `wanted` bytes into `bytes`; *got is less only at the end of the file. For a
 * compressed stream that breaks off, zlib reports an error beside a short count.
 */
static sg_status read_bytes(gzFile file, const char *path, uint8_t *bytes, size_t wanted,
                            size_t *got, sg_error *error)
{
    *got = 0;
    while (*got < wanted) {
        const size_t left = wanted - *got;
        const unsigned step = (unsigned)(left < LARGEST_READ ? left : LARGEST_READ);
        const int count = gzread(file, bytes + *got, step);
        int code = Z_OK;
        (void)gzerror(file, &code);
        if (count < 0 || (code != Z_OK && code != Z_STREAM_END))
            return fail_reading(file, path, error);
        if (count == 0)
            break;
        *got += (size_t)count;
    }
    return SG_OK;
}

static uint32_t big_endian_32(const uint8_t *bytes)
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

static sg_status read_magic(gzFile file, const char *path, size_t smallest_rank,
                            size_t largest_rank, size_t *rank, sg_error *error)
{
    uint8_t magic[4];
    size_t got = 0;
    SG_TRY(read_bytes(file, path, magic, sizeof magic, &got, error));
    if (got == 0)
        return sg_fail(error, SG_ERROR_FORMAT, "%s: the file is empty, expected an IDX file", path);
    if (got < sizeof magic)
        return sg_fail(error, SG_ERROR_FORMAT,
                       "%s: the file ends after %zu bytes, expected an IDX file", path, got);
    *rank = magic[3];
    if (magic[0] != 0 || magic[1] != 0 || magic[2] != UNSIGNED_BYTE || *rank < smallest_rank ||
        *rank > largest_rank)
        return sg_fail(error, SG_ERROR_FORMAT,
                       "%s: starts with 0x%08x, expected 0x%08x (IDX of unsigned bytes) with the "
                       "last two digits %02zu to %02zu",
                       path, (unsigned)big_endian_32(magic),
                       (unsigned)(UNSIGNED_BYTE << 8 | smallest_rank), smallest_rank, largest_rank);
    return SG_OK;
}

static sg_status check_dimensions(const char *path, sg_idx *idx, sg_error *error)
{
    idx->size = 1;
    for (size_t i = 0; i < idx->rank; i++) {
        const size_t dimension = idx->dimensions[i];
        if (dimension == 0)
            return sg_fail(error, SG_ERROR_FORMAT,
                           "%s: dimension %zu of its header is 0, expected at least 1", path,
                           i + 1);
        if (i > 0 && dimension > SG_IDX_LARGEST_SIDE)
            return sg_fail(error, SG_ERROR_FORMAT,
                           "%s: dimension %zu of its header is %zu, expected at most %d", path,
                           i + 1, dimension, SG_IDX_LARGEST_SIDE);
        if (!sg_size_multiply(idx->size, dimension, &idx->size))
            return sg_fail(error, SG_ERROR_FORMAT,
                           "%s: the product of its header's dimensions is beyond any memory", path);
    }
    return SG_OK;
}

static sg_status read_header(gzFile file, const char *path, size_t smallest_rank,
                             size_t largest_rank, sg_idx *idx, sg_error *error)
{
    uint8_t bytes[4 * SG_IDX_LARGEST_RANK];
    size_t got = 0;
    SG_TRY(read_magic(file, path, smallest_rank, largest_rank, &idx->rank, error));
    SG_TRY(read_bytes(file, path, bytes, 4 * idx->rank, &got, error));
    if (got < 4 * idx->rank)
        return sg_fail(error, SG_ERROR_FORMAT,
                       "%s: the header ends after %zu bytes, expected %zu (%zu dimensions)", path,
                       got + 4, 4 * idx->rank + 4, idx->rank);
    for (size_t i = 0; i < SG_IDX_LARGEST_RANK; i++)
        idx->dimensions[i] = i < idx->rank ? big_endian_32(bytes + 4 * i) : 1;
    return check_dimensions(path, idx, error);
}

/* Reads idx->size bytes, doubling the buffer as they come; *got is less in a short file. */
static sg_status read_elements(gzFile file, const char *path, sg_idx *idx, size_t *got,
                               sg_error *error)
{
    size_t capacity = 0;
    *got = 0;
    while (*got == capacity && capacity < idx->size) {
        size_t next = capacity == 0 ? FIRST_CAPACITY : capacity * 2;
        next = next < idx->size ? next : idx->size;
        uint8_t *grown = sg_reallocate(idx->bytes, next, 1);
        if (!grown)
            return sg_fail_memory(error, "the %zu bytes of %s", next, path);
        idx->bytes = grown;
        capacity = next;
        size_t count = 0;
        SG_TRY(read_bytes(file, path, grown + *got, capacity - *got, &count, error));
        *got += count;
    }
    return SG_OK;
}

static sg_status read_content(gzFile file, const char *path, sg_idx *idx, sg_error *error)
{
    size_t got = 0;
    size_t beyond = 0;
    uint8_t extra = 0;
    SG_TRY(read_elements(file, path, idx, &got, error));
    if (got == idx->size)
        SG_TRY(read_bytes(file, path, &extra, 1, &beyond, error));
    if (got < idx->size || beyond > 0)
        return sg_fail(error, SG_ERROR_FORMAT,
                       "%s: holds %s%zu bytes after its header, expected %zu (its dimensions are "
                       "%zu x %zu x %zu x %zu)",
                       path, beyond > 0 ? "more than " : "", got, idx->size, idx->dimensions[0],
                       idx->dimensions[1], idx->dimensions[2], idx->dimensions[3]);
    return SG_OK;
}

sg_status sg_idx_read(const char *path, size_t smallest_rank, size_t largest_rank, sg_idx *idx,
                      sg_error *error)
{
    *idx = (sg_idx){0};
    gzFile file = NULL;
    SG_TRY(sg_input_gzip(path, &file, error));
    (void)gzbuffer(file, 1 << 17);
    sg_status status = read_header(file, path, smallest_rank, largest_rank, idx, error);
    if (!status)
        status = read_content(file, path, idx, error);
    gzclose(file);
    if (status)
        sg_idx_clear(idx);
    return status;
}

void sg_idx_clear(sg_idx *idx)
{
    free(idx->bytes);
    *idx = (sg_idx){0};
}
