/* Reads a stream line by line, in lines of bounded length, and appends lines to files. */
#ifndef SG_BASE_FILES_LINE_READER_H
#define SG_BASE_FILES_LINE_READER_H

#include <stddef.h>
#include <stdio.h>

#include "base/error.h"

/* A stream that is being read; zero it, set `stream` (borrowed) and `limit`, clear it after use. */
typedef struct sg_line_reader {
    FILE *stream;
    size_t limit;  /* the longest line that is kept, in bytes without its end */
    char *line;    /* the last line, zero-terminated, without its end (\n or \r\n); owned */
    size_t length; /* of `line` */
    size_t number; /* of the last line, counted from 1 */
    size_t capacity;
} sg_line_reader;

/* The result of reading a line. */
typedef enum sg_line_state {
    SG_LINE_READ,
    SG_LINE_TOO_LONG, /* it was skipped; `line` is undefined */
    SG_LINE_END,      /* nothing is left to read */
    SG_LINE_FAILED,   /* the stream failed; errno says why */
    SG_LINE_NO_MEMORY /* it was skipped for lack of memory; `line` is undefined */
} sg_line_state;

/* Reads the next line, and no byte after its end. The last line needs no end. */
sg_line_state sg_line_read(sg_line_reader *reader);

/* Frees the line and zeroes the reader; the stream stays open. */
void sg_line_reader_clear(sg_line_reader *reader);

/*
 * Appends the line and a newline to the file at `path`, which is made where it is missing. A line
 * that a crash has torn is ended first, so that nothing is glued to it. Fails with SG_ERROR_FILE.
 */
sg_status sg_append_line(const char *path, const char *line, sg_error *error);

#endif
