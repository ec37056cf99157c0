/* Cases with a network: mapping, pictures, scores, losses and gradients. */
#ifndef GOLDEN_TEST_NETWORK_CASE_H
#define GOLDEN_TEST_NETWORK_CASE_H

#include "checkpoint/maps/tensorflow_names.h"
#include "checkpoint/network/network_load.h"
#include "golden_test/golden_case.h"

/* A case with its networks; those that are absent or cannot be read have a reason instead. */
typedef struct network_case {
    golden_case base;
    const char *network; /* the path of the network file */
    const char *labels;  /* the tensor with them */
    /* How TensorFlow, whose names the expected gradients have, calls the tensors; NULL when the
     * gradients are called as the tensors are here. */
    const sg_foreign_names *generator_names, *discriminator_names;
    int halvings;         /* how often pictures are halved before the discriminator has them */
    bool mixes_batches;   /* mixed pictures are of two batches, not of samples of one */
    bool average_unknown; /* whether neither it nor the expected values hold the average of w */
    sg_generator *generator;
    sg_discriminator *discriminator;
    char generator_reason[300], discriminator_reason[300];
} network_case;

/* What a tensor's name asks for: "img_psi0.5_cutoff4", "img_mix5", "img_noise_none",
 * "img_rotate30_translate0.1_-0.05". */
typedef struct golden_variant {
    char ws_name[64];  /* of the latents it is made from: "ws_psi0.5_cutoff4" */
    char mix_name[64]; /* of these after mixing: "ws_psi0.5_mix5" */
    double psi;
    int cutoff; /* -1: all layers */
    int mix;    /* the first layer from the sample before; -1: none */
    bool no_noise;
    bool transformed; /* by the matrix in the file */
} golden_variant;

/* The ways in which networks compute: on the tape, as training does, and off it. */
typedef enum golden_path { GOLDEN_TAPE, GOLDEN_INFERENCE, GOLDEN_PATHS } golden_path;

/* "tape", "inference". */
const char *path_name(int path);

/* Puts both networks' parameters on the tape, or takes them off. */
void choose_path(network_case *test, int path);

/* Reads the part of a name after "img" or "ws"; false when there is something unknown in it. */
bool variant_parse(const char *suffix, golden_variant *variant);

/*
 * The labels of the first `samples` samples (0: all); NULL without error for an unconditional
 * network, and NULL with one when they are absent.
 */
sg_tensor *network_labels(network_case *test, int c_dim, int64_t samples);

/* The latents [N, num_ws, w_dim] that a variant's picture is made from. */
sg_tensor *network_latents(network_case *test, const golden_variant *variant);

/* w [N, w_dim] of the samples, as the file has it under `w` or else mapped from the latents `z`. */
sg_tensor *network_styles(network_case *test, const char *w, const char *z);

/* Whether network_styles has what it needs, labels included. */
bool has_styles(const network_case *test, const char *w, const char *z);

/* Whether the latents to mix in, or the mixed ones, are there (or none are to be mixed). */
bool has_mix(const network_case *test, const golden_variant *variant);

/* Reports the group as skipped and returns true when the network it needs is not there. */
bool skip_without_generator(network_case *test, const char *group);
bool skip_without_discriminator(network_case *test, const char *group);

/* Reports the group as skipped and returns true when an input is absent; NULL inputs count as
 * there. */
bool skip_without(network_case *test, const char *group, const char *first, const char *second);

/* Compares mapped latents, pictures, 8-bit pictures and scores with all that is expected. */
void run_outputs(network_case *test);

/*
 * Sets the average of w of a file that lacks it from the latents "z_mean64", over which the
 * expected values took it.
 */
void set_average(network_case *test);

/* Reports the group as skipped and returns true when it needs an average of w that is unknown. */
bool skip_without_average(network_case *test, const char *group, const golden_variant *variant);

/* Compares what only cases of other formats have (golden/legacy); false for any other name. */
bool run_legacy(network_case *test, const char *name);

/* Compares losses and their gradients. */
void run_losses(network_case *test);

/* Compares the pictures of seeds; base.expected is the file with them. */
void run_seeds(network_case *test);

/* Compares the tensors of a native file with those of another file of the same networks. */
void compare_network_files(const golden_case *base, const char *path, const char *native);

/*
 * Runs all that a folder with the network file `network` holds. `expected` and `seeds` may be NULL;
 * they stay the caller's.
 */
void run_network_case(const golden_case *base, const char *network, sg_safetensors *expected,
                      sg_safetensors *seeds);

#endif
