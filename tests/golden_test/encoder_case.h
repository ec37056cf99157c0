/* Encoders of w against the published programs': codes, losses, gradients, running moments, and
 * their optimiser. */
#ifndef GOLDEN_TEST_ENCODER_CASE_H
#define GOLDEN_TEST_ENCODER_CASE_H

#include "golden_test/golden_case.h"

/* Runs encoder.safetensors; encoder_tensors.tsv beside it has the names and shapes. */
void run_encoder(golden_case *test);

/* Replays Ranger's steps on given gradients. */
void run_ranger(golden_case *test);

#endif
