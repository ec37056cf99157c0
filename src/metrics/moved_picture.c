/* Moved and turned pictures: sums of the original's pixels, weighted by the taps of a filter. */
#include "metrics/moved_picture.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "base/special.h"
#include "metrics/rotation_filter.h"

enum {
    /* Upsampled points closer than this to the picture's edges are not valid. */
    FINE_MARGIN = SG_ROTATION_CENTER - 1,
    /* The most pixels in a row under the turning filter. */
    FOOTPRINT = 2 * SG_ROTATION_REACH + 1
};

/* The columns or rows first <= i < end. */
typedef struct span {
    int first, end;
} span;

static void clear(const sg_picture_size *size, float *result, unsigned char *valid)
{
    const size_t pixels = (size_t)size->height * (size_t)size->width;
    memset(result, 0, pixels * (size_t)size->channels * sizeof *result);
    memset(valid, 0, pixels);
}

static size_t pixel(const sg_picture_size *size, int y, int x)
{
    return (size_t)y * (size_t)size->width + (size_t)x;
}

/* Adds `weight` times pixel `from` of the picture to pixel `to` of the result. */
static void add_pixel(const sg_picture_size *size, const float *picture, size_t from, double weight,
                      float *result, size_t to)
{
    const size_t channels = (size_t)size->channels;
    for (size_t c = 0; c < channels; c++)
        result[to * channels + c] += (float)weight * picture[from * channels + c];
}

/* ---- translation ---- */

/* A move along an axis by part of a pixel: dest[i] is the sum of taps[k] source[i - first - k]. */
typedef struct shift {
    int first, count;
    double taps[2 * SG_LANCZOS_LOBES];
} shift;

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

/* Returns the positions where all taps meet pixels of a row of `length`. */
static span covered(const shift *by, int length)
{
    const int first = by->first + by->count - 1;
    const int end = by->first + length;
    return (span){first > 0 ? first : 0, end < length ? end : length};
}

static void move(const sg_picture_size *size, const float *picture, const shift *x_shift,
                 const shift *y_shift, float *moved, unsigned char *valid)
{
    const span columns = covered(x_shift, size->width);
    const span rows = covered(y_shift, size->height);
    clear(size, moved, valid);
    for (int y = rows.first; y < rows.end; y++)
        for (int x = columns.first; x < columns.end; x++) {
            valid[pixel(size, y, x)] = 1;
            for (int i = 0; i < y_shift->count; i++)
                for (int k = 0; k < x_shift->count; k++)
                    add_pixel(size, picture,
                              pixel(size, y - y_shift->first - i, x - x_shift->first - k),
                              y_shift->taps[i] * x_shift->taps[k], moved, pixel(size, y, x));
        }
}

void sg_translate_whole(const sg_picture_size *size, const float *picture, int x, int y,
                        float *moved, unsigned char *valid)
{
    const shift x_shift = {x, 1, {1}};
    const shift y_shift = {y, 1, {1}};
    move(size, picture, &x_shift, &y_shift, moved, valid);
}

void sg_translate_fraction(const sg_picture_size *size, const float *picture, double x, double y,
                           float *moved, unsigned char *valid)
{
    const shift x_shift = fractional_shift(x);
    const shift y_shift = fractional_shift(y);
    move(size, picture, &x_shift, &y_shift, moved, valid);
}

/* ---- rotation ---- */

/* True if the point nearest to `at`, in upsampled pixels, is far enough from the edges. */
static bool inside(double at, int length)
{
    const double nearest = floor(at + 0.5);
    return nearest >= FINE_MARGIN && nearest < SG_ROTATION_UPSAMPLING * length - FINE_MARGIN - 4;
}

/* Returns the filter at (y, x) upsampled pixels from its middle, linear between taps. */
static double tap_between(const double *filter, double y, double x)
{
    const int row = (int)floor(y);
    const int column = (int)floor(x);
    double sum = 0;
    for (int i = 0; i < 2; i++)
        for (int k = 0; k < 2; k++) {
            const int at_y = row + i + SG_ROTATION_CENTER;
            const int at_x = column + k + SG_ROTATION_CENTER;
            if (at_y >= 0 && at_y < SG_ROTATION_TAPS && at_x >= 0 && at_x < SG_ROTATION_TAPS)
                sum += filter[at_y * SG_ROTATION_TAPS + at_x] * (1 - fabs(y - row - i)) *
                       (1 - fabs(x - column - k));
        }
    return sum;
}

/* Adds the upsampled picture at (y, x), in upsampled pixels, to pixel `to` of the result. */
static void sample(const sg_picture_size *size, const float *picture, const double *filter,
                   double y, double x, float *turned, size_t to)
{
    const int step = SG_ROTATION_UPSAMPLING;
    const int first_row = (int)floor(y / step) - SG_ROTATION_REACH;
    const int first_column = (int)floor(x / step) - SG_ROTATION_REACH;
    for (int row = first_row; row <= first_row + FOOTPRINT; row++)
        for (int column = first_column; column <= first_column + FOOTPRINT; column++)
            if (row >= 0 && row < size->height && column >= 0 && column < size->width)
                add_pixel(size, picture, pixel(size, row, column),
                          tap_between(filter, y - row * step, x - column * step), turned, to);
}

void sg_rotate(const sg_picture_size *size, const float *picture, double angle, float *turned,
               unsigned char *valid)
{
    double filter[SG_ROTATION_TAPS * SG_ROTATION_TAPS];
    const double middle_x = (size->width - 1) / 2.0;
    const double middle_y = (size->height - 1) / 2.0;
    sg_rotation_filter(angle, filter);
    clear(size, turned, valid);
    for (int y = 0; y < size->height; y++)
        for (int x = 0; x < size->width; x++) {
            const double dx = x - middle_x;
            const double dy = y - middle_y;
            const double from_x =
                (cos(angle) * dx - sin(angle) * dy + middle_x) * SG_ROTATION_UPSAMPLING;
            const double from_y =
                (sin(angle) * dx + cos(angle) * dy + middle_y) * SG_ROTATION_UPSAMPLING;
            if (!inside(from_x, size->width) || !inside(from_y, size->height))
                continue;
            valid[pixel(size, y, x)] = 1;
            sample(size, picture, filter, from_y, from_x, turned, pixel(size, y, x));
        }
}

void sg_pseudo_rotate(const sg_picture_size *size, const float *picture, double angle,
                      float *filtered, unsigned char *valid)
{
    double filter[SG_PSEUDO_TAPS * SG_PSEUDO_TAPS];
    const int margin = SG_PSEUDO_CENTER;
    sg_pseudo_rotation_filter(angle, filter);
    clear(size, filtered, valid);
    for (int y = margin; y < size->height - margin; y++)
        for (int x = margin; x < size->width - margin; x++) {
            valid[pixel(size, y, x)] = 1;
            for (int i = 0; i < SG_PSEUDO_TAPS * SG_PSEUDO_TAPS; i++)
                add_pixel(
                    size, picture,
                    pixel(size, y + margin - i / SG_PSEUDO_TAPS, x + margin - i % SG_PSEUDO_TAPS),
                    filter[i], filtered, pixel(size, y, x));
        }
}
