/* Cases of frozen layers: which tensors of a discriminator Freeze-D leaves as they are. */
#ifndef GOLDEN_TEST_FREEZE_CASE_H
#define GOLDEN_TEST_FREEZE_CASE_H

#include "golden_test/golden_case.h"

/* Compares every line of the folder's freeze_d.tsv: architecture, resolution, number of layers,
 * names of the frozen tensors. */
void run_freeze_case(const golden_case *test);

#endif
