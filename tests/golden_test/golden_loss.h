/* Losses whose values and gradients are compared, whatever the layout of the case. */
#ifndef GOLDEN_TEST_GOLDEN_LOSS_H
#define GOLDEN_TEST_GOLDEN_LOSS_H

#include "golden_test/network_case.h"

/* What the file holds of a gradient. */
typedef enum golden_gradient_form {
    GRADIENT_WHOLE,
    GRADIENT_SAMPLED,   /* its elements 0, 17, 34 ... */
    GRADIENT_STATISTICS /* its sum, its norm and its largest absolute value */
} golden_gradient_form;

enum { GOLDEN_MOST_GRADIENTS = 3, GOLDEN_SAMPLE_STRIDE = 17 };

/* Gradients of one loss, by how their tensors' names start: "grad.G_main.". */
typedef struct golden_gradients {
    const char *prefix;
    golden_gradient_form form;
} golden_gradients;

/* One loss: its name, which network's gradients it has, and what it needs. */
typedef struct golden_loss {
    const char *value;                                 /* the tensor: "loss.G_main" */
    golden_gradients gradients[GOLDEN_MOST_GRADIENTS]; /* up to one without a prefix */
    bool of_generator, needs_generator, needs_discriminator;
    const char *inputs[2];
    /* The loss as a graph; compares the further tensors by itself. */
    sg_tensor *(*compute)(network_case *test);
    const char *further[2];
} golden_loss;

/* Compares the loss and its gradients, each group with one line, if the file has any of it. */
void run_loss(network_case *test, const golden_loss *row);

/* Whether a further tensor is to be compared by `compute`: not while a failure is diagnosed. */
bool loss_expects(const network_case *test, const char *name);

/* The labels of the first `samples` samples (0: all) for either network; NULL without labels. */
sg_tensor *generator_labels(network_case *test, int64_t samples);
sg_tensor *discriminator_labels(network_case *test);

/* Pictures of ws with the constant noise. */
sg_tensor *constant_noise_pictures(network_case *test, sg_tensor *ws);

#endif
