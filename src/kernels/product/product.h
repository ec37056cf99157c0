/*
 * The matrix product of Winograd's and pointwise convolutions: few rows, weights packed in panels.
 *
 *     C [rows, columns] = A [rows, depth] B
 *
 * B is stored in panels of columns, so that the innermost loop reads it from end to end. Some rows
 * of A and C at a time go through registers. There are two formats of A and B:
 *
 * Plain: numbers are floats. A panel of sg_product_panel() columns is [depth][column].
 *
 * Split: a number is the sum of two bfloat16, the rounded value (high) and the remainder (low): 16
 * bits of mantissa. Processors with AMX multiply bfloat16 matrices an order of magnitude faster
 * than floats; three products, high * high + high * low + low * high, added in floats, are accurate
 * to 2^-16. A row of A is depth highs, then depth lows. A panel of 32 columns is, for each 32 of
 * the depth, four matrices [16 pairs of depth][16 columns][2]: highs of columns 0 to 15, of columns
 * 16 to 31, lows of columns 0 to 15, of columns 16 to 31. Both formats take as many bytes.
 */
#ifndef SG_KERNELS_PRODUCT_PRODUCT_H
#define SG_KERNELS_PRODUCT_PRODUCT_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum { SG_PRODUCT_WIDEST_PANEL = 32, SG_PRODUCT_SPLIT_DEPTH = 32 };

/* Returns the columns of a plain panel on this processor: two vectors. */
int64_t sg_product_panel(void);

/* True if this processor multiplies in the split format and the depth suits it. */
bool sg_product_splits(int64_t depth);

/* Forbids the split format from now on, or allows it again. For tests. */
void sg_product_forbid_split(bool forbidden);

/* A matrix [columns, depth], row by row, to be packed as B, with zeros up to larger sizes. */
typedef struct sg_product_matrix {
    int64_t depth, columns;             /* as packed; columns a multiple of the widest panel */
    int64_t known_depth, known_columns; /* of the values */
    bool split;
    float gain;
    const float *values; /* [known_columns, known_depth] */
} sg_product_matrix;

/* packed = gain * values: depth * columns floats. */
void sg_product_pack(const sg_product_matrix *matrix, float *packed);

/* Rounds to bfloat16, ties to even; converts back. */
static inline uint16_t sg_to_bfloat16(float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return (uint16_t)((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}

static inline float sg_from_bfloat16(uint16_t bits)
{
    uint32_t wide = (uint32_t)bits << 16;
    float value;
    memcpy(&value, &wide, sizeof value);
    return value;
}

/* Returns the rows that go through registers together; a multiple is the best number of rows. Rows
 * up to the next multiple are read from A and written to C. */
int64_t sg_product_rows(bool split);

/* C = A B; columns are a multiple of the widest panel, strides are in floats. */
typedef void (*sg_product_function)(int64_t rows, int64_t depth, int64_t columns, const float *a,
                                    int64_t a_stride, const float *b, float *c, int64_t c_stride);

/* Enclose a thread's products of one format: the split format needs its registers configured. */
void sg_product_begin(bool split);
void sg_product_end(bool split);

/* Returns the variant for this processor. */
sg_product_function sg_product_choose(bool split);

#endif
