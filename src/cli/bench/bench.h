/* What the subjects of `stylegan bench` share: the yardstick, the timing, the report. */
#ifndef SG_CLI_BENCH_BENCH_H
#define SG_CLI_BENCH_BENCH_H

#include "cli/bench/yardstick.h"
#include "tensor/context.h"
#include "train/augment/augment_spec.h"
#include "train/options/training_fields.h"

/* The command's options, and what was measured to compare with. */
typedef struct sg_bench {
    const char *subject;        /* a row of the command's table: "train" */
    sg_run_options run;         /* the network's options, where they are given */
    sg_given given;             /* of sg_training_table */
    int resolution;             /* of the pictures; 0: the subject's default */
    sg_context_options compute; /* threads */
    int runs;                   /* timed repetitions; the fastest counts */
    bool json;                  /* one JSON object a line */
    const char *augment;        /* a spec whose cost is measured with `train`; NULL: none */
    double augment_p;           /* its probability */
    double limit_rate; /* multiply-adds per second of limits/conv3x3 in this run; 0: none */
} sg_bench;

/* Return the most channels of a layer, the pictures at a time: as given, otherwise `usual`. */
int sg_bench_channels(const sg_bench *bench, int usual);
int sg_bench_batch(const sg_bench *bench, int usual);

/* Returns the preset's name, as results are called by it. */
const char *sg_bench_cfg(const sg_bench *bench);

/* One measured thing. */
typedef struct sg_bench_result {
    const char *name;
    double seconds;
    double multiply_adds; /* 0: no rate */
    double peak_bytes;    /* 0: not measured */
    double error;         /* of fast kernels against direct ones, of the range; 0: not measured */
    double step_share;    /* of the step's seconds; 0: not measured */
    double total_seconds; /* of a cold process, arithmetic included; 0: not measured */
    double pictures;      /* that were made or seen; 0: no rate of pictures */
} sg_bench_result;

/* Starts a new measurement of the process's peak memory; returns the peak in bytes since then. */
void sg_bench_reset_peak(void);
double sg_bench_peak_bytes(void);

/*
 * Runs an operation once to warm up and then bench->runs times; its fastest seconds, its
 * multiply-adds and the peak memory go into `result`. False when it failed, which the context
 * holds.
 */
bool sg_bench_time_operation(const sg_bench *bench, sg_context *context,
                             bool (*run)(const void *argument), const void *argument,
                             sg_bench_result *result);

/* Measures limits/conv3x3 for rate_fraction; false (with a sentence printed) when it cannot. */
bool sg_bench_measure_limit(sg_bench *bench);

/* Prints a result as a table row or JSON. */
void sg_bench_report(const sg_bench *bench, const sg_bench_result *result);

/* The same for a limit of the machine. */
void sg_bench_report_limit(const sg_bench *bench, const char *name, sg_limit limit,
                           double peak_bytes);

/* Sets *trainer to what the command's options ask for, with a resolution and a batch for those that
 * are not given. Fails with SG_ERROR_ARGUMENT. */
sg_status sg_bench_trainer_options(const sg_bench *bench, int resolution, int batch,
                                   sg_trainer_options *trainer, sg_error *error);

/* A part of `train`: what augmentation adds to a step of `step_seconds`. False with a sentence in
 * the context when it fails. */
bool sg_bench_augment(const sg_bench *bench, sg_context *context, const sg_trainer_options *options,
                      const sg_augment_spec *spec, double step_seconds);

/* A part of `ops`: the filtered leaky ReLU, and limits/fma that it is to be compared with. False
 * with a sentence in the context when it fails. */
bool sg_bench_filtered(const sg_bench *bench, sg_context *context);

enum { SG_BENCH_PATH_BYTES = 4096 };

/*
 * Writes a random network into a new folder under $TMPDIR (or /tmp); both paths have room for
 * SG_BENCH_PATH_BYTES bytes. To be removed in any case.
 */
sg_status sg_bench_make_network(const sg_generator_config *config, char *folder, char *path,
                                sg_error *error);
void sg_bench_remove_network(const char *folder, const char *path);

/*
 * Times `stylegan generate` of one picture by processes of their own, and reports as
 * cold/CFG/RESOLUTION what the fastest spends beyond `arithmetic` seconds: start, reading and
 * packing the network, first use of memory, writing the picture.
 */
sg_status sg_bench_cold(const sg_bench *bench, const char *folder, const char *path, int resolution,
                        double arithmetic, sg_error *error);

/* The subjects; each returns an exit status. */
int sg_bench_limits(sg_bench *bench);
int sg_bench_ops(sg_bench *bench);
int sg_bench_generate(sg_bench *bench);
int sg_bench_train(sg_bench *bench);
int sg_bench_features(sg_bench *bench);
int sg_bench_project(sg_bench *bench);

#endif
