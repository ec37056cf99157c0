/*
 * LPIPS with VGG16 on the tape: distances of pictures, with gradients to the pictures. The files
 * are those of the forward-only network (features/feature_network.h), and so are the distances.
 */
#ifndef SG_FEATURES_TAPE_LPIPS_TAPE_H
#define SG_FEATURES_TAPE_LPIPS_TAPE_H

#include "tensor/tape.h"

typedef struct sg_lpips_tape sg_lpips_tape;

/*
 * Opens VGG16's convolutions and LPIPS's heads, as sg_feature_network_find("lpips", ...) does, for
 * pictures of type `dtype`. *lpips (NULL on failure) must be closed.
 */
sg_status sg_lpips_tape_find(sg_context *context, sg_dtype dtype, const char *const *files,
                             size_t count, sg_lpips_tape **lpips, sg_error *error);

/* Makes it with random weights and heads of 1, for benchmarks; *lpips (NULL on failure) must be
 * closed. */
sg_status sg_lpips_tape_random(sg_context *context, sg_dtype dtype, sg_lpips_tape **lpips,
                               sg_error *error);

/* Closes it; NULL is allowed. */
void sg_lpips_tape_close(sg_lpips_tape *lpips);

/* The features of pictures: an array of the ends of VGG16's blocks, each [N, h, w, channels],
 * scaled so that squared differences add up to the distance. */
enum { SG_LPIPS_TAPE_BLOCKS = 5 };
typedef struct sg_lpips_features {
    sg_tensor *blocks[SG_LPIPS_TAPE_BLOCKS];
} sg_lpips_features;

/*
 * Computes the features of pictures [N, H, W, 1 or 3] with values of 0 to 255, owned by the
 * innermost scope. One channel is repeated to three; sides above 256 are reduced by area to 256.
 * Members are NULL (error in the context) on failure.
 */
sg_lpips_features sg_lpips_tape_features(const sg_lpips_tape *lpips, sg_tensor *pictures);

/* Returns the mean over pictures of their LPIPS distances, a scalar; one side may have one picture
 * for all of the other's. NULL (error in the context) on failure. */
sg_tensor *sg_lpips_tape_distance(const sg_lpips_features *a, const sg_lpips_features *b);

#endif
