/*
 * Filters of turned pictures. The band is the convolution of an upright and a mapped sinc, the
 * window that of an upright and a mapped Lanczos window. An upright sinc or window is a product of
 * one along x and one along y, so that the band is summed along rows, then along columns.
 * Tested by: tests/metrics/test_moved_picture.c
 */
#include "metrics/rotation_filter.h"

#include <math.h>

#include "base/special.h"

enum {
    BAND_REACH = 64, /* pixels each way */
    MOST_PERIOD = 2 * BAND_REACH * SG_FILTER_MOST_STEP - 1,
    WINDOW_CENTER = SG_LANCZOS_LOBES * SG_FILTER_MOST_STEP - 1
};

typedef struct point {
    double x, y;
} point;

static point map(const sg_lowpass *filter, double x, double y)
{
    return (point){filter->map[0] * x + filter->map[1] * y,
                   filter->map[2] * x + filter->map[3] * y};
}

int sg_lowpass_side(const sg_lowpass *filter)
{
    return 2 * filter->reach * filter->step - 1;
}

/* Returns `at` in -center .. center, of a period of 2 center + 1. */
static int wrap(int at, int center)
{
    const int period = 2 * center + 1;
    return at > center ? at - period : at < -center ? at + period : at;
}

/* Adds what row `y` of the mapped sinc gives to every tap; sincs[i] is the sinc at i - center. */
static void add_band_row(const sg_lowpass *filter, const double *sincs, int center, int y,
                         double *taps)
{
    const int side = sg_lowpass_side(filter);
    double row[MOST_PERIOD];
    double sums[SG_FILTER_MOST_TAPS];
    for (int x = -center; x <= center; x++) {
        const point other = map(filter, (double)x / filter->step, (double)y / filter->step);
        row[x + center] = sg_sinc(other.x) * sg_sinc(other.y);
    }
    for (int i = 0; i < side; i++) {
        sums[i] = 0;
        for (int x = -center; x <= center; x++)
            sums[i] += row[x + center] * sincs[wrap(i - side / 2 - x, center) + center];
    }
    for (int i = 0; i < side * side; i++)
        taps[i] += sums[i % side] * sincs[wrap(i / side - side / 2 - y, center) + center];
}

static void compute_band(const sg_lowpass *filter, double *taps)
{
    const int side = sg_lowpass_side(filter);
    const int center = BAND_REACH * filter->step - 1;
    double sincs[MOST_PERIOD];
    for (int i = -center; i <= center; i++)
        sincs[i + center] = sg_sinc((double)i / filter->step);
    for (int i = 0; i < side * side; i++)
        taps[i] = 0;
    for (int y = -center; y <= center; y++)
        add_band_row(filter, sincs, center, y, taps);
}

/* Returns the convolution of the upright and the mapped Lanczos window at a point. */
static double window(const sg_lowpass *filter, double x, double y)
{
    const int center = SG_LANCZOS_LOBES * filter->step - 1;
    double sum = 0;
    double rows[2 * WINDOW_CENTER + 1];
    for (int i = -center; i <= center; i++)
        rows[i + center] = sg_lanczos_window((double)i / filter->step);
    for (int v = -center; v <= center; v++)
        for (int u = -center; u <= center; u++) {
            const point other =
                map(filter, x - (double)u / filter->step, y - (double)v / filter->step);
            if (fabs(other.x) < SG_LANCZOS_LOBES && fabs(other.y) < SG_LANCZOS_LOBES)
                sum += rows[v + center] * rows[u + center] * sg_lanczos_window(other.x) *
                       sg_lanczos_window(other.y);
        }
    return sum;
}

/* Scales the taps that are `step` apart, from (row, column) on, to the sum 1. */
static void normalize(double *taps, int side, int step, int row, int column)
{
    double sum = 0;
    for (int y = row; y < side; y += step)
        for (int x = column; x < side; x += step)
            sum += taps[y * side + x];
    for (int y = row; y < side; y += step)
        for (int x = column; x < side; x += step)
            taps[y * side + x] /= sum;
}

void sg_lowpass_taps(const sg_lowpass *filter, double *taps)
{
    const int side = sg_lowpass_side(filter);
    const int step = filter->step;
    const int middle = side / 2;
    compute_band(filter, taps);
    /* a half turn does not change the filter */
    for (int i = 0; i <= side * side / 2; i++) {
        const int row = i / side;
        const double x = (double)(i % side - middle) / step;
        const double y = (double)(row - middle) / step;
        taps[i] *= window(filter, x, y);
        taps[side * side - 1 - i] = taps[i];
    }
    for (int phase = 0; phase < step * step; phase++)
        normalize(taps, side, step, phase / step, phase % step);
}
