/*
 * Stands in for module.c in a build without any module, which may be linked statically.
 * Tested by: tests/platforms/minimal.sh
 */
#include <stddef.h>

#include "base/module.h"

sg_status sg_module_open(const char *name, const char *symbol, const char *purpose,
                         const void **address, sg_error *error)
{
    (void)name, (void)symbol;
    *address = NULL;
    return sg_fail(error, SG_ERROR_LIBRARY, "%s, and " SG_MODULE_LEFT_OUT, purpose);
}
