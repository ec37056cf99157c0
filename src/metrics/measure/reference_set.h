/* Sets of pictures that others are compared with: what identifies them, and what makes figures of
 * them incomparable. */
#ifndef SG_METRICS_MEASURE_REFERENCE_SET_H
#define SG_METRICS_MEASURE_REFERENCE_SET_H

#include "base/files/sha256.h"
#include "base/watch.h"
#include "metrics/measure/picture_stream.h"

enum { SG_FILTER_BYTES = 16 };

/* A set; start from a zeroed struct, close it after use. */
typedef struct sg_reference_set {
    const char *path; /* borrowed */
    sg_picture_stream stream;
    size_t images;                          /* without flipped ones */
    char fingerprint[SG_SHA256_TEXT_BYTES]; /* of the pictures' pixels and their number; empty:
                                               not computed */
    size_t jpegs;                           /* pictures that are JPEG files */
    char filter[SG_FILTER_BYTES]; /* that its pictures were brought to their size with, as its
                                     dataset.json says; empty: unknown */
} sg_reference_set;

/*
 * Opens the set at `path`, followed by its mirror images if asked for, without its fingerprint.
 * Fails as sg_dataset_open does.
 */
sg_status sg_reference_open(sg_reference_set *set, const char *path, bool mirror, sg_error *error);

/*
 * Computes the fingerprint of an open set: a SHA-256 of its size and the pixels of all pictures, or
 * of a gigabyte of them spread evenly. Reads the pictures, so only those that are compared with pay
 * for it. Fails as reading does, and with SG_ERROR_CANCELLED.
 */
sg_status sg_reference_identify(sg_reference_set *set, const sg_watch *watch, sg_error *error);

/* Notes to `watch` that the set's pictures are JPEG files. */
void sg_reference_warn(const sg_reference_set *set, const sg_watch *watch);

/* Notes to `watch` that two sets say that they were resized by different filters. */
void sg_reference_compare(const sg_reference_set *set, const sg_reference_set *other,
                          const sg_watch *watch);

/* Reads the filter in the record of the set at `path`; empty when it has none. */
void sg_reference_filter(const char *path, char filter[SG_FILTER_BYTES]);

/* Closes the set and zeroes it. */
void sg_reference_close(sg_reference_set *set);

#endif
