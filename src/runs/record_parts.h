/* The parts of a run's record, each read by a file of its own. */
#ifndef SG_RUNS_RECORD_PARTS_H
#define SG_RUNS_RECORD_PARTS_H

#include "runs/record_data.h"

/* Reads training_options.json: each value that is no object, with the names of the objects around
 * it. A missing file has no options. */
sg_status sg_record_read_options(sg_run_record *run, sg_error *error);

/*
 * Reads what log.txt tells besides numbers, for a run whose history was read. An event without a
 * number of images is at that of the tick before it. What happened after the place from which a run
 * was resumed counts no more. A missing file has no events.
 */
sg_status sg_record_read_log(sg_run_record *run, sg_error *error);

/* Adds an event in its place by kimg. Fails with SG_ERROR_MEMORY. */
sg_status sg_record_add_event(sg_run_record *run, sg_record_event_kind kind, double kimg,
                              const char *text, sg_error *error);

#endif
