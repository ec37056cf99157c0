/* Temporary names, and the sweeping of them; see leftovers.h. */
#define _GNU_SOURCE /* nftw */
#include "base/files/leftovers.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/files/file.h"

#define OPEN_FOLDERS 16 /* while a folder is removed */

char *sg_temporary_path(const char *folder, int number)
{
    char name[64];
    snprintf(name, sizeof name, ".stylegan-%ld-%d.tmp", (long)getpid(), number);
    return sg_path_join(folder, name);
}

void sg_temporary_lock(int descriptor)
{
    (void)flock(descriptor, LOCK_EX | LOCK_NB);
}

/* Tells whether a name is a temporary one, of a process that does not run on this machine. */
static bool is_of_the_gone(const char *name)
{
    long process = 0;
    int number = 0;
    int length = 0;
    return sscanf(name, ".stylegan-%9ld-%9d.tmp%n", &process, &number, &length) == 2 &&
           length > 0 && name[length] == '\0' && process > 0 && kill((pid_t)process, 0) != 0 &&
           errno == ESRCH;
}

/* Removes the file or folder of that name, unless its writer holds the lock. */
static void sweep(const char *path)
{
    struct stat information;
    const int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);
    if (descriptor < 0)
        return;
    const bool is_free = flock(descriptor, LOCK_EX | LOCK_NB) == 0;
    if (is_free && fstat(descriptor, &information) == 0 && S_ISDIR(information.st_mode))
        sg_remove_folder(path);
    else if (is_free)
        (void)unlink(path);
    close(descriptor);
}

void sg_sweep_leftovers(const char *folder)
{
    DIR *directory = opendir(folder);
    if (!directory)
        return;
    for (const struct dirent *entry; (entry = readdir(directory));) {
        char *path = is_of_the_gone(entry->d_name) ? sg_path_join(folder, entry->d_name) : NULL;
        if (path)
            sweep(path);
        free(path);
    }
    closedir(directory);
}

static int remove_entry(const char *path, const struct stat *entry, int kind, struct FTW *level)
{
    (void)entry;
    (void)kind;
    (void)level;
    (void)remove(path);
    return 0;
}

void sg_remove_folder(const char *path)
{
    (void)nftw(path, remove_entry, OPEN_FOLDERS, FTW_DEPTH | FTW_PHYS);
}
