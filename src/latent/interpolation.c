/*
 * Paths through vectors. Spherical: Shoemake 1985, "Animating rotation with quaternion curves",
 * section 3.3, for directions of any number of dimensions.
 */
#include "latent/interpolation.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "latent/spline.h"

/* With smaller sines, rounding hides the plane of two directions. */
#define SMALLEST_SINE 1e-6

static const double PI = 3.14159265358979323846;

static const char *const method_names[] = {"linear", "spherical", "cubic", "slerp"};
static const char *const easing_names[] = {"linear", "smooth", "sine"};
const sg_choices sg_path_methods = SG_CHOICES(method_names);
const sg_choices sg_easings = SG_CHOICES(easing_names);

void sg_interpolate_linear(const float *a, const float *b, size_t width, double t, float *result)
{
    for (size_t i = 0; i < width; i++)
        result[i] = (float)((1 - t) * a[i] + t * b[i]);
}

static double length_of(const float *vector, size_t width)
{
    double sum = 0;
    for (size_t i = 0; i < width; i++)
        sum += (double)vector[i] * vector[i];
    return sqrt(sum);
}

/* Returns the cosine of the angle between two vectors of these lengths. */
static double cosine_between(const float *a, double a_length, const float *b, double b_length,
                             size_t width)
{
    double sum = 0;
    for (size_t i = 0; i < width; i++)
        sum += a[i] / a_length * (b[i] / b_length);
    return fmin(fmax(sum, -1), 1);
}

static size_t smallest_component(const float *vector, size_t width)
{
    size_t smallest = 0;
    for (size_t i = 1; i < width; i++)
        if (fabsf(vector[i]) < fabsf(vector[smallest]))
            smallest = i;
    return smallest;
}

/*
 * Turns `a` by `angle` along the half circle to its opposite. The half circle passes the part,
 * perpendicular to `a`, of the axis on which `a` is smallest: with two dimensions or more, that
 * part is never short.
 */
static void turn_around(const float *a, double a_length, size_t width, double angle, double length,
                        float *result)
{
    const size_t axis = smallest_component(a, width);
    const double along = a[axis] / a_length;
    const double across = sqrt(1 - along * along);
    for (size_t i = 0; i < width; i++) {
        const double direction = a[i] / a_length;
        const double side = ((i == axis ? 1.0 : 0.0) - along * direction) / across;
        result[i] = (float)(length * (cos(angle) * direction + sin(angle) * side));
    }
}

void sg_interpolate_spherical(const float *a, const float *b, size_t width, double t, float *result)
{
    const double a_length = length_of(a, width);
    const double b_length = length_of(b, width);
    const double length = (1 - t) * a_length + t * b_length;
    if (!(a_length > 0) || !(b_length > 0)) {
        sg_interpolate_linear(a, b, width, t, result);
        return;
    }
    const double angle = acos(cosine_between(a, a_length, b, b_length, width));
    const double sine = sin(angle);
    if (sine >= SMALLEST_SINE) {
        const double from_a = length * sin((1 - t) * angle) / sine / a_length;
        const double from_b = length * sin(t * angle) / sine / b_length;
        for (size_t i = 0; i < width; i++)
            result[i] = (float)(from_a * a[i] + from_b * b[i]);
    } else if (angle > 1 && width > 1) {
        turn_around(a, a_length, width, t * angle, length, result);
    } else {
        sg_interpolate_linear(a, b, width, t, result);
    }
}

/*
 * The programs around StyleGAN3 apply the weights of a great circle, sin((1 - t) A) / sin A and
 * sin(t A) / sin A, to the vectors themselves; straight where |cos A| is above 0.9995.
 */
static void interpolate_slerp(const float *a, const float *b, size_t width, double t, float *result)
{
    static const double straight = 0.9995;
    const double cosine = cosine_between(a, length_of(a, width), b, length_of(b, width), width);
    if (!(fabs(cosine) <= straight)) { /* also for a vector of length 0 */
        sg_interpolate_linear(a, b, width, t, result);
        return;
    }
    const double angle = acos(cosine);
    const double from_a = sin((1 - t) * angle) / sin(angle);
    const double from_b = sin(t * angle) / sin(angle);
    for (size_t i = 0; i < width; i++)
        result[i] = (float)(from_a * a[i] + from_b * b[i]);
}

/* ---- paths ---- */

double sg_ease(sg_easing easing, double t)
{
    switch (easing) {
    case SG_EASING_SMOOTH:
        return t * t * (3 - 2 * t);
    case SG_EASING_SINE:
        return (1 - cos(PI * t)) / 2;
    case SG_EASING_LINEAR:
        break;
    }
    return t;
}

sg_status sg_path_prepare(sg_path *path, sg_error *error)
{
    if (path->method != SG_PATH_CUBIC)
        return SG_OK;
    return sg_spline_slopes(path->keys, path->count, path->width, path->closed, &path->slopes,
                            error);
}

void sg_path_clear(sg_path *path)
{
    free(path->slopes);
    path->slopes = NULL;
}

size_t sg_path_frame_count(const sg_path *path, size_t frames_per_key)
{
    return path->closed ? path->count * frames_per_key : (path->count - 1) * frames_per_key + 1;
}

size_t sg_path_next_key(const sg_path *path, size_t index)
{
    if (index + 1 < path->count)
        return index + 1;
    return path->closed ? 0 : index;
}

void sg_path_point(const sg_path *path, size_t index, double t, float *point)
{
    const size_t width = path->width;
    const float *from = path->keys + index * width;
    const float *to = path->keys + sg_path_next_key(path, index) * width;
    if (t == 0 || from == to) {
        memcpy(point, from, width * sizeof *point);
    } else if (path->method == SG_PATH_LINEAR) {
        sg_interpolate_linear(from, to, width, t, point);
    } else if (path->method == SG_PATH_SPHERICAL) {
        sg_interpolate_spherical(from, to, width, t, point);
    } else if (path->method == SG_PATH_SLERP) {
        interpolate_slerp(from, to, width, t, point);
    } else {
        const double *slope = path->slopes + index * width;
        sg_spline_point(from, slope, to, slope + width, width, t, point);
    }
}
