/*
 * Progressive growing (Karras et al. 2018, "Progressive Growing of GANs", section 2 and appendix A)
 * as a schedule: a pure function from the images seen so far to the stage of a step. Networks
 * start at a low resolution; a phase trains at one resolution, the next fades in the layers of
 * twice that, and so on up to the full picture.
 *
 * The level of detail (lod) counts doublings that are still missing: 0 is the full picture, 2 a
 * quarter of its side, and 1.6 is 0.4 of the way from 2 to 1.
 */
#ifndef SG_TRAIN_OPTIONS_GROWING_H
#define SG_TRAIN_OPTIONS_GROWING_H

#include <stdbool.h>
#include <stdint.h>

/* Resolutions 4, 8 ... 1024: entry i of a table is for 4 * 2^i. */
enum { SG_GROWING_LEVELS = 9 };

typedef struct sg_growing_schedule {
    int initial_resolution;       /* a power of two from 4 on; 0: the networks do not grow */
    double stable_kimg;           /* thousands of images at each resolution */
    double fade_kimg;             /* thousands of images while the next resolution fades in; one of
                                     the two may be 0 */
    int repeats;                  /* steps between changes of the lod */
    int batch[SG_GROWING_LEVELS]; /* images per step at each resolution */
    double g_rate[SG_GROWING_LEVELS], d_rate[SG_GROWING_LEVELS]; /* learning rates */
} sg_growing_schedule;

/* What a step trains with. */
typedef struct sg_growing_stage {
    double lod;
    int resolution; /* of the pictures: the full one / 2^floor(lod) */
    int batch;
    double g_rate, d_rate;
} sg_growing_stage;

/* Returns the table entry for `resolution`, a power of two from 4 to 1024. */
int sg_growing_level(int resolution);

/* Returns the table entry of the resolution at which networks of `full_resolution` start. */
int sg_growing_first_level(const sg_growing_schedule *schedule, int full_resolution);

/*
 * Returns the stage after `images` images for networks of `full_resolution`. A schedule with a
 * higher initial resolution starts with the full picture.
 */
sg_growing_stage sg_growing_at(const sg_growing_schedule *schedule, int full_resolution,
                               double images);

/* Tells whether layers come or go between two levels of detail; optimisers are reset then. */
bool sg_growing_changes_layers(double lod_before, double lod_now);

/* Returns the thousands of images until the full picture is reached. */
double sg_growing_kimg(const sg_growing_schedule *schedule, int full_resolution);

/* Returns the thousands of images after which the resolution of entry `level` begins to fade in. */
double sg_growing_begin(const sg_growing_schedule *schedule, int full_resolution, int level);

/*
 * Reads batches for some resolutions, "4:128,8:64", into a table. Returns false for any other text,
 * for resolutions other than powers of two from 4 to 1024, and for batches outside 1 to `largest`;
 * the table may be changed in part then.
 */
bool sg_growing_read_batches(const char *text, int largest, int batch[SG_GROWING_LEVELS]);

/* Returns the largest batch of the resolutions up to `full_resolution`. */
int sg_growing_largest_batch(const sg_growing_schedule *schedule, int full_resolution);

/*
 * Fades real pictures [count, resolution, resolution, channels] in place towards half their
 * resolution: each value x becomes x + (m - x) * share, where m is the mean of its 2x2 block.
 * `share` is the fraction of the lod.
 */
void sg_growing_fade(float *pictures, int64_t count, int64_t resolution, int64_t channels,
                     double share);

#endif
