/* Feature networks with filled weights against stored values. */
#ifndef GOLDEN_TEST_FEATURE_CASE_H
#define GOLDEN_TEST_FEATURE_CASE_H

#include "golden_test/golden_case.h"

/* Compares Inception's layers, features and logits, each way to its input. */
void run_inception(golden_case *test);

/* Compares VGG16's layers and features, and LPIPS distances and vectors. */
void run_lpips(golden_case *test);

#endif
