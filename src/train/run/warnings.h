/*
 * The ways in which a GAN goes wrong without an error: a discriminator that tells every picture
 * apart or knows them by heart, a generator that paints one picture (mode collapse), gradients that
 * are not finite.
 */
#ifndef SG_TRAIN_RUN_WARNINGS_H
#define SG_TRAIN_RUN_WARNINGS_H

#include "models/generator.h"
#include "train/step/statistics.h"

/*
 * Returns how much `samples` pictures [samples, values] differ: the root mean square over values of
 * their standard deviation over samples.
 */
double sg_picture_spread(const float *pictures, int64_t samples, int64_t values);

/* Returns the spread of some pictures of `generator` with fresh latents and one label, `label`
 * [c_dim] or, when it is NULL, class 0; negative on failure. */
double sg_generator_spread(sg_generator *generator, const float *label, uint64_t seed);

enum { SG_WARNING_BYTES = 400 };

/* What of a training decides which advice fits. */
typedef struct sg_advice_case {
    size_t pictures;    /* of the data */
    bool may_mirror;    /* pictures may be mirrored, and are not */
    double gamma;       /* weight of R1; a training without it (0) is not told to have more */
    bool saturates;     /* the loss of the generator is flat where the discriminator is sure */
    bool signed_scores; /* as the loss has it (sg_adversarial_loss) */
} sg_advice_case;

/* Writes a sentence to `text` of SG_WARNING_BYTES when the tick's statistics say that the
 * discriminator has won, and returns it; otherwise NULL. */
const char *sg_discriminator_won(const sg_statistics *statistics, const sg_advice_case *training,
                                 char *text);

/* Returns a sentence when generated pictures vary far less than real ones, or NULL. */
const char *sg_mode_collapsed(double generated_spread, double real_spread,
                              const sg_advice_case *training);

/*
 * Returns the running mean, over about 8 ticks, of r_v: how far the mean score of held-out pictures
 * has gone from that of the training's (0) to that of generated ones (1) (Karras et al. 2020,
 * section 3.1). `before` is the mean at the tick before, 0 at first. A tick without held-out
 * pictures, or whose scores do not part real from generated, counts as 0.
 *
 * One tick says little: the held-out scores are of one moment, and the discriminator's scores of
 * all real pictures rise and fall from step to step.
 */
double sg_held_out_share(const sg_statistics *statistics, double before);

/* What a warning of overfitting needs to know besides the tick's statistics. */
typedef struct sg_overfitting_case {
    double held_out_share; /* the running mean */
    bool signed_scores;    /* as the loss has it (sg_adversarial_loss) */
    bool augments;         /* pictures are augmented */
    bool adapts;           /* and the probability follows r_t */
} sg_overfitting_case;

/*
 * Returns a sentence when the discriminator knows the real pictures by heart, or NULL: the mean
 * sign r_t of their scores is above 0.9, or r_v is above 0.5.
 */
const char *sg_discriminator_overfits(const sg_statistics *statistics, sg_overfitting_case overfit);

/* Returns a note on a set of few pictures that is trained on without augmentation, or NULL. */
const char *sg_pictures_are_few(const sg_advice_case *training, bool augments);

/* Returns a sentence when gradients of the tick were not finite, or NULL. */
const char *sg_gradients_broke(const sg_statistics *statistics);

/* How often a warning was said; zero before the first tick. */
typedef struct sg_warning_record {
    bool said;
    int age;    /* ticks since it was first said */
    int silent; /* ticks since it was last said */
    int absent; /* ticks in a row in which it did not hold */
} sg_warning_record;

/*
 * Returns what to say of a warning (NULL: it does not hold) at this tick: all of it when it begins
 * to hold, a reminder in `text` of SG_WARNING_BYTES when it holds 16 ticks or more after it was
 * last said, otherwise NULL. A warning that comes and goes is one; after 16 ticks without it, it
 * is a new one.
 */
const char *sg_warning_due(const char *warning, sg_warning_record *record, char *text);

#endif
