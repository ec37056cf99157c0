/*
 * Features of real pictures on disk, so that the next measurement need not compute them again: one
 * safetensors file for each data set, network and way of resizing, in the cache folder
 * ($XDG_CACHE_HOME/stylegan, otherwise ~/.cache/stylegan). Files appear whole, so that several
 * programs may write them at once; what cannot be read is computed again.
 */
#ifndef SG_METRICS_MEASURE_FEATURE_CACHE_H
#define SG_METRICS_MEASURE_FEATURE_CACHE_H

#include "metrics/measure/gathered.h"

/* What the features are of; everything is borrowed. */
typedef struct sg_cache_key {
    const char *folder;      /* NULL: nothing is kept */
    const char *fingerprint; /* of the data */
    const char *kind;        /* of the network */
    const char *hash;        /* of its file */
    const char *resize;
    bool mirror;
} sg_cache_key;

/*
 * Takes from the cache what is wanted of a network: entry->seen is entry->needed when all of it was
 * there. Notes files that cannot be read to `watch`.
 */
void sg_cache_load(const sg_cache_key *key, sg_network_features *entry, const sg_watch *watch);

/* Writes what was gathered; notes to `watch` when that fails. */
void sg_cache_save(const sg_cache_key *key, const sg_network_features *entry,
                   const sg_watch *watch);

#endif
