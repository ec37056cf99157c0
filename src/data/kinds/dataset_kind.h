/*
 * The kinds of data sets: IDX files, archives, folders of pictures. A new kind is one source file
 * that defines its sg_NAME_dataset_kind, and one row in the table below.
 */
#ifndef SG_DATA_KINDS_DATASET_KIND_H
#define SG_DATA_KINDS_DATASET_KIND_H

#include "data/dataset.h"
#include "data/sources/picture_source.h"

/* The kinds, X(NAME), in the order in which they are tried. */
#define SG_DATASET_KINDS(X)                                                                        \
    X(idx)                                                                                         \
    X(cifar)                                                                                       \
    X(lmdb)                                                                                        \
    X(zip)                                                                                         \
    X(folder)

/* How a kind is recognised and opened. One of the two functions that open it is NULL. */
typedef struct sg_dataset_kind {
    /* Names what the kind reads, for the sentence that lists what was expected. */
    const char *expected;

    /* True if the file or folder at `path` looks like this kind; it need not be complete. */
    bool (*recognises)(const char *path);

    /* Opens pictures that are files as a collection; the result comes from
     * sg_picture_source_create. With `follows_links` it has also what symbolic links lead to that
     * leave the set. */
    sg_status (*open_source)(const char *path, bool follows_links, sg_picture_source **source,
                             sg_error *error);

    /* Opens pictures that are no files; the result comes from sg_dataset_create. */
    sg_status (*open_dataset)(const char *path, sg_dataset **dataset, sg_error *error);
} sg_dataset_kind;

#define SG_DECLARE_DATASET_KIND(name) extern const sg_dataset_kind sg_##name##_dataset_kind;
SG_DATASET_KINDS(SG_DECLARE_DATASET_KIND)
#undef SG_DECLARE_DATASET_KIND

#endif
