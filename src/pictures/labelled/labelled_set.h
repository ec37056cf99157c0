/*
 * Labelled sets of painted pictures, for other programs to train on: a share of pictures for each
 * class, of which a classifier may reject those that do not show their class, written as class
 * folders, in the official layout or with a table.
 */
#ifndef SG_PICTURES_LABELLED_LABELLED_SET_H
#define SG_PICTURES_LABELLED_LABELLED_SET_H

#include "pictures/picture_set.h"

/* How the files lie and where the labels are. */
typedef enum sg_labelled_layout {
    SG_LABELLED_FOLDERS, /* a folder for each class, and dataset.json beside them */
    SG_LABELLED_JSON,    /* 00000/img00000000.png, and dataset.json: the official layout */
    SG_LABELLED_CSV,     /* all in one folder, and labels.csv */
    SG_LABELLED_LAYOUTS
} sg_labelled_layout;

/* What a set is; texts are borrowed. */
typedef struct sg_labelled_options {
    bool labelled;          /* a set is asked for */
    int count;              /* pictures to paint; 0: every seed once for each class */
    sg_decimal_list shares; /* of the classes in their order; empty: equal ones. Owned */
    const char *classifier; /* the network file of one; NULL: every picture is taken */
    double confidence;      /* the least probability that the classifier gives the class */
    int layout;             /* an sg_labelled_layout */
    const char *real;       /* a labelled collection that becomes part of the set; NULL: none */
} sg_labelled_options;

/* The fields; the table is about sg_labelled_options. */
extern const sg_field_table sg_labelled_fields;

/* The defaults, as an initialiser. */
#define SG_LABELLED_OPTIONS                                                                        \
    {                                                                                              \
        .confidence = 0.9                                                                          \
    }

/* What became of a class; plain data. */
typedef struct sg_labelled_class {
    int label;
    size_t wanted; /* painted pictures */
    size_t taken;  /* of them */
    size_t tried;  /* pictures that were painted for it, or found to be of it */
    size_t real;   /* pictures of the collection */
} sg_labelled_class;

/* A set to be written; made by sg_labelled_set_open. */
typedef struct sg_labelled_set sg_labelled_set;

/*
 * Plans a set of the prepared work, which must outlive it: its classes, and its seeds, after whose
 * largest the numbers that follow serve where more are needed. A conditional network paints each
 * class; the pictures of any other have the class that the classifier finds. Fails with
 * SG_ERROR_ARGUMENT where options contradict one another or the network, otherwise as opening the
 * classifier and the collection does. *set (NULL on failure) must be closed.
 */
sg_status sg_labelled_set_open(const sg_picture_work *work, const sg_labelled_options *options,
                               sg_labelled_set **set, sg_error *error);

/* Closes the set; NULL is allowed. */
void sg_labelled_set_close(sg_labelled_set *set);

/*
 * Paints, judges and writes the set to `path`, a zip archive when the name ends in .zip, otherwise
 * a new folder; it appears whole or not at all. Each picture depends on its class and seed alone.
 * Fails with SG_ERROR_NUMERIC when the classifier rejects a thousand pictures in a row, with
 * SG_ERROR_CANCELLED when `watch` stops the work, otherwise as painting and writing do.
 */
sg_status sg_labelled_set_write(sg_labelled_set *set, const char *path, const sg_watch *watch,
                                sg_error *error);

/* Returns the classes with their numbers, *count of them; borrowed. */
const sg_labelled_class *sg_labelled_set_classes(const sg_labelled_set *set, size_t *count);

/* Returns the name of a class from the classifier's file, or NULL. */
const char *sg_labelled_set_name(const sg_labelled_set *set, int label);

#endif
