/* Lines of text files. They are read byte by byte: a reader of a pipe must not wait for bytes after
 * the line. */
#include "base/files/line_reader.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

/* ---- appending ---- */

/* Tells whether the stream's file ends within a line. */
static bool is_torn(FILE *stream)
{
    return fseek(stream, -1, SEEK_END) == 0 && fgetc(stream) != '\n';
}

sg_status sg_append_line(const char *path, const char *line, sg_error *error)
{
    FILE *stream = fopen(path, "a+e");
    if (!stream)
        return sg_fail(error, SG_ERROR_FILE, "cannot open %s to append to it: %s", path,
                       strerror(errno));
    const bool torn = is_torn(stream);
    (void)fseek(stream, 0, SEEK_END); /* between reading and writing */
    bool written = fprintf(stream, "%s%s\n", torn ? "\n" : "", line) >= 0 && fflush(stream) == 0;
    const int reason = errno;
    written = fclose(stream) == 0 && written;
    return written
               ? SG_OK
               : sg_fail(error, SG_ERROR_FILE, "cannot write to %s: %s", path, strerror(reason));
}
