/*
 * The matrix product inside Winograd's convolutions: few rows, weights packed in panels.
 *
 * B is held in panels of sg_product_panel() columns, [panel][depth][column of the panel], so that
 * the innermost loop reads it from end to end. Rows go ROWS at a time through registers.
 */
#ifndef SG_KERNELS_PRODUCT_H
#define SG_KERNELS_PRODUCT_H

#include <stdint.h>

enum { SG_PRODUCT_ROWS = 12, SG_PRODUCT_WIDEST_PANEL = 32 };

/* Columns of a panel on this processor: two vectors. */
int64_t sg_product_panel(void);

/*
 * C [rows, columns] = A [rows, depth] B. Columns are a multiple of the panel; rows up to the next
 * multiple of SG_PRODUCT_ROWS are read from A and written to C.
 */
typedef void (*sg_product_function)(int64_t rows, int64_t depth, int64_t columns, const float *a,
                                    int64_t a_stride, const float *b, float *c, int64_t c_stride);

/* The variant for this processor. */
sg_product_function sg_product_choose(void);

#endif
