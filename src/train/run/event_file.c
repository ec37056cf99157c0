/* TensorBoard's event files: check sums, protocol buffers, frames; see event_file.h. */
#include "train/run/event_file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/files/atomic_file.h"
#include "base/files/crc32c.h"
#include "base/files/file.h"
#include "base/files/input_file.h"
#include "base/text.h"
#include "runs/run_history.h"
#include "train/run/run_folder.h"

enum {
    FRAME_HEAD = 12, /* bytes before a record: length and its check sum */
    FRAME_TAIL = 4,  /* bytes after it */
    LARGEST_FILE = 1 << 30,
    MOST_SCALARS = 128
};

static const char PREFIX[] = "events.out.tfevents.";
static const char SUFFIX[] = ".stylegan";
static const char VERSION[] = "brain.Event:2";
static const char SESSION_START[] = {1 << 3 | 0, 1}; /* a session log with the status START */

/* Wire types and fields of the protocol buffers, as `field << 3 | type`. */
enum {
    EVENT_WALL_TIME = 1 << 3 | 1,
    EVENT_STEP = 2 << 3 | 0,
    EVENT_FILE_VERSION = 3 << 3 | 2,
    EVENT_SUMMARY = 5 << 3 | 2,
    EVENT_SESSION_LOG = 7 << 3 | 2,
    SUMMARY_VALUE = 1 << 3 | 2,
    VALUE_TAG = 1 << 3 | 2,
    VALUE_SIMPLE = 2 << 3 | 5
};

/* ---- writing bytes ---- */

static void add_little_endian(sg_text *text, uint64_t value, int bytes)
{
    for (int i = 0; i < bytes; i++) {
        const char byte = (char)(unsigned char)(value >> (8 * i));
        sg_text_append_bytes(text, &byte, 1);
    }
}

static void add_varint(sg_text *text, uint64_t value)
{
    for (; value >= 0x80; value >>= 7)
        add_little_endian(text, (value & 0x7F) | 0x80, 1);
    add_little_endian(text, value, 1);
}

static void add_double(sg_text *text, unsigned field, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    add_varint(text, field);
    add_little_endian(text, bits, sizeof bits);
}

static void add_bytes(sg_text *text, unsigned field, const char *bytes, size_t length)
{
    add_varint(text, field);
    add_varint(text, length);
    sg_text_append_bytes(text, bytes, length);
}

/* Adds `part` as a field and clears it. */
static void add_part(sg_text *text, unsigned field, sg_text *part)
{
    add_bytes(text, field, part->bytes, part->length);
    text->failed = text->failed || part->failed;
    sg_text_clear(part);
}

/* Appends `record` in its frame to `file` and clears it. */
static void add_record(sg_text *file, sg_text *record)
{
    sg_text length = {0};
    add_little_endian(&length, record->length, 8);
    if (!length.failed && !record->failed) {
        sg_text_append_bytes(file, length.bytes, length.length);
        add_little_endian(file, sg_masked_crc32c(length.bytes, length.length), 4);
        sg_text_append_bytes(file, record->bytes, record->length);
        add_little_endian(file, sg_masked_crc32c(record->bytes, record->length), 4);
    }
    file->failed = file->failed || record->failed || length.failed;
    sg_text_clear(&length);
    sg_text_clear(record);
}

/* ---- records ---- */

static void add_version(sg_text *file, double wall_time)
{
    sg_text record = {0};
    add_double(&record, EVENT_WALL_TIME, wall_time);
    add_bytes(&record, EVENT_FILE_VERSION, VERSION, sizeof VERSION - 1);
    add_record(file, &record);
}

static void start_record(sg_text *record, const sg_event *event)
{
    add_double(record, EVENT_WALL_TIME, event->wall_time);
    add_varint(record, EVENT_STEP);
    add_varint(record, (uint64_t)event->step);
}

/* Adds a session start at the event's step, which voids that step and all later ones. */
static void add_restart(sg_text *file, const sg_event *event)
{
    sg_text record = {0};
    start_record(&record, event);
    add_bytes(&record, EVENT_SESSION_LOG, SESSION_START, sizeof SESSION_START);
    add_record(file, &record);
}

static void add_scalars(sg_text *file, const sg_event *event)
{
    sg_text record = {0};
    sg_text summary = {0};
    start_record(&record, event);
    for (size_t i = 0; i < event->scalar_count; i++) {
        sg_text value = {0};
        uint32_t bits;
        const char *tag = event->scalars[i].tag;
        add_bytes(&value, VALUE_TAG, tag, strlen(tag));
        memcpy(&bits, &event->scalars[i].value, sizeof bits);
        add_varint(&value, VALUE_SIMPLE);
        add_little_endian(&value, bits, sizeof bits);
        add_part(&summary, SUMMARY_VALUE, &value);
    }
    add_part(&record, EVENT_SUMMARY, &summary);
    add_record(file, &record);
}

/* ---- records of an existing file ---- */

/* The whole records at the start of a file. */
typedef struct whole_records {
    size_t bytes;      /* of all together */
    int64_t last_step; /* of the last one */
} whole_records;

static uint64_t read_little_endian(const unsigned char *bytes, int count)
{
    uint64_t value = 0;
    for (int i = 0; i < count; i++)
        value |= (uint64_t)bytes[i] << (8 * i);
    return value;
}

/* Returns the step of a record of ours, which follows the time; 0 for a record without one. */
static int64_t step_of(const unsigned char *record, size_t length)
{
    uint64_t step = 0;
    if (length < 10 || record[9] != EVENT_STEP)
        return 0;
    for (size_t i = 10, shift = 0; i < length && shift < 63; i++, shift += 7) {
        step |= (uint64_t)(record[i] & 0x7F) << shift;
        if (record[i] < 0x80)
            return (int64_t)step;
    }
    return 0;
}

static whole_records find_whole_records(const unsigned char *bytes, size_t size)
{
    whole_records whole = {0};
    while (size - whole.bytes >= FRAME_HEAD + FRAME_TAIL) {
        const unsigned char *head = bytes + whole.bytes;
        const unsigned char *record = head + FRAME_HEAD;
        const uint64_t length = read_little_endian(head, 8);
        if (length > size - whole.bytes - FRAME_HEAD - FRAME_TAIL ||
            read_little_endian(head + 8, 4) != sg_masked_crc32c(head, 8) ||
            read_little_endian(record + length, 4) != sg_masked_crc32c(record, (size_t)length))
            break;
        whole.last_step = step_of(record, (size_t)length);
        whole.bytes += FRAME_HEAD + (size_t)length + FRAME_TAIL;
    }
    return whole;
}

static bool is_event_file(const char *name)
{
    return strlen(name) > sizeof PREFIX + sizeof SUFFIX - 2 &&
           strncmp(name, PREFIX, sizeof PREFIX - 1) == 0 && sg_has_suffix(name, SUFFIX);
}

/* Returns the path of the folder's newest event file, or of a new one; NULL without memory. */
static char *find_path(const char *folder, double wall_time)
{
    char newest[256] = "";
    DIR *directory = opendir(folder);
    for (const struct dirent *entry; directory && (entry = readdir(directory));)
        if (is_event_file(entry->d_name) && strcmp(entry->d_name, newest) > 0)
            snprintf(newest, sizeof newest, "%s", entry->d_name);
    if (directory)
        closedir(directory);
    if (!newest[0])
        snprintf(newest, sizeof newest, "%s%010lld%s", PREFIX,
                 (long long)fmin(fmax(wall_time, 0), 1e15), SUFFIX);
    return sg_path_join(folder, newest);
}

/* ---- appending ---- */

static bool write_all(int file, const char *bytes, size_t size)
{
    while (size > 0) {
        const ssize_t written = write(file, bytes, size);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        bytes += written;
        size -= (size_t)written;
    }
    return true;
}

/* Cuts the file to its first `kept` bytes and appends `records`. */
static sg_status write_records(const char *path, size_t kept, const sg_text *records,
                               sg_error *error)
{
    const int file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
    if (file < 0)
        return sg_fail(error, SG_ERROR_FILE, "cannot open %s to write to it: %s", path,
                       strerror(errno));
    bool written = ftruncate(file, (off_t)kept) == 0 &&
                   lseek(file, (off_t)kept, SEEK_SET) == (off_t)kept &&
                   write_all(file, records->bytes, records->length);
    const int reason = errno;
    /* A full disk may have taken a part of the record. */
    const bool undone = written || ftruncate(file, (off_t)kept) == 0;
    written = close(file) == 0 && written;
    return written ? SG_OK
                   : sg_fail(error, SG_ERROR_FILE, "cannot write to %s: %s%s", path,
                             strerror(reason), undone ? "" : "; its last record is torn");
}

static sg_status append(const char *path, const sg_event *event, sg_error *error)
{
    unsigned char *bytes = NULL;
    size_t size = 0;
    if (sg_path_exists(path))
        SG_TRY(sg_read_file(path, LARGEST_FILE, &bytes, &size, error));
    const whole_records whole = find_whole_records(bytes, size);
    free(bytes);
    sg_text records = {0};
    if (whole.bytes == 0)
        add_version(&records, event->wall_time);
    else if (whole.last_step >= event->step && !event->late)
        add_restart(&records, event);
    add_scalars(&records, event);
    const sg_status status = records.failed ? sg_fail_memory(error, "%s", path)
                                            : write_records(path, whole.bytes, &records, error);
    sg_text_clear(&records);
    return status;
}

sg_status sg_event_file_append(const char *folder, const sg_event *event, sg_error *error)
{
    char *path = find_path(folder, event->wall_time);
    if (!path)
        return sg_fail_memory(error, "an event file in %s", folder);
    const sg_status status = append(path, event, error);
    free(path);
    return status;
}

/* ---- cutting ---- */

/* Copies the whole records of steps up to `step`. */
static void keep_records(const unsigned char *bytes, size_t size, int64_t step, sg_text *kept)
{
    size_t length = 0;
    for (size_t at = 0; at < size; at += length) {
        length = FRAME_HEAD + (size_t)read_little_endian(bytes + at, 8) + FRAME_TAIL;
        if (step_of(bytes + at + FRAME_HEAD, length - FRAME_HEAD - FRAME_TAIL) <= step)
            sg_text_append_bytes(kept, (const char *)bytes + at, length);
    }
}

static sg_status cut(const char *path, int64_t step, sg_error *error)
{
    unsigned char *bytes = NULL;
    size_t size = 0;
    sg_text kept = {0};
    SG_TRY(sg_read_file(path, LARGEST_FILE, &bytes, &size, error));
    keep_records(bytes, find_whole_records(bytes, size).bytes, step, &kept);
    free(bytes);
    sg_status status = kept.failed ? sg_fail_memory(error, "%s", path) : SG_OK;
    if (!status && kept.length != size)
        status = sg_write_file(path, kept.bytes, kept.length, error);
    sg_text_clear(&kept);
    return status;
}

sg_status sg_event_file_cut(const char *folder, int64_t step, sg_error *error)
{
    char *path = find_path(folder, 0);
    if (!path)
        return sg_fail_memory(error, "an event file in %s", folder);
    const sg_status status = sg_path_exists(path) ? cut(path, step, error) : SG_OK;
    free(path);
    return status;
}

/* Tells whether a line of stats.jsonl is whole and of a tick up to a number of images. */
static bool is_tick_up_to(const char *line, size_t length, uint64_t images)
{
    cJSON *root = cJSON_ParseWithLength(line, length);
    const double kimg = sg_run_history_mean(root, "Progress/kimg");
    cJSON_Delete(root);
    return kimg * 1000 <= (double)images + 0.5;
}

sg_status sg_run_logs_cut(const char *folder, uint64_t images, sg_error *error)
{
    char path[SG_PATH_BYTES];
    unsigned char *bytes = NULL;
    size_t size = 0;
    sg_text kept = {0};
    sg_run_folder_path(path, folder, "stats.jsonl");
    if (!sg_path_exists(path))
        return sg_event_file_cut(folder, (int64_t)images, error);
    SG_TRY(sg_read_file(path, LARGEST_FILE, &bytes, &size, error));
    for (const char *line = (const char *)bytes, *end; (end = strchr(line, '\n')); line = end + 1)
        if (is_tick_up_to(line, (size_t)(end - line), images))
            sg_text_append_bytes(&kept, line, (size_t)(end + 1 - line));
    free(bytes);
    sg_status status = kept.failed ? sg_fail_memory(error, "%s", path) : SG_OK;
    if (!status && kept.length != size)
        status = sg_write_file(path, kept.bytes, kept.length, error);
    sg_text_clear(&kept);
    return status ? status : sg_event_file_cut(folder, (int64_t)images, error);
}

/* ---- from stats.jsonl ---- */

/* Returns the last line, without its newline. */
static const char *last_line(const char *text, size_t length, size_t *line_length)
{
    while (length > 0 && text[length - 1] == '\n')
        length--;
    size_t start = length;
    while (start > 0 && text[start - 1] != '\n')
        start--;
    *line_length = length - start;
    return text + start;
}

/* Collects every member with a mean, at most MOST_SCALARS; the tags belong to `root`. */
static size_t collect_scalars(const cJSON *root, sg_scalar *scalars)
{
    size_t count = 0;
    const cJSON *item = NULL;
    cJSON_ArrayForEach(item, root)
    {
        const cJSON *mean = cJSON_GetObjectItemCaseSensitive(item, "mean");
        if (cJSON_IsNumber(mean) && count < MOST_SCALARS)
            scalars[count++] = (sg_scalar){item->string, (float)mean->valuedouble};
    }
    return count;
}

/* Appends the event of the last line in the `length` bytes of stats.jsonl. */
static sg_status append_last(const char *folder, const char *text, size_t length, sg_error *error)
{
    sg_scalar scalars[MOST_SCALARS];
    size_t line_length = 0;
    const char *line = last_line(text, length, &line_length);
    cJSON *root = cJSON_ParseWithLength(line, line_length);
    const double kimg = sg_run_history_mean(root, "Progress/kimg");
    const double time = cJSON_GetNumberValue(cJSON_GetObjectItemCaseSensitive(root, "timestamp"));
    sg_status status = SG_OK;
    if (!(kimg >= 0 && kimg < 1e12) || !isfinite(time)) {
        status = sg_fail(error, SG_ERROR_FORMAT,
                         "the last line of stats.jsonl in %s holds no tick with a number of images "
                         "and a time",
                         folder);
    } else {
        const sg_event event = {.wall_time = time,
                                .step = llround(kimg * 1000),
                                .scalars = scalars,
                                .scalar_count = collect_scalars(root, scalars)};
        status = sg_event_file_append(folder, &event, error);
    }
    cJSON_Delete(root);
    return status;
}

sg_status sg_event_file_append_tick(const char *folder, sg_error *error)
{
    char path[SG_PATH_BYTES];
    unsigned char *bytes = NULL;
    size_t size = 0;
    sg_run_folder_path(path, folder, "stats.jsonl");
    SG_TRY(sg_read_file(path, LARGEST_FILE, &bytes, &size, error));
    const sg_status status = append_last(folder, (const char *)bytes, size, error);
    free(bytes);
    return status;
}
