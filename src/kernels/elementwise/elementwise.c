/* Element-wise kernels: the template for both types. */
#include "kernels/elementwise/elementwise.h"

#include <math.h>
#include <string.h>

#include "base/parallel.h"
#include "kernels/vector/vectorise.h"

/* Elements that are worth waking a thread for. */
enum { GRAIN = 16384 };

#define REAL float
#define NAME(stem) stem##_f32
#define REAL_SQRT sqrtf
#define REAL_POW powf
#define REAL_SIN sinf
#define REAL_COS cosf
#include "kernels/elementwise/elementwise.inc"
#undef REAL
#undef NAME
#undef REAL_SQRT
#undef REAL_POW
#undef REAL_SIN
#undef REAL_COS

#define REAL double
#define NAME(stem) stem##_f64
#define REAL_SQRT sqrt
#define REAL_POW pow
#define REAL_SIN sin
#define REAL_COS cos
#include "kernels/elementwise/elementwise.inc"
