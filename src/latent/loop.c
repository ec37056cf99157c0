/*
 * Closed walks through z.
 *
 * Circle and filtered noise are trigonometric sums, z(s) = c + sum_k a_k cos(2 pi k s) + b_k sin(2
 * pi k s). White noise that repeats after T seconds, filtered by a Gaussian of sigma seconds, has
 * normal amplitudes times g_k = exp(-(2 pi k sigma / T)^2 / 2), and sqrt(2) for k > 0; dividing by
 * the root of g_0^2 + 2 sum g_k^2 makes every z(s) standard normal. So the walk is the same at
 * every frame rate. The circle has one harmonic, of the seed's latent and a second one at a right
 * angle.
 *
 * Gradient noise is zero at the points of its lattice, so every number of z has a lattice of its
 * own and an offset on it.
 */
#include "latent/loop.h"

#include <math.h>
#include <stdlib.h>

#include "base/allocate.h"
#include "base/random.h"
#include "latent/seeds.h"

static const char *const kind_names[] = {"circle", "gaussian", "noise"};
const sg_choices sg_loop_kinds = SG_CHOICES(kind_names);

/* Amplitudes below this share of the first are left out. */
static const double least_amplitude = 1e-4;

/* One over the standard deviation of two-dimensional gradient noise with fade 6t^5 - 15t^4 + 10t^3,
 * 1 / sqrt(4 int (1 - f)^2 t^2 dt int (1 - f)^2 dt). */
static const double noise_scale = 4.6358364403;

static const uint64_t offset_stream = 2; /* of a seed's random numbers */
static const uint64_t lattice_stream = 3;

enum { LATTICE_BITS = 20 /* of each coordinate of a lattice's point in its number */ };

/* ---- making ---- */

/* Returns the amplitude of a harmonic. */
static double amplitude(size_t harmonic, double ratio)
{
    const double exponent = 2 * acos(-1) * (double)harmonic / ratio;
    return exp(-exponent * exponent / 2);
}

/* Returns the number of harmonics that a Gaussian of one `ratio`th of the walk leaves. */
static size_t count_harmonics(double ratio)
{
    size_t count = 1;
    while (amplitude(count + 1, ratio) > least_amplitude)
        count++;
    return count;
}

/* Scales the amplitudes, which are standard normal, as the Gaussian filter does. */
static void filter(sg_loop *loop, double ratio)
{
    double power = 1;
    for (size_t k = 1; k <= loop->harmonics; k++)
        power += 2 * amplitude(k, ratio) * amplitude(k, ratio);
    for (size_t row = 0; row < 1 + 2 * loop->harmonics; row++) {
        const size_t k = (row + 1) / 2;
        const double gain = (k > 0 ? sqrt(2) : 1) * amplitude(k, ratio) / sqrt(power);
        for (size_t i = 0; i < loop->width; i++)
            loop->values[row * loop->width + i] *= (float)gain;
    }
}

/* Puts the second latent at a right angle to the first, with the same length. */
static void make_circle(sg_loop *loop)
{
    const float *first = loop->values + loop->width;
    float *second = loop->values + 2 * loop->width;
    double product = 0;
    double squared = 0;
    double length = 0;
    for (size_t i = 0; i < loop->width; i++) {
        product += (double)first[i] * second[i];
        squared += (double)first[i] * first[i];
    }
    for (size_t i = 0; i < loop->width; i++) {
        second[i] -= (float)(squared > 0 ? product / squared * first[i] : 0);
        length += (double)second[i] * second[i];
    }
    for (size_t i = 0; i < loop->width; i++)
        second[i] *= length > 0 ? (float)sqrt(squared / length) : 0;
}

static void draw_offsets(sg_loop *loop)
{
    sg_random random = sg_random_stream(loop->seed, offset_stream);
    for (size_t i = 0; i < 2 * loop->width; i++)
        loop->values[i] = (float)sg_random_uniform(&random);
}

sg_status sg_loop_create(sg_loop *loop, sg_loop_kind kind, uint32_t seed, size_t width,
                         double duration, double smoothing, sg_error *error)
{
    const double ratio = duration / smoothing;
    size_t count = 0;
    *loop = (sg_loop){.kind = kind, .seed = seed, .width = width};
    if (!(duration > 0) || !(smoothing > 0) || !(ratio <= SG_LOOP_LARGEST_RATIO))
        return sg_fail(
            error, SG_ERROR_ARGUMENT,
            "a walk of %g seconds cannot be smoothed over %g seconds: both must be above "
            "0, and the walk at most %g times as long",
            duration, smoothing, SG_LOOP_LARGEST_RATIO);
    loop->radius = fmax(ratio, 1) / (2 * acos(-1));
    loop->harmonics = kind == SG_LOOP_CIRCLE     ? 1
                      : kind == SG_LOOP_GAUSSIAN ? count_harmonics(ratio)
                                                 : 0;
    const size_t rows = kind == SG_LOOP_NOISE ? 2 : 1 + 2 * loop->harmonics;
    if (sg_size_multiply(rows, width, &count))
        loop->values = sg_allocate(count, sizeof *loop->values);
    if (!loop->values)
        return sg_fail_memory(error, "a walk of %g seconds", duration);
    if (kind == SG_LOOP_CIRCLE) {
        sg_seed_latent(seed, 2 * width, loop->values + width);
        make_circle(loop);
    } else if (kind == SG_LOOP_GAUSSIAN) {
        sg_seed_latent(seed, count, loop->values);
        filter(loop, ratio);
    } else {
        draw_offsets(loop);
    }
    return SG_OK;
}

void sg_loop_clear(sg_loop *loop)
{
    free(loop->values);
    loop->values = NULL;
}

/* ---- points ---- */

static void add_harmonics(const sg_loop *loop, double share, float *z)
{
    const size_t width = loop->width;
    for (size_t i = 0; i < width; i++)
        z[i] = loop->values[i];
    for (size_t k = 1; k <= loop->harmonics; k++) {
        /* The share of one turn, so that 0 and 1 are the same point, bit for bit. */
        const double angle = 2 * acos(-1) * fmod((double)k * share, 1);
        const float *cosines = loop->values + (2 * k - 1) * width;
        const float *sines = cosines + width;
        for (size_t i = 0; i < width; i++)
            z[i] += (float)(cos(angle) * cosines[i] + sin(angle) * sines[i]);
    }
}

/* Returns the product of the gradient at a point of a number's lattice with the way from there. */
static double slope(const sg_loop *loop, size_t number, int64_t column, int64_t row, double x,
                    double y)
{
    uint32_t bits[4];
    const int64_t middle = INT64_C(1) << (LATTICE_BITS - 1);
    const uint64_t point = (uint64_t)(column + middle) << LATTICE_BITS | (uint64_t)(row + middle);
    sg_philox(loop->seed, lattice_stream + ((uint64_t)number << 8), point, bits);
    const double angle = 2 * acos(-1) * (bits[0] / 4294967296.0);
    return cos(angle) * x + sin(angle) * y;
}

static double fade(double t)
{
    return t * t * t * (t * (6 * t - 15) + 10);
}

static double gradient_noise(const sg_loop *loop, size_t number, double x, double y)
{
    const double left = floor(x);
    const double top = floor(y);
    const int64_t column = (int64_t)left;
    const int64_t row = (int64_t)top;
    const double right = fade(x - left);
    const double below = fade(y - top);
    double sum = 0;
    for (int i = 0; i < 4; i++) {
        const int across = i % 2;
        const int down = i / 2;
        sum += (across ? right : 1 - right) * (down ? below : 1 - below) *
               slope(loop, number, column + across, row + down, x - left - across, y - top - down);
    }
    return sum;
}

void sg_loop_point(const sg_loop *loop, double share, float *z)
{
    if (loop->kind != SG_LOOP_NOISE) {
        add_harmonics(loop, share, z);
        return;
    }
    const double angle = 2 * acos(-1) * fmod(share, 1);
    const double x = loop->radius * cos(angle);
    const double y = loop->radius * sin(angle);
    for (size_t i = 0; i < loop->width; i++)
        z[i] = (float)(noise_scale * gradient_noise(loop, i, x + loop->values[i],
                                                    y + loop->values[loop->width + i]));
}
