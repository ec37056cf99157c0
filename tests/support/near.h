/* Comparing numbers relative to what is expected. */
#ifndef SUPPORT_NEAR_H
#define SUPPORT_NEAR_H

/* Fails the test unless |found - expected| <= tolerance * |expected|. */
#define ASSERT_NEAR(found, expected, tolerance) assert_near(#found, found, expected, tolerance)
void assert_near(const char *what, double found, double expected, double tolerance);

#endif
