/*
 * Curves of trainings as a picture: one run with the statistics that belong together in a panel, or
 * several runs with a panel for each statistic and metric and a line for each run.
 */
#ifndef SG_RUNS_CURVES_H
#define SG_RUNS_CURVES_H

#include "image/image.h"
#include "runs/curve_axis.h"
#include "runs/run_record.h"

/* The most runs of one figure: names of its legend. */
enum { SG_CURVES_MOST_RUNS = 50 };

/* What is drawn; plain data, everything is borrowed. */
typedef struct sg_curves {
    const sg_run_record *runs;
    const char *const *labels; /* [run_count], ASCII; NULL: one run, without a name */
    size_t run_count;          /* 1 .. SG_CURVES_MOST_RUNS */
    const char *title;         /* of several runs, ASCII; NULL: none */
    sg_curves_axis axis;
    int smoothing; /* ticks of the moving average; 0: by the number of ticks; 1: none */
} sg_curves;

/*
 * Draws the curves with their moving averages, in a band from the least to the greatest value that
 * each is of. Of one run, also marks warnings, phases of growing, resumes and snapshots. Writes the
 * picture to *image, which the caller destroys. Fails with SG_ERROR_FORMAT when no run has numbers,
 * SG_ERROR_MEMORY or SG_ERROR_LIBRARY; *image is NULL then.
 */
sg_status sg_curves_draw(const sg_curves *curves, sg_image **image, sg_error *error);

/* Draws the curves of one run folder into its loss.png, with warnings as `respell` spells them
 * (NULL: as logged). Fails as sg_run_record_open, sg_curves_draw and sg_png_write do. */
sg_status sg_curves_write(const char *folder, sg_respell respell, sg_error *error);

#endif
