/* The folder of one training run: OUTDIR/NNNNN-DESCRIPTION, its log, options and statistics. */
#ifndef SG_TRAIN_RUN_RUN_FOLDER_H
#define SG_TRAIN_RUN_RUN_FOLDER_H

#include <cjson/cJSON.h>

#include "base/error.h"
#include "train/options/run_options.h"
#include "train/step/statistics.h"

/*
 * Makes OUTDIR (with parents) and in it the folder with the next free number. Writes the path to
 * `folder` of SG_PATH_BYTES. Fails with SG_ERROR_FILE and names what could not be made.
 */
sg_status sg_run_folder_create(const char *outdir, const char *description, char *folder,
                               sg_error *error);

/* Writes "FOLDER/name", the name printf-formatted, to `path` of SG_PATH_BYTES. */
void sg_run_folder_path(char *path, const char *folder, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Appends a line to FOLDER/FILE; makes a missing file. */
sg_status sg_run_folder_append(const char *folder, const char *file, const char *line,
                               sg_error *error);

/* Returns the options as the object of training_options.json; NULL on lack of memory. */
cJSON *sg_run_folder_options(const sg_run_options *options);

/* Writes training_options.json by the rows of sg_saved_training_table. */
sg_status sg_run_folder_write_options(const char *folder, const sg_run_options *options,
                                      sg_error *error);

/* Options read back, with room for the paths that they point to. */
typedef struct sg_saved_options {
    sg_run_options options;
    char data[SG_PATH_BYTES], features[SG_PATH_BYTES];
} sg_saved_options;

/*
 * Reads training_options.json of a run folder. Fails with SG_ERROR_FILE when it is missing, with
 * SG_ERROR_FORMAT when it is not what sg_run_folder_write_options writes. *saved must not be moved:
 * its options point into it.
 */
sg_status sg_run_folder_read_options(const char *folder, sg_saved_options *saved, sg_error *error);

/* What a tick adds to stats.jsonl besides the statistics of the steps. */
typedef struct sg_tick {
    int number;
    bool grows;     /* whether the networks grow; lod, resolution and batch are written if so */
    double lod;     /* level of detail */
    int resolution; /* of the pictures */
    int batch;      /* images per step */
    double kimg, total_seconds, seconds_per_tick, seconds_per_kimg;
    double peak_bytes;
    double timestamp; /* seconds since 1970 */
} sg_tick;

/* Appends one JSON object to stats.jsonl: each statistic as {"num", "mean", "std"}. */
sg_status sg_run_folder_write_tick(const char *folder, const sg_tick *tick,
                                   const sg_statistics *statistics, sg_error *error);

#endif
