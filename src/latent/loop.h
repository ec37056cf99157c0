/*
 * Walks through z that end where they begin, each from one seed: for films that repeat without a
 * jump. Points of a walk are distributed as latents are.
 */
#ifndef SG_LATENT_LOOP_H
#define SG_LATENT_LOOP_H

#include <stddef.h>
#include <stdint.h>

#include "base/choices.h"
#include "base/error.h"

/* The form of a walk. */
typedef enum sg_loop_kind {
    SG_LOOP_CIRCLE,   /* a great circle that starts at the seed's latent */
    SG_LOOP_GAUSSIAN, /* white noise over time, filtered by a Gaussian */
    SG_LOOP_NOISE     /* gradient noise (Perlin 1985) along a circle */
} sg_loop_kind;

/* The names of sg_loop_kind: "circle", "gaussian", "noise". */
extern const sg_choices sg_loop_kinds;

/* A walk; plain data, made by sg_loop_create, freed by sg_loop_clear. */
typedef struct sg_loop {
    sg_loop_kind kind;
    uint32_t seed;
    size_t width;     /* numbers of a latent */
    size_t harmonics; /* of the circle (1) and the filtered noise */
    double radius;    /* of gradient noise, in cells of its lattice */
    float *values;    /* amplitudes [1 + 2 harmonics, width], or offsets [2, width] */
} sg_loop;

/*
 * Makes a walk of `duration` seconds. Latents change within about `smoothing` seconds: the standard
 * deviation of the Gaussian, or the time for a cell of the noise's lattice; a circle does not read
 * it. Both are above 0, and their ratio at most SG_LOOP_LARGEST_RATIO. Fails with SG_ERROR_ARGUMENT
 * for other numbers, and with SG_ERROR_MEMORY.
 */
#define SG_LOOP_LARGEST_RATIO 1e4
sg_status sg_loop_create(sg_loop *loop, sg_loop_kind kind, uint32_t seed, size_t width,
                         double duration, double smoothing, sg_error *error);

/* Frees the walk's numbers. */
void sg_loop_clear(sg_loop *loop);

/* Computes the latent [width] at a share of the walk, from 0 to 1, which are the same point. */
void sg_loop_point(const sg_loop *loop, double share, float *z);

#endif
