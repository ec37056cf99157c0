/* What the curves of one run say around their panels: the run, and what happened in it. */
#ifndef SG_RUNS_CURVE_TITLES_H
#define SG_RUNS_CURVE_TITLES_H

#include "image/figures/plot.h"
#include "runs/curve_axis.h"

enum { SG_CURVES_MOST_NOTES = 24, SG_CURVES_NOTE_BYTES = 128, SG_CURVES_MOST_PHASES = 32 };

/* The texts and marks that a plot borrows. */
typedef struct sg_curve_titles {
    char title[SG_RECORD_NAME_BYTES];
    char subtitle[512];
    sg_plot_mark *marks; /* owned */
    size_t mark_count;
    size_t warning_count;
    char numbers[SG_CURVES_MOST_NOTES][8];                  /* of warnings */
    char notes[SG_CURVES_MOST_NOTES][SG_CURVES_NOTE_BYTES]; /* lines of their sentences */
    const char *footnotes[SG_CURVES_MOST_NOTES];
    size_t note_count;
    char phases[SG_CURVES_MOST_PHASES][16]; /* "16x16" */
    size_t phase_count;
} sg_curve_titles;

/*
 * Makes the texts of a run: its folder's name; its cfg, loss, data and the like; a numbered mark
 * and a footnote for each warning, marks for phases, resumes and snapshots. Marks lie on the axis,
 * times `scale`. False on lack of memory.
 */
bool sg_curve_titles_make(sg_curve_titles *titles, const sg_run_record *run, sg_curves_axis axis,
                          double scale);

/* Makes the plot say them; it borrows them. */
void sg_curve_titles_set(const sg_curve_titles *titles, sg_plot *plot);

/* Frees what they own. */
void sg_curve_titles_clear(sg_curve_titles *titles);

#endif
