/*
 * Collections of picture files of any sizes, good and bad ones, with class labels: what a folder or
 * an archive holds, before anything is known of the pictures themselves. Data sets for training
 * (data/kinds/picture_dataset.h) and the examination of a collection
 * (data/sources/dataset_doctor.h) build on it.
 *
 * Files and folders whose names begin with a dot, and "__MACOSX", are passed over. Pictures are in
 * the order of their paths, byte by byte. Labels come from the first of these that is there:
 *
 *   - dataset.json: {"labels": [["path", 3], ...]}, or null in place of the list;
 *   - labels.csv, or the only .csv file beside the pictures: lines "path,3", after a heading or
 * not;
 *   - sub-folders, when every picture lies in one and there are several: a picture's class is its
 *     outermost folder's place in their order. Folders as the official programs number them
 *     (00012/img00012345.png) are no classes.
 */
#ifndef SG_DATA_SOURCES_PICTURE_SOURCE_H
#define SG_DATA_SOURCES_PICTURE_SOURCE_H

#include "image/image.h"

/* The largest file, in bytes, that is read as a picture. */
#define SG_PICTURE_LARGEST_FILE ((size_t)1 << 30)

/* A picture's file. */
typedef struct sg_picture {
    char *name;   /* path within the collection, with '/' between folders; owned */
    size_t place; /* where its kind finds it */
    int label;    /* its class, -1 without one */
} sg_picture;

/* What a kind of collection provides; `state` is its own. */
typedef struct sg_picture_source_functions {
    /*
     * Reads the file's first `limit` bytes, or all when it has fewer, to *bytes (heap, caller
     * frees) and *size. With a limit of SG_PICTURE_LARGEST_FILE the whole file is meant, and
     * checked. Several threads call it at once.
     */
    sg_status (*fetch)(const void *state, const sg_picture *picture, size_t limit,
                       unsigned char **bytes, size_t *size, sg_error *error);

    /* In place of `fetch`, for collections of pictures that are no files; else NULL. */
    sg_status (*decode)(const void *state, const sg_picture *picture, sg_image **image,
                        sg_error *error);

    /* Releases the state. */
    void (*destroy)(void *state);
} sg_picture_source_functions;

/* A collection; made by sg_picture_source_create, read-only for its users. */
typedef struct sg_picture_source {
    char *path; /* where it lies */
    const sg_picture_source_functions *functions;
    void *state;
    sg_picture *pictures; /* at least one */
    size_t count;
    size_t label_count; /* labels are 0 .. label_count - 1; 0 without labels */
    char *label_file;   /* where labels come from, within the collection; NULL for folders' names */
    size_t foreign_count;   /* pictures of kinds that are not read */
    char *first_foreign;    /* the first of them, NULL without */
    size_t unmatched_count; /* labels of pictures that are not there */
    char *first_unmatched;  /* the first of them, NULL without */
} sg_picture_source;

/* Files as a kind finds them, in any order, pictures or not; start from a zeroed struct. */
typedef struct sg_file_list {
    sg_picture *files;
    size_t count;
    size_t capacity;
} sg_file_list;

/* Adds a file, unless its path has a part that is passed over. False on lack of memory. */
bool sg_file_list_add(sg_file_list *list, const char *name, size_t place);

/* Frees the names and zeroes the struct. */
void sg_file_list_clear(sg_file_list *list);

/*
 * A collection of the pictures in `list` in *source, which the caller destroys. It owns `state` and
 * the list's content from now on, also on failure. `functions` must outlive it. Fails with
 * SG_ERROR_FORMAT when no picture is in it or its labels cannot be understood, SG_ERROR_FILE when
 * they cannot be read, and SG_ERROR_MEMORY; *source is NULL then.
 */
sg_status sg_picture_source_create(const char *path, const sg_picture_source_functions *functions,
                                   void *state, sg_file_list *list, sg_picture_source **source,
                                   sg_error *error);

/* Releases the collection; NULL is allowed. */
void sg_picture_source_destroy(sg_picture_source *source);

/*
 * The picture's shape, from its file's header where that is enough, and the picture itself, which
 * the caller destroys. Several threads may call these at once. They fail with sentences that name
 * the file, as fetching and decoding do.
 */
sg_status sg_picture_source_measure(const sg_picture_source *source, size_t index,
                                    sg_image_shape *shape, sg_error *error);
sg_status sg_picture_source_read(const sg_picture_source *source, size_t index, sg_image **image,
                                 sg_error *error);

/* "collection/name" on the heap, as sentences name the picture; NULL on lack of memory. */
char *sg_picture_source_name(const sg_picture_source *source, size_t index);

#endif
