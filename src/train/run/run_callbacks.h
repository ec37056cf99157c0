/* Who watches a training run. */
#ifndef SG_TRAIN_RUN_RUN_CALLBACKS_H
#define SG_TRAIN_RUN_RUN_CALLBACKS_H

#include <stdbool.h>
#include <stddef.h>

struct sg_run_options;
struct sg_given;

/* How far a run is, after each step. */
typedef struct sg_run_progress {
    double kimg, total_kimg;  /* thousands of real images seen, and to be seen in all */
    int height, width;        /* of the pictures that are trained on at present */
    double loss_g, loss_d;    /* means since the last tick; a classifier's is the second */
    double seconds_per_kimg;  /* since the last tick */
    bool augments;            /* whether pictures are augmented, with the next two */
    double augment_p;         /* probability of each augmentation */
    double mean_sign;         /* of the scores of real pictures since the last tick: r_t */
    bool classifies;          /* whether a classifier is trained, with the next two, and no G */
    double accuracy;          /* mean since the last tick */
    double held_out_accuracy; /* at the last tick; 0: none yet */
    bool encodes;             /* whether an encoder is trained, with the next, and no G */
    double psnr;              /* of its reconstructions, mean since the last tick */
    bool moves;               /* whether a generator is moved, and there is no D */
    bool measures;            /* whether a snapshot is being measured */
    double measured;          /* the share of it that is done */
} sg_run_progress;

/* Callbacks; every member may be NULL. */
typedef struct sg_run_callbacks {
    void *user; /* passed to the functions */
    /* Takes the progress after every step; returns true to ask the run to save itself and end. */
    bool (*step)(void *user, const sg_run_progress *progress);
    /* Takes how many of `total` pictures are prepared; returns true to ask the run to end. */
    bool (*prepare)(void *user, double done, double total);
    /* Takes the options that were chosen for a run of cfg fit, as if all of them had been given. */
    void (*chosen)(void *user, const struct sg_run_options *options, const struct sg_given *given);
    /* Takes how long the training will take from here, as it is forecast. */
    void (*forecast)(void *user, double seconds);
    /* Puts the caller's spelling of options into a sentence in `text` of `size` bytes, for
     * loss.png. */
    void (*respell)(char *text, size_t size);
    /* Takes a line for people, which is also written to the run folder's log.txt. */
    void (*log)(void *user, const char *line);
} sg_run_callbacks;

#endif
