/* Arithmetic on sizes, for kernels that cut images into blocks. */
#ifndef SG_KERNELS_VECTOR_INTEGERS_H
#define SG_KERNELS_VECTOR_INTEGERS_H

#include <stdint.h>

/* Returns the smaller of two. */
static inline int64_t sg_least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* Returns the larger of two. */
static inline int64_t sg_most(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* Returns value / by rounded up; value must not be negative. */
static inline int64_t sg_divide_up(int64_t value, int64_t by)
{
    return (value + by - 1) / by;
}

/* Returns the next multiple of `step`; value must not be negative. */
static inline int64_t sg_round_up(int64_t value, int64_t step)
{
    return sg_divide_up(value, step) * step;
}

#endif
