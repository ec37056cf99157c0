/*
 * Paths through vectors. Spherical: Shoemake 1985, "Animating rotation with quaternion curves",
 * section 3.3, for directions of any number of dimensions. Smooth: Catmull and Rom 1974, "A class
 * of local interpolating splines", the uniform cubic one; an open path is lengthened at both ends
 * by the reflection of the second point in the first.
 */
#include "latent/interpolation.h"

#include <math.h>
#include <string.h>

/* Sines of smaller angles say too little about the plane of two directions. */
#define SMALLEST_SINE 1e-6

static const char *const shape_names[] = {"linear", "spherical", "smooth"};

const char *sg_path_shape_name(sg_path_shape shape)
{
    return shape_names[shape];
}

int sg_path_shape_from_name(const char *name)
{
    for (int shape = SG_PATH_LINEAR; shape <= SG_PATH_SMOOTH; shape++)
        if (strcmp(shape_names[shape], name) == 0)
            return shape;
    return -1;
}

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

/* The cosine of the angle between two vectors of these lengths. */
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
 * Half a circle from `a` to its opposite, over the part of the axis that `a` has least of which is
 * perpendicular to `a`: that part is never short when there are two dimensions or more.
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

void sg_interpolate_cubic(const float *const points[4], size_t width, double t, float *result)
{
    const double weights[4] = {0.5 * t * (-1 + t * (2 - t)), 0.5 * (2 + t * t * (-5 + 3 * t)),
                               0.5 * t * (1 + t * (4 - 3 * t)), 0.5 * t * t * (t - 1)};
    for (size_t i = 0; i < width; i++) {
        double sum = 0;
        for (int k = 0; k < 4; k++)
            sum += weights[k] * points[k][i];
        result[i] = (float)sum;
    }
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

/* The key before key `index`: the last precedes the first of a closed path, itself that of an open
 * one. */
static size_t key_before(const sg_path *path, size_t index)
{
    if (index > 0)
        return index - 1;
    return path->closed ? path->count - 1 : index;
}

/* The spline between key `index` and the next; beyond an open path's end lies a reflection. */
static void smooth_point(const sg_path *path, size_t index, double t, float *point)
{
    const size_t next = sg_path_next_key(path, index);
    const size_t keys[4] = {key_before(path, index), index, next, sg_path_next_key(path, next)};
    const float *points[4];
    for (int k = 0; k < 4; k++)
        points[k] = path->keys + keys[k] * path->width;
    const bool starts = keys[0] == keys[1];
    const bool ends = keys[3] == keys[2];
    if (!starts && !ends) {
        sg_interpolate_cubic(points, path->width, t, point);
        return;
    }
    for (size_t i = 0; i < path->width; i++) {
        const float before = starts ? 2 * points[1][i] - points[2][i] : points[0][i];
        const float after = ends ? 2 * points[2][i] - points[1][i] : points[3][i];
        const float *const four[4] = {&before, points[1] + i, points[2] + i, &after};
        sg_interpolate_cubic(four, 1, t, point + i);
    }
}

void sg_path_point(const sg_path *path, size_t index, double t, float *point)
{
    const float *from = path->keys + index * path->width;
    const float *to = path->keys + sg_path_next_key(path, index) * path->width;
    if (t == 0 || from == to)
        memcpy(point, from, path->width * sizeof *point);
    else if (path->shape == SG_PATH_LINEAR)
        sg_interpolate_linear(from, to, path->width, t, point);
    else if (path->shape == SG_PATH_SPHERICAL)
        sg_interpolate_spherical(from, to, path->width, t, point);
    else
        smooth_point(path, index, t, point);
}
