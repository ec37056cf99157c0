/* Checks UTF-8 character by character (RFC 3629, section 4), and cuts it. */
#include "base/utf8.h"

#include <string.h>

/* Returns the length of a character that starts with this byte; 0 when none does. */
static size_t character_length(unsigned char first)
{
    if (first < 0x80)
        return 1;
    if (first >= 0xc2 && first < 0xe0)
        return 2;
    if ((first & 0xf0) == 0xe0)
        return 3;
    return first >= 0xf0 && first < 0xf5 ? 4 : 0;
}

bool sg_is_utf8(const void *text, size_t size, sg_utf8_kind kind)
{
    const unsigned char *bytes = text;
    size_t at = 0;
    while (at < size) {
        size_t length = character_length(bytes[at]);
        if (length == 0 || length > size - at)
            return false;
        for (size_t i = 1; i < length; i++)
            if ((bytes[at + i] & 0xc0) != 0x80)
                return false;
        bool overlong = (bytes[at] == 0xe0 && bytes[at + 1] < 0xa0) ||
                        (bytes[at] == 0xf0 && bytes[at + 1] < 0x90);
        bool surrogate = bytes[at] == 0xed && bytes[at + 1] > 0x9f;
        if (overlong || (surrogate && kind == SG_UTF8_STRICT) ||
            (bytes[at] == 0xf4 && bytes[at + 1] > 0x8f))
            return false;
        at += length;
    }
    return true;
}

size_t sg_utf8_cut(const char *text, size_t most)
{
    const char *end = memchr(text, '\0', most);
    if (end)
        return (size_t)(end - text);
    while (most > 0 && ((unsigned char)text[most] & 0xc0) == 0x80)
        most--;
    return most;
}
