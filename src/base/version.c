/* The library's version, defined by the build. */
#include "stylegan.h"

#ifndef SG_VERSION
#define SG_VERSION "unversioned"
#endif

const char *sg_version(void)
{
    return SG_VERSION;
}
