/*
 * Cleaning of texts: what the published tokenizer does, without the repair of text that was decoded
 * wrongly, which it leaves to a library.
 *
 * Tested by: tests/features/clip/test_bpe.c
 */
#include "features/clip/clean_text.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "features/clip/unicode.h"

enum { LONGEST_REFERENCE = 10 };

/* References by name that texts of the web have. */
static const struct {
    const char *name;
    uint32_t point;
} references[] = {
    {"amp", '&'},       {"lt", '<'},       {"gt", '>'},       {"quot", '"'},     {"apos", '\''},
    {"nbsp", 0xA0},     {"iexcl", 0xA1},   {"cent", 0xA2},    {"pound", 0xA3},   {"curren", 0xA4},
    {"yen", 0xA5},      {"brvbar", 0xA6},  {"sect", 0xA7},    {"uml", 0xA8},     {"copy", 0xA9},
    {"ordf", 0xAA},     {"laquo", 0xAB},   {"not", 0xAC},     {"shy", 0xAD},     {"reg", 0xAE},
    {"macr", 0xAF},     {"deg", 0xB0},     {"plusmn", 0xB1},  {"sup2", 0xB2},    {"sup3", 0xB3},
    {"acute", 0xB4},    {"micro", 0xB5},   {"para", 0xB6},    {"middot", 0xB7},  {"cedil", 0xB8},
    {"sup1", 0xB9},     {"ordm", 0xBA},    {"raquo", 0xBB},   {"frac14", 0xBC},  {"frac12", 0xBD},
    {"frac34", 0xBE},   {"iquest", 0xBF},  {"Agrave", 0xC0},  {"Aacute", 0xC1},  {"Acirc", 0xC2},
    {"Atilde", 0xC3},   {"Auml", 0xC4},    {"Aring", 0xC5},   {"AElig", 0xC6},   {"Ccedil", 0xC7},
    {"Egrave", 0xC8},   {"Eacute", 0xC9},  {"Ecirc", 0xCA},   {"Euml", 0xCB},    {"Igrave", 0xCC},
    {"Iacute", 0xCD},   {"Icirc", 0xCE},   {"Iuml", 0xCF},    {"ETH", 0xD0},     {"Ntilde", 0xD1},
    {"Ograve", 0xD2},   {"Oacute", 0xD3},  {"Ocirc", 0xD4},   {"Otilde", 0xD5},  {"Ouml", 0xD6},
    {"times", 0xD7},    {"Oslash", 0xD8},  {"Ugrave", 0xD9},  {"Uacute", 0xDA},  {"Ucirc", 0xDB},
    {"Uuml", 0xDC},     {"Yacute", 0xDD},  {"THORN", 0xDE},   {"szlig", 0xDF},   {"agrave", 0xE0},
    {"aacute", 0xE1},   {"acirc", 0xE2},   {"atilde", 0xE3},  {"auml", 0xE4},    {"aring", 0xE5},
    {"aelig", 0xE6},    {"ccedil", 0xE7},  {"egrave", 0xE8},  {"eacute", 0xE9},  {"ecirc", 0xEA},
    {"euml", 0xEB},     {"igrave", 0xEC},  {"iacute", 0xED},  {"icirc", 0xEE},   {"iuml", 0xEF},
    {"eth", 0xF0},      {"ntilde", 0xF1},  {"ograve", 0xF2},  {"oacute", 0xF3},  {"ocirc", 0xF4},
    {"otilde", 0xF5},   {"ouml", 0xF6},    {"divide", 0xF7},  {"oslash", 0xF8},  {"ugrave", 0xF9},
    {"uacute", 0xFA},   {"ucirc", 0xFB},   {"uuml", 0xFC},    {"yacute", 0xFD},  {"thorn", 0xFE},
    {"yuml", 0xFF},     {"OElig", 0x152},  {"oelig", 0x153},  {"ndash", 0x2013}, {"mdash", 0x2014},
    {"lsquo", 0x2018},  {"rsquo", 0x2019}, {"ldquo", 0x201C}, {"rdquo", 0x201D}, {"bull", 0x2022},
    {"hellip", 0x2026}, {"euro", 0x20AC},  {"trade", 0x2122}, {"larr", 0x2190},  {"rarr", 0x2192},
    {"hearts", 0x2665},
};

/* What numbers 128 to 159 stand for (HTML, section 13.2.5.80); 0: themselves. */
static const uint16_t windows[32] = {
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

/* Reads "#123" or "#x7b" at `text`; returns its bytes, 0 if it is none. */
static size_t read_number(const char *text, uint32_t *point)
{
    const bool hexadecimal = text[1] == 'x' || text[1] == 'X';
    const char *digits = text + (hexadecimal ? 2 : 1);
    const size_t length = strspn(digits, hexadecimal ? "0123456789abcdefABCDEF" : "0123456789");
    if (length == 0)
        return 0;
    const unsigned long value =
        length > LONGEST_REFERENCE ? 0 : strtoul(digits, NULL, hexadecimal ? 16 : 10);
    *point = value > 0x10FFFF || value == 0 ? 0xFFFD : (uint32_t)value;
    if (*point >= 0x80 && *point < 0xA0 && windows[*point - 0x80])
        *point = windows[*point - 0x80];
    return (size_t)(digits - text) + length;
}

/* Reads a name with its semicolon at `text`; returns the bytes before that, 0 if it is none. */
static size_t read_name(const char *text, uint32_t *point)
{
    for (size_t i = 0; i < sizeof references / sizeof *references; i++) {
        const size_t length = strlen(references[i].name);
        /* HTML forgives a missing semicolon after the names of Latin-1. */
        if (sg_has_prefix(text, references[i].name) &&
            (text[length] == ';' || (references[i].point <= 0xFF && references[i].point != '\''))) {
            *point = references[i].point;
            return length;
        }
    }
    return 0;
}

/* Appends a text with its references resolved. */
static void unescape(const char *text, sg_text *result)
{
    for (const char *at = text; *at != '\0';) {
        uint32_t point = 0;
        const size_t length = *at != '&'     ? 0
                              : at[1] == '#' ? read_number(at + 1, &point)
                                             : read_name(at + 1, &point);
        if (length == 0) {
            sg_text_append_bytes(result, at++, 1);
            continue;
        }
        char bytes[SG_UTF8_MOST_BYTES];
        sg_text_append_bytes(result, bytes, sg_utf8_write(point, bytes));
        at += 1 + length;
        at += *at == ';';
    }
}

/* Appends lower case, white space collapsed. */
static void collapse(const char *text, sg_text *result)
{
    bool space = false;
    size_t length;
    for (const char *at = text; *at != '\0'; at += length) {
        const uint32_t point = sg_utf8_read(at, &length);
        char bytes[SG_UTF8_MOST_BYTES];
        if (sg_is_white(point)) {
            space = result->length > 0;
            continue;
        }
        if (space)
            sg_text_append_bytes(result, " ", 1);
        space = false;
        if (point == 0x130) /* the one letter whose lower case is two points */
            sg_text_append_bytes(result, "i\xcc\x87", 3);
        else
            sg_text_append_bytes(result, bytes, sg_utf8_write(sg_lower_case(point), bytes));
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
