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

/* One number under its name, which is borrowed. */
typedef struct sg_scalar {
    const char *tag;
    float value;
} sg_scalar;

/* What happened at one time; `scalars` is borrowed. */
typedef struct sg_event {
    double wall_time; /* seconds since 1970 */
    int64_t step;     /* not negative */
    const sg_scalar *scalars;
    size_t scalar_count;
} sg_event;

/*
 * Appends an event to the folder's file events.out.tfevents.SECONDS.stylegan, which is made when
 * there is none. A record that was torn by a crash is cut off first. When the file already holds
 * `step` or a later one, since a run went on from an earlier snapshot, a record is added that makes
 * TensorBoard forget those. Fails with SG_ERROR_FILE, and the file is as it was; or
 * SG_ERROR_MEMORY.
 */
sg_status sg_event_file_append(const char *folder, const sg_event *event, sg_error *error);

/*
 * The same with the event that the last line of stats.jsonl describes: the mean of each statistic
 * under its name, and as step the number of images. `text` is the content of stats.jsonl. Fails
 * with SG_ERROR_FORMAT when that line is not what sg_run_folder_write_tick writes.
 */
sg_status sg_event_file_append_tick(const char *folder, const char *text, size_t length,
                                    sg_error *error);

#endif
