/* Cases of single operations. */
#ifndef GOLDEN_TEST_OPS_CASE_H
#define GOLDEN_TEST_OPS_CASE_H

#include "golden_test/golden_case.h"

/* Whether the expected values are of single operations, by their names. */
bool is_ops_case(const golden_case *test);

/* Compares every result in base.expected; makes a context of its own. */
void run_ops_case(const golden_case *base);

/* Compares "adam.p1" and on: updates from p0 by the gradients g0, g1 ... */
void run_adam(golden_case *test);

/* Compares "numpy_randn.seedN". */
void run_numpy_normal(golden_case *test, const char *name);

#endif
