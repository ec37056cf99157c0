/*
 * What a classifier says of a generator's pictures: the logits of all its classes or attributes,
 * and the logarithm of the odds or the probability of one, with gradients.
 */
#ifndef SG_EDIT_DIRECTIONS_ATTRIBUTES_H
#define SG_EDIT_DIRECTIONS_ATTRIBUTES_H

#include "base/watch.h"
#include "checkpoint/network/network_file.h"
#include "latent/styles.h"

/* An open classifier. */
typedef struct sg_attributes sg_attributes;

/*
 * Opens the classifier in the network file at `path` in the generator's context; both must outlive
 * it. Fails with SG_ERROR_ARGUMENT where it is no classifier, or one of pictures of another size or
 * other channels than the generator's, and as opening does. *attributes (NULL on failure) must be
 * closed.
 */
sg_status sg_attributes_open(const char *path, sg_generator *generator, sg_attributes **attributes,
                             sg_error *error);
void sg_attributes_close(sg_attributes *attributes);

/* Counts the classes or attributes; returns the name of one, its number where the file has no
 * names; the classifier's file name without folders. Borrowed. */
size_t sg_attributes_count(const sg_attributes *attributes);
const char *sg_attribute_name(const sg_attributes *attributes, size_t index);
const char *sg_attributes_file(const sg_attributes *attributes);

/*
 * Finds an attribute by its name or number, or several that a picture has together, "A+B", whose
 * probability is the product of theirs; these get a number from the count on. Fails with
 * SG_ERROR_ARGUMENT and the nearest name, and for "A+B" where classes exclude each other.
 */
sg_status sg_attribute_find(sg_attributes *attributes, const char *name, size_t *index,
                            sg_error *error);

/* True if `index` is the output `output`, or several attributes with it among them. */
bool sg_attribute_is_about(const sg_attributes *attributes, size_t index, size_t output);

/* Returns the probability of an attribute, given the logits [count] of all. */
double sg_attribute_probability(const sg_attributes *attributes, const double *logits,
                                size_t index);

/* Returns what ranks pictures by an attribute: the logarithm of its odds. */
double sg_attribute_score(const sg_attributes *attributes, const double *logits, size_t index);

/* Returns the logits [N, count] of pictures [N, H, W, C]; NULL (error in the context) on failure.
 */
sg_tensor *sg_attribute_logits(const sg_attributes *attributes, sg_tensor *pictures);

/*
 * Returns the logarithm of the odds of an attribute, [N, 1], given the logits [N, count] of all,
 * with gradients to them; and log p of the attribute, -log(1 + e^-odds), in the same way. NULL
 * (error in the context) on failure.
 */
sg_tensor *sg_attribute_odds(const sg_attributes *attributes, sg_tensor *logits, size_t index);
sg_tensor *sg_attribute_log_probability(const sg_attributes *attributes, sg_tensor *logits,
                                        size_t index);

/* Lets the classifier answer for an 8-bit picture with the generator's size and channels, `pixels`
 * [H, W, C]: `logits` [count]. Fails as the network does. */
sg_status sg_attributes_answer_picture(const sg_attributes *attributes, const uint8_t *pixels,
                                       double *logits, sg_error *error);

/*
 * Lets the classifier answer for pictures of `count` w, `codes` [count, w_dim] for all inputs, with
 * constant noise: `logits` [count, attributes]. Fails with SG_ERROR_CANCELLED, and as the networks
 * do.
 */
sg_status sg_attributes_answer(const sg_attributes *attributes, const double *codes, size_t count,
                               const sg_watch *watch, double *logits, sg_error *error);

#endif
