/* The networks of a set of files: from its pickle, or built from its raw variables. */
#ifndef GOLDEN_TEST_PROGRESSIVE_NETWORKS_H
#define GOLDEN_TEST_PROGRESSIVE_NETWORKS_H

#include "golden_test/network_case.h"
#include "golden_test/progressive_set.h"

enum { PROGRESSIVE_REASON_BYTES = 300 };

/* Networks that are absent have a reason instead. */
typedef struct progressive_networks {
    sg_generator *generator, *averaged;
    sg_discriminator *discriminator;
    char generator_reason[PROGRESSIVE_REASON_BYTES];
    char averaged_reason[PROGRESSIVE_REASON_BYTES];
    char discriminator_reason[PROGRESSIVE_REASON_BYTES];
    double lod;         /* that is stored with them */
    bool lacks_noise;   /* whether no file holds the constant noise */
    bool lacks_average; /* nor the average of w */
    sg_foreign_names generator_names, discriminator_names;
} progressive_networks;

/*
 * Loads the networks, gives them the noise and the average of w of the inputs (among test's files),
 * and compares the raw variables and other pickles with the pickle's, where there are several.
 */
void load_progressive_networks(golden_case *test, const progressive_set *set,
                               progressive_networks *networks);

/* Destroys the networks and frees the names. */
void clear_progressive_networks(progressive_networks *networks);

/*
 * Networks as the raw variables in a file ("G/G_synthesis/4x4/Const/const", "D/...") tell them;
 * NULL (error in the context) when a variable is absent or has another shape. Noise and averages
 * are not set.
 */
sg_generator *build_progressive_generator(sg_context *context, sg_safetensors *weights);
sg_discriminator *build_progressive_discriminator(sg_context *context, sg_safetensors *weights);

/* The names of a generator's or a discriminator's tensors in TensorFlow. */
void list_generator_names(const sg_generator_config *config, sg_foreign_names *names);
void list_discriminator_names(const sg_discriminator_config *config, sg_foreign_names *names);

/* "G/G_synthesis/..." of a name in TensorFlow, or "D/..."; into `text`, of 200 bytes; returns text.
 */
char *raw_variable_name(const char *foreign, bool discriminator, char *text);

/* The parameter's raw variable in the file, with as many values; NULL when there is none. */
const sg_stored_tensor *find_raw_variable(sg_safetensors *weights, const sg_foreign_name *name,
                                          bool discriminator, const sg_tensor *parameter);

#endif
