/*
 * `generate --jobs`: a picture for each line of a stream, and a line of JSON for each picture.
 * docs/batch-mode.md has the protocol.
 */
#ifndef SG_PICTURES_BATCH_H
#define SG_PICTURES_BATCH_H

#include <stdio.h>

#include "pictures/picture_request.h"

/* The longest line that is read, in bytes. */
#define SG_BATCH_LONGEST_LINE ((size_t)1 << 20)

/* A batch; everything is borrowed. */
typedef struct sg_batch_options {
    FILE *stream;     /* of the lines */
    const char *name; /* of the stream, for sentences */
    FILE *answers;
    sg_picture_request defaults; /* for what a line does not say; with the pictures' folder */
} sg_batch_options;

typedef struct sg_batch_counts {
    size_t jobs, failed;
} sg_batch_counts;

/*
 * Answers every line before it waits for the next. A job that fails is answered with its sentence
 * and counted. Fails itself, leaving lines unread, when reading or answering does.
 */
sg_status sg_batch_run(const sg_picture_network *network, const sg_batch_options *options,
                       sg_batch_counts *counts, sg_error *error);

#endif
