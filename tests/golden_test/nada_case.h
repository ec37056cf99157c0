/* The losses of StyleGAN-NADA through CLIP's towers: the tensors nada.* of clip.safetensors. */
#ifndef GOLDEN_TEST_NADA_CASE_H
#define GOLDEN_TEST_NADA_CASE_H

#include "golden_test/golden_case.h"

/* Compares the direction of texts, the losses and their gradients; does nothing without them. */
void run_nada(golden_case *test);

#endif
