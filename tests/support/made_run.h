/* Run folders with files of a test's own, as a training would leave them. */
#ifndef SUPPORT_MADE_RUN_H
#define SUPPORT_MADE_RUN_H

/* Makes FOLDER/NAME in the temporary folder with training_options.json and stats.jsonl (NULL: none)
 * of these contents; returns its path on the heap. */
char *made_run_folder(void *const *state, const char *name, const char *options, const char *ticks);

/* Writes a file into the folder. */
void made_run_file(const char *folder, const char *name, const char *content);

/*
 * Makes a run of `ticks` ticks of 1 kimg and 2 seconds whose loss of G starts at `loss` and falls
 * by 0.1 a tick, with a sheet of 6x5 grey pictures of 8x8 at the start and after each tick: column
 * c, row r at kimg k has the level 40 r + 4 c + k. Returns its path on the heap.
 */
char *made_run(void *const *state, const char *name, const char *options, int ticks, double loss);

#endif
