/*
 * What a discriminator or a classifier says of pictures in files: how real each is, or which
 * classes it shows. Pictures are shown as they are, without resizing or converting.
 */
#ifndef SG_SCORES_SCORING_H
#define SG_SCORES_SCORING_H

#include <stddef.h>

#include "base/watch.h"
#include "checkpoint/network/network_file.h"
#include "image/image.h"
#include "models/feature_maps.h"
#include "stylegan.h"

/* An open network; made by sg_scoring_open. */
typedef struct sg_scoring sg_scoring;

/*
 * Opens the D of the network file at `path`, with keywords as sg_network_open_given has them.
 * Fails with SG_ERROR_FORMAT for a file without D, otherwise as opening and loading do. *scoring
 * (NULL on failure) must be closed.
 */
sg_status sg_scoring_open(const char *path, const char *keywords, const sg_context_options *compute,
                          sg_scoring **scoring, sg_error *error);
void sg_scoring_close(sg_scoring *scoring);

/* Returns the network's config; the names of a classifier's classes, NULL without. Borrowed. */
const sg_discriminator_config *sg_scoring_config(const sg_scoring *scoring);
const cJSON *sg_scoring_names(const sg_scoring *scoring);

/* What is said of one picture; plain data, valid during the call. */
typedef struct sg_answer {
    const char *file; /* the path as given, or the collection's path and the name in it */
    /*
     * Of a discriminator the score. Of a classifier the probability of each class, which add up to
     * 1, or of each attribute.
     */
    const double *values;
    size_t count;
    /* The probability that the picture is real, 1 / (1 + e^-score), under a loss whose scores are
     * its logarithmic odds; of a classifier the largest of `values`. */
    double probability;
    size_t best; /* a classifier's most probable output */
    int label;   /* the class that the picture is said to be of; -1: none is known */
} sg_answer;

/* The pictures, and what is done with the answers; plain data, everything is borrowed. */
typedef struct sg_scoring_request {
    const char *const *paths; /* of pictures, or of collections (data/kinds/open_dataset.h) */
    size_t path_count;
    bool alone;      /* each picture is scored alone by a discriminator that compares them */
    int class_index; /* of all pictures, for a conditional discriminator; -1: that of each label */
    void *user;
    /* Takes the answers in the order of pictures; NULL: nobody asks. */
    void (*answer)(void *user, const sg_answer *answer);
    /* Takes the results of the network's blocks of convolutions for each picture [1, H, W, C],
     * which it then sees alone, without labels; NULL: nobody looks. */
    void (*maps)(void *user, const char *file, const sg_tensor *picture,
                 const sg_feature_maps *maps);
} sg_scoring_request;

/*
 * Scores all pictures. A discriminator with a minibatch standard deviation compares the pictures of
 * a group, and one with batch normalisation those of a batch: it sees neighbours together, in
 * groups of the training's size, and takes a picture that is alone for one of many equal ones. What
 * any other network says of a picture does not depend on the others. Fails with SG_ERROR_SHAPE for
 * a picture of another size or other channels than the network's, with SG_ERROR_ARGUMENT where a
 * conditional discriminator gets no label or one that it does not know, and as reading does.
 */
sg_status sg_score_pictures(sg_scoring *scoring, const sg_scoring_request *request,
                            const sg_watch *watch, sg_error *error);

/*
 * Writes what a classifier says of one picture, which sentences call `name`: the probability of
 * each class, or of each attribute, to values[c_dim]. Fails with SG_ERROR_SHAPE as
 * sg_score_pictures does.
 */
sg_status sg_scoring_judge(sg_scoring *scoring, const char *name, const sg_image *image,
                           double *values, sg_error *error);

#endif
