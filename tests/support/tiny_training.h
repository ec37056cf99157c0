/* Trainings by the `stylegan` program that take a second or less, for tests. */
#ifndef SUPPORT_TINY_TRAINING_H
#define SUPPORT_TINY_TRAINING_H

#include "support/program.h"

/* A list of options with NULL at the end. */
#define OPTIONS(...)                                                                               \
    (const char *const[])                                                                          \
    {                                                                                              \
        __VA_ARGS__, NULL                                                                          \
    }

/*
 * Trains a cfg on the pictures of tiny_run_setup (support/tiny_run.h), eight at a time, in networks
 * of at most 4 channels, with the further options `more` (NULL at the end).
 */
program_result train_tiny(void *const *state, const char *cfg, const char *kimg,
                          const char *const *more);

/* Runs the program with the arguments of three lists, each with NULL at the end. */
program_result run_program_joined(const char *const *first, const char *const *second,
                                  const char *const *third);

#endif
