/*
 * StyleCLIP's latent optimisation: the tensors "styleclip." of clip.safetensors, with the network
 * "stylegan2" of networks.json.
 */
#ifndef GOLDEN_TEST_WORD_CASE_H
#define GOLDEN_TEST_WORD_CASE_H

#include "golden_test/golden_case.h"

/* Compares rates, losses, the gradient, the first picture that CLIP sees, and the course of w. */
void run_styleclip(golden_case *test);

#endif
