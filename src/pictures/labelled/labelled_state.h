/* What a labelled set is made of, for the files that share its work. */
#ifndef SG_PICTURES_LABELLED_LABELLED_STATE_H
#define SG_PICTURES_LABELLED_LABELLED_STATE_H

#include "data/sources/picture_source.h"
#include "pictures/labelled/labelled_set.h"
#include "scores/scoring.h"

/* A picture of the set. */
typedef struct sg_labelled_picture {
    int label;
    bool real;          /* of the collection; otherwise painted */
    size_t index;       /* in the collection */
    uint32_t seed;      /* of a painted one */
    unsigned char *png; /* the file, where it was made while the set was chosen; NULL: later */
    size_t size;
} sg_labelled_picture;

struct sg_labelled_set {
    const sg_picture_work *work;
    sg_labelled_options options;
    sg_scoring *classifier;  /* or NULL */
    double *probabilities;   /* [outputs] of the picture judged last */
    sg_picture_source *real; /* or NULL */
    bool conditional;        /* the network paints a class that is asked for */
    sg_labelled_class *classes;
    size_t class_count;
    uint32_t next_seed; /* after the largest of the work's list */
    sg_labelled_picture *pictures;
    size_t count, capacity;
    size_t wanted; /* painted pictures of all classes */
    size_t kept;   /* bytes of files in memory */
};

/* Chooses the seeds of all classes, painting where a classifier judges. */
sg_status sg_labelled_choose(sg_labelled_set *set, const sg_watch *watch, sg_error *error);

/* Makes the file of a picture in *bytes (heap) and *size. */
sg_status sg_labelled_encode(const sg_labelled_set *set, const sg_labelled_picture *picture,
                             const sg_image *image, unsigned char **bytes, size_t *size,
                             sg_error *error);

/* Returns the request that paints a class's picture of a seed. */
sg_picture_request sg_labelled_request(const sg_labelled_set *set, int label, uint32_t seed);

#endif
