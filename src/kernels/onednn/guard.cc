/* The one source in C++, since nothing else can catch what C++ throws.
 * Tested by: tests/kernels/onednn/test_guard.c */
#include "kernels/onednn/guard.h"

#include <new>

sg_status sg_guarded_call(sg_guarded_function function, void *argument)
{
    try {
        return function(argument);
    } catch (const std::bad_alloc &) {
        return SG_ERROR_MEMORY;
    } catch (...) {
        return SG_ERROR_LIBRARY;
    }
}
