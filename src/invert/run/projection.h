/*
 * Projections of picture files: networks and targets are opened and checked, each target is
 * searched for, and what was found is written.
 *
 * Of one target the files are in the folder, of several in sub-folders that have their names:
 * target.png, proj.png, projected_w.npz (w [1, num_ws, w_dim]; of space z also z [1, z_dim]),
 * proj.mp4, figure.png and projection.json; of a tuned
 * network also tuned.safetensors and untuned.png, the picture before; beside sub-folders, sheet.png
 * shows all results. During the search current.png shows the target beside the picture so far.
 */
#ifndef SG_INVERT_RUN_PROJECTION_H
#define SG_INVERT_RUN_PROJECTION_H

#include "invert/results/picture_scores.h"
#include "invert/run/projection_networks.h"

/* What is asked for; texts and arrays are borrowed for the projection's life. */
typedef struct sg_projection_request {
    sg_projection_files files;
    const char *const *targets; /* paths: sg_targets_add */
    size_t target_count;
    const char *folder;
    sg_projection_options options;
} sg_projection_request;

/* What became of a target; plain data, valid during the call. */
typedef struct sg_projection_result {
    const char *target;               /* its path */
    const char *folder;               /* of its files */
    size_t index, count;              /* of the targets */
    sg_picture_scores scores;         /* of proj.png against target.png */
    bool tuned;                       /* the network was tuned; */
    sg_picture_scores untuned_scores; /* those before */
    int tuning_steps;                 /* taken */
    int class_index;                  /* -1: the network has no classes */
    int steps;                        /* taken */
    bool stopped;                     /* before its last step */
    double seconds;
} sg_projection_result;

/* Callbacks of a run; any may be NULL. */
typedef struct sg_projection_hooks {
    const sg_watch *watch; /* steps of each target's search, notes; a stop keeps what there is */
    void *user;
    /* Takes the target beside the picture so far, every few seconds. */
    void (*show)(void *user, const sg_image *both);
    /* Takes what became of a target, after its files were written. */
    void (*done)(void *user, const sg_projection_result *result);
} sg_projection_hooks;

/* Networks and targets, opened; made by sg_projection_open. */
typedef struct sg_projection sg_projection;

/*
 * Opens all that the request names and checks it, so that what is wrong is said before the work.
 * Fails with SG_ERROR_ARGUMENT for options that are out of range or contradict one another, and for
 * an output that would replace a target, the network or the start, otherwise as opening does.
 * *projection (NULL on failure) must be closed.
 */
sg_status sg_projection_open(const sg_projection_request *request, const sg_watch *watch,
                             sg_projection **projection, sg_error *error);

/* Closes the projection; NULL is allowed. */
void sg_projection_close(sg_projection *projection);

/* Returns the losses in words, "discriminator + pyramid", and whether they are those by default. */
const char *sg_projection_losses(const sg_projection *projection, bool *by_default);

/*
 * Searches for all targets, one after the other. *stopped tells that the watch stopped the work;
 * the target at work then has the files of what was found so far, and those after it have none.
 * Fails as the search and writing do; of the target at work there are no files then.
 */
sg_status sg_projection_run(sg_projection *projection, const sg_projection_hooks *hooks,
                            bool *stopped, sg_error *error);

#endif
