/* Comparing single numbers. */
#include "support/close.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

void assert_close_at(double found, double expected, double tolerance, const char *what,
                     const char *file, int line)
{
    if (fabs(found - expected) <= tolerance)
        return;
    print_error("%s is %.12g, expected %.12g\n", what, found, expected);
    _fail(file, line);
}
