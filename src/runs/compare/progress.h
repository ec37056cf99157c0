/* The stages of one run, from its sheets: one below the other, side by side, or as a film. */
#ifndef SG_RUNS_COMPARE_PROGRESS_H
#define SG_RUNS_COMPARE_PROGRESS_H

#include "base/choices.h"
#include "base/number_list.h"
#include "base/watch.h"

enum { SG_PROGRESS_MOST_STAGES = 100, SG_PROGRESS_MOST_CELLS = 32 };

/* How the stages are shown. */
typedef enum sg_progress_form {
    SG_PROGRESS_AUTO,  /* a film where the output is no .png; otherwise rows, of a conditional run a
                          strip */
    SG_PROGRESS_ROWS,  /* one below the other */
    SG_PROGRESS_STRIP, /* side by side */
    SG_PROGRESS_FILM,
} sg_progress_form;

/* The forms by name: "auto", "rows", "strip", "film". */
extern const sg_choices sg_progress_forms;

/* What is shown; plain data, everything is borrowed. */
typedef struct sg_progress_options {
    const char *folder; /* of the run */
    const char *output; /* .png; of a film also .apng, .gif, .mp4, .webm, or a folder of frames */
    sg_progress_form form;
    int stages;         /* 1 .. SG_PROGRESS_MOST_STAGES, chosen evenly among the sheets; 0: 8, of a
                           film all */
    sg_decimal_list at; /* kimg of the stages, the nearest sheets; empty: `stages` of them */
    int cells_x,
        cells_y; /* pictures of each sheet, at most SG_PROGRESS_MOST_CELLS; 0: 12x1 in rows,
                    4x4 in a strip (1x10 of a conditional run), all of them in a film */
    int frames_per_second; /* 1 .. 60 */
} sg_progress_options;

/* Sets the defaults: 4 frames a second. */
void sg_progress_options_init(sg_progress_options *options);

/* Fails with SG_ERROR_ARGUMENT for numbers out of range, or an output that the form cannot have. */
sg_status sg_progress_check(const sg_progress_options *options, sg_error *error);

/*
 * Writes the stages, each with its number of images and, while networks grow, the resolution. A
 * film shows its last stage for two seconds. Notes to `watch` (may be NULL) which sheets cannot be
 * read; they are left out. Sets *count to the number of stages. Fails as sg_progress_check,
 * sg_run_record_open and the writers of pictures do, with SG_ERROR_FORMAT for a run without sheets,
 * SG_ERROR_MEMORY, SG_ERROR_CANCELLED.
 */
sg_status sg_progress_write(const sg_progress_options *options, const sg_watch *watch,
                            size_t *count, sg_error *error);

#endif
