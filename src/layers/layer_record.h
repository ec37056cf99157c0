/* What is kept of a layer's features over several pictures: sums, statistics, magnitudes and their
 * average power spectrum. */
#ifndef SG_LAYERS_LAYER_RECORD_H
#define SG_LAYERS_LAYER_RECORD_H

#include "layers/layer_view.h"
#include "metrics/spectrum.h"

/* Statistics of a layer's features, all channels together, or of one channel. */
typedef struct sg_layer_numbers {
    double mean, deviation;
    double largest; /* magnitude of a single feature */
    double peak;    /* of the magnitude map: its largest value by its median; of a channel 0 */
} sg_layer_numbers;

/* Sums over the features of a channel. */
typedef struct sg_channel_sums {
    double sum, squares, largest;
} sg_channel_sums;

/* A record; zero it before use, clear it after. */
typedef struct sg_layer_record {
    char name[SG_LAYER_NAME_BYTES];
    size_t channels, height, width;
    size_t count;              /* pictures so far */
    sg_channel_sums *sums;     /* [channels] over all pictures */
    sg_layer_numbers *numbers; /* [pictures] of each */
    /* [pictures or 1, height, width]: of each pixel the root mean square over the channels. */
    float *magnitudes;
    sg_spectrum *spectrum; /* of all channels, each without its mean; NULL: not asked for */
    float *plane;          /* [height, width] scratch */
} sg_layer_record;

/* How records are made. */
typedef struct sg_layer_recording {
    size_t pictures;   /* at most */
    bool maps;         /* keeps the magnitude maps of all pictures, not only the last one's */
    bool spectrum;     /* with average power spectra */
    double beta;       /* of their window */
    int interpolation; /* how many times finer than the features' own frequencies */
} sg_layer_recording;

/*
 * Adds the features of a picture; the first one sets the name and the shape, which are those of all
 * others. Fails with SG_ERROR_MEMORY, or as sg_spectrum_create does.
 */
sg_status sg_layer_record_add(sg_layer_record *record, const sg_layer_view *view,
                              const sg_layer_recording *recording, sg_error *error);

/* Returns the statistics over all pictures; `peak` is the mean of theirs. Of one channel. */
sg_layer_numbers sg_layer_record_numbers(const sg_layer_record *record);
sg_layer_numbers sg_layer_record_channel(const sg_layer_record *record, size_t channel);

/* Frees what the record holds and zeroes it. */
void sg_layer_record_clear(sg_layer_record *record);

/* The records of the layers, in the order of their computation; zero it before use, clear it after.
 */
typedef struct sg_layer_records {
    sg_layer_record *items;
    size_t count;
} sg_layer_records;

void sg_layer_records_clear(sg_layer_records *records);

#endif
