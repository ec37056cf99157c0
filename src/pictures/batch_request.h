/* A line of a batch: a JSON object that asks for a picture. docs/batch-mode.md has its keys. */
#ifndef SG_PICTURES_BATCH_REQUEST_H
#define SG_PICTURES_BATCH_REQUEST_H

#include "pictures/picture_request.h"

/* What a line asks for; texts are borrowed from it or from the defaults. */
typedef struct sg_batch_request {
    sg_picture_request picture; /* w_file is not read yet, output NULL when the line names none */
    bool edits;                 /* the line asks for edits of its own, to be read */
    const cJSON *id;            /* a text or a number; NULL without one */
    cJSON *line;                /* the object itself, owned */
} sg_batch_request;

/*
 * Reads a line of `length` bytes, which a zero byte follows, over the defaults in
 * `request->picture`. Fails with SG_ERROR_FORMAT for a line that is no JSON object, has an unknown
 * key, a key twice or a value of a wrong type, or lacks "seed", "w" and "sum"; `id` is set even
 * then if the line has a good one. The caller clears the request in any case.
 */
sg_status sg_batch_request_read(const char *line, size_t length, sg_batch_request *request,
                                sg_error *error);

/* Frees the line, and with it all that was borrowed from it. */
void sg_batch_request_clear(sg_batch_request *request);

#endif
