/*
 * sweep.json of a sweep's folder: what was asked for, as texts, and how far each training is. It is
 * written whole after every change, so that a sweep that was killed goes on from it.
 */
#ifndef SG_SWEEP_SWEEP_FILE_H
#define SG_SWEEP_SWEEP_FILE_H

#include "sweep/sweep_plan.h"

/* A file that was read; zero it before use. */
typedef struct sg_sweep_file {
    sg_sweep_request request; /* borrows from `root`; the options lack the folder, outdir */
    cJSON *root;
} sg_sweep_file;

/* Writes the file of a sweep in `folder`. Fails with SG_ERROR_FILE or SG_ERROR_MEMORY. */
sg_status sg_sweep_file_write(const char *folder, const sg_sweep_request *request,
                              const sg_sweep_plan *plan, sg_error *error);

/* Tells whether `folder` holds the file. */
bool sg_sweep_file_exists(const char *folder);

/* Reads the request of the sweep in `folder`. Fails with SG_ERROR_FILE or SG_ERROR_FORMAT; the
 * caller clears the file in any case. */
sg_status sg_sweep_file_read(const char *folder, sg_sweep_file *file, sg_error *error);

/* Takes how far the trainings are into the plan that was made of the file's request. Fails with
 * SG_ERROR_FORMAT for other trainings than the plan's. */
sg_status sg_sweep_file_progress(const sg_sweep_file *file, const char *folder, sg_sweep_plan *plan,
                                 sg_error *error);

/* Tells whether a request asks for the same sweep, apart from its folder; false too on lack of
 * memory. */
bool sg_sweep_file_matches(const sg_sweep_file *file, const sg_sweep_request *request);

void sg_sweep_file_clear(sg_sweep_file *file);

#endif
