/*
 * Paths through vectors: from one to another, straight or along a sphere, and through a list of
 * keys, open or closed.
 */
#ifndef SG_LATENT_INTERPOLATION_H
#define SG_LATENT_INTERPOLATION_H

#include <stdbool.h>
#include <stddef.h>

#include "base/choices.h"
#include "base/error.h"

/*
 * Computes the vector at `t` on the straight line from `a` (t 0) to `b` (t 1), all of `width`
 * numbers. `result` may be `a` or `b`.
 */
void sg_interpolate_linear(const float *a, const float *b, size_t width, double t, float *result);

/*
 * Computes the vector at `t` from `a` (t 0) to `b` (t 1) along the great circle through their
 * directions, at constant angular speed; its length changes evenly from a's to b's. Nearly parallel
 * vectors, and vectors of length 0, are joined by a straight line; opposite ones by some half
 * circle. `result` must overlap neither `a` nor `b`.
 */
void sg_interpolate_spherical(const float *a, const float *b, size_t width, double t,
                              float *result);

/* The form of a path between two keys. */
typedef enum sg_path_method {
    SG_PATH_LINEAR,    /* straight */
    SG_PATH_SPHERICAL, /* along great circles */
    SG_PATH_CUBIC,     /* a cubic spline through all keys, without corners: latent/spline.h */
    SG_PATH_SLERP      /* weights of great circles on the keys themselves, as programs around
                          StyleGAN3 have it, so that lengths do not change evenly */
} sg_path_method;

/* The names of sg_path_method: "linear", "spherical", "cubic", "slerp". */
extern const sg_choices sg_path_methods;

/* The speed between two keys; all except the first stop at every key. */
typedef enum sg_easing {
    SG_EASING_LINEAR, /* evenly: t */
    SG_EASING_SMOOTH, /* 3 t^2 - 2 t^3, "smoothstep" */
    SG_EASING_SINE    /* (1 - cos(pi t)) / 2 */
} sg_easing;

/* The names of sg_easing: "linear", "smooth", "sine". */
extern const sg_choices sg_easings;

/* Returns the share of the way that is done at the time `t`; 0 at 0 and 1 at 1. */
double sg_ease(sg_easing easing, double t);

/* A path through keys; plain data. */
typedef struct sg_path {
    const float *keys; /* [count, width], borrowed */
    size_t count;      /* at least 1 */
    size_t width;      /* numbers of a key */
    bool closed;       /* continues from the last key to the first */
    sg_path_method method;
    double *slopes; /* of the spline; made by sg_path_prepare */
} sg_path;

/*
 * Computes what sg_path_point needs besides the keys; sg_path_clear frees it. Fails with
 * SG_ERROR_MEMORY.
 */
sg_status sg_path_prepare(sg_path *path, sg_error *error);
void sg_path_clear(sg_path *path);

/*
 * Returns the number of frames with `frames_per_key` from one key to the next: count *
 * frames_per_key for a closed path, whose first key follows the last frame, and (count - 1) *
 * frames_per_key + 1 for an open one, which ends with the last key. The product must fit in size_t.
 */
size_t sg_path_frame_count(const sg_path *path, size_t frames_per_key);

/* Returns the key after key `index`; after the last one, the first of a closed path, and the last
 * one of an open path. */
size_t sg_path_next_key(const sg_path *path, size_t index);

/*
 * Computes the point at `t` (0 <= t < 1) from key `index` to the next, in `point` [width]; at 0 it
 * is the key, bit for bit. The path must be prepared.
 */
void sg_path_point(const sg_path *path, size_t index, double t, float *point);

#endif
