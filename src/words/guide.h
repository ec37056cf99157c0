/*
 * What pictures are steered towards: attributes that a classifier knows, by -log p, or texts,
 * through CLIP. A guide is a number for a batch of pictures with gradients to them; whoever lowers
 * it, by moving a latent or the weights of a generator, steers.
 *
 *     const sg_wish wishes[] = {{"smile", 1}, {"glasses", -0.5}};
 *     if (!sg_guide_towards(path, generator, wishes, 2, &guide, error))
 *         loss = sg_guide_loss(guide, pictures);
 *     sg_guide_close(guide);
 */
#ifndef SG_WORDS_GUIDE_H
#define SG_WORDS_GUIDE_H

#include "edit/directions/attributes.h"
#include "features/clip/clip.h"
#include "words/clip_view.h"

/* What pictures shall show: an attribute or a text, and how much it counts; a negative weight asks
 * for pictures without it. */
typedef struct sg_wish {
    const char *name;
    double weight;
} sg_wish;

enum { SG_MOST_WISHES = 64 };

typedef struct sg_guide sg_guide;

/*
 * Makes a guide of attributes of the classifier in the network file `classifier`, by name or
 * number, several together as "smile+glasses". The classifier is of pictures of the generator's
 * size and in its context; both must outlive the guide. Fails with SG_ERROR_ARGUMENT for no wish,
 * more than SG_MOST_WISHES, one without a weight, or a name that the classifier does not know, and
 * as sg_attributes_open does. *guide (NULL on failure) must be closed.
 */
sg_status sg_guide_towards(const char *classifier, sg_generator *generator, const sg_wish *wishes,
                           size_t count, sg_guide **guide, sg_error *error);
void sg_guide_close(sg_guide *guide);

/* Makes a guide of nothing yet; it must be closed. NULL on lack of memory. */
sg_guide *sg_guide_create(void);

/* Texts, and how CLIP looks at pictures; everything is borrowed. */
typedef struct sg_guide_texts {
    const sg_clip *clip; /* must outlive the guide */
    sg_context *context; /* the clip's, which is that of the pictures */
    const sg_wish *wishes;
    size_t count;
    /* What the pictures show now: then a wish is the direction from this text to its own, of unit
     * length, not its own alone. NULL: none. */
    const char *from;
    sg_clip_view view;
} sg_guide_texts;

/*
 * Adds texts to a guide. Fails with SG_ERROR_ARGUMENT as sg_guide_towards does, for more wishes
 * than SG_MOST_WISHES in all, or texts that equal `from`; and as sg_clip_texts does.
 */
sg_status sg_guide_add_texts(sg_guide *guide, const sg_guide_texts *texts, sg_error *error);

/* Adds the rows [count, width] of unit length that CLIP's features of pictures are compared with,
 * retained, in place of texts; wishes->name are theirs. Fails in the same way. */
sg_status sg_guide_add_rows(sg_guide *guide, const sg_guide_texts *texts, sg_tensor *rows,
                            sg_error *error);

/*
 * Lets other answers stay: `names`, attributes with commas between them, or "all" but those of the
 * wishes. `classifier` names their file; NULL: that of the wishes. They stay as they are in the
 * picture that sg_guide_start shows. Fails as sg_guide_towards does.
 */
sg_status sg_guide_keep(sg_guide *guide, const char *classifier, sg_generator *generator,
                        const char *names, double weight, sg_error *error);

/* Shows the guide the picture [1, H, W, C] that a steering starts from. Fails as the networks do.
 */
sg_status sg_guide_start(sg_guide *guide, sg_tensor *picture, sg_error *error);

/* Counts the wishes, and the answers to keep; returns the name of a wish, or from `count` on of an
 * answer to keep. Borrowed. */
size_t sg_guide_count(const sg_guide *guide);
size_t sg_guide_kept(const sg_guide *guide);
const char *sg_guide_name(const sg_guide *guide, size_t index);

/*
 * Returns the loss of pictures [N, H, W, C] in [-1, 1], a scalar with gradients to them: the mean
 * over N of the sum of weight * -log p of the attributes, -weight * -log(1 - p) of those whose
 * weight is negative; of weight * (1 - logit / 100) of the texts, logits being CLIP's cosines times
 * its scale, about 100 (StyleCLIP, Patashnik et al. 2021); and for each answer to keep, weight *
 * the divergence (Kullback-Leibler) of its probability from that of the start. NULL (error in the
 * context) on failure.
 */
sg_tensor *sg_guide_loss(const sg_guide *guide, sg_tensor *pictures);

/* Computes what the pictures [N, H, W, C] have of each wish, then of each answer to keep, `answers`
 * [N, count + kept]: probabilities of attributes, cosines with texts. Fails as the networks do. */
sg_status sg_guide_answer(const sg_guide *guide, sg_tensor *pictures, double *answers,
                          sg_error *error);

#endif
