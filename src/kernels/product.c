/* Matrix products over packed panels. */
#include "kernels/product.h"

#include <stdbool.h>

#include "kernels/lanes.h"
#include "kernels/vectorise.h"

/* Rows of A between panels' changes: a panel of the weights this deep stays in the L1 cache. */
enum { DEPTH = 256 };

#define LANES 4
#define ROWS 4
#define NAME(stem) stem##_4
#define TARGET
#include "kernels/product.inc"
#undef LANES
#undef ROWS
#undef NAME
#undef TARGET

#ifdef SG_WIDE_VECTORS
#define LANES 8
#define ROWS 6
#define NAME(stem) stem##_8
#define TARGET SG_TARGET_8
#include "kernels/product.inc"
#undef LANES
#undef ROWS
#undef NAME
#undef TARGET

#define LANES 16
#define ROWS 12
#define NAME(stem) stem##_16
#define TARGET SG_TARGET_16
#include "kernels/product.inc"
#undef LANES
#undef ROWS
#undef NAME
#undef TARGET
#endif

int64_t sg_product_panel(void)
{
    return 2 * sg_vector_lanes();
}

sg_product_function sg_product_choose(void)
{
    return SG_LANES_CHOOSE(sg_vector_lanes(), multiply);
}
