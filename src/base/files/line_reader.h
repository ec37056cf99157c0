/* Reading a stream line by line, each of bounded length. */
#ifndef SG_BASE_FILES_LINE_READER_H
#define SG_BASE_FILES_LINE_READER_H

#include <stddef.h>
#include <stdio.h>

/* A stream being read; zero it, set `stream` (borrowed) and `limit`, clear it after. */
typedef struct sg_line_reader {
    FILE *stream;
    size_t limit; /* the longest line that is kept, in bytes without its end */
    char *line;   /* the last one, zero-terminated, without its end (\n or \r\n); owned */
    size_t length;
    size_t number; /* of the last line, counted from 1 */
    size_t capacity;
} sg_line_reader;

typedef enum sg_line_state {
    SG_LINE_READ,
    SG_LINE_TOO_LONG, /* it was passed over; there is no line */
    SG_LINE_END,      /* nothing is left to read */
    SG_LINE_FAILED,   /* the stream failed; errno says why */
    SG_LINE_NO_MEMORY /* as SG_LINE_TOO_LONG, for lack of memory */
} sg_line_state;

/*
 * Reads the next line, waiting for its end and for nothing behind it. The last line needs no end.
 */
sg_line_state sg_line_read(sg_line_reader *reader);

/* Frees the line and zeroes the reader; the stream stays open. */
void sg_line_reader_clear(sg_line_reader *reader);

#endif
