/* Sheets of pictures: real ones, and the averaged generator's pictures of fixed latents. */
#ifndef SG_TRAIN_RUN_SHEETS_H
#define SG_TRAIN_RUN_SHEETS_H

#include "models/generator.h"
#include "train/options/run_options.h"
#include "train/run/sheet_labels.h"

/* Returns the shape for pictures of this size; a conditional sheet has one row per class. */
sg_sheet sg_sheet_for(int height, int width, int classes, sg_sheet_size size);

/*
 * Writes a sheet of the data set's first pictures (of each row's class, or with the labels nearest
 * to the row's) as a PNG file, which says
 * that they are from `data` (a path, of which the last name counts). A labelled sheet of fewer
 * pictures than cells is smaller.
 */
sg_status sg_sheet_write_reals(const sg_sheet *sheet, const sg_dataset *dataset, const char *data,
                               const char *path, sg_error *error);

/*
 * Returns one row of a sheet as pictures [columns, H, W, C], owned by the innermost scope; NULL
 * (error in the context) on failure.
 */
sg_tensor *sg_sheet_row(const sg_sheet *sheet, sg_generator *generator, uint64_t seed, int row);

/*
 * Writes a sheet of pictures of `generator`, trained on `images` real images, as a PNG file. A
 * cell's latent depends only on `seed`, row and column, so that all sheets of a run show the same
 * latents; in conditional sheets only on `seed` and column.
 */
sg_status sg_sheet_write_fakes(const sg_sheet *sheet, sg_generator *generator, uint64_t seed,
                               uint64_t images, const char *path, sg_error *error);

#endif
