/* Cases of augmentation: single transforms and whole pipes with fixed draws. */
#ifndef GOLDEN_TEST_AUGMENT_CASE_H
#define GOLDEN_TEST_AUGMENT_CASE_H

#include "golden_test/golden_case.h"
#include "train/augment/augment_draws.h"

/* Compares every pipe "LABEL.SPEC" of the file: pictures, gradient, gradient of its square. */
void run_augment_pipes(golden_case *test);

/* Compares R1 and the generator's gradient through pipe and discriminator. */
void run_augment_r1(golden_case *test);

/* Compares one of the single operations: "augment.SPEC.percentileX", or a filter, "augment.Hz_geom"
 * or "augment.Hz_fbank". */
void run_augment(golden_case *test, const char *name);

/*
 * Makes draws from the tensors "PREFIXdraw.NN.rand" and "PREFIXdraw.NN.randn" in the order of their
 * numbers; false (error in the context) when they are not those that the spec asks for.
 */
bool read_augment_draws(golden_case *test, const char *prefix, const sg_augment_spec *spec,
                        sg_shape pictures, sg_augment_draws *draws);

#endif
