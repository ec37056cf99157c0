/* One set of files while it runs. */
#ifndef GOLDEN_TEST_PROGRESSIVE_CASE_H
#define GOLDEN_TEST_PROGRESSIVE_CASE_H

#include "golden_test/golden_loss.h"
#include "golden_test/progressive_networks.h"

/* What NAME.json says; absent numbers have no value here either. */
typedef struct progressive_settings {
    bool has_truncation, has_crossover;
    double psi;
    int cutoff;    /* layers that are truncated; -1: all */
    int crossover; /* the first layer that has the second latent's style */
} progressive_settings;

typedef struct progressive_case {
    network_case network; /* with the networks that the file at hand is about */
    progressive_settings settings;
    bool lacks_noise, lacks_average;
    double lod;
} progressive_case;

/*
 * Compares the tensors of the file at hand, base.expected, with what the networks make of the
 * inputs. The networks' lod is set.
 */
void run_progressive_outputs(progressive_case *test);

/* Compares scores ("scores_fake"), and the values per group of the minibatch standard deviation
 * ("mbstd_fake"), of the pictures that the tensor's name tells. */
void run_progressive_scores(network_case *test, const char *name);
void run_progressive_deviations(network_case *test, const char *name);

/* Compares losses and gradients, of pictures of the full size and of the current one. */
void run_progressive_losses(progressive_case *test);

/* Whether the losses' groups compare the tensor, or use it. */
bool is_of_progressive_losses(const char *name);

/* Pictures by the name of their tensor, halved as test->halvings says. */
sg_tensor *halved_pictures(network_case *test, const char *name);

/* Reports the group as skipped and returns true when pictures need noise that no file holds. */
bool skip_without_noise(const progressive_case *test, const char *group);

/* Real pictures [N, r, r, C] in [-1, 1] as networks at `lod` have them: faded, at full size. */
sg_tensor *process_reals(sg_tensor *pictures, double lod);

#endif
