/* Moving pictures that go from key to key: the work of `interpolate`. */
#ifndef SG_PICTURES_FILMS_WALK_H
#define SG_PICTURES_FILMS_WALK_H

#include "pictures/films/walk_options.h"
#include "pictures/picture_set.h"

/* Returns how many frames there will be. The number must fit in size_t. */
size_t sg_walk_frame_count(const sg_walk_options *options);

/*
 * Writes the frames, or the strip. The frame of a seed is the picture that `generate` paints of it.
 * In z, where the classes of two neighbouring seeds differ, their w are blended on the way. Random
 * noise comes from the first seed of a cell, or from the cell's number when there are no seeds.
 * After SG_ERROR_CANCELLED, numbered frames stay, and a film does not appear.
 */
sg_status sg_walk(const sg_picture_work *work, const sg_walk_options *options,
                  const sg_watch *watch, sg_error *error);

#endif
