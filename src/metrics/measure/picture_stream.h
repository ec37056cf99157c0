/*
 * Pictures that are measured, one after another as 8-bit RGB: those of a data set, flipped ones
 * after them, or those that a generator paints. Grey is repeated to three channels, alpha is left
 * out.
 */
#ifndef SG_METRICS_MEASURE_PICTURE_STREAM_H
#define SG_METRICS_MEASURE_PICTURE_STREAM_H

#include "data/dataset.h"
#include "metrics/metric.h"

/* The most pictures of a generator, which never ends. */
#define SG_ENDLESS SIZE_MAX

/* A stream; zero it before it is opened, close it after use. */
typedef struct sg_picture_stream {
    size_t count; /* of pictures; SG_ENDLESS */
    size_t height, width;
    sg_dataset *dataset;          /* owned; NULL: a generator's */
    size_t channels;              /* of the data set or the generator */
    bool mirror;                  /* the data set once more, flipped left to right */
    const sg_metric_setup *setup; /* borrowed; NULL: a data set's */
    float *values;                /* room for a generator's picture */
    uint8_t *pixels;              /* room for a data set's picture */
} sg_picture_stream;

/*
 * Opens the pictures at `path` (data/kinds/open_dataset.h), after which come their mirror images if
 * asked for, as in the official programs. Fails as sg_dataset_open does.
 */
sg_status sg_stream_open_set(sg_picture_stream *stream, const char *path, bool mirror,
                             sg_error *error);

/* Opens the pictures of the setup's generator. Fails with SG_ERROR_MEMORY. */
sg_status sg_stream_open_generator(sg_picture_stream *stream, const sg_metric_setup *setup,
                                   sg_error *error);

/* Reads picture `index` to `rgb` [height, width, 3]. Fails as reading or painting does. */
sg_status sg_stream_read(sg_picture_stream *stream, size_t index, uint8_t *rgb, sg_error *error);

/* Closes what the stream owns and zeroes it. */
void sg_stream_close(sg_picture_stream *stream);

#endif
