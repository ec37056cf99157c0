/* Networks made for a test, and what a file must give back of them. */
#ifndef SUPPORT_LOADED_NETWORKS_H
#define SUPPORT_LOADED_NETWORKS_H

#include "checkpoint/network/network_file.h"

/* Networks of these configs with no term at zero, each with other values; D NULL for a NULL config.
 */
sg_network_parts make_networks(sg_context *context, const sg_generator_config *generator,
                               const sg_discriminator_config *discriminator);

/* The networks of a golden case, G being the same as G_ema. */
sg_network_parts load_golden_networks(sg_context *context, const char *name);

/* Frees them. */
void destroy_networks(sg_network_parts *parts);

/* Opens a file, or fails the test. */
sg_network_file *open_network(const char *path);

/* Fails the test unless the file has exactly these parts, and each tensor is within `tolerance`. */
void assert_file_holds(const char *path, const sg_network_parts *parts, double tolerance);

/* Fails the test unless loading the part fails with a sentence that has `words` in it. */
void assert_part_refused(const char *path, sg_network_part part, const char *words);

#endif
