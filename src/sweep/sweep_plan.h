/*
 * The trainings of a sweep: settings, which are combinations of values, times seeds. A plan follows
 * from what was asked for alone, so that a sweep that was killed has the same one.
 */
#ifndef SG_SWEEP_SWEEP_PLAN_H
#define SG_SWEEP_SWEEP_PLAN_H

#include "sweep/sweep_axis.h"
#include "train/options/training_fields.h"

enum {
    SG_SWEEP_MOST_AXES = 16,
    SG_SWEEP_MOST_RUNS = 10000,
    SG_SWEEP_MOST_ROUNDS = 20,
    SG_SWEEP_LABEL_BYTES = 256,
    SG_SWEEP_NAME_BYTES = 112 /* of a folder */
};

/* How settings are made of the values of several options. */
typedef enum sg_sweep_kind {
    SG_SWEEP_GRID,  /* all combinations */
    SG_SWEEP_LIST,  /* the first values of all, the second values, ... */
    SG_SWEEP_RANDOM /* values drawn independently (Bergstra and Bengio 2012) */
} sg_sweep_kind;

/* The names of the kinds, in their order: grid, list, random. */
extern const sg_choices sg_sweep_kind_choices;

/* What is asked for; texts are borrowed. */
typedef struct sg_sweep_request {
    sg_run_options options;               /* of every training, as far as they are given */
    sg_given given;                       /* rows of sg_training_table */
    const char *vary[SG_SWEEP_MOST_AXES]; /* sg_sweep_axis_parse */
    size_t vary_count;
    sg_sweep_kind kind;
    int draws;   /* of SG_SWEEP_RANDOM: how many settings */
    int rounds;  /* of successive halving; 1: every training has its full length */
    int threads; /* of each training; 0 in what is asked for: a share of the processors */
} sg_sweep_request;

/* One training, and how far it is. */
typedef struct sg_sweep_run {
    size_t setting, seed;                           /* indices */
    char name[SG_SWEEP_NAME_BYTES];                 /* of its folder: "003-gamma0.1-seed0" */
    char label[SG_SWEEP_LABEL_BYTES];               /* for people: "gamma=0.1 seed=0" */
    int rounds;                                     /* that are over */
    int out;                                        /* the round whose end left it behind; 0: in */
    double seconds;                                 /* that it has trained */
    char failure[sizeof(((sg_error *)0)->message)]; /* a sentence; empty: none */
} sg_sweep_run;

typedef struct sg_sweep_plan {
    sg_sweep_axis axes[SG_SWEEP_MOST_AXES];
    size_t axis_count;
    int seed_axis; /* which of them is the seed; -1: none */
    size_t setting_count, seed_count;
    size_t *choices; /* [setting_count, axis_count]: indices of values; of the seed's axis unused */
    sg_sweep_run
        *runs; /* [run_count]: all settings with the first seed, then with the second ... */
    size_t run_count;
} sg_sweep_plan;

/*
 * Plans the trainings and checks the options of each. Fails with SG_ERROR_ARGUMENT for a request
 * that has no plan, naming the training where its options contradict each other, or with
 * SG_ERROR_MEMORY. The caller clears the plan in any case.
 */
sg_status sg_sweep_plan_make(const sg_sweep_request *request, sg_sweep_plan *plan, sg_error *error);

void sg_sweep_plan_clear(sg_sweep_plan *plan);

/* Returns the value of an axis in a training, as a text; empty where it leaves the option alone. */
const char *sg_sweep_value(const sg_sweep_plan *plan, const sg_sweep_run *run, size_t axis);

/* Sets *options and *given to those of a training, with all that is given. Texts are borrowed from
 * the request and the plan. Fails with SG_ERROR_ARGUMENT. */
sg_status sg_sweep_run_options(const sg_sweep_request *request, const sg_sweep_plan *plan,
                               const sg_sweep_run *run, sg_run_options *options, sg_given *given,
                               sg_error *error);

/* Returns the share of a training's length that it has after round `round` (from 1) of `rounds`:
 * each round doubles it. */
double sg_sweep_share(int round, int rounds);

/* Returns the mean share that trainings of round `round` come to when each round leaves half of
 * them behind. */
double sg_sweep_expected_share(int round, int rounds);

#endif
