/* Errors are sentences: formats them, keeps the first one, and makes them safe to show. */
#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

/* Ends a sentence that did not fit with three dots, without cutting a UTF-8 character in two. */
static void mark_truncation(char *message, size_t capacity)
{
    size_t end = capacity - 4;
    while (end > 0 && ((unsigned char)message[end] & 0xc0) == 0x80)
        end--;
    memcpy(message + end, "...", 4);
}

/* In parentheses, since the header covers the name with a macro for the static analyser. */
sg_status(sg_fail)(sg_error *error, sg_status status, const char *format, ...)
{
    if (!error || error->status)
        return status;
    error->status = status;
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(error->message, sizeof error->message, format, arguments);
    va_end(arguments);
    if (length < 0)
        error->message[0] = '\0';
    else if ((size_t)length >= sizeof error->message)
        mark_truncation(error->message, sizeof error->message);
    sg_text_make_safe(error->message);
    return status;
}

void sg_error_clear(sg_error *error)
{
    if (error) {
        error->status = SG_OK;
        error->message[0] = '\0';
    }
}
