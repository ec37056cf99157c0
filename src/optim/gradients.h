/* What training does with gradients between the backward pass and the optimiser's step: the list of
 * trainable tensors, norms, clipping, and the search for numbers that are not finite. */
#ifndef SG_OPTIM_GRADIENTS_H
#define SG_OPTIM_GRADIENTS_H

#include "nn/parameter.h"

/* The trainable tensors of one network, with a gradient for each. */
typedef struct sg_trainable_list {
    sg_tensor **tensors;   /* [count], borrowed from the set, which must outlive the list */
    sg_tensor **gradients; /* [count], owned; NULL means zeros */
    size_t count;
} sg_trainable_list;

/* Lists the trainable tensors of `set`, without gradients. False on lack of memory; the list must
 * be cleared in either case. */
bool sg_trainable_list_make(sg_trainable_list *list, const sg_parameter_set *set);

/* Releases the gradients and sets them to NULL. */
void sg_trainable_list_release_gradients(sg_trainable_list *list);

/* Frees the list. */
void sg_trainable_list_clear(sg_trainable_list *list);

/* Returns the norm of all gradients of the list together, which is finite exactly if all of them
 * are. */
double sg_gradient_norm(const sg_trainable_list *list);

/*
 * Replaces what is not finite, as the official training loop does (nan_to_num): NaN by 0,
 * infinities by +-1e5. Finite numbers stay, whatever their size. Returns how many numbers were
 * replaced.
 */
int64_t sg_gradient_make_finite(const sg_trainable_list *list);

/* Multiplies all gradients by `factor`. */
void sg_gradient_scale(const sg_trainable_list *list, double factor);

/* Returns the name of the first tensor of `set` with a NaN or infinity, or NULL. */
const char *sg_find_not_finite(const sg_parameter_set *set);

#endif
