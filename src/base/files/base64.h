/* Base64 (RFC 4648): bytes as letters, digits, "+" and "/". */
#ifndef SG_BASE_FILES_BASE64_H
#define SG_BASE_FILES_BASE64_H

#include <stddef.h>

/* The bytes of a group, which becomes as many characters plus one. */
enum { SG_BASE64_GROUP = 3 };

/* Writes the first group of `left` bytes, at least 1, as 4 characters; "=" stand for missing bytes.
 */
void sg_base64_group(const unsigned char *bytes, size_t left, char digits[SG_BASE64_GROUP + 1]);

#endif
