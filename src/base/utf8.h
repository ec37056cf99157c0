/* Checks and cuts of UTF-8. */
#ifndef SG_BASE_UTF8_H
#define SG_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>

/* What counts as UTF-8. */
typedef enum sg_utf8_kind {
    SG_UTF8_STRICT,    /* RFC 3629 */
    SG_UTF8_SURROGATES /* and lone surrogates, which Python writes */
} sg_utf8_kind;

/* True if `size` bytes are UTF-8 without overlong forms and points above U+10FFFF. */
bool sg_is_utf8(const void *text, size_t size, sg_utf8_kind kind);

/* Returns the bytes of the longest beginning of `text` that has at most `most` bytes and does not
 * end within a character. */
size_t sg_utf8_cut(const char *text, size_t most);

#endif
