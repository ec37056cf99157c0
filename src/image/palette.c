/*
 * Colours are counted in a histogram of 32 levels a channel with the sums of the exact colours. The
 * box of the largest squared error is split, at its mean, across the channel of the largest squared
 * error, until there are 256 boxes; the colour of a box is the mean of its pixels.
 */
#include "image/palette.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"

enum {
    BITS = 5, /* of a channel in the histogram */
    CELLS = 1 << (3 * BITS),
    CACHE_BITS = 6, /* of a channel where the nearest colours are remembered */
    CACHE_CELLS = 1 << (3 * CACHE_BITS),
    UNKNOWN = -1,
    DITHER_SIDE = 4,
    NEAR = 12 /* squared distance of colours that pass for equal */
};

/* Bayer's matrix of order 4; each channel has it at another place, so that hues are dithered too.
 */
static const int dither[DITHER_SIDE][DITHER_SIDE] = {
    {0, 8, 2, 10}, {12, 4, 14, 6}, {3, 11, 1, 9}, {15, 7, 13, 5}};

/* The pixels of a cell of the histogram. */
typedef struct color_cell {
    double count, sum[3], squares[3];
} color_cell;

/* Cells first .. last - 1 of the order. */
typedef struct color_box {
    size_t first, last;
    int channel;   /* of the largest error */
    double errors; /* squared, of all channels together */
    double mean[3];
} color_box;

typedef struct quantiser {
    color_cell *cells; /* [CELLS] */
    uint16_t *order;   /* the cells that have pixels */
    size_t used;
    int16_t *cache; /* [CACHE_CELLS]: the nearest colour, or UNKNOWN */
} quantiser;

/* ---- few colours ---- */

/* Finds the colour from the last one on; returns false when a 257th would be needed. */
static bool find_exact(sg_palette *palette, const uint8_t *pixel, uint8_t *index)
{
    for (size_t i = 0; i < palette->count; i++)
        if (memcmp(palette->colors[i], pixel, 3) == 0) {
            *index = (uint8_t)i;
            return true;
        }
    if (palette->count == SG_PALETTE_COLORS)
        return false;
    *index = (uint8_t)palette->count;
    memcpy(palette->colors[palette->count++], pixel, 3);
    return true;
}

/* Gives every pixel its own colour; false when there are too many. */
static bool apply_exact(const sg_image *image, sg_palette *palette, uint8_t *indices)
{
    palette->count = 0;
    for (size_t i = 0; i < image->width * image->height; i++) {
        const uint8_t *pixel = image->pixels + 3 * i;
        if (i > 0 && memcmp(pixel, pixel - 3, 3) == 0)
            indices[i] = indices[i - 1];
        else if (!find_exact(palette, pixel, &indices[i]))
            return false;
    }
    return true;
}

/* ---- many colours ---- */

static void count_colors(quantiser *all, const sg_image *image)
{
    for (size_t i = 0; i < image->width * image->height; i++) {
        const uint8_t *pixel = image->pixels + 3 * i;
        size_t index = 0;
        for (int c = 0; c < 3; c++)
            index = index << BITS | (size_t)(pixel[c] >> (8 - BITS));
        color_cell *cell = &all->cells[index];
        if (cell->count == 0)
            all->order[all->used++] = (uint16_t)index;
        cell->count++;
        for (int c = 0; c < 3; c++) {
            cell->sum[c] += pixel[c];
            cell->squares[c] += (double)pixel[c] * pixel[c];
        }
    }
}

/* Computes the mean and the errors of a box. */
static void measure(const quantiser *all, color_box *box)
{
    color_cell sum = {0};
    double largest = -1;
    for (size_t i = box->first; i < box->last; i++) {
        const color_cell *cell = &all->cells[all->order[i]];
        sum.count += cell->count;
        for (int c = 0; c < 3; c++) {
            sum.sum[c] += cell->sum[c];
            sum.squares[c] += cell->squares[c];
        }
    }
    box->errors = 0;
    for (int c = 0; c < 3; c++) {
        box->mean[c] = sum.sum[c] / sum.count;
        const double error = sum.squares[c] - sum.sum[c] * box->mean[c];
        box->errors += error;
        if (error > largest) {
            largest = error;
            box->channel = c;
        }
    }
    if (box->last - box->first < 2)
        box->errors = 0; /* it cannot be split */
}

/* Moves the cells below the mean of a box to its front, and gives the others to `rest`. */
static void split(quantiser *all, color_box *box, color_box *rest)
{
    const int c = box->channel;
    size_t middle = box->first;
    for (size_t i = box->first; i < box->last; i++) {
        const uint16_t index = all->order[i];
        const color_cell *cell = &all->cells[index];
        if (cell->sum[c] / cell->count >= box->mean[c])
            continue;
        all->order[i] = all->order[middle];
        all->order[middle++] = index;
    }
    /* Where all means are equal, half of the cells. */
    if (middle == box->first || middle == box->last)
        middle = (box->first + box->last) / 2;
    *rest = (color_box){.first = middle, .last = box->last};
    box->last = middle;
    measure(all, box);
    measure(all, rest);
}

static void choose_colors(quantiser *all, sg_palette *palette)
{
    color_box boxes[SG_PALETTE_COLORS] = {{.last = all->used}};
    size_t count = 1;
    measure(all, &boxes[0]);
    while (count < SG_PALETTE_COLORS) {
        size_t worst = 0;
        for (size_t i = 1; i < count; i++)
            if (boxes[i].errors > boxes[worst].errors)
                worst = i;
        if (!(boxes[worst].errors > 0))
            break;
        split(all, &boxes[worst], &boxes[count++]);
    }
    palette->count = count;
    for (size_t i = 0; i < count; i++)
        for (int c = 0; c < 3; c++)
            palette->colors[i][c] = (uint8_t)lrint(boxes[i].mean[c]);
}

static int find_nearest(const sg_palette *palette, const int color[3])
{
    int nearest = 0;
    int least = INT32_MAX;
    for (size_t i = 0; i < palette->count; i++) {
        int distance = 0;
        for (int c = 0; c < 3; c++)
            distance += (color[c] - palette->colors[i][c]) * (color[c] - palette->colors[i][c]);
        if (distance < least) {
            least = distance;
            nearest = (int)i;
        }
    }
    return nearest;
}

/* Returns the nearest colour to the middle of a pixel's cell in the cache. */
static uint8_t look_up(quantiser *all, const sg_palette *palette, const int color[3])
{
    const int rest = 8 - CACHE_BITS;
    int middle[3];
    size_t index = 0;
    for (int c = 0; c < 3; c++) {
        index = index << CACHE_BITS | (size_t)(color[c] >> rest);
        middle[c] = (color[c] >> rest << rest) + (1 << rest) / 2;
    }
    if (all->cache[index] == UNKNOWN)
        all->cache[index] = (int16_t)find_nearest(palette, middle);
    return (uint8_t)all->cache[index];
}

/* Returns half the distance between neighbouring colours, on average: what a dither spreads over.
 */
static double find_spread(const sg_palette *palette)
{
    double sum = 0;
    for (size_t i = 0; i < palette->count; i++) {
        int least = INT32_MAX;
        for (size_t j = 0; j < palette->count; j++) {
            int distance = 0;
            for (int c = 0; c < 3; c++) {
                const int step = palette->colors[i][c] - palette->colors[j][c];
                distance += step * step;
            }
            if (j != i && distance < least)
                least = distance;
        }
        sum += sqrt(least);
    }
    return sum / (double)palette->count;
}

static int distance_to(const sg_palette *palette, uint8_t index, const uint8_t *pixel)
{
    int distance = 0;
    for (int c = 0; c < 3; c++) {
        const int step = pixel[c] - palette->colors[index][c];
        distance += step * step;
    }
    return distance;
}

/* Chooses the colour of a pixel. One that has nearly its own is not dithered: flat areas stay flat.
 */
static uint8_t map_pixel(quantiser *all, const sg_palette *palette, double spread,
                         const uint8_t *pixel, size_t x, size_t y)
{
    int color[3] = {pixel[0], pixel[1], pixel[2]};
    const uint8_t nearest = look_up(all, palette, color);
    if (distance_to(palette, nearest, pixel) <= NEAR)
        return nearest;
    for (size_t c = 0; c < 3; c++) {
        const int threshold = dither[(y + c) % DITHER_SIDE][(x + 2 * c) % DITHER_SIDE];
        const int moved = pixel[c] + (int)lrint(((threshold + 0.5) / 16 - 0.5) * spread);
        color[c] = moved < 0 ? 0 : moved > 255 ? 255 : moved;
    }
    return look_up(all, palette, color);
}

static void map_pixels(quantiser *all, const sg_image *image, const sg_palette *palette,
                       uint8_t *indices)
{
    const double spread = find_spread(palette);
    for (size_t i = 0; i < image->width * image->height; i++)
        indices[i] = map_pixel(all, palette, spread, image->pixels + 3 * i, i % image->width,
                               i / image->width);
}

sg_status sg_palette_apply(const sg_image *image, sg_palette *palette, uint8_t *indices,
                           sg_error *error)
{
    if (image->channels != 3)
        return sg_fail(error, SG_ERROR_SHAPE, "a palette is made for 3 channels, not %zu",
                       image->channels);
    if (apply_exact(image, palette, indices))
        return SG_OK;
    quantiser all = {.cells = sg_allocate(CELLS, sizeof *all.cells),
                     .order = sg_allocate(CELLS, sizeof *all.order),
                     .cache = sg_allocate(CACHE_CELLS, sizeof *all.cache)};
    sg_status status = SG_OK;
    if (all.cells && all.order && all.cache) {
        memset(all.cache, 0xff, CACHE_CELLS * sizeof *all.cache);
        count_colors(&all, image);
        choose_colors(&all, palette);
        map_pixels(&all, image, palette, indices);
    } else {
        status = sg_fail_memory(error, "a palette");
    }
    free(all.cells);
    free(all.order);
    free(all.cache);
    return status;
}
