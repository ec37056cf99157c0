/*
 * Cleaning of texts: what the published tokenizer does, without the repair of text that was decoded
 * wrongly, which it leaves to a library.
 *
 * Tested by: tests/features/clip/test_bpe.c
 */
#include "features/clip/clean_text.h"

#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "features/clip/unicode.h"

enum { LONGEST_NAME = 32, MOST_DIGITS = 8 };

/* A reference by name, as it follows "&", and the points that it stands for. */
typedef struct html_name {
    const char *name; /* "amp;", and "amp", since old names need no semicolon */
    uint32_t points[2];
} html_name;

#include "features/clip/html_names.inc"

/* What numbers 128 to 159 stand for (HTML, section 13.2.5.80); 0: themselves. */
static const uint16_t windows[32] = {
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

static void append_point(uint32_t point, sg_text *result)
{
    char bytes[SG_UTF8_MOST_BYTES];
    sg_text_append_bytes(result, bytes, sg_utf8_write(point, bytes));
}

/* True for numbers that stand for nothing: control characters and points that are no characters. */
static bool is_nothing(unsigned long point)
{
    return (point >= 1 && point <= 8) || point == 0xB || (point >= 0xE && point <= 0x1F) ||
           (point >= 0x7F && point <= 0x9F) || (point >= 0xFDD0 && point <= 0xFDEF) ||
           (point & 0xFFFE) == 0xFFFE;
}

/* Appends what "#123;" or "#x7b" at `text` stands for; returns its bytes, 0 if it is none. */
static size_t append_number(const char *text, sg_text *result)
{
    const bool hexadecimal = text[1] == 'x' || text[1] == 'X';
    const char *digits = text + (hexadecimal ? 2 : 1);
    size_t length = strspn(digits, hexadecimal ? "0123456789abcdefABCDEF" : "0123456789");
    if (length == 0)
        return 0;
    const size_t zeros = strspn(digits, "0") < length ? strspn(digits, "0") : length;
    const unsigned long value =
        length - zeros > MOST_DIGITS ? ULONG_MAX : strtoul(digits, NULL, hexadecimal ? 16 : 10);
    if (value >= 0x80 && value < 0xA0)
        append_point(windows[value - 0x80] ? windows[value - 0x80] : (uint32_t)value, result);
    else if (value == 0 || value > 0x10FFFF)
        append_point(0xFFFD, result);
    else if (!is_nothing(value))
        append_point((uint32_t)value, result);
    length += digits[length] == ';';
    return (size_t)(digits - text) + length;
}

/* Finds a name of `length` bytes; NULL if there is none. */
static const html_name *find_name(const char *text, size_t length)
{
    size_t low = 0;
    size_t high = sizeof html_names / sizeof *html_names;
    while (low < high) {
        const size_t middle = (low + high) / 2;
        const char *name = html_names[middle].name;
        const int order = strncmp(name, text, length);
        if (order == 0 && name[length] == '\0')
            return &html_names[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

/* Appends what the longest name at `text` stands for; returns its bytes, 0 if there is none. */
static size_t append_name(const char *text, sg_text *result)
{
    size_t length = strcspn(text, "\t\n\f <&#;");
    length = length < LONGEST_NAME ? length : LONGEST_NAME;
    length += text[length] == ';';
    for (; length > 1; length--) {
        const html_name *name = find_name(text, length);
        if (!name)
            continue;
        append_point(name->points[0], result);
        if (name->points[1])
            append_point(name->points[1], result);
        return length;
    }
    return 0;
}

/* Appends a text with its references resolved. */
static void unescape(const char *text, sg_text *result)
{
    for (const char *at = text; *at != '\0';) {
        const size_t length = *at != '&'     ? 0
                              : at[1] == '#' ? append_number(at + 1, result)
                                             : append_name(at + 1, result);
        if (length == 0)
            sg_text_append_bytes(result, at, 1);
        at += 1 + length;
    }
}

/* Appends the lower case of a letter between two others: of a capital sigma at the end of a word it
 * is another letter, and of U+0130 it is two points. */
static void append_lower(uint32_t before, uint32_t point, uint32_t after, sg_text *result)
{
    enum { SIGMA = 0x3A3, LAST_SIGMA = 0x3C2, DOTTED_I = 0x130, DOT_ABOVE = 0x307 };
    if (point == SIGMA && sg_is_letter(before) && !sg_is_letter(after)) {
        append_point(LAST_SIGMA, result);
    } else if (point == DOTTED_I) {
        append_point('i', result);
        append_point(DOT_ABOVE, result);
    } else {
        append_point(sg_lower_case(point), result);
    }
}

/* Appends lower case, white space collapsed. */
static void collapse(const char *text, sg_text *result)
{
    bool space = false;
    uint32_t before = 0;
    size_t length;
    size_t more;
    for (const char *at = text; *at != '\0'; at += length) {
        const uint32_t point = sg_utf8_read(at, &length);
        if (sg_is_white(point)) {
            space = result->length > 0;
            before = point;
            continue;
        }
        if (space)
            sg_text_append_bytes(result, " ", 1);
        space = false;
        append_lower(before, point, sg_utf8_read(at + length, &more), result);
        before = point;
    }
}

sg_status sg_clean_text(const char *text, sg_text *clean, sg_error *error)
{
    const size_t size = strlen(text);
    sg_text once = {0};
    sg_text twice = {0};
    if (size > SG_LONGEST_CLEAN_TEXT)
        return sg_fail(error, SG_ERROR_ARGUMENT, "a text is %zu bytes long, but must be at most %d",
                       size, (int)SG_LONGEST_CLEAN_TEXT);
    if (!sg_is_utf8(text, size, SG_UTF8_STRICT))
        return sg_fail(error, SG_ERROR_ARGUMENT, "a text is not UTF-8");
    unescape(text, &once);
    unescape(once.bytes ? once.bytes : "", &twice);
    collapse(twice.bytes ? twice.bytes : "", clean);
    const bool failed = once.failed || twice.failed || clean->failed;
    sg_text_clear(&once);
    sg_text_clear(&twice);
    return failed ? sg_fail_memory(error, "a text") : SG_OK;
}
