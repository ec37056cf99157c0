/*
 * Networks that give features of pictures: the Inception-v3 of FID, VGG16, LPIPS. A network is
 * opened from a file that people have, of whatever container, and known by the names of its
 * tensors; nothing in the file is executed.
 *
 * Which networks there are is the table of kinds (feature_kind.h). Metrics, projection and edits
 * use networks through this header alone. One thread uses a network at a time; its loops take as
 * many threads as the calling thread's others (base/parallel.h).
 */
#ifndef SG_FEATURES_FEATURE_NETWORK_H
#define SG_FEATURES_FEATURE_NETWORK_H

#include "base/error.h"
#include "features/feature_pictures.h"

/* An open network; made by sg_feature_network_find. */
typedef struct sg_feature_network sg_feature_network;

/* Returns the index of the kind of that name ("inception", "vgg16", "lpips", "clip"), or -1. */
int sg_feature_kind_find(const char *name);

/*
 * Opens the network of that kind from the first of `files` that holds it, otherwise from a file in
 * $XDG_DATA_HOME/stylegan (~/.local/share/stylegan) that has one of the names under which it is
 * published. The two parts of LPIPS may be in two files. Fails with SG_ERROR_FILE if there is none:
 * the sentence names the published file, the field "features" and the place. *network (NULL on
 * failure) must be closed.
 */
sg_status sg_feature_network_find(const char *kind, const char *const *files, size_t count,
                                  sg_feature_network **network, sg_error *error);

/*
 * Makes a network of that kind ("inception", "vgg16" or "clip") with random weights, for
 * benchmarks; it has no path and no output layer of Inception. *network (NULL on failure) must be
 * closed.
 */
sg_status sg_feature_network_random(const char *kind, sg_feature_network **network,
                                    sg_error *error);

/* True if sg_feature_network_find would find the files; reads no more than names of tensors. */
bool sg_feature_network_is_there(const char *kind, const char *const *files, size_t count);

/*
 * Writes which feature networks, or parts of such, a file holds to `text` of `size` bytes: "VGG16
 * of precision and recall, LPIPS of VGG16"; nothing if it holds none. Fails if it cannot be read.
 */
sg_status sg_feature_file_describe(const char *path, char *text, size_t size, sg_error *error);

/* Closes the network; NULL is allowed. */
void sg_feature_network_close(sg_feature_network *network);

/* Returns the kind's name. */
const char *sg_feature_network_kind(const sg_feature_network *network);

/* Returns the path of the file, of two files the first; borrowed. */
const char *sg_feature_network_path(const sg_feature_network *network);

/* Return the numbers of features and of logits of a picture; 0 of LPIPS, whose features depend on
 * the picture's size (see sg_feature_results). */
size_t sg_feature_network_features(const sg_feature_network *network);
size_t sg_feature_network_classes(const sg_feature_network *network);

enum { SG_FEATURE_HASH_BYTES = 65 };

/*
 * Writes the SHA-256 of the file's bytes, 64 hexadecimal digits as sha256sum prints them, to
 * `hash`; of two files, of both one after the other. Reads the file at the first call.
 */
sg_status sg_feature_network_hash(sg_feature_network *network, char *hash, sg_error *error);

/*
 * Computes features and logits. Pictures of another size than the network's input are resized by
 * `resize`. Fails for sides or channels that the network cannot take, and for lack of memory.
 */
sg_status sg_feature_network_compute(sg_feature_network *network,
                                     const sg_feature_pictures *pictures, sg_feature_resize resize,
                                     const sg_feature_results *results, sg_error *error);

/* Computes features [count, features] of texts, in the space of those of pictures. For the kind
 * "clip" alone, which needs a merges file. */
sg_status sg_feature_network_texts(sg_feature_network *network, const char *const *texts,
                                   size_t count, float *features, sg_error *error);

enum { SG_LPIPS_LAYERS = 5 };

/*
 * Computes LPIPS distances (Zhang et al. 2018, version 0.1, VGG) of pictures of equal sizes:
 * distances[i] of picture i of `a` and picture i of `b`; `layers` [count, SG_LPIPS_LAYERS], their
 * parts, may be NULL. Pictures with a side above 256 are first reduced by area to 256, as NVIDIA's
 * programs do, unless `whole`. For the kind "lpips" alone.
 */
sg_status sg_feature_network_distances(sg_feature_network *network, const sg_feature_pictures *a,
                                       const sg_feature_pictures *b, bool whole, double *distances,
                                       double *layers, sg_error *error);

#endif
