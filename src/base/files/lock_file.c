/* Locks over flock; see lock_file.h. */
#include "base/files/lock_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/files/file.h"

enum { LEAST_DESCRIPTOR = 3 /* a program may have closed its standard streams */ };

static int open_lock(const char *path)
{
    const int opened = open(path, O_CREAT | O_RDWR | O_CLOEXEC | O_NONBLOCK, 0666);
    if (opened < 0 || opened >= LEAST_DESCRIPTOR)
        return opened;
    const int moved = fcntl(opened, F_DUPFD_CLOEXEC, LEAST_DESCRIPTOR);
    close(opened);
    return moved;
}

sg_status sg_lock_take(const char *path, const char *busy, int *lock, sg_error *error)
{
    *lock = 0;
    const int descriptor = open_lock(path);
    if (descriptor < 0)
        return sg_fail(error, SG_ERROR_FILE, "cannot make %s: %s", path, strerror(errno));
    if (flock(descriptor, LOCK_EX | LOCK_NB) == 0) {
        *lock = descriptor;
        return SG_OK;
    }
    const bool taken = errno == EWOULDBLOCK;
    close(descriptor);
    return taken ? sg_fail(error, SG_ERROR_FILE, "%s", busy) : SG_OK;
}

void sg_lock_release(int *lock)
{
    if (*lock > 0)
        close(*lock);
    *lock = 0;
}
