/* Temporary folders through mkdtemp and nftw. */
#define _XOPEN_SOURCE 700
#include "support/temporary_folder.h"

#include <ftw.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int temporary_folder_setup(void **state)
{
    const char *parent = getenv("TMPDIR");
    char template[4096];
    snprintf(template, sizeof template, "%s/stylegan-test-XXXXXX",
             parent && parent[0] != '\0' ? parent : "/tmp");
    if (!mkdtemp(template))
        return -1;
    *state = strdup(template);
    return *state ? 0 : -1;
}

static int remove_entry(const char *path, const struct stat *status, int kind, struct FTW *place)
{
    (void)status;
    (void)kind;
    (void)place;
    return remove(path);
}

int temporary_folder_teardown(void **state)
{
    const int code = nftw(*state, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
    free(*state);
    *state = NULL;
    return code;
}

int user_folders_setup(void **state)
{
    const int failed = temporary_folder_setup(state);
    char *cache = failed ? NULL : temporary_path(state, "cache");
    char *data = failed ? NULL : temporary_path(state, "data");
    const bool set =
        cache && data && !setenv("XDG_CACHE_HOME", cache, 1) && !setenv("XDG_DATA_HOME", data, 1);
    free(cache);
    free(data);
    return set ? 0 : -1;
}

char *temporary_path(void *const *state, const char *name)
{
    const char *folder = *state;
    const size_t size = strlen(folder) + strlen(name) + 2;
    char *path = malloc(size);
    if (!path)
        abort();
    snprintf(path, size, "%s/%s", folder, name);
    return path;
}
