/* Files and paths over POSIX calls. */
#include "base/files/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/allocate.h"

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

char *sg_path_folder(const char *path)
{
    const char *slash = strrchr(path, '/');
    if (!slash)
        return sg_duplicate_text(".");
    size_t length = slash == path ? 1 : (size_t)(slash - path);
    return strndup(path, length);
}
