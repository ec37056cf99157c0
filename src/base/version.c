/* The library's version, handed in by the build. */
#include "stylegan.h"

#ifndef SG_VERSION
#define SG_VERSION "unversioned"
#endif

const char *sg_version(void)
{
    return SG_VERSION;
}
