/* A growing string: the capacity at least doubles, so that all appending together is linear. */
#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"

/* Makes room for `extra` more bytes and the final zero. */
static bool reserve(sg_text *text, size_t extra)
{
    size_t needed;
    if (text->failed || !sg_size_add(text->length, extra, &needed) ||
        !sg_size_add(needed, 1, &needed)) {
        text->failed = true;
        return false;
    }
    if (needed <= text->capacity)
        return true;
    size_t doubled = 0;
    size_t capacity = needed < 64 ? 64 : needed;
    if (sg_size_multiply(text->capacity, 2, &doubled) && doubled > capacity)
        capacity = doubled;
    char *bytes = sg_reallocate(text->bytes, capacity, 1);
    if (!bytes) {
        text->failed = true;
        return false;
    }
    text->bytes = bytes;
    text->capacity = capacity;
    return true;
}

void sg_text_append(sg_text *text, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length < 0) {
        text->failed = true;
        return;
    }
    if (!reserve(text, (size_t)length))
        return;
    va_start(arguments, format);
    vsnprintf(text->bytes + text->length, (size_t)length + 1, format, arguments);
    va_end(arguments);
    text->length += (size_t)length;
}

void sg_text_append_bytes(sg_text *text, const char *bytes, size_t length)
{
    if (!reserve(text, length))
        return;
    if (length > 0)
        memcpy(text->bytes + text->length, bytes, length);
    text->length += length;
    text->bytes[text->length] = '\0';
}

char *sg_text_make_safe(char *text)
{
    for (char *at = text; *at != '\0'; at++) {
        unsigned char byte = (unsigned char)at[0];
        unsigned char next = (unsigned char)at[1];
        if (byte == 0xc2 && next >= 0x80 && next < 0xa0) {
            *at++ = '?';
            *at = '?';
        } else if (byte < 0x20 || byte == 0x7f) {
            *at = '?';
        }
    }
    return text;
}

void sg_text_clear(sg_text *text)
{
    free(text->bytes);
    *text = (sg_text){0};
}

bool sg_ends_with(const char *text, size_t length, const char *suffix)
{
    const size_t end = strlen(suffix);
    return length >= end && memcmp(text + length - end, suffix, end) == 0;
}

bool sg_has_prefix(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

bool sg_has_suffix(const char *text, const char *suffix)
{
    return sg_ends_with(text, strlen(text), suffix);
}

void sg_print_number(char *text, double value)
{
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, SG_NUMBER_TEXT_BYTES, "%.*g", digits, value);
        if (strtod(text, NULL) == value)
            return;
    }
}
