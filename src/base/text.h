/* A string that grows. After a failed allocation it stays as it was and text.failed is set. */
#ifndef SG_BASE_TEXT_H
#define SG_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

typedef struct sg_text {
    char *bytes; /* zero-terminated once anything was appended; NULL when empty */
    size_t length;
    size_t capacity;
    bool failed;
} sg_text;

/* Appends printf-formatted text. Start from a zeroed struct. */
void sg_text_append(sg_text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Appends `length` raw bytes. */
void sg_text_append_bytes(sg_text *text, const char *bytes, size_t length);

/*
 * Puts question marks in place of control characters, which in a text from a file could break the
 * line or command the terminal. In UTF-8 those from U+0080 to U+009F have two bytes. Returns text.
 */
char *sg_text_make_safe(char *text);

/* Whether `text` ends with `suffix`, in the same case. */
bool sg_has_suffix(const char *text, const char *suffix);

/* Frees the buffer and zeroes the struct. */
void sg_text_clear(sg_text *text);

#endif
