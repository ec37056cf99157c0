/*
 * What metrics need of one set of pictures, gathered in one pass over them: each picture is read or
 * painted once, and each feature network sees it once, however many metrics look at it.
 */
#ifndef SG_METRICS_MEASURE_GATHERED_H
#define SG_METRICS_MEASURE_GATHERED_H

#include "base/watch.h"
#include "metrics/measure/feature_sums.h"
#include "metrics/measure/looker.h"
#include "metrics/measure/picture_stream.h"

/* How far measuring is, over all its parts. */
typedef struct sg_measure_progress {
    const sg_watch *watch; /* may be NULL */
    double done, total;    /* samples */
    const char *remark;    /* what is done now */
} sg_measure_progress;

/* Adds to what is done. Fails with SG_ERROR_CANCELLED when the watch asks to stop. */
sg_status sg_measure_advance(sg_measure_progress *progress, double samples, sg_error *error);

/* What one network gives. The members up to `sums` say what is wanted. */
typedef struct sg_network_features {
    sg_looker *network;       /* borrowed */
    size_t feature_rows;      /* pictures of which all features are kept */
    size_t logit_rows;        /* pictures of which the logits are kept */
    sg_feature_sums sums;     /* moments */
    float *features, *logits; /* [rows, ...]; owned */
    size_t needed;            /* pictures that it must see; set by sg_gather_begin */
    size_t seen;              /* that it has seen; `needed` when it came from a cache */
} sg_network_features;

enum { SG_MOST_NETWORKS = 4 };

/* A set of pictures; start from a zeroed struct, clear it after use. */
typedef struct sg_gathered {
    sg_network_features networks[SG_MOST_NETWORKS];
    size_t network_count;
    size_t picture_rows; /* wanted: pictures that are kept */
    uint8_t *pictures;   /* [picture_rows, height, width, 3]; owned */
    size_t pair_count;   /* wanted: pairs of neighbours whose MS-SSIM is computed */
    double *pairs;       /* [pair_count]; owned */
    size_t seen;         /* pictures kept or paired so far */
} sg_gathered;

/* Returns the entry of a network, which is added if it is not there. */
sg_network_features *sg_gathered_network(sg_gathered *gathered, sg_looker *network);

/* Makes room for what is wanted, of pictures of the stream. Fails with SG_ERROR_MEMORY. */
sg_status sg_gather_begin(sg_gathered *gathered, const sg_picture_stream *stream, sg_error *error);

/* Returns the number of pictures that sg_gather will read. */
size_t sg_gather_length(const sg_gathered *gathered);

/* Gathers from the stream what was not seen yet. Fails as reading and computing do, and with
 * SG_ERROR_CANCELLED. */
sg_status sg_gather(sg_gathered *gathered, sg_picture_stream *stream, sg_feature_resize resize,
                    sg_measure_progress *progress, sg_error *error);

/* Frees all and zeroes the struct. */
void sg_gathered_clear(sg_gathered *gathered);

#endif
