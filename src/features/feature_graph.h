/*
 * The layers of a feature network for pictures of one size, and a run through them.
 *
 * Layers form stages. A stage takes as many pictures at a time as stay in cache, all its layers
 * before the next pictures; later stages, with smaller pictures and larger weights, take more.
 * Images between stages hold a whole batch, others what their stage takes at a time. Layers write
 * their results in place: to their channels of a joined image.
 *
 * Convolutions go by tap products, or those of 3x3 by Winograd's algorithm, from and to images of
 * floats without zeros around.
 */
#ifndef SG_FEATURES_FEATURE_GRAPH_H
#define SG_FEATURES_FEATURE_GRAPH_H

#include "base/error.h"
#include "kernels/convolution/tap_convolution.h"
#include "kernels/convolution/tap_pool.h"
#include "kernels/winograd/winograd.h"

enum { SG_GRAPH_MOST_LAYERS = 4 /* that one step computes from one source */ };

typedef struct sg_feature_graph sg_feature_graph;

/* The weights of a convolution, packed. */
typedef struct sg_graph_weights {
    sg_tap_convolution size;
    int64_t channels;
    bool by_winograd;  /* 3x3 with stride 1; channels in and out are multiples of 16 */
    int64_t padded_in; /* channels of the source, of which the first size.in_channels count */
    float *packed;     /* 64-byte aligned, in `block` */
    float *bias;       /* [channels] */
    void *block;
} sg_graph_weights;

/* Packs weights [channels, in_channels, kernel_height, kernel_width]; false on lack of memory. The
 * caller frees them by sg_graph_weights_free, also on failure. */
bool sg_graph_weights_make(sg_graph_weights *weights, const float *values, const float *bias);
void sg_graph_weights_free(sg_graph_weights *weights);

/* Makes an empty graph for batches of up to `batch` pictures; NULL on lack of memory. */
sg_feature_graph *sg_feature_graph_create(int64_t batch);
void sg_feature_graph_destroy(sg_feature_graph *graph);

/*
 * ---- building ----
 *
 * A failed allocation stays in the graph; sg_feature_graph_finish tells.
 */

/* Starts a stage that takes `batch` pictures at a time. */
void sg_graph_stage(sg_feature_graph *graph, int64_t batch);

/* An image to be added; layout.batch is set by the graph. */
typedef struct sg_graph_image {
    sg_tap_layout layout;
    bool whole; /* it is read by a later stage */
} sg_graph_image;

/* Adds an image and returns its number. */
int sg_graph_add_image(sg_feature_graph *graph, const sg_graph_image *image);

/* A layer of a convolution's step. */
typedef struct sg_graph_layer {
    const sg_graph_weights *weights; /* borrowed */
    int target;                      /* the image */
    int64_t channel;                 /* the first of it that the layer writes */
    bool raw;                        /* without bias and rectifier, which a pool applies */
} sg_graph_layer;

/* Adds a step of layers that convolve image `source`; by Winograd's algorithm one, to all channels
 * of its target. */
void sg_graph_add_convolution(sg_feature_graph *graph, int source, const sg_graph_layer *layers,
                              int count);

/* Adds a step that pools image `source` to the channels of `target` from `channel` on. */
void sg_graph_add_pool(sg_feature_graph *graph, const sg_tap_pool *pool, int source, int target,
                       int64_t channel);

/* Marks the image, complete after the step added last, to be shown to the run's `tap` as `tap`. */
void sg_graph_tap(sg_feature_graph *graph, int image, int tap);

/* Takes the memory of all images. Fails with SG_ERROR_MEMORY. */
sg_status sg_feature_graph_finish(sg_feature_graph *graph, sg_error *error);

/* ---- running ---- */

/* What a run is given, and what it tells. */
typedef struct sg_graph_run {
    void *user;
    /* Fills pictures of the first image added. */
    sg_status (*load)(void *user, const sg_tap_image *image, int64_t first, int64_t count,
                      sg_error *error);
    /* Is shown `count` pictures of an image from picture `first` of the batch on. */
    sg_status (*tap)(void *user, int tap, const sg_tap_image *image, int64_t first, int64_t count,
                     sg_error *error);
} sg_graph_run;

/* Runs `count` pictures, at most the graph's batch, through all stages. */
sg_status sg_feature_graph_run(sg_feature_graph *graph, const sg_graph_run *run, int64_t count,
                               sg_error *error);

#endif
