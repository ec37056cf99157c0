/* Projections and pivotal tuning against expected values. */
#ifndef GOLDEN_TEST_PROJECTOR_CASE_H
#define GOLDEN_TEST_PROJECTOR_CASE_H

#include "features/tape/lpips_tape.h"
#include "golden_test/golden_case.h"
#include "models/generator.h"

/* Run projector-w and projector-wplus, and pti. */
void run_projections(golden_case *test);
void run_pivotal_tuning(golden_case *test);

/* Opens LPIPS with filled weights; *lpips is NULL, and the failure reported for `group`, when that
 * fails. */
void open_filled_lpips(golden_case *test, const char *group, sg_dtype dtype, sg_lpips_tape **lpips);

/* Returns the number in a tensor, NaN if it is absent. */
double case_number(golden_case *test, const char *name);

#endif
