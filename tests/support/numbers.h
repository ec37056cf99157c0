/* Arrays of random numbers, and comparing arrays element by element. */
#ifndef SUPPORT_NUMBERS_H
#define SUPPORT_NUMBERS_H

#include <stdint.h>

/* `count` numbers in [-1, 1) on the heap, the same for the same seed. */
float *random_floats(int64_t count, uint64_t seed);

/* Room for `count` doubles, all zero; the same holding copies of floats. On the heap. */
double *zero_doubles(int64_t count);
double *doubles_of(const float *values, int64_t count);

/*
 * Fails the test unless |found - expected| <= tolerance * (|expected| + the expected numbers' root
 * mean square) for every element. `what` names the case in the message.
 */
void assert_floats_near(const char *what, const float *found, const double *expected, int64_t count,
                        double tolerance);
void assert_doubles_near(const char *what, const double *found, const double *expected,
                         int64_t count, double tolerance);

#endif
