/* The kinds of feature networks: a row for each, which its file defines. */
#ifndef SG_FEATURES_FEATURE_KIND_H
#define SG_FEATURES_FEATURE_KIND_H

#include "features/feature_network.h"

enum { SG_FEATURE_MOST_NAMES = 8 };

/* One kind. */
typedef struct sg_feature_kind {
    const char *name;                         /* "inception" */
    const char *title;                        /* "Inception-v3 of FID" */
    const char *names[SG_FEATURE_MOST_NAMES]; /* of published files, up to NULL */
    size_t features, classes;
} sg_feature_kind;

extern const sg_feature_kind sg_feature_kinds[];
extern const size_t sg_feature_kind_count;

#endif
