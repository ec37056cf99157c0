/*
 * What a generator is moved to (Gal et al. 2022): features of its pictures and of the original's,
 * and what is wanted of them. Attributes of a classifier stand in for texts where there is no CLIP:
 * logits for features, log p for the cosine with a text.
 */
#ifndef SG_TRAIN_STEP_NADA_GOAL_H
#define SG_TRAIN_STEP_NADA_GOAL_H

#include "models/generator.h"

struct sg_attributes;
struct sg_clip;
struct sg_guide;

typedef struct sg_nada_goal {
    struct sg_clip *clip;             /* what computes features; NULL: the classifier does */
    struct sg_attributes *attributes; /* of a classifier whose logits are the features, or NULL */
    struct sg_guide *guide;           /* the classifier's, for the global loss */
    sg_tensor *target;                /* [M, F]: CLIP's features of the target, of unit length */
    sg_tensor *wanted;                /* [1, F]: the direction of features, of unit length */
    double scale;                     /* of cosines with the target: CLIP's of logits, by 100 */
    double cosine;                    /* of the features of texts, for the manifold loss */
} sg_nada_goal;

/*
 * Makes a goal of attributes of the classifier at `classifier`, "NAME" or "NAME=WEIGHT,...";
 * several that a picture has together are "NAME+NAME". Pictures are those of `generator`, which
 * must outlive the goal, as the path must. Fails as sg_guide_towards does. *goal (NULL on failure)
 * must be closed.
 */
sg_status sg_nada_goal_towards(const char *classifier, const char *towards, sg_generator *generator,
                               sg_nada_goal **goal, sg_error *error);
/* What a text becomes: itself and the prompts that it is put into; plain data, borrowed. */
typedef struct sg_nada_prompts {
    const char *text;
    const char *const *prompts; /* [count] */
    size_t count;
} sg_nada_prompts;

/*
 * Makes a goal of texts: the direction is the mean over the prompts, of which both have as many,
 * and the global distance is that from the target's own text; without `source` (NULL) there is only
 * that distance. Owns `clip` from now on, also on failure. Fails as sg_clip_texts does. *goal (NULL
 * on failure) must be closed.
 */
sg_status sg_nada_goal_texts(struct sg_clip *clip, sg_context *context,
                             const sg_nada_prompts *source, const sg_nada_prompts *target,
                             sg_nada_goal **goal, sg_error *error);

/*
 * Makes a goal of pictures of the other domain and of the generator's, by CLIP's features of them,
 * of unit length: `wanted` [M, F] and `painted` [N, F]. Owns `clip` from now on, also on failure.
 * *goal (NULL on failure) must be closed.
 */
sg_status sg_nada_goal_pictures(struct sg_clip *clip, sg_tensor *painted, sg_tensor *wanted,
                                sg_nada_goal **goal, sg_error *error);

void sg_nada_goal_close(sg_nada_goal *goal);

/* Returns the features [N, F] of pictures [N, H, W, C]. NULL (error in the context) on failure. */
sg_tensor *sg_nada_goal_features(const sg_nada_goal *goal, sg_tensor *pictures);

/* Returns how far pictures are from the goal, a scalar. NULL (error in the context) on failure. */
sg_tensor *sg_nada_goal_distance(const sg_nada_goal *goal, sg_tensor *pictures);

#endif
