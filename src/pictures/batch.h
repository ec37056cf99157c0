/*
 * `generate --jobs`: a picture for each line of a stream, and a line of JSON on standard output for
 * each picture. docs/batch-mode.md has the protocol.
 */
#ifndef SG_PICTURES_BATCH_H
#define SG_PICTURES_BATCH_H

#include <stdio.h>

#include "pictures/batch_request.h"
#include "pictures/picture_network.h"

/* The longest line that is read, in bytes. */
#define SG_BATCH_LONGEST_LINE ((size_t)1 << 20)

/* A batch; everything is borrowed. */
typedef struct sg_batch_options {
    FILE *stream;     /* of the lines */
    const char *name; /* of the stream, for sentences */
    const char *folder;
    sg_job defaults; /* what a line does not say; without line and id */
} sg_batch_options;

/* How it went. */
typedef struct sg_batch_counts {
    size_t jobs, failed;
} sg_batch_counts;

/*
 * Answers every line before it waits for the next. A job that fails is answered with its sentence
 * and counted. Fails itself, leaving lines unread, when the stream or standard output do.
 */
sg_status sg_batch_run(const sg_picture_network *network, const sg_batch_options *options,
                       sg_batch_counts *counts, sg_error *error);

#endif
