/* The case of single rules of training: training.safetensors. */
#ifndef GOLDEN_TEST_TRAINING_CASE_H
#define GOLDEN_TEST_TRAINING_CASE_H

#include "golden_test/golden_case.h"

/* Compares everything in the file; the order of the official sampler is skipped by name. */
void run_training(golden_case *test);

/* Compares the parts of a conditional discriminator, "cond.*" (training_labels.c). */
void run_training_labels(golden_case *test);

#endif
