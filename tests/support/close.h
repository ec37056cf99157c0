/* Comparing single numbers. */
#ifndef SUPPORT_CLOSE_H
#define SUPPORT_CLOSE_H

/* Fails the test, naming both numbers, unless |found - expected| <= tolerance. NaN fails. */
#define assert_close(found, expected, tolerance)                                                   \
    assert_close_at(found, expected, tolerance, #found, __FILE__, __LINE__)

void assert_close_at(double found, double expected, double tolerance, const char *what,
                     const char *file, int line);

#endif
