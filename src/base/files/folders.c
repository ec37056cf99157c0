/* Folders; see folders.h. Tested by: tests/base/files/test_file.c */
#include "base/files/folders.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/allocate.h"
#include "base/files/file.h"
#include "base/files/leftovers.h"

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

/* Calls `make` for the folder of a file. */
static sg_status make_folder_of(const char *path,
                                sg_status (*make)(const char *folder, sg_error *error),
                                sg_error *error)
{
    char *folder = sg_path_folder(path);
    const sg_status status = folder ? make(folder, error) : sg_fail_memory(error, "%s", path);
    free(folder);
    return status;
}

sg_status sg_make_missing_parent(const char *path, sg_error *error)
{
    return make_folder_of(path, sg_make_missing_folders, error);
}

sg_status sg_make_parent_folder(const char *path, sg_error *error)
{
    return make_folder_of(path, sg_make_folders, error);
}
