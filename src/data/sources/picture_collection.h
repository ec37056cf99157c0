/*
 * What a collection of pictures holds: files found by its kind, then sorted pictures with labels.
 * data/sources/picture_source.h makes one, data/sources/picture_labels.h fills in the labels.
 */
#ifndef SG_DATA_SOURCES_PICTURE_COLLECTION_H
#define SG_DATA_SOURCES_PICTURE_COLLECTION_H

#include "base/text.h"
#include "image/image.h"

/* The largest file, in bytes, that is read as a picture. */
#define SG_PICTURE_LARGEST_FILE ((size_t)1 << 30)

/* A picture's file. */
typedef struct sg_picture {
    char *name;   /* path within the collection, with '/' between folders; owned */
    size_t entry; /* the number by which its kind finds it */
    int label;    /* its class, or the row of its numbers; -1 without one */
} sg_picture;

/* Files as a kind finds them, in any order, pictures or not; start from a zeroed struct. */
typedef struct sg_file_list {
    sg_picture *files;
    size_t count;
    size_t capacity;
} sg_file_list;

/* What a kind of collection provides; `state` is its own. */
typedef struct sg_picture_source_functions {
    /*
     * Reads the file's first `limit` bytes, or all when it has fewer, to *bytes (heap, caller
     * frees) and *size. With the limit SG_PICTURE_LARGEST_FILE, reads and checks the whole file.
     * Several threads call it at once.
     */
    sg_status (*fetch)(const void *state, const sg_picture *picture, size_t limit,
                       unsigned char **bytes, size_t *size, sg_error *error);

    /* Appends the size of the picture's file, and the checksum that an archive has of it; NULL:
     * nothing is known. */
    void (*trace)(const void *state, const sg_picture *picture, sg_text *text);

    /* Makes the picture itself, for collections without files, whose `fetch` is NULL; else NULL. */
    sg_status (*decode)(const void *state, const sg_picture *picture, sg_image **image,
                        sg_error *error);

    /* Releases the state. */
    void (*destroy)(void *state);
} sg_picture_source_functions;

/* A collection; made by sg_picture_source_create, read-only for its users. */
typedef struct sg_picture_source {
    char *path; /* of the folder or archive */
    const sg_picture_source_functions *functions;
    void *state;
    sg_picture *pictures; /* at least one, sorted by name */
    size_t count;
    sg_file_list label_files; /* that may hold the labels, the likeliest first */
    size_t label_count;       /* classes, or numbers in a label; 0 without labels */
    float *label_values;      /* [label_rows, label_count]; NULL: labels are classes */
    size_t label_rows;        /* labels are 0 .. label_rows - 1 */
    char **label_names;       /* [label_count]: of the classes or numbers; NULL without */
    char *label_file;     /* source of the labels, within the collection; NULL for folder names */
    char *unread_labels;  /* where labels are that nobody asked for; NULL without */
    sg_text notes;        /* lines for people; "Warning: ..." are warnings */
    size_t foreign_count; /* pictures of kinds that are not read */
    unsigned long foreign_kinds; /* a bit for each such kind (image/files/rare_picture.h) */
} sg_picture_source;

#endif
