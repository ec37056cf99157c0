/* The center of truncation as people give it: a seed, or a file of NumPy with one w. */
#ifndef SG_PICTURES_TRUNCATION_CENTER_H
#define SG_PICTURES_TRUNCATION_CENTER_H

#include "checkpoint/latents/w_file.h"
#include "pictures/picture_request.h"

/* Reads an sg_picture_center from a text or from JSON: digits are a seed, all else is a path. */
extern const sg_field_codec sg_center_codec;

/* Reads the w in a file for a loaded network, as sg_w_file_read. Tells `watch` when a shape could
 * be read in two ways. */
sg_status sg_read_w_file(const char *path, const sg_picture_network *network, const sg_watch *watch,
                         sg_w_set *set, sg_error *error);

/*
 * Reads the file of a center, if it has one, for a loaded network. `set` then owns the w that the
 * center points to, and the caller clears it. Fails with SG_ERROR_FORMAT for several w.
 */
sg_status sg_center_load(sg_picture_center *center, const sg_picture_network *network,
                         const sg_watch *watch, sg_w_set *set, sg_error *error);

#endif
