/* Pictures by their paths, and collections of such, one after the other. */
#ifndef SG_SCORES_PICTURE_WALK_H
#define SG_SCORES_PICTURE_WALK_H

#include "data/kinds/open_dataset.h"

/* True if a path names one picture, and no collection of them. */
bool sg_is_picture_path(const char *path);

/* Reads a picture into *image, which the caller destroys. Fails as reading and decoding do. */
sg_status sg_read_picture(const char *path, sg_image **image, sg_error *error);

/* Takes a picture; the name is on the heap and belongs to the taker, also on failure. NULL: there
 * was no memory for it. */
typedef sg_status (*sg_picture_taker)(void *user, char *name, const sg_image *image,
                                      sg_error *error);

/* Reads all pictures of paths, whose labels do not count. *total gets their number before the
 * first one is taken. */
sg_status sg_walk_pictures(const char *const *paths, size_t count, size_t *total, void *user,
                           sg_picture_taker take, sg_error *error);

#endif
