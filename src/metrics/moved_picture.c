/* Moved and turned pictures: sums of the original's pixels, weighted by the taps of a filter. */
#include "metrics/moved_picture.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/special.h"
#include "metrics/rotation_filter.h"

enum {
    MOST_CHANNELS = 8, /* that are summed at a time */
    UPSAMPLING = 4     /* of a picture that is mapped */
};

static size_t pixel(const sg_picture_size *size, int y, int x)
{
    return (size_t)y * (size_t)size->width + (size_t)x;
}

/* The sums of a pixel's channels first .. first + count - 1. */
typedef struct pixel_sum {
    const sg_picture_size *size;
    const float *picture;
    size_t first, count;
    double values[MOST_CHANNELS];
} pixel_sum;

/* Adds `weight` times a pixel of the picture, which is black beyond its edges. */
static void add_pixel(pixel_sum *sum, int y, int x, double weight)
{
    const sg_picture_size *size = sum->size;
    if (y < 0 || y >= size->height || x < 0 || x >= size->width)
        return;
    const float *from = sum->picture + pixel(size, y, x) * (size_t)size->channels + sum->first;
    for (size_t c = 0; c < sum->count; c++)
        sum->values[c] += weight * (double)from[c];
}

/* Calls `add` for the channels of pixel (y, x), some at a time, and stores the sums. */
static void sum_pixel(const sg_picture_size *size, const float *picture, int y, int x,
                      void (*add)(pixel_sum *sum, int y, int x, const void *filter),
                      const void *filter, float *result)
{
    const size_t channels = (size_t)size->channels;
    for (size_t first = 0; first < channels; first += MOST_CHANNELS) {
        const size_t rest = channels - first;
        pixel_sum sum = {size, picture, first, rest < MOST_CHANNELS ? rest : MOST_CHANNELS, {0}};
        add(&sum, y, x, filter);
        for (size_t c = 0; c < sum.count; c++)
            result[pixel(size, y, x) * channels + first + c] = (float)sum.values[c];
    }
}

/* ---- translation ---- */

/* A move along an axis by part of a pixel: dest[i] is the sum of taps[k] source[i - first - k]. */
typedef struct shift {
    int first, count;
    double taps[2 * SG_LANCZOS_LOBES];
} shift;

/* Moves along both axes. */
typedef struct move {
    shift x, y;
} move;

static shift fractional_shift(double distance)
{
    const double whole = floor(distance);
    shift result = {(int)whole - SG_LANCZOS_LOBES + 1, 2 * SG_LANCZOS_LOBES, {0}};
    double sum = 0;
    for (int k = 0; k < result.count; k++) {
        const double at = k - SG_LANCZOS_LOBES + 1 - (distance - whole);
        result.taps[k] = sg_sinc(at) * sg_lanczos_window(at);
        sum += result.taps[k];
    }
    for (int k = 0; k < result.count; k++)
        result.taps[k] /= sum;
    return result;
}

/* True if all taps meet pixels of a row of `length` at position `at`. */
static bool covers(const shift *by, int length, int at)
{
    return at - by->first - by->count + 1 >= 0 && at - by->first < length;
}

static void add_moved(pixel_sum *sum, int y, int x, const void *filter)
{
    const move *by = filter;
    for (int i = 0; i < by->y.count; i++)
        for (int k = 0; k < by->x.count; k++)
            add_pixel(sum, y - by->y.first - i, x - by->x.first - k, by->y.taps[i] * by->x.taps[k]);
}

static void translate(const sg_picture_size *size, const float *picture, const move *by,
                      float *moved, unsigned char *valid)
{
    for (int y = 0; y < size->height; y++)
        for (int x = 0; x < size->width; x++) {
            valid[pixel(size, y, x)] =
                covers(&by->x, size->width, x) && covers(&by->y, size->height, y);
            sum_pixel(size, picture, y, x, add_moved, by, moved);
        }
}

void sg_translate_whole(const sg_picture_size *size, const float *picture, int x, int y,
                        float *moved, unsigned char *valid)
{
    const move by = {{x, 1, {1}}, {y, 1, {1}}};
    translate(size, picture, &by, moved, valid);
}

void sg_translate_fraction(const sg_picture_size *size, const float *picture, double x, double y,
                           float *moved, unsigned char *valid)
{
    const move by = {fractional_shift(x), fractional_shift(y)};
    translate(size, picture, &by, moved, valid);
}

/* ---- maps ---- */

/* A map from pixels of the result to those of the picture, upsampled, and the filter. */
typedef struct picture_map {
    double inverse[6]; /* [2, 3]: around the middle, in pixels */
    double middle_x, middle_y;
    int reach, side; /* of the filter, in pixels and in taps */
    const double *taps;
} picture_map;

/* Returns where a pixel of the result lies in the upsampled picture. */
static void locate(const picture_map *map, int y, int x, double *from_y, double *from_x)
{
    const double dx = x - map->middle_x;
    const double dy = y - map->middle_y;
    const double *m = map->inverse;
    *from_x = (m[0] * dx + m[1] * dy + m[2] + map->middle_x) * UPSAMPLING;
    *from_y = (m[3] * dx + m[4] * dy + m[5] + map->middle_y) * UPSAMPLING;
}

/* True if the point nearest to `at` is far enough from the edges of the upsampled picture. */
static bool inside(const picture_map *map, double at, int length)
{
    const double nearest = rint(at);
    const int margin = map->side / 2 + 1 - UPSAMPLING / 2;
    return nearest >= margin && nearest < UPSAMPLING * length - margin - UPSAMPLING;
}

/* Returns the filter at (y, x) upsampled pixels from its middle, linear between taps. */
static double tap_between(const picture_map *map, double y, double x)
{
    const int row = (int)floor(y);
    const int column = (int)floor(x);
    const int center = map->side / 2;
    double sum = 0;
    for (int i = 0; i < 2; i++)
        for (int k = 0; k < 2; k++) {
            const int at_y = row + i + center;
            const int at_x = column + k + center;
            if (at_y >= 0 && at_y < map->side && at_x >= 0 && at_x < map->side)
                sum += map->taps[at_y * map->side + at_x] * (1 - fabs(y - row - i)) *
                       (1 - fabs(x - column - k));
        }
    return sum;
}

static void add_mapped(pixel_sum *sum, int y, int x, const void *filter)
{
    const picture_map *map = filter;
    double from_y;
    double from_x;
    locate(map, y, x, &from_y, &from_x);
    /* beyond the reach of the picture; also keeps the conversions below in range */
    const double reach = (map->reach + 1) * UPSAMPLING;
    if (!(from_y > -reach && from_y < reach + UPSAMPLING * sum->size->height) ||
        !(from_x > -reach && from_x < reach + UPSAMPLING * sum->size->width))
        return;
    const int first_row = (int)floor(from_y / UPSAMPLING) - map->reach;
    const int first_column = (int)floor(from_x / UPSAMPLING) - map->reach;
    for (int row = first_row; row <= first_row + 2 * map->reach + 1; row++)
        for (int column = first_column; column <= first_column + 2 * map->reach + 1; column++)
            add_pixel(sum, row, column,
                      tap_between(map, from_y - row * UPSAMPLING, from_x - column * UPSAMPLING));
}

/* Inverts an affine matrix, with its last column in shares of the sides, to pixels. */
static void invert(const double matrix[9], const sg_picture_size *size, double inverse[6])
{
    const double determinant = matrix[0] * matrix[4] - matrix[1] * matrix[3];
    inverse[0] = matrix[4] / determinant;
    inverse[1] = -matrix[1] / determinant;
    inverse[3] = -matrix[3] / determinant;
    inverse[4] = matrix[0] / determinant;
    inverse[2] = -(inverse[0] * matrix[2] + inverse[1] * matrix[5]) * size->width;
    inverse[5] = -(inverse[3] * matrix[2] + inverse[4] * matrix[5]) * size->height;
}

void sg_map_picture(const sg_picture_size *size, const float *picture, const double matrix[9],
                    int reach, float *mapped, unsigned char *valid)
{
    double taps[SG_FILTER_MOST_TAPS * SG_FILTER_MOST_TAPS];
    const sg_lowpass lowpass = {{matrix[0], matrix[1], matrix[3], matrix[4]}, UPSAMPLING, reach};
    picture_map map = {.middle_x = (size->width - 1) / 2.0,
                       .middle_y = (size->height - 1) / 2.0,
                       .reach = reach,
                       .side = sg_lowpass_side(&lowpass),
                       .taps = taps};
    sg_lowpass_taps(&lowpass, taps);
    invert(matrix, size, map.inverse);
    for (int y = 0; y < size->height; y++)
        for (int x = 0; x < size->width; x++) {
            double from_y;
            double from_x;
            locate(&map, y, x, &from_y, &from_x);
            valid[pixel(size, y, x)] =
                inside(&map, from_x, size->width) && inside(&map, from_y, size->height);
            sum_pixel(size, picture, y, x, add_mapped, &map, mapped);
        }
}

void sg_rotate(const sg_picture_size *size, const float *picture, double angle, float *turned,
               unsigned char *valid)
{
    const double matrix[9] = {cos(angle), sin(angle), 0, -sin(angle), cos(angle), 0, 0, 0, 1};
    sg_map_picture(size, picture, matrix, SG_TURN_REACH, turned, valid);
}

static void add_filtered(pixel_sum *sum, int y, int x, const void *filter)
{
    const double *taps = filter;
    const int center = SG_TURN_REACH - 1;
    const int side = 2 * center + 1;
    for (int i = 0; i < side * side; i++)
        add_pixel(sum, y + center - i / side, x + center - i % side, taps[i]);
}

void sg_pseudo_rotate(const sg_picture_size *size, const float *picture, double angle,
                      float *filtered, unsigned char *valid)
{
    double taps[SG_FILTER_MOST_TAPS * SG_FILTER_MOST_TAPS];
    const int margin = SG_TURN_REACH - 1;
    const sg_lowpass lowpass = {
        {cos(angle), -sin(angle), sin(angle), cos(angle)}, 1, SG_TURN_REACH};
    sg_lowpass_taps(&lowpass, taps);
    for (int y = 0; y < size->height; y++)
        for (int x = 0; x < size->width; x++) {
            valid[pixel(size, y, x)] =
                y >= margin && y < size->height - margin && x >= margin && x < size->width - margin;
            sum_pixel(size, picture, y, x, add_filtered, taps, filtered);
        }
}
