/* Code points of Unicode: reading and writing them as UTF-8, their kinds, and lower case. */
#ifndef SG_FEATURES_CLIP_UNICODE_H
#define SG_FEATURES_CLIP_UNICODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Returns the code point at the start of `text`, which is UTF-8 (base/utf8.h), and its bytes. */
uint32_t sg_utf8_read(const char *text, size_t *bytes);

/* Writes a code point as UTF-8 and returns its bytes; points that are none become U+FFFD. */
enum { SG_UTF8_MOST_BYTES = 4 };
size_t sg_utf8_write(uint32_t point, char text[SG_UTF8_MOST_BYTES]);

/* Tell letters (category L), numbers (N) and white space as Python's str.isspace() does. */
bool sg_is_letter(uint32_t point);
bool sg_is_number(uint32_t point);
bool sg_is_white(uint32_t point);

/* Returns the lower case of a letter, the same point for all else. */
uint32_t sg_lower_case(uint32_t point);

#endif
