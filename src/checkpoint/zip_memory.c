/*
 * A zip archive in memory. libzip does not tell where a member's data lie; but it asks us for them,
 * so the place of its last request, when it reads a member as it is packed, is the answer.
 */
#include "checkpoint/zip_memory.h"

#include <stdio.h>
#include <string.h>

enum { REASON_BYTES = 200 };

/* libzip takes some 300 bytes for each member as soon as it opens the archive. */
#define MOST_MEMBERS ((uint64_t)200000)

/* ---- the source that libzip reads from ---- */

static zip_int64_t read_bytes(sg_zip_memory *memory, void *target, zip_uint64_t length)
{
    size_t left = memory->size - memory->at;
    size_t count = length < left ? (size_t)length : left;
    if (count > 0)
        memcpy(target, memory->bytes + memory->at, count);
    memory->last_read = memory->at;
    memory->at += count;
    return (zip_int64_t)count;
}

static zip_int64_t seek(sg_zip_memory *memory, void *data, zip_uint64_t length)
{
    zip_int64_t at =
        zip_source_seek_compute_offset(memory->at, memory->size, data, length, &memory->error);
    if (at < 0)
        return -1;
    memory->at = (size_t)at;
    return 0;
}

static zip_int64_t state(const sg_zip_memory *memory, void *data, zip_uint64_t length)
{
    if (length < sizeof(zip_stat_t))
        return -1;
    zip_stat_t *result = data;
    zip_stat_init(result);
    result->size = memory->size;
    result->valid = ZIP_STAT_SIZE;
    return (zip_int64_t)sizeof *result;
}

static zip_int64_t serve(void *context, void *data, zip_uint64_t length, zip_source_cmd_t command)
{
    sg_zip_memory *memory = context;
    switch (command) {
    case ZIP_SOURCE_OPEN:
        memory->at = 0;
        return 0;
    case ZIP_SOURCE_READ:
        return read_bytes(memory, data, length);
    case ZIP_SOURCE_SEEK:
        return seek(memory, data, length);
    case ZIP_SOURCE_TELL:
        return (zip_int64_t)memory->at;
    case ZIP_SOURCE_STAT:
        return state(memory, data, length);
    case ZIP_SOURCE_ERROR:
        return zip_error_to_data(&memory->error, data, length);
    case ZIP_SOURCE_CLOSE:
    case ZIP_SOURCE_FREE:
        return 0;
    case ZIP_SOURCE_SUPPORTS:
        return ZIP_SOURCE_SUPPORTS_SEEKABLE;
    default:
        zip_error_set(&memory->error, ZIP_ER_OPNOTSUPP, 0);
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
 * Whether the closing record at `end` counts too many members. Only the 64-bit record, to which a
 * locator of 20 bytes in front of the closing one leads, can do so.
 */
static bool counts_too_many(const sg_zip_memory *memory, size_t end)
{
    enum { LOCATOR_BYTES = 20, RECORD_BYTES = 56, COUNT_AT = 24, TOTAL_AT = 32 };
    if (end < LOCATOR_BYTES || memory->size < RECORD_BYTES)
        return false;
    const unsigned char *locator = memory->bytes + end - LOCATOR_BYTES;
    uint64_t record = number_at(locator + 8);
    if (memcmp(locator, "PK\6\7", 4) != 0 || record > memory->size - RECORD_BYTES)
        return false;
    return number_at(memory->bytes + record + COUNT_AT) > MOST_MEMBERS ||
           number_at(memory->bytes + record + TOTAL_AT) > MOST_MEMBERS;
}

/* Looks at all that may be the closing record, which a comment of up to 64 KiB follows. */
static bool has_too_many_members(const sg_zip_memory *memory)
{
    enum { CLOSING_BYTES = 22, LONGEST_COMMENT = 65535 };
    for (size_t back = CLOSING_BYTES;
         back <= CLOSING_BYTES + LONGEST_COMMENT && back <= memory->size; back++) {
        size_t end = memory->size - back;
        if (memcmp(memory->bytes + end, "PK\5\6", 4) == 0 && counts_too_many(memory, end))
            return true;
    }
    return false;
}

/* ---- the archive ---- */

const char *sg_zip_memory_open(sg_zip_memory *memory, const unsigned char *bytes, size_t size,
                               char *buffer)
{
    memset(memory, 0, sizeof *memory);
    memory->bytes = bytes;
    memory->size = size;
    zip_error_init(&memory->error);
    if (has_too_many_members(memory))
        return "it has more members than any file of torch";
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t *source = zip_source_function_create(serve, memory, &error);
    if (source) {
        memory->archive = zip_open_from_source(source, ZIP_RDONLY, &error);
        if (!memory->archive)
            zip_source_free(source);
    }
    snprintf(buffer, REASON_BYTES, "%s", zip_error_strerror(&error));
    zip_error_fini(&error);
    return memory->archive ? NULL : buffer;
}

void sg_zip_memory_close(sg_zip_memory *memory)
{
    if (memory->archive) {
        zip_discard(memory->archive);
        memory->archive = NULL;
    }
    zip_error_fini(&memory->error);
}

bool sg_zip_memory_member(const sg_zip_memory *memory, uint64_t index, sg_zip_member *member)
{
    const zip_uint64_t needed = ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_COMP_METHOD;
    zip_stat_t information;
    if (zip_stat_index(memory->archive, index, 0, &information) != 0 ||
        (information.valid & needed) != needed)
        return false;
    bool encrypted = (information.valid & ZIP_STAT_ENCRYPTION_METHOD) != 0 &&
                     information.encryption_method != ZIP_EM_NONE;
    member->index = index;
    member->size = (size_t)information.size;
    member->packed = (size_t)information.comp_size;
    member->stored = information.comp_method == ZIP_CM_STORE && !encrypted;
    return true;
}

const unsigned char *sg_zip_memory_find(sg_zip_memory *memory, const sg_zip_member *member)
{
    if (member->size == 0)
        return memory->bytes;
    if (member->size != member->packed)
        return NULL;
    zip_file_t *file = zip_fopen_index(memory->archive, member->index, ZIP_FL_COMPRESSED);
    if (!file)
        return NULL;
    unsigned char byte;
    zip_int64_t count = zip_fread(file, &byte, 1);
    size_t place = memory->last_read;
    zip_fclose(file);
    bool found = count == 1 && place < memory->size && memory->bytes[place] == byte &&
                 member->size <= memory->size - place;
    return found ? memory->bytes + place : NULL;
}

bool sg_zip_memory_unpack(const sg_zip_memory *memory, const sg_zip_member *member,
                          unsigned char *bytes)
{
    zip_file_t *file = zip_fopen_index(memory->archive, member->index, 0);
    if (!file)
        return false;
    size_t got = 0;
    zip_int64_t count = 1;
    while (got < member->size && count > 0) {
        count = zip_fread(file, bytes + got, member->size - got);
        got += count > 0 ? (size_t)count : 0;
    }
    /* The checksum is compared at the end. */
    unsigned char beyond;
    bool whole = got == member->size && zip_fread(file, &beyond, 1) == 0;
    zip_fclose(file);
    return whole;
}
