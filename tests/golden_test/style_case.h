/* Style transfer by statistics of VGG16's maps: adain.safetensors. */
#ifndef GOLDEN_TEST_STYLE_CASE_H
#define GOLDEN_TEST_STYLE_CASE_H

#include "golden_test/golden_case.h"

/* Compares statistics, AdaIN, losses with their gradient, and transfers of colours. */
void run_style(golden_case *test);

#endif
