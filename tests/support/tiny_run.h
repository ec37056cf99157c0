/* Training runs of a second or less, for tests. */
#ifndef SUPPORT_TINY_RUN_H
#define SUPPORT_TINY_RUN_H

#include "train/run/run.h"

/*
 * cmocka's setup and teardown: *state is a temporary folder that holds "images-idx3-ubyte" (16
 * pictures of 8x8) and "labels-idx1-ubyte" (classes 0 to 2).
 */
int tiny_run_setup(void **state);
int tiny_run_teardown(void **state);

/* The same set-up's file of pictures, and "folder/runs"; on the heap. */
char *tiny_run_data(void *const *state);
char *tiny_run_outdir(void *const *state);

/*
 * Options of a run over 64 pictures with batches of 8, ticks of 32 pictures, a snapshot at each
 * tick, and networks of at most 4 channels. `data` and `outdir` are borrowed.
 */
sg_run_options tiny_run_options(const char *data, const char *outdir);

/* Runs it on one thread and gives the run's folder, on the heap; fails the test when it fails. */
char *run_to_end(const sg_run_options *options, const sg_run_callbacks *callbacks);

/* Fails the test unless the run fails with this status and a sentence that holds `part`. */
void assert_run_refused(const sg_run_options *options, sg_status status, const char *part);

/* The bytes of FOLDER/NAME, on the heap, with a zero behind them; fails the test without it. */
unsigned char *bytes_of(const char *folder, const char *name, size_t *size);

/* The only folder in `outdir`, on the heap; NULL while there is none. */
char *only_run(const char *outdir);

/* The mean of a statistic of the run at a tick, counted from 0. */
double statistic_at(const char *folder, const char *name, int tick);

/* Fails the test unless the files are there, or hold the same bytes. */
void assert_in_folder(const char *folder, const char *name);
void assert_same_file(const char *folder, const char *other_folder, const char *name);

#endif
