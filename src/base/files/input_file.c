/* Files for reading; see input_file.h. */
#include "base/files/input_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "base/allocate.h"
#include "base/files/file.h"

#define LARGEST_READ ((size_t)1 << 30)

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

sg_status sg_input_gzip(const char *path, struct gzFile_s **stream, sg_error *error)
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

/* ---- whole files ---- */

/* A file that is being read: the bytes so far, with room for at least the final zero. */
typedef struct reading {
    const char *path;
    size_t limit;
    unsigned char *bytes;
    size_t size;
    size_t capacity;
} reading;

static sg_status fail_over_limit(const reading *file, sg_error *error)
{
    return sg_fail(error, SG_ERROR_FILE,
                   "%s is larger than the %zu bytes that are read of such a file", file->path,
                   file->limit);
}

static sg_status grow_reading(reading *file, size_t capacity, sg_error *error)
{
    unsigned char *bytes = sg_reallocate(file->bytes, capacity, 1);
    if (!bytes)
        return sg_fail_memory(error, "%s (%zu bytes)", file->path, capacity);
    file->bytes = bytes;
    file->capacity = capacity;
    return SG_OK;
}

/* Refuses files over the limit, and makes room for the size that the file claims. */
static sg_status prepare_reading(reading *file, int descriptor, sg_error *error)
{
    struct stat information;
    if (fstat(descriptor, &information) != 0)
        return sg_fail(error, SG_ERROR_FILE, "cannot read %s: %s", file->path, strerror(errno));
    size_t promised = information.st_size > 0 ? (size_t)information.st_size : 0;
    size_t capacity;
    if (promised > file->limit || !sg_size_add(promised, 2, &capacity))
        return fail_over_limit(file, error);
    return grow_reading(file, capacity, error);
}

/* Reads to the end, whatever size the file claims: those of /proc claim none. */
static sg_status read_to_end(reading *file, int descriptor, sg_error *error)
{
    for (;;) {
        size_t room = file->capacity - file->size - 1;
        ssize_t count =
            read(descriptor, file->bytes + file->size, room < LARGEST_READ ? room : LARGEST_READ);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return sg_fail(error, SG_ERROR_FILE, "cannot read %s: %s", file->path, strerror(errno));
        if (count == 0) {
            file->bytes[file->size] = 0;
            return SG_OK;
        }
        file->size += (size_t)count;
        if (file->size > file->limit)
            return fail_over_limit(file, error);
        if (file->size + 1 == file->capacity) {
            size_t capacity;
            if (!sg_size_multiply(file->capacity, 2, &capacity))
                return fail_over_limit(file, error);
            SG_TRY(grow_reading(file, capacity, error));
        }
    }
}

sg_status sg_read_file(const char *path, size_t limit, unsigned char **bytes, size_t *size,
                       sg_error *error)
{
    *bytes = NULL;
    *size = 0;
    int descriptor = -1;
    SG_TRY(sg_input_open(path, &descriptor, error));
    reading file = {.path = path, .limit = limit};
    sg_status status = prepare_reading(&file, descriptor, error);
    if (!status)
        status = read_to_end(&file, descriptor, error);
    close(descriptor);
    if (status) {
        free(file.bytes);
        return status;
    }
    *bytes = file.bytes;
    *size = file.size;
    return SG_OK;
}
