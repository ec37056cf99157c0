/* A figure of pictures at several truncations: the work of `truncate`. */
#ifndef SG_PICTURES_TRUNCATION_FIGURE_H
#define SG_PICTURES_TRUNCATION_FIGURE_H

#include "pictures/picture_set.h"

/*
 * Writes FOLDER/truncation.png: a row for each class and seed, a column for each psi, or with
 * `transposed` the other way round; with work->singles, also FOLDER/seedNNNN-truncPSI.png and, for
 * several classes, FOLDER/seedNNNN-classN-truncPSI.png. A cutoff below 0 means all inputs. Random
 * noise is that of the seed, the same for every psi. `work` is prepared; `count` is that of
 * sg_picture_work_count.
 */
sg_status sg_truncate(const sg_picture_work *work, size_t count, bool transposed,
                      const sg_watch *watch, sg_error *error);

#endif
