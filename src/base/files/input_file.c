/* Files for reading; see input_file.h. */
#include "base/files/input_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/files/file.h"

static sg_status check_regular(const char *path, int descriptor, sg_error *error)
{
    struct stat information;
    if (fstat(descriptor, &information) != 0)
        return sg_fail(error, SG_ERROR_FILE, "cannot read %s: %s", path, strerror(errno));
    if (S_ISREG(information.st_mode))
        return SG_OK;
    return sg_fail(error, SG_ERROR_FILE, "cannot read %s: it is %s", path,
                   S_ISDIR(information.st_mode) ? "a folder, not a file" : "not a regular file");
}

sg_status sg_input_open(const char *path, int *descriptor, sg_error *error)
{
    /* Without O_NONBLOCK the opening of a pipe waits for a writer; it changes nothing for regular
     * files. */
    *descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (*descriptor < 0)
        return sg_file_fail_open(path, error);
    const sg_status status = check_regular(path, *descriptor, error);
    if (status) {
        close(*descriptor);
        *descriptor = -1;
    }
    return status;
}

sg_status sg_input_stream(const char *path, FILE **stream, sg_error *error)
{
    int descriptor = -1;
    *stream = NULL;
    SG_TRY(sg_input_open(path, &descriptor, error));
    *stream = fdopen(descriptor, "rb");
    if (*stream)
        return SG_OK;
    close(descriptor);
    return sg_fail_memory(error, "%s", path);
}

sg_status sg_input_gzip(const char *path, gzFile *stream, sg_error *error)
{
    int descriptor = -1;
    *stream = NULL;
    SG_TRY(sg_input_open(path, &descriptor, error));
    *stream = gzdopen(descriptor, "rb");
    if (*stream)
        return SG_OK;
    close(descriptor);
    return sg_fail_memory(error, "%s", path);
}
