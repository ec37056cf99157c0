/*
 * Cases of networks that grow: sets of files "NAME.pkl", "NAME.weights.safetensors",
 * "NAME.inputs.safetensors", "NAME.lod0.35.safetensors", "NAME.gs_lod0.00.safetensors",
 * "NAME.json", or "NAME.safetensors" with all of it; several sets may lie in one folder.
 */
#ifndef GOLDEN_TEST_PROGRESSIVE_SET_H
#define GOLDEN_TEST_PROGRESSIVE_SET_H

#include "golden_test/golden_case.h"

/* What a file is, by its name. */
typedef enum progressive_kind {
    PROGRESSIVE_NETWORK,  /* NAME.pkl */
    PROGRESSIVE_WEIGHTS,  /* NAME.weights.safetensors */
    PROGRESSIVE_INPUTS,   /* NAME.inputs.safetensors */
    PROGRESSIVE_OUTPUTS,  /* NAME.lodX.safetensors */
    PROGRESSIVE_AVERAGED, /* NAME.gs_lodX.safetensors: of the averaged generator */
    PROGRESSIVE_WHOLE,    /* NAME.safetensors */
    PROGRESSIVE_SETTINGS, /* NAME.json */
    PROGRESSIVE_OTHER
} progressive_kind;

/* A file of a set. */
typedef struct progressive_file {
    progressive_kind kind;
    const char *entry;       /* its name in the folder; borrowed */
    size_t length;           /* of NAME, at its start */
    double lod;              /* that its name tells, or 0 */
    sg_safetensors *tensors; /* opened, of kinds with tensors */
} progressive_file;

typedef struct progressive_set {
    progressive_file *files;
    size_t count;
} progressive_set;

/*
 * Runs every set among the entries of a folder, whose names are sorted; those that hold nothing
 * known are reported as skipped, those without any tensors only when they have a network.
 */
void run_progressive_sets(const golden_case *test, const char *const *entries, size_t count);

/* Runs one set, whose files are open; test->name is the set's. */
void run_progressive_case(const golden_case *test, const progressive_set *set);

/* Whether a file holds single operations of these networks; compares them. */
bool is_progressive_ops(const sg_safetensors *file);
void run_progressive_ops(const golden_case *test);

/* "FOLDER/ENTRY" into `path`, of 4096 bytes; returns path. */
char *progressive_path(const golden_case *test, const char *entry, char *path);

#endif
