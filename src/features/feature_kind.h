/*
 * What a kind of feature network is made of: a row of the table in feature_kinds.c, whose functions
 * its file defines.
 */
#ifndef SG_FEATURES_FEATURE_KIND_H
#define SG_FEATURES_FEATURE_KIND_H

#include "base/error.h"
#include "features/feature_pictures.h"
#include "features/feature_tensors.h"

enum {
    SG_FEATURE_MOST_NAMES = 6,
    SG_FEATURE_MOST_PARTS = 2 /* files of a kind */
};

/* Tensors that a kind takes from one file. */
typedef struct sg_feature_part {
    const char *noun;                         /* "VGG16's convolutions" */
    const char *names[SG_FEATURE_MOST_NAMES]; /* of published files, up to NULL */
    /* True if the file has the part's tensors, by their names. */
    bool (*recognises)(const sg_feature_tensors *tensors);
} sg_feature_part;

/* An open network of a kind. */
typedef struct sg_feature_state {
    size_t features, classes; /* of a picture */
    void *own;                /* the kind's */
} sg_feature_state;

typedef struct sg_feature_kind {
    const char *name;  /* "inception" */
    const char *title; /* "Inception-v3 of FID" */
    sg_feature_part parts[SG_FEATURE_MOST_PARTS];
    int part_count;

    /* Writes what network a file is that holds all parts; NULL: the title. */
    void (*describe)(const sg_feature_tensors *tensors, char *text, size_t size);

    /* Reads the network from the files of its parts, which may be one. The caller calls `close`
     * also after a failure. */
    sg_status (*open)(const sg_feature_tensors *const *files, sg_feature_state *state,
                      sg_error *error);
    void (*close)(sg_feature_state *state);

    /* Reads further files among those given: CLIP's merges; NULL: there are none. */
    sg_status (*read_more)(sg_feature_state *state, const char *const *paths, size_t count,
                           sg_error *error);
    /* True if a file is one of these; NULL: none is. */
    bool (*knows_more)(const char *path);

    /* As sg_feature_network_compute. */
    sg_status (*compute)(const sg_feature_state *state, const sg_feature_pictures *pictures,
                         sg_feature_resize resize, const sg_feature_results *results,
                         sg_error *error);
    /* As sg_feature_network_texts; NULL: it reads none. */
    sg_status (*texts)(const sg_feature_state *state, const char *const *texts, size_t count,
                       float *features, sg_error *error);
    /* As sg_feature_network_distances; NULL: it has none. */
    sg_status (*distances)(const sg_feature_state *state, const sg_feature_pictures *a,
                           const sg_feature_pictures *b, double *distances, double *layers,
                           sg_error *error);
} sg_feature_kind;

/* The rows, in the order in which a file's tensors are compared with them. */
extern const sg_feature_kind *const sg_feature_kinds[];
extern const size_t sg_feature_kind_count;

/* Rows that are files of their own. */
extern const sg_feature_kind sg_inception_kind, sg_vgg16_kind, sg_lpips_kind, sg_clip_kind;

#endif
