/* Variants of the kernels. */
#include "support/kernel_variants.h"

#include <stdbool.h>
#include <stddef.h>

#include "kernels/product/product.h"
#include "kernels/vector/lanes.h"

static const struct variant {
    const char *name;
    int lanes;
    bool split;
} variants[KERNEL_VARIANTS] = {
    {"4 lanes", 4, false},
    {"8 lanes", 8, false},
    {"16 lanes", 16, false},
    {"split products", 16, true},
};

const char *choose_kernel_variant(int index)
{
    const struct variant *variant = &variants[index];
    sg_vector_lanes_limit(variant->lanes);
    sg_product_forbid_split(!variant->split);
    if (sg_vector_lanes() != variant->lanes)
        return NULL;
    if (variant->split && !sg_product_splits(SG_PRODUCT_SPLIT_DEPTH))
        return NULL;
    return variant->name;
}

int choose_best_kernel_variant(void **state)
{
    (void)state;
    sg_vector_lanes_limit(0);
    sg_product_forbid_split(false);
    return 0;
}
