/* Texts in UTF-8. */
#ifndef SG_BASE_UTF8_H
#define SG_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>

/* What is taken for UTF-8 besides RFC 3629. */
typedef enum sg_utf8_kind {
    SG_UTF8_STRICT,
    SG_UTF8_SURROGATES /* lone surrogates, too, which Python writes */
} sg_utf8_kind;

/* Whether `size` bytes are UTF-8: no overlong forms, no points above U+10FFFF. */
bool sg_is_utf8(const void *text, size_t size, sg_utf8_kind kind);

#endif
