/* Formats the sentences of errors, keeps the first one, and makes it safe to print. */
#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/utf8.h"

/* Ends a sentence that does not fit with three dots, without cutting a UTF-8 character in two. */
static void mark_truncation(char *message, size_t capacity)
{
    memcpy(message + sg_utf8_cut(message, capacity - 4), "...", 4);
}

static void record(sg_error *error, sg_status status, const char *prefix, const char *format,
                   va_list arguments)
{
    if (!error || error->status)
        return;
    error->status = status;
    const size_t start = strlen(prefix);
    memcpy(error->message, prefix, start + 1);
    const size_t room = sizeof error->message - start;
    const int length = vsnprintf(error->message + start, room, format, arguments);
    if (length < 0)
        error->message[0] = '\0';
    else if ((size_t)length >= room)
        mark_truncation(error->message, sizeof error->message);
    sg_text_make_safe(error->message);
}

/* In parentheses, because the header defines a macro of that name for the static analyser. */
sg_status(sg_fail)(sg_error *error, sg_status status, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    record(error, status, "", format, arguments);
    va_end(arguments);
    return status;
}

sg_status(sg_fail_memory)(sg_error *error, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    record(error, SG_ERROR_MEMORY, "out of memory for ", format, arguments);
    va_end(arguments);
    return SG_ERROR_MEMORY;
}

void sg_error_clear(sg_error *error)
{
    if (error) {
        error->status = SG_OK;
        error->message[0] = '\0';
    }
}
