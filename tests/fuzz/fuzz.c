/*
 * Files in memory with names: a temporary folder has a link to each. A fuzzer that finds a fault
 * leaves the folder.
 */
#define _GNU_SOURCE
#include "fuzz/fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { LARGEST_COUNT = 4, PATH_BYTES = 512 };

/* A named file. */
typedef struct memory_file {
    const char *name;
    int descriptor;
    char path[PATH_BYTES];   /* in the folder */
    char target[PATH_BYTES]; /* of the link */
} memory_file;

static memory_file files[LARGEST_COUNT];
static size_t file_count;
static char folder[PATH_BYTES / 2];

/* Ends the process after a failure of the test itself, not of the code under test. */
static void require(bool condition, const char *what)
{
    if (!condition) {
        perror(what);
        exit(1);
    }
}

static void remove_folder(void)
{
    for (size_t i = 0; i < file_count; i++)
        unlink(files[i].path);
    rmdir(folder);
}

static void make_folder(void)
{
    const char *parent = getenv("TMPDIR");
    snprintf(folder, sizeof folder, "%s/stylegan-fuzz-XXXXXX",
             parent && parent[0] != '\0' ? parent : "/tmp");
    require(mkdtemp(folder), folder);
    atexit(remove_folder);
}

static memory_file *find_file(const char *name)
{
    for (size_t i = 0; i < file_count; i++)
        if (strcmp(files[i].name, name) == 0)
            return &files[i];
    if (file_count == 0)
        make_folder();
    require(file_count < LARGEST_COUNT, "too many files");
    memory_file *file = &files[file_count++];
    file->name = name;
    file->descriptor = memfd_create(name, MFD_CLOEXEC);
    require(file->descriptor >= 0, "memfd_create");
    snprintf(file->path, sizeof file->path, "%s/%s", folder, name);
    snprintf(file->target, sizeof file->target, "/proc/%ld/fd/%d", (long)getpid(),
             file->descriptor);
    return file;
}

const char *fuzz_file(const char *name, const uint8_t *data, size_t size)
{
    memory_file *file = find_file(name);
    require(pwrite(file->descriptor, data, size, 0) == (ssize_t)size, "pwrite");
    require(ftruncate(file->descriptor, (off_t)size) == 0, "ftruncate");
    if (access(file->path, F_OK) != 0)
        require(symlink(file->target, file->path) == 0, file->path);
    return file->path;
}

void fuzz_file_remove(const char *name)
{
    unlink(find_file(name)->path);
}

/* True if the sentence ends, is not empty, and has no control character of one or two bytes. */
static bool is_shown_safely(const sg_error *error)
{
    const char *message = error->message;
    if (message[0] == '\0' || !memchr(message, '\0', sizeof error->message))
        return false;
    for (size_t i = 0; message[i] != '\0'; i++) {
        const unsigned char byte = (unsigned char)message[i];
        const unsigned char next = (unsigned char)message[i + 1];
        if (byte < 0x20 || byte == 0x7f || (byte == 0xc2 && next >= 0x80 && next < 0xa0))
            return false;
    }
    return true;
}

sg_status fuzz_check(sg_status status, sg_error *error)
{
    if (status != error->status || (status && !is_shown_safely(error))) {
        fprintf(stderr, "status %d, but the error has %d and says '%s'\n", (int)status,
                (int)error->status, error->message);
        abort();
    }
    *error = (sg_error){0};
    return status;
}
