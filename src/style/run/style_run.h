/*
 * All of a style transfer, from files to files, in three ways:
 *
 *   - of pictures, by optimisation of the pixels (style/pixel_style.h);
 *   - of pictures, by the published encoder and decoder of AdaIN (style/style_coder.h);
 *   - of what a generator paints, by its own styles: coarse layers have the content's, the others
 *     the style's (style mixing, Karras et al. 2019).
 *
 * A folder gets styled.png, figure.png (content, styles, the way to the result), style.json and
 * style.mp4; content.png and style00.png and so on are the pictures as they were taken. During an
 * optimisation current.png shows the content beside the picture so far.
 */
#ifndef SG_STYLE_RUN_STYLE_RUN_H
#define SG_STYLE_RUN_STYLE_RUN_H

#include "base/watch.h"
#include "style/run/style_options.h"
#include "stylegan.h"

/* What is asked for; texts and arrays are borrowed for the run's life. */
typedef struct sg_style_request {
    const char *content;       /* the file of a picture, a seed, or a file of w */
    const char *const *styles; /* the same, [style_count] */
    size_t style_count;
    const char *network;         /* a generator, for seeds and w; for pictures a network whose
                                    discriminator or classifier gives features; NULL: VGG16 */
    const char *keywords;        /* for sg_network_open_given, or NULL */
    const char *const *features; /* files of VGG16, [feature_count] */
    size_t feature_count;
    const char *encoder, *decoder; /* files of the published networks; both or neither */
    const char *folder;
    int from;                /* the least resolution of layers with the style's styles; 0: after
                                the coarse ones */
    double psi;              /* truncation of seeds and w */
    const char *class_index; /* of seeds, for a conditional network; or NULL */
    sg_context_options compute;
    sg_style_options options;
} sg_style_request;

/* Callbacks of a run; any may be NULL. */
typedef struct sg_style_hooks {
    const sg_watch *watch; /* steps, notes; a stop keeps the picture so far */
    void *user;
    /* Takes the content beside the picture so far, every few seconds. */
    void (*show)(void *user, const sg_image *both);
} sg_style_hooks;

/* What a run did; plain data. */
typedef struct sg_style_result {
    int steps;    /* taken; 0 of ways without steps */
    bool stopped; /* before the last */
    double seconds;
    double content, style; /* losses of the last step; NAN of ways without steps */
} sg_style_result;

/* Networks and pictures, opened; made by sg_style_run_open. */
typedef struct sg_style_run sg_style_run;

/*
 * Opens all that the request names and checks it, so that what is wrong is said before the work.
 * Fails with SG_ERROR_ARGUMENT for options that are out of range or contradict one another,
 * otherwise as opening does. *run (NULL on failure) must be closed.
 */
sg_status sg_style_run_open(const sg_style_request *request, const sg_watch *watch,
                            sg_style_run **run, sg_error *error);

/* Closes the run; NULL is allowed. */
void sg_style_run_close(sg_style_run *run);

/* Returns what the style is taken by, "VGG16", and whether its weights are random. */
const char *sg_style_run_means(const sg_style_run *run, bool *random);

/* Makes the picture and writes the files. Fails as the ways do. */
sg_status sg_style_run_work(sg_style_run *run, const sg_style_hooks *hooks, sg_style_result *result,
                            sg_error *error);

#endif
