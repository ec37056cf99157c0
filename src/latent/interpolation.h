/*
 * Paths through vectors: between two of them in a straight line or along a sphere, and through a
 * list of keys, open or closed.
 */
#ifndef SG_LATENT_INTERPOLATION_H
#define SG_LATENT_INTERPOLATION_H

#include <stdbool.h>
#include <stddef.h>

#include "base/choices.h"
#include "base/error.h"

/*
 * The vector at `t` on the straight line from `a` (t 0) to `b` (t 1), all of `width` numbers.
 * `result` may be `a` or `b`.
 */
void sg_interpolate_linear(const float *a, const float *b, size_t width, double t, float *result);

/*
 * The vector at `t` on the way from `a` (t 0) to `b` (t 1) along the great circle through their
 * directions, at constant angular speed; its length goes from a's to b's evenly. Vectors that are
 * nearly parallel, or one of no length, are joined by the straight line, which is then as good;
 * opposite ones, between which every half circle is as short, by one of those. `result` must
 * overlap neither `a` nor `b`.
 */
void sg_interpolate_spherical(const float *a, const float *b, size_t width, double t,
                              float *result);

/* How a path goes from key to key. */
typedef enum sg_path_method {
    SG_PATH_LINEAR,    /* straight */
    SG_PATH_SPHERICAL, /* along great circles */
    SG_PATH_CUBIC      /* on a cubic spline through all keys, without corners: latent/spline.h */
} sg_path_method;

/* The names of sg_path_method: "linear", "spherical", "cubic". */
extern const sg_choices sg_path_methods;

/* How fast it goes between two keys; all but the first stop at every key for a moment. */
typedef enum sg_easing {
    SG_EASING_LINEAR, /* evenly: t */
    SG_EASING_SMOOTH, /* 3 t^2 - 2 t^3, "smoothstep" */
    SG_EASING_SINE    /* (1 - cos(pi t)) / 2 */
} sg_easing;

/* The names of sg_easing: "linear", "smooth", "sine". */
extern const sg_choices sg_easings;

/* How much of the way is done at the time `t`; 0 at 0 and 1 at 1. */
double sg_ease(sg_easing easing, double t);

/* A path through keys; plain data. */
typedef struct sg_path {
    const float *keys; /* [count, width], borrowed */
    size_t count;      /* at least 1 */
    size_t width;      /* numbers of a key */
    bool closed;       /* goes on from the last key to the first */
    sg_path_method method;
    double *slopes; /* the spline's: sg_path_prepare makes them */
} sg_path;

/*
 * Finds what points of the path take beyond its keys; sg_path_clear frees it. Fails with
 * SG_ERROR_MEMORY.
 */
sg_status sg_path_prepare(sg_path *path, sg_error *error);
void sg_path_clear(sg_path *path);

/*
 * How many frames show the path when each way from key to key takes `frames_per_key`: count *
 * frames_per_key for a closed one, whose first key follows the last frame, and (count - 1) *
 * frames_per_key + 1 for an open one, which ends with the last key. The product must fit in size_t.
 */
size_t sg_path_frame_count(const sg_path *path, size_t frames_per_key);

/* The key after key `index`: the first follows the last of a closed path, itself that of an open
 * one. */
size_t sg_path_next_key(const sg_path *path, size_t index);

/*
 * The point at `t` (0 <= t < 1) of the way from key `index` to the next, in `point` [width]; at 0
 * the key itself, bit for bit. The path is prepared.
 */
void sg_path_point(const sg_path *path, size_t index, double t, float *point);

#endif
