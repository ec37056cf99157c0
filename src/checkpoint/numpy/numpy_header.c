/*
 * The header of an .npy file: NEP 1, "A simple file format for NumPy arrays". The dictionary is
 * read by a parser for just its three keys, which may come in any order.
 *
 * Tested by: tests/checkpoint/numpy/test_numpy_file.c
 */
#include "checkpoint/numpy/numpy_header.h"

#include <stdio.h>
#include <string.h>

#define MAGIC "\x93NUMPY"

enum {
    MAGIC_BYTES = 6,
    VERSION_BYTES = 2,
    ALIGNMENT = 64,           /* of the first element */
    LARGEST_HEADER = 1 << 16, /* bytes */
    LONGEST_TYPE = 15,        /* characters of a type's name */
    SEEN_TYPE = 1,
    SEEN_ORDER = 2,
    SEEN_SHAPE = 4
};

/* A dictionary being read. */
typedef struct reading {
    const char *at, *end;
    sg_numpy_header *header;
    char type[LONGEST_TYPE + 1];
    int seen;
} reading;

static void skip_spaces(reading *text)
{
    while (text->at < text->end && (*text->at == ' ' || *text->at == '\n' || *text->at == '\t'))
        text->at++;
}

/* Takes the character after any spaces; false if another one follows. */
static bool take(reading *text, char wanted)
{
    skip_spaces(text);
    if (text->at == text->end || *text->at != wanted)
        return false;
    text->at++;
    return true;
}

static bool take_word(reading *text, const char *word)
{
    const size_t length = strlen(word);
    skip_spaces(text);
    if ((size_t)(text->end - text->at) < length || memcmp(text->at, word, length) != 0)
        return false;
    text->at += length;
    return true;
}

/* Takes a text in quotes of either kind; at most LONGEST_TYPE characters without escapes. */
static bool take_text(reading *text, char *result)
{
    size_t length = 0;
    skip_spaces(text);
    const char quote = text->at < text->end ? *text->at : '\0';
    if (quote != '\'' && quote != '"')
        return false;
    for (text->at++; text->at < text->end && *text->at != quote; text->at++) {
        const unsigned char character = (unsigned char)*text->at;
        if (length == LONGEST_TYPE || character < 32 || character > 126 || character == '\\')
            return false;
        result[length++] = (char)character;
    }
    result[length] = '\0';
    return take(text, quote);
}

/* Takes a count of elements; in files of Python 2 an L follows it. */
static bool take_number(reading *text, int64_t *number)
{
    *number = 0;
    skip_spaces(text);
    const char *start = text->at;
    for (; text->at < text->end && *text->at >= '0' && *text->at <= '9'; text->at++) {
        if (*number > (INT64_MAX - 9) / 10)
            return false;
        *number = *number * 10 + (*text->at - '0');
    }
    const bool found = text->at > start;
    if (found && text->at < text->end && *text->at == 'L')
        text->at++;
    return found;
}

/* Takes "(2, 3)", "(2,)" or "()". */
static bool take_shape(reading *text)
{
    sg_numpy_header *header = text->header;
    header->rank = 0;
    if (!take(text, '('))
        return false;
    while (!take(text, ')')) {
        if (header->rank == SG_STORED_MAX_RANK || !take_number(text, &header->size[header->rank]))
            return false;
        header->rank++;
        if (!take(text, ','))
            return take(text, ')');
    }
    return true;
}

static bool take_order(reading *text)
{
    text->header->fortran_order = take_word(text, "True");
    return text->header->fortran_order || take_word(text, "False");
}

/* Takes a key and its value. The type of a structured array is a list, no text: refused. */
static bool take_pair(reading *text)
{
    char key[LONGEST_TYPE + 1];
    int seen = 0;
    bool good = take_text(text, key) && take(text, ':');
    if (good && strcmp(key, "descr") == 0) {
        seen = SEEN_TYPE;
        good = take_text(text, text->type);
    } else if (good && strcmp(key, "fortran_order") == 0) {
        seen = SEEN_ORDER;
        good = take_order(text);
    } else if (good && strcmp(key, "shape") == 0) {
        seen = SEEN_SHAPE;
        good = take_shape(text);
    }
    good = good && seen != 0 && (text->seen & seen) == 0;
    text->seen |= seen;
    return good;
}

static bool take_dictionary(reading *text)
{
    if (!take(text, '{'))
        return false;
    while (!take(text, '}')) {
        if (!take_pair(text))
            return false;
        if (!take(text, ',')) {
            if (!take(text, '}'))
                return false;
            break;
        }
    }
    skip_spaces(text);
    return text->at == text->end && text->seen == (SEEN_TYPE | SEEN_ORDER | SEEN_SHAPE);
}

/* Finds the dictionary by the version and the length before it. */
static sg_status find_dictionary(const char *path, const unsigned char *bytes, size_t size,
                                 size_t *start, size_t *length, sg_error *error)
{
    const size_t fixed = MAGIC_BYTES + VERSION_BYTES;
    if (size < fixed || memcmp(bytes, MAGIC, MAGIC_BYTES) != 0)
        return sg_fail(error, SG_ERROR_FORMAT, "%s is neither an .npy nor an .npz file of NumPy",
                       path);
    const int version = bytes[MAGIC_BYTES];
    if (version < 1 || version > 3)
        return sg_fail(error, SG_ERROR_FORMAT,
                       "%s: version %d of the .npy format is not known (1 to 3 are)", path,
                       version);
    const size_t length_bytes = version == 1 ? 2 : 4;
    *start = fixed + length_bytes;
    *length = 0;
    for (size_t i = 0; *start <= size && i < length_bytes; i++)
        *length |= (size_t)bytes[fixed + i] << 8 * i;
    if (*start > size || *length > size - *start)
        return sg_fail(error, SG_ERROR_FORMAT, "%s: the header ends early: truncated", path);
    if (*length > LARGEST_HEADER)
        return sg_fail(error, SG_ERROR_FORMAT,
                       "%s: the header has %zu bytes, more than the %d that are read", path,
                       *length, LARGEST_HEADER);
    return SG_OK;
}

/* Returns the characters of a type of texts, "<U12"; 0 for others, and for more than are read. */
static size_t characters_of(const char *type)
{
    enum { MOST_CHARACTERS = 1 << 16 };
    unsigned characters = 0;
    char end = '\0';
    const int found = sscanf(type, "<U%6u%c", &characters, &end);
    return found == 1 && characters <= MOST_CHARACTERS ? characters : 0;
}

sg_status sg_numpy_header_read(const char *path, const unsigned char *bytes, size_t size,
                               unsigned allowed, sg_numpy_header *header, sg_error *error)
{
    size_t start = 0;
    size_t length = 0;
    *header = (sg_numpy_header){0};
    for (int i = 0; i < SG_STORED_MAX_RANK; i++)
        header->size[i] = 1;
    SG_TRY(find_dictionary(path, bytes, size, &start, &length, error));
    header->length = start + length;
    const char *dictionary = (const char *)bytes + start;
    reading text = {.at = dictionary, .end = dictionary + length, .header = header};
    if (!take_dictionary(&text))
        return sg_fail(error, SG_ERROR_FORMAT,
                       "%s: the header is not that of a plain array of at most %d dimensions (see "
                       "its byte %zu)",
                       path, SG_STORED_MAX_RANK, (size_t)(text.at - (const char *)bytes));
    header->objects = allowed & SG_NUMPY_OBJECTS && strcmp(text.type, "|O") == 0;
    header->characters = allowed & SG_NUMPY_TEXTS ? characters_of(text.type) : 0;
    if (!header->objects && header->characters == 0 &&
        !sg_stored_type_from_numpy(text.type, &header->type, &header->big_endian))
        return sg_fail(error, SG_ERROR_FORMAT,
                       "%s: elements of the type \"%s\" are no numbers that can be read (floats of "
                       "16, 32 or 64 bits, integers and truth values can)",
                       path, text.type);
    return SG_OK;
}

void sg_numpy_header_append(sg_text *text, const char *type, int rank, const int64_t *size)
{
    sg_text dictionary = {0};
    sg_text_append(&dictionary, "{'descr': '%s', 'fortran_order': False, 'shape': (", type);
    for (int i = 0; i < rank; i++)
        sg_text_append(&dictionary, i > 0 ? ", %lld" : "%lld", (long long)size[i]);
    sg_text_append(&dictionary, rank == 1 ? ",), }" : "), }");
    const size_t fixed = MAGIC_BYTES + VERSION_BYTES + 2;
    const size_t used = fixed + dictionary.length + 1;
    const size_t padding = (ALIGNMENT - used % ALIGNMENT) % ALIGNMENT;
    const size_t length = dictionary.length + padding + 1;
    const char start[] = {
        '\x93', 'N', 'U', 'M', 'P', 'Y', 1, 0, (char)(length & 255), (char)(length >> 8)};
    sg_text_append_bytes(text, start, sizeof start);
    sg_text_append_bytes(text, dictionary.bytes, dictionary.length);
    sg_text_append(text, "%*s\n", (int)padding, "");
    text->failed = text->failed || dictionary.failed;
    sg_text_clear(&dictionary);
}
