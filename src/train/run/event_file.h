/*
 * TensorBoard's event files: one in a run folder, with a record for every tick.
 *
 * A record is framed as a TFRecord: its length (8 bytes, little-endian), a masked CRC-32C of these
 * bytes, the record, a masked CRC-32C of it. The record is a protocol buffer `Event`, of which
 * wall_time, step, file_version, summary (tags with simple values) and session_log are written.
 */
#ifndef SG_TRAIN_RUN_EVENT_FILE_H
#define SG_TRAIN_RUN_EVENT_FILE_H

#include "base/error.h"

/* One number and its name (borrowed). */
typedef struct sg_scalar {
    const char *tag;
    float value;
} sg_scalar;

/* The numbers of one step; `scalars` is borrowed. */
typedef struct sg_event {
    double wall_time; /* seconds since 1970 */
    int64_t step;     /* not negative */
    const sg_scalar *scalars;
    size_t scalar_count;
    bool late; /* may come after events of later steps, such as what takes long to measure */
} sg_event;

/*
 * Appends an event to the folder's file events.out.tfevents.SECONDS.stylegan; makes a missing file.
 * Cuts off a record torn by a crash first. When the file already holds `step` or a later one (a run
 * continued from an earlier snapshot) and the event is not late, adds a record that makes
 * TensorBoard forget those. Fails
 * with SG_ERROR_FILE, leaving the file as it was, or SG_ERROR_MEMORY.
 */
sg_status sg_event_file_append(const char *folder, const sg_event *event, sg_error *error);

/* Removes the events of later steps than `step` from the folder's event file, and a record torn by
 * a crash. Does nothing without such a file; fails as reading and writing do. */
sg_status sg_event_file_cut(const char *folder, int64_t step, sg_error *error);

/* Cuts stats.jsonl and the event file back to the ticks up to a number of images, from which the
 * run goes on, without a line or record that a crash has torn. */
sg_status sg_run_logs_cut(const char *folder, uint64_t images, sg_error *error);

/*
 * Appends the event of the last line in the folder's stats.jsonl: the mean of each statistic under
 * its name; the step is the number of images. Fails also as sg_read_file does, and with
 * SG_ERROR_FORMAT when that line is not what sg_run_folder_write_tick writes.
 */
sg_status sg_event_file_append_tick(const char *folder, sg_error *error);

#endif
