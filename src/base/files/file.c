/* Files and paths over POSIX calls. */
#include "base/files/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/allocate.h"
#include "base/files/input_file.h"
#include "base/files/leftovers.h"

#define LARGEST_READ ((size_t)1 << 30)

char *sg_path_join(const char *folder, const char *name)
{
    if (!folder || folder[0] == '\0')
        return sg_duplicate_text(name);
    size_t folder_length = strlen(folder);
    size_t capacity = folder_length + strlen(name) + 2;
    char *path = sg_allocate(capacity, 1);
    if (path) {
        const char *slash = folder[folder_length - 1] == '/' ? "" : "/";
        snprintf(path, capacity, "%s%s%s", folder, slash, name);
    }
    return path;
}

char *sg_user_folder(sg_user_place place)
{
    static const struct {
        const char *variable, *below_home;
    } places[] = {[SG_USER_DATA] = {"XDG_DATA_HOME", ".local/share/stylegan"},
                  [SG_USER_CACHE] = {"XDG_CACHE_HOME", ".cache/stylegan"}};
    const char *folder = getenv(places[place].variable);
    const char *home = getenv("HOME");
    if (folder && folder[0] == '/') /* the specification ignores other values */
        return sg_path_join(folder, "stylegan");
    return home && home[0] != '\0' ? sg_path_join(home, places[place].below_home) : NULL;
}

const char *sg_path_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

const char *sg_path_last(const char *path, size_t *length)
{
    size_t end = strlen(path);
    while (end > 0 && path[end - 1] == '/')
        end--;
    size_t start = end;
    while (start > 0 && path[start - 1] != '/')
        start--;
    *length = end - start;
    return path + start;
}

bool sg_path_exists(const char *path)
{
    struct stat information;
    return stat(path, &information) == 0;
}

bool sg_is_url(const char *path)
{
    const size_t scheme =
        strspn(path, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+.-");
    return scheme > 1 && strncmp(path + scheme, "://", 3) == 0;
}

sg_status sg_file_fail_open(const char *path, sg_error *error)
{
    if (sg_is_url(path))
        return sg_fail(error, SG_ERROR_FILE,
                       "%s is a URL, and nothing is downloaded: download it first, as with \"curl "
                       "-LO %s\", and give the name of the file",
                       path, path);
    return sg_fail(error, SG_ERROR_FILE, "cannot open %s: %s", path, strerror(errno));
}

bool sg_path_is_folder(const char *path)
{
    struct stat information;
    return stat(path, &information) == 0 && S_ISDIR(information.st_mode);
}

bool sg_path_is_regular(const char *path)
{
    struct stat information;
    return stat(path, &information) == 0 && S_ISREG(information.st_mode);
}

bool sg_path_is_same(const char *a, const char *b)
{
    struct stat first;
    struct stat second;
    return stat(a, &first) == 0 && stat(b, &second) == 0 && first.st_dev == second.st_dev &&
           first.st_ino == second.st_ino;
}

bool sg_path_is_one_of(const char *path, const char *const *files, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (files[i] && sg_path_is_same(files[i], path))
            return true;
    return false;
}

sg_file_mark sg_file_mark_of(const char *path)
{
    struct stat information;
    if (stat(path, &information) != 0)
        return (sg_file_mark){0};
    return (sg_file_mark){.device = (uint64_t)information.st_dev,
                          .number = (uint64_t)information.st_ino,
                          .bytes = (uint64_t)information.st_size,
                          .seconds = (int64_t)information.st_mtim.tv_sec,
                          .nanoseconds = (int64_t)information.st_mtim.tv_nsec};
}

bool sg_file_is_as_marked(const char *path, const sg_file_mark *mark)
{
    static const sg_file_mark none = {0};
    const sg_file_mark now = sg_file_mark_of(path);
    return memcmp(&now, &none, sizeof now) == 0 || memcmp(&now, mark, sizeof now) == 0;
}

static sg_status make_folder(const char *path, sg_error *error)
{
    if (mkdir(path, 0777) == 0)
        return SG_OK;
    int reason = errno;
    if (sg_path_is_folder(path))
        return SG_OK;
    if (reason == EEXIST)
        return sg_fail(error, SG_ERROR_FILE, "cannot make the folder %s: a file has that name",
                       path);
    return sg_fail(error, SG_ERROR_FILE, "cannot make the folder %s: %s", path, strerror(reason));
}

sg_status sg_make_missing_folders(const char *path, sg_error *error)
{
    if (path[0] == '\0')
        return SG_OK;
    char *prefix = sg_duplicate_text(path);
    if (!prefix)
        return sg_fail_memory(error, "the folder %s", path);
    sg_status status = SG_OK;
    for (char *at = prefix + 1; !status && *at != '\0'; at++) {
        if (*at == '/') {
            *at = '\0';
            status = make_folder(prefix, error);
            *at = '/';
        }
    }
    if (!status)
        status = make_folder(prefix, error);
    free(prefix);
    return status;
}

sg_status sg_make_folders(const char *path, sg_error *error)
{
    SG_TRY(sg_make_missing_folders(path, error));
    sg_sweep_leftovers(path[0] == '\0' ? "." : path);
    return SG_OK;
}

sg_status sg_make_parent_folder(const char *path, sg_error *error)
{
    char *folder = sg_path_folder(path);
    const sg_status status =
        folder ? sg_make_folders(folder, error) : sg_fail_memory(error, "%s", path);
    free(folder);
    return status;
}

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

char *sg_path_folder(const char *path)
{
    const char *slash = strrchr(path, '/');
    if (!slash)
        return sg_duplicate_text(".");
    size_t length = slash == path ? 1 : (size_t)(slash - path);
    return strndup(path, length);
}
