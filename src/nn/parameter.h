/*
 * Parameters and buffers under the names of the official PyTorch networks, and their initial
 * values.
 *
 * Each tensor draws its random values from a stream of its own, chosen by a hash of its name, so
 * that they do not depend on the order in which a network is built.
 */
#ifndef SG_NN_PARAMETER_H
#define SG_NN_PARAMETER_H

#include "tensor/tensor.h"

enum { SG_PARAMETER_NAME_BYTES = 96 };

/* Initial values: all `value`; or standard normal, or uniform in [-1, 1), times `value`. */
typedef enum sg_initial_kind {
    SG_INITIAL_CONSTANT,
    SG_INITIAL_NORMAL,
    SG_INITIAL_UNIFORM
} sg_initial_kind;

/* Kind and value. */
typedef struct sg_initial {
    sg_initial_kind kind;
    double value;
} sg_initial;

/* Initial values of biases and of equalised weights. */
#define SG_ZEROS ((sg_initial){SG_INITIAL_CONSTANT, 0})
#define SG_STANDARD_NORMAL ((sg_initial){SG_INITIAL_NORMAL, 1})

/* One named tensor; a buffer when not trainable. */
typedef struct sg_parameter {
    char name[SG_PARAMETER_NAME_BYTES];
    sg_tensor *tensor;
    bool trainable;
    double gain; /* what an equalised weight is multiplied by at run time, without a learning rate
                    multiplier (Karras et al. 2017, section 4.1); 1 for all else */
} sg_parameter;

/* The tensors of a network, in the order in which they were added. */
typedef struct sg_parameter_set {
    sg_context *context;
    sg_dtype dtype;
    uint64_t seed;
    sg_parameter *items;
    size_t count, capacity;
} sg_parameter_set;

/* Makes an empty set, whose tensors have type `dtype` and draw their values from `seed`. */
void sg_parameter_set_init(sg_parameter_set *set, sg_context *context, sg_dtype dtype,
                           uint64_t seed);

/* Releases every tensor and empties the set. */
void sg_parameter_set_clear(sg_parameter_set *set);

/*
 * Adds a tensor named "PREFIX.NAME" (or NAME when prefix is empty). The set owns it; the returned
 * pointer is borrowed. NULL (error in the context) on failure.
 */
sg_tensor *sg_parameter_add(sg_parameter_set *set, const char *prefix, const char *name,
                            sg_shape shape, bool trainable, sg_initial initial);

/* Adds a tensor of another set, trainable, under its name: what the set adds is a reference. False
 * (error in the context) on failure. */
bool sg_parameter_share(sg_parameter_set *set, const sg_parameter *parameter);

/* Notes the run-time gain of a weight of the set (NULL: none). */
void sg_parameter_set_gain(sg_parameter_set *set, const sg_tensor *weight, double gain);

/* Returns the entry of that name, or NULL. */
sg_parameter *sg_parameter_find(const sg_parameter_set *set, const char *name);

/* Puts the trainable tensors on the tape, or takes them off. */
void sg_parameter_set_require_gradient(sg_parameter_set *set, bool required);

/* Returns the number of values in trainable tensors. */
int64_t sg_parameter_set_count_values(const sg_parameter_set *set);

#endif
