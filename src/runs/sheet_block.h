/* Pictures from the sheet that a run painted at some point. */
#ifndef SG_RUNS_SHEET_BLOCK_H
#define SG_RUNS_SHEET_BLOCK_H

#include "image/image.h"
#include "runs/run_record.h"

/*
 * Reads `across` x `down` pictures of the run's sheet at `kimg` into one picture, *block, which the
 * caller destroys: of each row the first ones; of the rows, as many evenly from the first to the
 * last, so that classes differ. Fewer where the sheet has fewer; 0: all. A sheet of an older
 * version, which does not say where its pictures lie, comes whole. `smallest` is the least side of
 * a picture in it, in pixels. Fails as sg_read_file and sg_png_decode do; *block is NULL then.
 */
sg_status sg_sheet_block_read(const sg_run_record *run, double kimg, size_t across, size_t down,
                              size_t smallest, sg_image **block, sg_error *error);

#endif
