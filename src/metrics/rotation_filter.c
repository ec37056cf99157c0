/*
 * Filters of turned pictures: the inverse Fourier transform of a polygon of frequencies, in
 * windows. Tested by: tests/metrics/test_moved_picture.c
 */
#include "metrics/rotation_filter.h"

#include <math.h>

#include "base/special.h"

enum {
    MOST_CORNERS = 8, /* of the intersection of two squares */
    WINDOW_CENTER = SG_LANCZOS_LOBES * SG_ROTATION_UPSAMPLING - 1
};

typedef struct point {
    double x, y;
} point;

typedef struct polygon {
    point corners[MOST_CORNERS + 4]; /* in order; more while corners touch */
    int count;
} polygon;

/* Returns coordinates after a turn against the clock, y pointing down. */
static point turn(point p, double angle)
{
    return (point){cos(angle) * p.x + sin(angle) * p.y, cos(angle) * p.y - sin(angle) * p.x};
}

/* ---- the band: frequencies in both squares, in cycles per pixel ---- */

/* Keeps the side of the polygon on which `normal` times a point is at most 1/2. */
static void cut(polygon *band, point normal)
{
    const polygon whole = *band;
    band->count = 0;
    for (int i = 0; i < whole.count; i++) {
        const point a = whole.corners[i];
        const point b = whole.corners[(i + 1) % whole.count];
        const double outside_a = normal.x * a.x + normal.y * a.y - 0.5;
        const double outside_b = normal.x * b.x + normal.y * b.y - 0.5;
        const double share = outside_a / (outside_a - outside_b);
        if (outside_a <= 0)
            band->corners[band->count++] = a;
        if ((outside_a < 0 && outside_b > 0) || (outside_a > 0 && outside_b < 0))
            band->corners[band->count++] =
                (point){a.x + share * (b.x - a.x), a.y + share * (b.y - a.y)};
    }
}

static polygon common_band(double angle)
{
    polygon band = {{{-0.5, -0.5}, {0.5, -0.5}, {0.5, 0.5}, {-0.5, 0.5}}, 4};
    for (int side = 0; side < 4; side++)
        cut(&band, turn((point){1, 0}, -angle + side * M_PI_2));
    return band;
}

/*
 * Returns the inverse Fourier transform of the band at a point, by the divergence theorem: an
 * integral of a wave along the edges. In the middle it is the area.
 */
static double band_response(const polygon *band, point at)
{
    const point k = {2 * M_PI * at.x, 2 * M_PI * at.y};
    const double square = k.x * k.x + k.y * k.y;
    double sum = 0;
    for (int i = 0; i < band->count; i++) {
        const point a = band->corners[i];
        const point b = band->corners[(i + 1) % band->count];
        const point edge = {b.x - a.x, b.y - a.y};
        const double middle = (k.x * (a.x + b.x) + k.y * (a.y + b.y)) / 2;
        const double along = sg_sinc((k.x * edge.x + k.y * edge.y) / (2 * M_PI));
        sum += square > 0 ? (k.x * edge.y - k.y * edge.x) / square * sin(middle) * along
                          : (a.x * b.y - a.y * b.x) / 2;
    }
    return sum;
}

/* ---- windows and sums ---- */

/* Returns the position of tap `index` of a filter [side, side], in pixels from its middle. */
static point tap_position(int index, int side, int step)
{
    const int x = index % side - side / 2;
    const int y = index / side - side / 2;
    return (point){(double)x / step, (double)y / step};
}

/* Returns the convolution of the upright and the turned Lanczos window, sampled 1 / `step` apart.
 */
static double window(point at, double angle, int step)
{
    const int center = SG_LANCZOS_LOBES * step - 1;
    double sum = 0;
    double rows[2 * WINDOW_CENTER + 1];
    for (int i = -center; i <= center; i++)
        rows[i + center] = sg_lanczos_window((double)i / step);
    for (int y = -center; y <= center; y++)
        for (int x = -center; x <= center; x++) {
            const point other =
                turn((point){at.x - (double)x / step, at.y - (double)y / step}, angle);
            if (fabs(other.x) < SG_LANCZOS_LOBES && fabs(other.y) < SG_LANCZOS_LOBES)
                sum += rows[y + center] * rows[x + center] * sg_lanczos_window(other.x) *
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

void sg_rotation_filter(double angle, double *taps)
{
    const polygon band = common_band(angle);
    const int step = SG_ROTATION_UPSAMPLING;
    /* a half turn does not change the filter */
    for (int i = 0; i <= SG_ROTATION_TAPS * SG_ROTATION_TAPS / 2; i++) {
        const point at = tap_position(i, SG_ROTATION_TAPS, step);
        taps[i] = band_response(&band, at) * window(at, angle, step);
        taps[SG_ROTATION_TAPS * SG_ROTATION_TAPS - 1 - i] = taps[i];
    }
    for (int phase = 0; phase < step * step; phase++)
        normalize(taps, SG_ROTATION_TAPS, step, phase / step, phase % step);
}

/* On the pixels' lattice the upright sinc is a single tap, so only the turned one remains. */
void sg_pseudo_rotation_filter(double angle, double *taps)
{
    for (int i = 0; i < SG_PSEUDO_TAPS * SG_PSEUDO_TAPS; i++) {
        const point at = tap_position(i, SG_PSEUDO_TAPS, 1);
        const point other = turn(at, -angle);
        taps[i] = sg_sinc(other.x) * sg_sinc(other.y) * window(at, -angle, 1);
    }
    normalize(taps, SG_PSEUDO_TAPS, 1, 0, 0);
}
