/* Appended lines; see line_append.h. */
#include "base/files/line_append.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

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
