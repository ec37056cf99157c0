/* What the subjects of `stylegan bench` share: the yardstick, the timing, the report. */
#ifndef SG_CLI_BENCH_BENCH_H
#define SG_CLI_BENCH_BENCH_H

#include <limits.h>

#include "train/step/trainer.h"

/* A size that was not given; no number that anybody means, so that a -1 is refused like others. */
#define SG_BENCH_DEFAULT INT_MIN

typedef struct sg_bench {
    const char *cfg;
    int resolution, batch, channel_base, channel_max, z_dim, w_dim, map_depth;
    int threads;       /* 0: all processors */
    int runs;          /* timed repetitions; the fastest counts */
    bool json;         /* one JSON object a line */
    double limit_rate; /* multiply-adds per second of limits/conv3x3 in this run */
} sg_bench;

/* One measured thing. */
typedef struct sg_bench_result {
    const char *name;
    double seconds;
    double multiply_adds; /* 0: no rate */
    double peak_bytes;    /* 0: not measured */
    double error;         /* of fast kernels against direct ones, of the range; 0: not measured */
    double total_seconds; /* of a cold process, arithmetic included; 0: not measured */
} sg_bench_result;

/* Starts a new measurement of the process's peak memory; reads it, in bytes. */
void sg_bench_reset_peak(void);
double sg_bench_peak_bytes(void);

/*
 * Runs an operation once to warm up and then bench->runs times; its fastest seconds and the peak
 * memory go into `result`. False when it failed, which the context holds.
 */
bool sg_bench_time_operation(const sg_bench *bench, sg_context *context,
                             sg_tensor *(*run)(const void *argument), const void *argument,
                             sg_bench_result *result);

/* Measures limits/conv3x3 for rate_fraction; false (with a sentence printed) when it cannot. */
bool sg_bench_measure_limit(sg_bench *bench);

/* Prints a result as a table row or JSON. */
void sg_bench_report(const sg_bench *bench, const sg_bench_result *result);

/* Sets *trainer to what the command's options ask for, with a resolution and a batch for those that
 * are not given. Fails with SG_ERROR_ARGUMENT. */
sg_status sg_bench_trainer_options(const sg_bench *bench, int resolution, int batch,
                                   sg_trainer_options *trainer, sg_error *error);

/* A part of `ops`: the filtered leaky ReLU, and limits/fma that it is to be compared with. False
 * with a sentence in the context when it fails. */
bool sg_bench_filtered(const sg_bench *bench, sg_context *context);

/* The subjects; each returns an exit status. */
int sg_bench_limits(sg_bench *bench);
int sg_bench_ops(sg_bench *bench);
int sg_bench_generate(sg_bench *bench);
int sg_bench_train(sg_bench *bench);

#endif
