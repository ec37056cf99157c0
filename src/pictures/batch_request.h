/* A line of a batch: a JSON object that asks for a picture. docs/batch-mode.md says what it holds.
 */
#ifndef SG_PICTURES_BATCH_REQUEST_H
#define SG_PICTURES_BATCH_REQUEST_H

#include <cjson/cJSON.h>
#include <stdbool.h>

#include "latent/transform.h"

enum { SG_JOB_CENTER_BYTES = 16 };

/* What a line asks for; texts are borrowed from it or from the defaults. */
typedef struct sg_job {
    const cJSON *id; /* a text or a number; NULL without one */
    bool has_seed;
    uint32_t seed;
    const char *w; /* a file of w; NULL: paint the seed */
    bool has_w_index;
    size_t w_index;
    int class_index; /* negative: not given */
    double psi;
    int cutoff; /* negative: the usual number of inputs */
    sg_noise_mode noise_mode;
    const char *center; /* a seed or a file, as --new-center has it; NULL: the average */
    sg_transform transform;
    const char *output; /* a path; NULL: named after the seed or w */
    bool save_w;
    cJSON *line;                           /* the object itself, owned */
    char center_seed[SG_JOB_CENTER_BYTES]; /* `center` when it was a number */
} sg_job;

/*
 * Reads a line of `length` bytes, which a zero byte follows, over the defaults that `job` holds.
 * Fails with SG_ERROR_FORMAT for what is no JSON object, has a key that is unknown, twice there or
 * of a wrong type, or lacks both "seed" and "w"; the id is kept then when the line has one. The
 * caller clears the job in any case, and does not copy it before.
 */
sg_status sg_job_read(const char *line, size_t length, sg_job *job, sg_error *error);

/* Frees the line; what was borrowed from it is gone. */
void sg_job_clear(sg_job *job);

#endif
