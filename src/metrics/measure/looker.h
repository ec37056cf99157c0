/*
 * What metrics look at pictures with: a published feature network, or a classifier that this
 * program trained (train --cfg classifier), whose penultimate layer gives the features.
 */
#ifndef SG_METRICS_MEASURE_LOOKER_H
#define SG_METRICS_MEASURE_LOOKER_H

#include "features/feature_network.h"

/* The kind of looker that a program trains itself. */
#define SG_OWN_NETWORK "classifier"

typedef struct sg_looker sg_looker;

/* The pictures that are to be looked at. */
typedef struct sg_looked_at {
    size_t height, width, channels;
} sg_looked_at;

/* Where lookers are looked for; everything is borrowed. */
typedef struct sg_looker_places {
    const char *const *files; /* [file_count]: given ones */
    size_t file_count;
    const char *beside; /* a network file, whose folder may hold a classifier; NULL: none */
} sg_looker_places;

/*
 * Opens the looker of a kind: a row of the feature networks' table (features/feature_kind.h), as
 * sg_feature_network_find does, or SG_OWN_NETWORK, a classifier for such pictures: the first of the
 * files that holds one, otherwise one whose size and channels fit, named *classifier*.safetensors,
 * beside the network, in the folder models/ or in $XDG_DATA_HOME/stylegan. *looker (NULL on
 * failure) must be closed. Fails with SG_ERROR_FILE when there is none, and with SG_ERROR_ARGUMENT
 * for a given classifier that does not fit.
 */
sg_status sg_looker_find(const char *kind, const sg_looker_places *places,
                         const sg_looked_at *pictures, sg_looker **looker, sg_error *error);

/* True if sg_looker_find would find one. */
bool sg_looker_is_there(const char *kind, const sg_looker_places *places,
                        const sg_looked_at *pictures);

/* Closes the looker; NULL is allowed. */
void sg_looker_close(sg_looker *looker);

/* Return the kind, the path of the file, the numbers of features and of logits; borrowed. */
const char *sg_looker_kind(const sg_looker *looker);
const char *sg_looker_path(const sg_looker *looker);
size_t sg_looker_features(const sg_looker *looker);
size_t sg_looker_classes(const sg_looker *looker);

/* True if one class of the logits holds for each picture, otherwise any of them may. */
bool sg_looker_is_exclusive(const sg_looker *looker);

/* Writes the SHA-256 of the file's bytes to `hash` [SG_FEATURE_HASH_BYTES]. */
sg_status sg_looker_hash(sg_looker *looker, char *hash, sg_error *error);

/* Computes features and logits of 8-bit pictures, as sg_feature_network_compute does. */
sg_status sg_looker_compute(sg_looker *looker, const sg_feature_pictures *pictures,
                            sg_feature_resize resize, const sg_feature_results *results,
                            sg_error *error);

/* Returns the feature network; NULL for a classifier. */
sg_feature_network *sg_looker_network(const sg_looker *looker);

#endif
