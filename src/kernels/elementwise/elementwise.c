/* Element-wise kernels: loops that compilers vectorise, over chunks for threads. */
#include "kernels/elementwise/elementwise.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "base/parallel.h"
#include "kernels/vector/vectorise.h"

/* Elements that are worth waking a thread for. */
enum { GRAIN = 16384 };

#define TEMPLATE "kernels/elementwise/elementwise.inc"
#include "kernels/vector/each_real.inc"
