/*
 * Matrix products over packed panels (product.h): plain ones from the template, split ones by AMX
 * tiles, and the packing of weights.
 */
#include "kernels/product/product.h"

#include <stdatomic.h>

#include "base/parallel.h"
#include "kernels/vector/lanes.h"
#include "kernels/vector/vectorise.h"

#if defined(SG_WIDE_VECTORS) && defined(__linux__)
#include <cpuid.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

/* Depth of a pass over the rows of A: a panel of weights this deep stays in the L1 cache. */
enum { DEPTH = 256 };

#define TEMPLATE "kernels/product/product.inc"
#include "kernels/vector/each_width.inc"

int64_t sg_product_panel(void)
{
    return 2 * sg_vector_lanes();
}

/* ---- the split format ---- */

#if defined(SG_WIDE_VECTORS) && defined(__linux__)

/* Tells whether the processor has AMX with bfloat16, by CPUID's leaf 7 (Intel's manual, volume 2A),
 * since compilers have different names for the features. */
static bool has_amx(void)
{
    enum { AMX_BF16 = 1 << 22, AMX_TILE = 1 << 24, AVX512_BF16 = 1 << 5 };
    unsigned a, b, c, d;
    if (!__get_cpuid_count(7, 0, &a, &b, &c, &d) || !(d & AMX_BF16) || !(d & AMX_TILE))
        return false;
    return __get_cpuid_count(7, 1, &a, &b, &c, &d) && (a & AVX512_BF16);
}

/* Asks the system for the use of AMX's registers, which Linux grants on request only. */
static bool request_amx(void)
{
    enum { REQUEST = 0x1023, TILE_DATA = 18 }; /* ARCH_REQ_XCOMP_PERM, XFEATURE_XTILEDATA */
    return has_amx() && syscall(SYS_arch_prctl, REQUEST, TILE_DATA) == 0;
}

enum {
    SIDE = 16, /* rows and columns of a tile of C */
    STEP = SG_PRODUCT_SPLIT_DEPTH,
    MATRIX = SIDE * STEP, /* bfloat16 of one of a panel's matrices */
    LINE = 64,            /* bytes of a cache line */
    NEAR_FLOATS = 1 << 15 /* matrices up to this size stay in the L2 cache without prefetching */
};

/* The operand of ldtilecfg: eight tiles of 16 rows of 64 bytes. */
typedef struct tile_configuration {
    uint8_t palette, start, reserved[14];
    uint16_t row_bytes[16];
    uint8_t rows[16];
} tile_configuration;

/* Tiles 0 to 3 hold C, 4 and 5 two rows of tiles of A, 6 and 7 two columns of tiles of B. */
SG_TARGET_AMX static void configure_tiles(void)
{
    tile_configuration configuration = {.palette = 1};
    for (int i = 0; i < 8; i++) {
        configuration.row_bytes[i] = LINE;
        configuration.rows[i] = SIDE;
    }
    /* GCC's _tile_loadconfig claims to read eight bytes only, and the rest would be optimised away.
     */
    __asm__ volatile("ldtilecfg %0" ::"m"(configuration));
}

SG_TARGET_AMX static void release_tiles(void)
{
    _tile_release();
}

/* Multiplies one matrix of A by one of B, for one or two rows of tiles. */
#define MULTIPLY_TILES(pair)                                                                       \
    do {                                                                                           \
        _tile_dpbf16ps(0, 4, 6);                                                                   \
        _tile_dpbf16ps(1, 4, 7);                                                                   \
        if (pair) {                                                                                \
            _tile_dpbf16ps(2, 5, 6);                                                               \
            _tile_dpbf16ps(3, 5, 7);                                                               \
        }                                                                                          \
    } while (0)

#define LOAD_A(pair, a, bytes)                                                                     \
    do {                                                                                           \
        _tile_loadd(4, a, bytes);                                                                  \
        if (pair)                                                                                  \
            _tile_loadd(5, (const char *)(a) + SIDE * (bytes), bytes);                             \
    } while (0)

#define LOAD_B(b)                                                                                  \
    do {                                                                                           \
        _tile_loadd(6, b, LINE);                                                                   \
        _tile_loadd(7, (b) + MATRIX, LINE);                                                        \
    } while (0)

/* c (+)= a b for 16 rows, or 32 as a pair, and a panel of 32 columns over a part of the depth. The
 * low halves lie `low` numbers after the high ones. Prefetches `lines` lines of `ahead` each step.
 */
SG_TARGET_AMX SG_INLINE void micro_split(bool pair, int64_t depth, const uint16_t *a,
                                         int64_t a_bytes, int64_t low, const uint16_t *b,
                                         const char *ahead, int64_t lines, float *c,
                                         int64_t c_bytes, bool add)
{
    float *lower = (float *)(void *)((char *)c + SIDE * c_bytes);
    _tile_zero(0);
    _tile_zero(1);
    _tile_zero(2);
    _tile_zero(3);
    if (add) {
        _tile_loadd(0, c, c_bytes);
        _tile_loadd(1, c + SIDE, c_bytes);
        if (pair) {
            _tile_loadd(2, lower, c_bytes);
            _tile_loadd(3, lower + SIDE, c_bytes);
        }
    }
    for (int64_t k = 0; k < depth; k += STEP, b += 4 * MATRIX) {
        for (int64_t i = 0; i < lines; i++, ahead += LINE)
            __builtin_prefetch(ahead, 0, 2);
        LOAD_A(pair, a + k, a_bytes);
        LOAD_B(b);
        MULTIPLY_TILES(pair);
        LOAD_B(b + 2 * MATRIX);
        MULTIPLY_TILES(pair);
        LOAD_A(pair, a + low + k, a_bytes);
        LOAD_B(b);
        MULTIPLY_TILES(pair);
    }
    _tile_stored(0, c, c_bytes);
    _tile_stored(1, c + SIDE, c_bytes);
    if (pair) {
        _tile_stored(2, lower, c_bytes);
        _tile_stored(3, lower + SIDE, c_bytes);
    }
}

/* One panel's columns for all rows; prefetches the next panel meanwhile. */
SG_TARGET_AMX static void panel_split(int64_t rows, int64_t depth, const uint16_t *a,
                                      int64_t a_bytes, int64_t low, const uint16_t *b,
                                      const char *ahead, float *c, int64_t c_stride, bool add)
{
    int64_t pairs = (rows + 2 * SIDE - 1) / (2 * SIDE);
    int64_t lines = ahead ? (4 * MATRIX * (int64_t)sizeof *b / LINE + pairs - 1) / pairs : 0;
    int64_t c_bytes = c_stride * (int64_t)sizeof *c;
    for (int64_t r = 0; r < rows; r += 2 * SIDE, ahead += depth / STEP * lines * LINE) {
        const uint16_t *from = (const uint16_t *)(const void *)((const char *)a + r * a_bytes);
        if (rows - r > SIDE)
            micro_split(true, depth, from, a_bytes, low, b, ahead, lines, c + r * c_stride, c_bytes,
                        add);
        else
            micro_split(false, depth, from, a_bytes, low, b, ahead, lines, c + r * c_stride,
                        c_bytes, add);
    }
}

SG_TARGET_AMX static void multiply_split(int64_t rows, int64_t depth, int64_t columns,
                                         const float *a, int64_t a_stride, const float *b, float *c,
                                         int64_t c_stride)
{
    const uint16_t *high = (const uint16_t *)(const void *)a;
    int64_t a_bytes = a_stride * (int64_t)sizeof *a;
    for (int64_t k = 0; k < depth; k += DEPTH) {
        int64_t part = depth - k < DEPTH ? depth - k : DEPTH;
        for (int64_t o = 0; o < columns; o += SG_PRODUCT_WIDEST_PANEL) {
            const float *panel = b + o * depth + k * SG_PRODUCT_WIDEST_PANEL;
            const char *next = (const char *)(panel + depth * SG_PRODUCT_WIDEST_PANEL);
            const char *ahead = depth * columns > NEAR_FLOATS ? next : NULL;
            panel_split(rows, part, high + k, a_bytes, depth, (const uint16_t *)(const void *)panel,
                        ahead, c + o, c_stride, k > 0);
        }
    }
}

/* ---- triples ---- */

/* The registers for products of up to `rows` rows, in two tiles of half as many. */
SG_TARGET_AMX static void configure_taps(int64_t rows)
{
    tile_configuration configuration = {.palette = 1};
    const uint8_t half = (uint8_t)((rows + 1) / 2);
    for (int i = 0; i < 8; i++) {
        configuration.row_bytes[i] = LINE;
        configuration.rows[i] = i < 6 ? half : SIDE;
    }
    __asm__ volatile("ldtilecfg %0" ::"m"(configuration));
}

/* Multiplies a part of A (its rows in two tiles) by a part of B. */
#define TAP_A(pair, part)                                                                          \
    do {                                                                                           \
        _tile_loadd(4, a + (part)*rows->plane, bytes);                                             \
        if (pair)                                                                                  \
            _tile_loadd(5, below + (part)*rows->plane, bytes);                                     \
    } while (0)
#define TAP_B(part) LOAD_B(b + 2 * (part)*MATRIX)

/*
 * A product of triples: rows in one tile, or a pair of tiles, by a panel. Small products come
 * first, and each part is loaded once if it can be. Rows of C lie `c_bytes` apart.
 */
SG_TARGET_AMX SG_INLINE void multiply_block(bool pair, const sg_tap_rows *rows, const float *panel,
                                            float *c, int64_t c_bytes)
{
    const uint16_t *b = (const uint16_t *)(const void *)panel;
    const int64_t half = (rows->count + 1) / 2;
    const int64_t bytes = rows->row_step * (int64_t)sizeof *b;
    float *lower = (float *)(void *)((char *)c + half * c_bytes);
    _tile_zero(0);
    _tile_zero(1);
    _tile_zero(2);
    _tile_zero(3);
    for (int64_t run = 0; run < rows->runs; run++) {
        const uint16_t *a = (const uint16_t *)rows->first + run * rows->run_step;
        const uint16_t *below = a + half * rows->row_step;
        for (int64_t k = 0; k < rows->depth; k += STEP, a += STEP, below += STEP) {
            TAP_A(pair, 0);
            TAP_B(2);
            MULTIPLY_TILES(pair);
            TAP_B(1);
            MULTIPLY_TILES(pair);
            TAP_A(pair, 1);
            MULTIPLY_TILES(pair);
            TAP_B(0);
            MULTIPLY_TILES(pair);
            TAP_A(pair, 2);
            MULTIPLY_TILES(pair);
            TAP_A(pair, 0);
            MULTIPLY_TILES(pair);
            b += 2 * SG_TAP_PARTS * MATRIX;
        }
    }
    _tile_stored(0, c, c_bytes);
    _tile_stored(1, c + SIDE, c_bytes);
    if (pair) {
        _tile_stored(2, lower, c_bytes);
        _tile_stored(3, lower + SIDE, c_bytes);
    }
}

SG_TARGET_AMX static void multiply_tap_triples(const sg_tap_rows *rows, const float *panel,
                                               float *c)
{
    multiply_block(true, rows, panel, c, SG_TAP_COLUMNS * (int64_t)sizeof *c);
}

/* C = A B in triples, a panel of columns at a time. */
SG_TARGET_AMX static void multiply_triple(int64_t rows, int64_t depth, int64_t columns,
                                          const float *a, int64_t a_stride, const float *b,
                                          float *c, int64_t c_stride)
{
    enum { PANEL = SG_TAP_COLUMNS, PAIR = 2 * SIDE };
    const int64_t panel = depth * PANEL * SG_TAP_PARTS / 2;
    const int64_t c_bytes = c_stride * (int64_t)sizeof *c;
    for (int64_t o = 0; o < columns; o += PANEL, b += panel)
        for (int64_t r = 0; r < rows; r += PAIR) {
            const sg_tap_rows block = {.first = a + r * a_stride,
                                       .row_step = 2 * a_stride,
                                       .plane = depth,
                                       .runs = 1,
                                       .depth = depth,
                                       .count = PAIR};
            if (rows - r > SIDE)
                multiply_block(true, &block, b, c + r * c_stride + o, c_bytes);
            else
                multiply_block(false, &block, b, c + r * c_stride + o, c_bytes);
        }
}

#else

static bool request_amx(void)
{
    return false;
}

#endif

void sg_product_begin(bool split)
{
#if defined(SG_WIDE_VECTORS) && defined(__linux__)
    if (split)
        configure_tiles();
#endif
    (void)split;
}

void sg_product_end(bool split)
{
#if defined(SG_WIDE_VECTORS) && defined(__linux__)
    if (split)
        release_tiles();
#endif
    (void)split;
}

/* ---- packing ---- */

typedef struct pack_job {
    const sg_product_matrix *matrix;
    float *packed;
} pack_job;

static float value_at(const sg_product_matrix *m, int64_t k, int64_t column)
{
    bool known = k < m->known_depth && column < m->known_columns;
    return known ? m->gain * m->values[column * m->known_depth + k] : 0;
}

static void pack_plain(const pack_job *job, int64_t first, int64_t last)
{
    const sg_product_matrix *m = job->matrix;
    int64_t panel = sg_product_panel();
    for (int64_t column = first; column < last; column++)
        for (int64_t k = 0; k < m->depth; k++)
            job->packed[column / panel * panel * m->depth + k * panel + column % panel] =
                value_at(m, k, column);
}

static void pack_split(const pack_job *job, int64_t first, int64_t last)
{
    enum { HALF = 16, PANEL = SG_PRODUCT_WIDEST_PANEL, STEPS = SG_PRODUCT_SPLIT_DEPTH };
    const sg_product_matrix *m = job->matrix;
    for (int64_t column = first; column < last; column++) {
        uint16_t *panel = (uint16_t *)(void *)(job->packed + column / PANEL * PANEL * m->depth);
        for (int64_t k = 0; k < m->depth; k++) {
            float value = value_at(m, k, column);
            uint16_t high = sg_to_bfloat16(value);
            uint16_t *to = panel + k / STEPS * 4 * HALF * STEPS +
                           column % PANEL / HALF * HALF * STEPS + k % STEPS / 2 * PANEL +
                           column % HALF * 2 + k % 2;
            to[0] = high;
            to[2 * HALF * STEPS] = sg_to_bfloat16(value - sg_from_bfloat16(high));
        }
    }
}

static void pack_columns(size_t begin, size_t end, void *argument)
{
    const pack_job *job = argument;
    if (job->matrix->split)
        pack_split(job, (int64_t)begin, (int64_t)end);
    else
        pack_plain(job, (int64_t)begin, (int64_t)end);
}

void sg_product_pack(const sg_product_matrix *matrix, float *packed)
{
    pack_job job = {matrix, packed};
    sg_parallel_for((size_t)matrix->columns, SG_PRODUCT_WIDEST_PANEL, pack_columns, &job);
}

/* ---- packing of taps ---- */

/* Stores the three parts of a value, `between` numbers apart. */
static void store_parts(float value, int64_t between, uint16_t *to)
{
    for (int part = 0; part < SG_TAP_PARTS; part++, to += between) {
        *to = sg_to_bfloat16(value);
        value -= sg_from_bfloat16(*to);
    }
}

/* Returns the depth of a run in a packed panel. */
static int64_t packed_depth(int64_t depth)
{
    const int64_t step = sg_tap_parts() > 1 ? SG_PRODUCT_SPLIT_DEPTH : 1;
    return (depth + step - 1) / step * step;
}

int64_t sg_tap_panel_floats(int64_t runs, int64_t depth)
{
    const int64_t numbers = runs * packed_depth(depth) * SG_TAP_COLUMNS;
    return sg_tap_parts() > 1 ? numbers * SG_TAP_PARTS / 2 : numbers;
}

/* The place of number `k` of a run of `deep` in a panel of triples: pairs of the depth, in matrices
 * of 16 columns, all parts of 32 numbers before the next 32. */
static int64_t triple_place(int64_t run, int64_t deep, int64_t k, int64_t column)
{
    enum { HALF = 16, STEPS = SG_PRODUCT_SPLIT_DEPTH, WHOLE = 2 * SG_TAP_PARTS * HALF * STEPS };
    return (run * deep + k) / STEPS * WHOLE + column / HALF * HALF * STEPS +
           k % STEPS / 2 * 2 * HALF + column % HALF * 2 + k % 2;
}

void sg_tap_pack(int64_t runs, int64_t depth, int64_t columns, const float *values, float *packed)
{
    const bool triples = sg_tap_parts() > 1;
    const int64_t deep = packed_depth(depth);
    const int64_t width = triples ? SG_TAP_COLUMNS : sg_product_panel();
    uint16_t *parts = (uint16_t *)(void *)packed;
    memset(packed, 0, (size_t)sg_tap_panel_floats(runs, depth) * sizeof *packed);
    for (int64_t column = 0; column < columns; column++)
        for (int64_t i = 0; i < runs * depth; i++) {
            const float value = values[column * runs * depth + i];
            const int64_t k = i % depth;
            if (triples)
                store_parts(value, 2 * SG_PRODUCT_SPLIT_DEPTH * SG_TAP_COLUMNS / 2,
                            parts + triple_place(i / depth, deep, k, column));
            else
                packed[(column / width * runs * depth + i) * width + column % width] = value;
        }
}

/* If the split format may be used, in bits; no bit before the first call. */
enum { ASKED = 1, GRANTED = 2, FORBIDDEN = 4 };
static atomic_int split_state;

void sg_product_forbid_split(bool forbidden)
{
    if (forbidden)
        atomic_fetch_or(&split_state, FORBIDDEN);
    else
        atomic_fetch_and(&split_state, ~FORBIDDEN);
}

bool sg_product_splits(int64_t depth)
{
    if (depth % SG_PRODUCT_SPLIT_DEPTH || sg_vector_lanes() != 16)
        return false;
    int state = atomic_load(&split_state);
    if (!(state & ASKED)) {
        int answer = request_amx() ? ASKED | GRANTED : ASKED;
        state = atomic_fetch_or(&split_state, answer) | answer;
    }
    return (state & (GRANTED | FORBIDDEN)) == GRANTED;
}

int sg_tap_parts(void)
{
    return sg_product_splits(SG_PRODUCT_SPLIT_DEPTH) ? SG_TAP_PARTS : 1;
}

void sg_tap_begin(int64_t rows)
{
#if defined(SG_WIDE_VECTORS) && defined(__linux__)
    if (sg_tap_parts() > 1)
        configure_taps(rows);
#endif
    (void)rows;
}

void sg_tap_end(void)
{
    sg_product_end(sg_tap_parts() > 1);
}

void sg_tap_multiply(const sg_tap_rows *rows, const float *panel, float *c)
{
#if defined(SG_WIDE_VECTORS) && defined(__linux__)
    if (sg_tap_parts() > 1) {
        multiply_tap_triples(rows, panel, c);
        return;
    }
#endif
    SG_LANES_CHOOSE(sg_vector_lanes(), multiply_taps)(rows, panel, c);
}

int64_t sg_product_rows(bool split)
{
    return split ? 16 : 12;
}

sg_product_function sg_product_choose_triple(void)
{
#if defined(SG_WIDE_VECTORS) && defined(__linux__)
    return multiply_triple;
#else
    return NULL;
#endif
}

sg_product_function sg_product_choose(bool split)
{
#if defined(SG_WIDE_VECTORS) && defined(__linux__)
    if (split)
        return multiply_split;
#endif
    (void)split;
    return SG_LANES_CHOOSE(sg_vector_lanes(), multiply);
}
