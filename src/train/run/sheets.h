/* Sheets of pictures: real ones, and what the averaged generator makes of fixed latents. */
#ifndef SG_TRAIN_RUN_SHEETS_H
#define SG_TRAIN_RUN_SHEETS_H

#include "data/dataset.h"
#include "models/generator.h"

/* A sheet's shape for pictures of this size; a conditional sheet has one row per class. */
typedef struct sg_sheet {
    int columns, rows;
    int classes; /* 0 when unconditional: row r shows class r modulo this */
} sg_sheet;

sg_sheet sg_sheet_for(int height, int width, int classes);

/* Writes a sheet of the data set's first pictures (of each row's class) as PNG. */
sg_status sg_sheet_write_reals(const sg_sheet *sheet, const sg_dataset *dataset, const char *path,
                               sg_error *error);

/*
 * One row of a sheet as pictures [columns, H, W, C], owned by the innermost scope; NULL (error in
 * the context) on failure.
 */
sg_tensor *sg_sheet_row(const sg_sheet *sheet, sg_generator *generator, uint64_t seed, int row);

/*
 * Writes a sheet of pictures of `generator` as PNG. A cell's latent depends on `seed` and its place
 * alone, so that sheets of one run show the same latents; conditional columns share theirs.
 */
sg_status sg_sheet_write_fakes(const sg_sheet *sheet, sg_generator *generator, uint64_t seed,
                               const char *path, sg_error *error);

#endif
