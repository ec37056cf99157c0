/*
 * Cases of one file each, known by its name in any folder: augmentation, training, editing, quality
 * metrics.
 */
#ifndef GOLDEN_TEST_EDITING_FILES_H
#define GOLDEN_TEST_EDITING_FILES_H

#include "golden_test/golden_case.h"
#include "models/discriminator.h"
#include "models/generator.h"

/* Whether a file's name says that it is such a case. */
bool is_editing_file(const char *entry);

/* Runs the file in the case's folder; each line is named after it. */
void run_editing_file(const golden_case *test, const char *entry);

/*
 * Finds the network of the case that networks.json in the case's folder names for `kind`
 * ("stylegan2", "stylegan3", "conditional"): its folder below where the walk began, or else in
 * tests/golden. Writes the file's path into `path`, of 4096 bytes. False when there is none, with a
 * reason in `reason`, of 300 bytes.
 */
bool find_editing_network(const golden_case *test, const char *kind, char *path, char *reason);

/*
 * Loads the discriminator of that network, whose path goes to `path`; the caller destroys it. NULL
 * when there is none, which is reported for `group`: skipped, or failed when its file is
 * unreadable.
 */
sg_discriminator *load_editing_discriminator(const golden_case *test, const char *kind,
                                             const char *group, char *path);

/* Loads G_ema of that network in the same way, in a precision. */
sg_generator *load_editing_generator(const golden_case *test, const char *kind, const char *group,
                                     sg_dtype dtype);

/* Reads the tensor "ws" [N, num_ws, w_dim] of expected.safetensors beside that network; the caller
 * releases it. NULL when there is none, which is reported for `group`. */
sg_tensor *editing_network_styles(const golden_case *test, const char *kind, const char *group,
                                  sg_dtype dtype);

/* Returns a copy of a tensor, or a discriminator with the same values, in a precision. NULL (error
 * in the context) on failure. */
sg_tensor *tensor_in_precision(sg_context *context, const sg_tensor *from, sg_dtype dtype);
sg_discriminator *discriminator_in_precision(sg_context *context, const sg_discriminator *single,
                                             sg_dtype dtype);

#endif
