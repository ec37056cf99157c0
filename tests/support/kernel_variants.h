/* Every variant of the kernels that this processor can run, not only its favourite. */
#ifndef SUPPORT_KERNEL_VARIANTS_H
#define SUPPORT_KERNEL_VARIANTS_H

/* Vectors of 4, 8 and 16 floats, and 16 with products in the split format. */
enum { KERNEL_VARIANTS = 4 };

/*
 * Makes kernels take variant `index` from now on, for packing as for running. Its name, or NULL
 * when the processor lacks it (the portable variant, 0, is always there).
 */
const char *choose_kernel_variant(int index);

/* Back to what the processor does best; a cmocka teardown too. */
int choose_best_kernel_variant(void **state);

#endif
