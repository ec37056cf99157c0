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

/*
 * Returns the variant for triples (see tap products below), where sg_product_splits(depth). A row
 * of A is depth highs, depth middles and depth lows, 1.5 floats for each number; a panel of 32
 * columns is as those of tap products. Rows, sg_product_begin and sg_product_end are those of the
 * split format.
 */
sg_product_function sg_product_choose_triple(void);

/*
 * ---- tap products ----
 *
 * Products of at most 32 rows that lie in a picture, by 32 columns: row r of A is `runs` runs of
 * `depth` numbers, the pixels under the taps of a convolution's kernel in `runs` of its rows. So a
 * convolution needs no copy of its source. Two formats:
 *
 * Plain: numbers are floats.
 *
 * Triple: a number is the sum of three bfloat16, which hold all 24 bits of a float, each in a plane
 * of its own. Of the nine products of the parts, the six that a float's sum can notice are added in
 * floats: as accurate as products of floats, at three times their rate on processors with AMX. Up
 * to SG_PRODUCT_SPLIT_DEPTH numbers after a run are read, and multiplied by zeros.
 */
enum { SG_TAP_ROWS = 32, SG_TAP_COLUMNS = 32, SG_TAP_ROWS_STORED = 36, SG_TAP_PARTS = 3 };

/* Returns the parts of a number on this processor: SG_TAP_PARTS, or 1 in the plain format. */
int sg_tap_parts(void);

/* The rows of A; steps are in numbers. */
typedef struct sg_tap_rows {
    const void *first; /* the first number of the first row (in triples: its first part) */
    int64_t row_step, run_step, plane; /* to the next row, run, part */
    int64_t runs, depth;
    int64_t count; /* of rows, as given to sg_tap_begin */
} sg_tap_rows;

/* Returns the floats of a packed panel. */
int64_t sg_tap_panel_floats(int64_t runs, int64_t depth);

/* Packs a panel from `columns` (at most 32; the others are zero) rows [runs, depth] of values that
 * lie runs * depth floats apart. */
void sg_tap_pack(int64_t runs, int64_t depth, int64_t columns, const float *values, float *packed);

/* Enclose a thread's tap products of `rows` rows each, at most SG_TAP_ROWS. */
void sg_tap_begin(int64_t rows);
void sg_tap_end(void);

/* c [SG_TAP_ROWS_STORED, SG_TAP_COLUMNS] = A B; rows from `count` on are undefined, and up to
 * SG_TAP_ROWS_STORED of A are read. */
void sg_tap_multiply(const sg_tap_rows *rows, const float *panel, float *c);

#endif
