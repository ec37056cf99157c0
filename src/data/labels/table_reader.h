/*
 * Reads tables of text row by row: fields between separators, with the quotes of RFC 4180. A row is
 * a line, except within quotes.
 */
#ifndef SG_DATA_LABELS_TABLE_READER_H
#define SG_DATA_LABELS_TABLE_READER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

/* The most fields of a row; more are not kept. */
#define SG_MOST_COLUMNS 70000

/* A table that is being read. Blanks around fields are left out; runs of blanks are one separator
 * where a blank is the separator. */
typedef struct sg_table_reader {
    const char *at, *end;
    char separator;
    size_t line; /* of `at`, from 1 */
} sg_table_reader;

/* A row; start from a zeroed struct, clear it after use. */
typedef struct sg_table_row {
    size_t line; /* at which it begins */
    sg_text text;
    size_t *starts; /* [count]: offsets of the fields in text.bytes, each zero-terminated */
    size_t count, capacity;
    bool failed; /* for lack of memory */
} sg_table_row;

/* Reads the next row that is not blank; false at the end or on lack of memory. */
bool sg_table_next(sg_table_reader *reader, sg_table_row *row);

/* Returns a field; "" beyond the last. */
const char *sg_table_field(const sg_table_row *row, size_t column);

/* Frees the row's content and zeroes it. */
void sg_table_row_clear(sg_table_row *row);

/*
 * Returns the text of a file without its byte order mark, from UTF-16 where the mark says so, on
 * the heap; NULL on lack of memory. *length is its length; a zero byte follows.
 */
char *sg_table_text(const unsigned char *bytes, size_t size, size_t *length);

#endif
