/*
 * Writes NumPy's files. The bytes depend on the arrays alone.
 *
 * Tested by: tests/checkpoint/numpy/test_numpy_file.c
 */
#include "checkpoint/numpy/numpy_file.h"

#include <stdio.h>
#include <string.h>

#include "base/allocate.h"
#include "base/files/atomic_file.h"
#include "base/files/pack.h"
#include "checkpoint/numpy/numpy_header.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "floats are written as they are");

enum { LONGEST_NAME = SG_PACK_NAME_SIZE - sizeof ".npy" };

/* Takes the next character of UTF-8; *at is not at the end. */
static uint32_t take_character(const char **at)
{
    const unsigned char first = (unsigned char)*(*at)++;
    const int more = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : first >= 0xC0 ? 1 : 0;
    uint32_t point = more == 0 ? first : first & (0x3Fu >> more);
    for (int i = 0; i < more && **at != '\0'; i++)
        point = point << 6 | ((unsigned char)*(*at)++ & 0x3Fu);
    return point;
}

/* Appends a whole array of texts: UCS-4, each filled up with zeros to the longest. */
static void append_texts(sg_text *text, const char *const *texts, size_t count)
{
    size_t longest = 1;
    char type[32];
    const int64_t size = (int64_t)count;
    for (size_t i = 0; i < count; i++) {
        size_t length = 0;
        for (const char *at = texts[i]; *at != '\0'; length++)
            take_character(&at);
        longest = length > longest ? length : longest;
    }
    snprintf(type, sizeof type, "<U%zu", longest);
    sg_numpy_header_append(text, type, 1, &size);
    for (size_t i = 0; i < count; i++) {
        const char *at = texts[i];
        for (size_t k = 0; k < longest; k++) {
            const uint32_t point = *at != '\0' ? take_character(&at) : 0;
            sg_text_append_bytes(text, (const char *)&point, sizeof point);
        }
    }
}

/* Makes the content of an .npy file in *text, which the caller clears. */
static sg_status make_content(const char *path, const sg_numpy_entry *entry, sg_text *text,
                              sg_error *error)
{
    size_t bytes = sizeof *entry->values;
    bool fits = entry->rank >= 0 && entry->rank <= SG_STORED_MAX_RANK;
    for (int i = 0; fits && i < entry->rank; i++)
        fits = entry->size[i] >= 0 && sg_size_multiply(bytes, (size_t)entry->size[i], &bytes);
    if (!fits || bytes > SG_NUMPY_LARGEST_FILE)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "cannot write %s: the array \"%s\" has a shape that is negative, too large "
                       "or of more than %d dimensions",
                       path, entry->name ? entry->name : "", SG_STORED_MAX_RANK);
    if (entry->texts) {
        append_texts(text, entry->texts, (size_t)entry->size[0]);
    } else {
        sg_numpy_header_append(text, "<f4", entry->rank, entry->size);
        sg_text_append_bytes(text, (const char *)entry->values, bytes);
    }
    return text->failed ? sg_fail_memory(error, "%s", path) : SG_OK;
}

sg_status sg_numpy_write_npy(const char *path, const sg_numpy_entry *entry, sg_error *error)
{
    sg_text text = {0};
    sg_status status = make_content(path, entry, &text, error);
    if (!status)
        status = sg_write_file(path, text.bytes, text.length, error);
    sg_text_clear(&text);
    return status;
}

/* The arrays of an archive being written. */
typedef struct archive_entries {
    const char *path;
    const sg_numpy_entry *entries;
} archive_entries;

static void name_member(const void *argument, size_t index, char name[SG_PACK_NAME_SIZE])
{
    const archive_entries *archive = argument;
    snprintf(name, SG_PACK_NAME_SIZE, "%s.npy", archive->entries[index].name);
}

static sg_status make_member(void *argument, size_t index, unsigned char **bytes, size_t *size,
                             sg_error *error)
{
    const archive_entries *archive = argument;
    sg_text text = {0};
    const sg_status status = make_content(archive->path, &archive->entries[index], &text, error);
    if (status) {
        sg_text_clear(&text);
        return status;
    }
    *bytes = (unsigned char *)text.bytes;
    *size = text.length;
    return SG_OK;
}

static bool is_taken(const sg_numpy_entry *entries, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (strcmp(entries[i].name, entries[index].name) == 0)
            return true;
    return false;
}

sg_status sg_numpy_write_npz(const char *path, const sg_numpy_entry *entries, size_t count,
                             sg_error *error)
{
    for (size_t i = 0; i < count; i++) {
        const char *name = entries[i].name;
        if (name[0] == '\0' || strlen(name) > LONGEST_NAME || is_taken(entries, i))
            return sg_fail(error, SG_ERROR_ARGUMENT,
                           "cannot write %s: the name \"%.255s\" of an array is empty, taken, or "
                           "longer than %d characters",
                           path, name, LONGEST_NAME);
    }
    archive_entries archive = {path, entries};
    const sg_pack pack = {count, &archive, name_member, make_member};
    return sg_pack_write_zip(&pack, path, error);
}
