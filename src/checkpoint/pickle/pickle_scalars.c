/*
 * The pickle operations that push numbers, texts and bytes, in binary and in text.
 *
 * Tested by: tests/checkpoint/pickle/test_pickle.c
 */
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "checkpoint/pickle/pickle_machine.h"

/* ---- constants and binary numbers ---- */

static sg_status push_none(sg_pickle *pickle, int unused)
{
    (void)unused;
    return sg_pickle_push(pickle, &pickle->tree->none);
}

static sg_status push_bool(sg_pickle *pickle, int value)
{
    return sg_pickle_push(pickle, value ? &pickle->tree->yes : &pickle->tree->no);
}

static sg_status push_integer(sg_pickle *pickle, int64_t integer)
{
    return sg_pickle_push(pickle, sg_tree_integer(pickle->tree, integer));
}

/* Numbers of 1 or 2 bytes are unsigned, those of 4 are signed. */
static sg_status binary_integer(sg_pickle *pickle, int width)
{
    uint64_t number;
    SG_TRY(sg_pickle_take_number(pickle, (size_t)width, &number));
    return push_integer(pickle, width == 4 ? (int32_t)(uint32_t)number : (int64_t)number);
}

/* A big-endian double. */
static sg_status binary_real(sg_pickle *pickle, int width)
{
    const unsigned char *bytes;
    SG_TRY(sg_pickle_take(pickle, (size_t)width, &bytes));
    uint64_t bits = 0;
    for (int i = 0; i < width; i++)
        bits = bits << 8 | bytes[i];
    double real;
    memcpy(&real, &bits, sizeof real);
    return sg_pickle_push(pickle, sg_tree_real(pickle->tree, real));
}

/* A number in two's complement, little endian; one of more than 64 bits becomes a real. */
static sg_status binary_long(sg_pickle *pickle, int width)
{
    const unsigned char *bytes;
    size_t size;
    SG_TRY(sg_pickle_take_counted(pickle, width, width == 4, &bytes, &size));
    bool negative = size > 0 && (bytes[size - 1] & 0x80) != 0;
    if (size <= 8) {
        uint64_t bits = negative ? UINT64_MAX : 0;
        for (size_t i = size; i-- > 0;)
            bits = bits << 8 | bytes[i];
        return push_integer(pickle, (int64_t)bits);
    }
    double real = negative ? -1.0 : 0.0;
    for (size_t i = size; i-- > 0;)
        real = real * 256.0 + bytes[i];
    return sg_pickle_push(pickle, sg_tree_real(pickle->tree, real));
}

/* ---- numbers as text ---- */

/* Parses a number with a point in the C locale, whatever the locale of the process. */
static bool parse_real(const unsigned char *line, size_t length, double *real)
{
    char text[SG_PICKLE_LONGEST_LINE + 1];
    if (length > SG_PICKLE_LONGEST_LINE || memchr(line, 0, length))
        return false;
    memcpy(text, line, length);
    text[length] = '\0';
    locale_t locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (locale == (locale_t)0)
        return false;
    char *end;
    locale_t before = uselocale(locale);
    *real = strtod(text, &end);
    uselocale(before);
    freelocale(locale);
    return end != text && *end == '\0';
}

static sg_status push_real(sg_pickle *pickle, const unsigned char *line, size_t length)
{
    double real;
    if (!parse_real(line, length, &real)) {
        int shown = length < 40 ? (int)length : 40;
        return sg_pickle_fail(pickle, "a line of text is not a number: \"%.*s\"", shown,
                              (const char *)line);
    }
    return sg_pickle_push(pickle, sg_tree_real(pickle->tree, real));
}

/* Pushes a whole number with an optional sign; one beyond 64 bits becomes a real. */
static sg_status push_decimal(sg_pickle *pickle, const unsigned char *text, size_t length)
{
    size_t at = length > 0 && (text[0] == '-' || text[0] == '+') ? 1 : 0;
    bool negative = at == 1 && text[0] == '-';
    int64_t integer = 0;
    bool fits = true;
    if (at == length)
        return sg_pickle_fail(pickle, "a number has no digits");
    for (; at < length; at++) {
        if (text[at] < '0' || text[at] > '9')
            return sg_pickle_fail(pickle, "a whole number contains the byte 0x%02x", text[at]);
        /* Counts downwards, since the smallest integer has no positive counterpart. */
        fits = fits && !__builtin_mul_overflow(integer, 10, &integer) &&
               !__builtin_sub_overflow(integer, text[at] - '0', &integer);
    }
    if (fits && (negative || integer != INT64_MIN))
        return push_integer(pickle, negative ? integer : -integer);
    return push_real(pickle, text, length);
}

/* A line of INT ("00" and "01" are False and True), LONG (perhaps with an L at the end) or FLOAT.
 */
static sg_status text_number(sg_pickle *pickle, int code)
{
    const unsigned char *line;
    size_t length;
    SG_TRY(sg_pickle_take_line(pickle, &line, &length));
    if (code == 'F')
        return push_real(pickle, line, length);
    if (code == 'I' && length == 2 && line[0] == '0' && (line[1] == '0' || line[1] == '1'))
        return push_bool(pickle, line[1] == '1');
    if (code == 'L' && length > 0 && line[length - 1] == 'L')
        length--;
    return push_decimal(pickle, line, length);
}

/* ---- texts and bytes ---- */

/*
 * Long texts are source text or numbers: they are never shown, and code that takes them for numbers
 * checks them.
 */
static sg_status push_text(sg_pickle *pickle, const unsigned char *bytes, size_t size)
{
    if (size <= SG_TREE_LONGEST_COPIED_TEXT && !sg_is_utf8(bytes, size, SG_UTF8_SURROGATES))
        return sg_pickle_fail(pickle, "a text of %zu bytes is not UTF-8", size);
    return sg_pickle_push(pickle, sg_tree_text(pickle->tree, bytes, size));
}

static sg_status counted_text(sg_pickle *pickle, int width)
{
    const unsigned char *bytes;
    size_t size;
    SG_TRY(sg_pickle_take_counted(pickle, width, false, &bytes, &size));
    return push_text(pickle, bytes, size);
}

static sg_status counted_bytes(sg_pickle *pickle, int width)
{
    const unsigned char *bytes;
    size_t size;
    SG_TRY(sg_pickle_take_counted(pickle, width, false, &bytes, &size));
    return sg_pickle_push(pickle, sg_tree_bytes(pickle->tree, bytes, size));
}

/*
 * Python 2 had one type for texts and bytes: a short string that reads as text is taken for text,
 * but its bytes may be data as well.
 */
static sg_status push_string(sg_pickle *pickle, const unsigned char *bytes, size_t size)
{
    bool is_text =
        size <= SG_TREE_LONGEST_COPIED_TEXT && sg_is_utf8(bytes, size, SG_UTF8_SURROGATES);
    sg_value *value = is_text ? sg_tree_text(pickle->tree, bytes, size)
                              : sg_tree_bytes(pickle->tree, bytes, size);
    if (value)
        value->raw = is_text;
    return sg_pickle_push(pickle, value);
}

static sg_status counted_string(sg_pickle *pickle, int width)
{
    const unsigned char *bytes;
    size_t size;
    SG_TRY(sg_pickle_take_counted(pickle, width, width == 4, &bytes, &size));
    return push_string(pickle, bytes, size);
}

/* ---- texts with escapes ---- */

static int digit_value(unsigned char character)
{
    if (character >= '0' && character <= '9')
        return character - '0';
    unsigned char lower = character | 0x20;
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : 99;
}

/* Takes up to `most` digits of the base at text[*at]; false if there are fewer than `least`. */
static bool take_digits(const unsigned char *text, size_t length, size_t *at, int base, int least,
                        int most, uint32_t *number)
{
    int count = 0;
    *number = 0;
    while (count < most && *at < length && digit_value(text[*at]) < base) {
        *number = *number * (uint32_t)base + (uint32_t)digit_value(text[(*at)++]);
        count++;
    }
    return count >= least;
}

/* Takes the byte of an escape whose letter is text[*at]; false if Python does not write it. */
static bool take_escape(const unsigned char *text, size_t length, size_t *at, uint32_t *byte)
{
    static const char letters[] = "\\'\"abfnrtv";
    static const char meanings[] = "\\'\"\a\b\f\n\r\t\v";
    if (*at >= length)
        return false;
    if (text[*at] == 'x') {
        (*at)++;
        return take_digits(text, length, at, 16, 2, 2, byte);
    }
    if (text[*at] >= '0' && text[*at] <= '7')
        return take_digits(text, length, at, 8, 1, 3, byte);
    const char *letter = memchr(letters, text[*at], sizeof letters - 1);
    if (!letter)
        return false;
    (*at)++;
    *byte = (unsigned char)meanings[letter - letters];
    return true;
}

/* A Python 2 string as a literal in quotes. */
static sg_status text_string(sg_pickle *pickle, int unused)
{
    const unsigned char *line;
    size_t length;
    (void)unused;
    SG_TRY(sg_pickle_take_line(pickle, &line, &length));
    if (length < 2 || (line[0] != '\'' && line[0] != '"') || line[length - 1] != line[0])
        return sg_pickle_fail(pickle, "a string is not in quotes");
    unsigned char *decoded = sg_tree_allocate(pickle->tree, length);
    size_t size = 0;
    if (!decoded)
        return sg_pickle_fail_memory(pickle);
    for (size_t at = 1; at < length - 1;) {
        uint32_t byte = line[at++];
        if (byte == '\\' && !take_escape(line, length - 1, &at, &byte))
            return sg_pickle_fail(pickle, "a string has an escape that Python does not write");
        decoded[size++] = (unsigned char)byte;
    }
    return push_string(pickle, decoded, size);
}

/* Writes a character as UTF-8; returns the number of bytes. */
static size_t put_utf8(unsigned char *target, uint32_t character)
{
    if (character < 0x80) {
        target[0] = (unsigned char)character;
        return 1;
    }
    size_t length = character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
    static const unsigned char first[] = {0, 0, 0xc0, 0xe0, 0xf0};
    for (size_t i = length; i-- > 1;) {
        target[i] = (unsigned char)(0x80 | (character & 0x3f));
        character >>= 6;
    }
    target[0] = (unsigned char)(first[length] | character);
    return length;
}

/* Latin-1 with \uXXXX and \UXXXXXXXX. */
static sg_status text_unicode(sg_pickle *pickle, int unused)
{
    const unsigned char *line;
    size_t length;
    (void)unused;
    SG_TRY(sg_pickle_take_line(pickle, &line, &length));
    unsigned char *decoded = sg_tree_allocate(pickle->tree, 2 * length + 1);
    size_t size = 0;
    if (!decoded)
        return sg_pickle_fail_memory(pickle);
    for (size_t at = 0; at < length;) {
        uint32_t character = line[at++];
        bool escape = character == '\\' && at < length && (line[at] == 'u' || line[at] == 'U');
        if (escape) {
            int digits = line[at++] == 'u' ? 4 : 8;
            if (!take_digits(line, length, &at, 16, digits, digits, &character) ||
                character > 0x10ffff)
                return sg_pickle_fail(pickle, "a text has an escape that names no character");
        }
        size += put_utf8(decoded + size, character);
    }
    return push_text(pickle, decoded, size);
}

const sg_pickle_operation sg_pickle_scalar_operations[256] = {
    ['N'] = {push_none, 0},      [0x88] = {push_bool, true},  [0x89] = {push_bool, false},
    ['K'] = {binary_integer, 1}, ['M'] = {binary_integer, 2}, ['J'] = {binary_integer, 4},
    ['G'] = {binary_real, 8},    [0x8a] = {binary_long, 1},   [0x8b] = {binary_long, 4},
    ['I'] = {text_number, 'I'},  ['L'] = {text_number, 'L'},  ['F'] = {text_number, 'F'},
    [0x8c] = {counted_text, 1},  ['X'] = {counted_text, 4},   [0x8d] = {counted_text, 8},
    ['C'] = {counted_bytes, 1},  ['B'] = {counted_bytes, 4},  [0x8e] = {counted_bytes, 8},
    [0x96] = {counted_bytes, 8}, ['U'] = {counted_string, 1}, ['T'] = {counted_string, 4},
    ['S'] = {text_string, 0},    ['V'] = {text_unicode, 0},
};
