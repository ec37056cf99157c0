/* A growing string. A failed allocation leaves it unchanged and sets text.failed. */
#ifndef SG_BASE_TEXT_H
#define SG_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* The string; start from a zeroed struct, clear it after use. */
typedef struct sg_text {
    char *bytes; /* zero-terminated; NULL before anything is appended */
    size_t length;
    size_t capacity;
    bool failed;
} sg_text;

/* Appends text in printf's format. */
void sg_text_append(sg_text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Appends `length` raw bytes. */
void sg_text_append_bytes(sg_text *text, const char *bytes, size_t length);

/*
 * Replaces control characters, which could break a line or command a terminal, by question marks:
 * U+0000 to U+001F, U+007F, and in UTF-8 U+0080 to U+009F (two bytes, two marks). Returns `text`.
 */
char *sg_text_make_safe(char *text);

/* Tells whether `text` begins with `prefix`, in the same case. */
bool sg_has_prefix(const char *text, const char *prefix);

/* Tells whether `text`, or its first `length` bytes, end with `suffix`, in the same case. */
bool sg_has_suffix(const char *text, const char *suffix);
bool sg_ends_with(const char *text, size_t length, const char *suffix);

/* Frees the buffer and zeroes the struct. */
void sg_text_clear(sg_text *text);

/* Writes the shortest decimal that reads back as `value` to `text` [SG_NUMBER_TEXT_BYTES]. */
enum { SG_NUMBER_TEXT_BYTES = 40 };
void sg_print_number(char *text, double value);

#endif
