/* Starts a test again in another environment. */
#include "support/plain_environment.h"

#include <stdlib.h>
#include <unistd.h>

void leave_wait_policy(char **argv)
{
    if (!getenv("OMP_WAIT_POLICY") && !getenv("GOMP_SPINCOUNT"))
        return;
    unsetenv("OMP_WAIT_POLICY");
    unsetenv("GOMP_SPINCOUNT");
    execv("/proc/self/exe", argv);
}
