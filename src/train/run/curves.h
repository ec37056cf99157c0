/* A training's curves as a picture: losses, scores and gradient norms over images seen. */
#ifndef SG_TRAIN_RUN_CURVES_H
#define SG_TRAIN_RUN_CURVES_H

#include "base/error.h"

/*
 * Draws the statistics in `text`, the content of a run's stats.jsonl, into a PNG file at `path`,
 * under a title (ASCII). Skips lines that cannot be read. A line with no more images than earlier
 * lines replaces them: the run continued from an earlier snapshot. Fails with SG_ERROR_FORMAT when
 * no line can be read, SG_ERROR_MEMORY, SG_ERROR_FILE or SG_ERROR_LIBRARY.
 */
sg_status sg_curves_draw(const char *text, size_t length, const char *title, const char *path,
                         sg_error *error);

/*
 * Updates loss.png in a run folder from its stats.jsonl, and appends an event for the last tick.
 * Fails as sg_curves_draw and sg_event_file_append_tick do.
 */
sg_status sg_curves_update(const char *folder, sg_error *error);

#endif
