/* Reads lines byte by byte: a reader of a pipe must not wait for bytes after the line. */
#include "base/files/line_reader.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/allocate.h"

/* Makes room for one more byte and the final zero. */
static bool grow(sg_line_reader *reader)
{
    return sg_grow(&reader->line, &reader->capacity, reader->length + 1, 1);
}

/* Removes '\r' from the line's end, and terminates it. */
static void finish(sg_line_reader *reader)
{
    if (reader->length > 0 && reader->line[reader->length - 1] == '\r')
        reader->length--;
    reader->line[reader->length] = '\0';
}

sg_line_state sg_line_read(sg_line_reader *reader)
{
    sg_line_state state = SG_LINE_READ;
    reader->length = 0;
    if (!grow(reader))
        state = SG_LINE_NO_MEMORY;
    int byte = getc(reader->stream);
    if (byte == EOF)
        return ferror(reader->stream) ? SG_LINE_FAILED : SG_LINE_END;
    reader->number++;
    for (; byte != EOF && byte != '\n'; byte = getc(reader->stream)) {
        if (state != SG_LINE_READ)
            continue;
        if (reader->length == reader->limit)
            state = SG_LINE_TOO_LONG;
        else if (!grow(reader))
            state = SG_LINE_NO_MEMORY;
        else
            reader->line[reader->length++] = (char)byte;
    }
    if (ferror(reader->stream))
        return SG_LINE_FAILED;
    if (state == SG_LINE_READ)
        finish(reader);
    return state;
}

void sg_line_reader_clear(sg_line_reader *reader)
{
    free(reader->line);
    *reader = (sg_line_reader){0};
}
