/* Options that follow from a loss, contradictions, and batches; see loss_options.h. */
#include "train/options/loss_options.h"

#include "models/family.h"

/* Arjovsky et al. 2017, algorithm 1; Gulrajani et al. 2017, algorithm 1. */
static void set_published(sg_trainer_options *o)
{
    if (o->loss == SG_LOSS_WGAN) {
        o->clip_weights = 0.01;
        o->g_rate = o->d_rate = 0.00005;
        o->beta2 = 0.99;
    } else if (o->loss == SG_LOSS_WGAN_GP) {
        o->n_critic = 5;
        o->g_rate = o->d_rate = 0.0001;
        o->beta1 = 0;
        o->beta2 = 0.9;
    }
}

void sg_loss_choose(sg_trainer_options *o, sg_loss_kind loss)
{
    const bool was_bounded = sg_adversarial_loss_of(o->loss)->bound != SG_LIPSCHITZ_FREE;
    if (loss == o->loss)
        return;
    o->loss = loss;
    o->optimiser = loss == SG_LOSS_WGAN ? SG_RMSPROP : SG_ADAM;
    o->n_critic = loss == SG_LOSS_WGAN ? 5 : 1;
    o->clip_weights = 0;
    /* Under a Lipschitz bound there is no R1, and nothing else is lazy. */
    if (sg_adversarial_loss_of(loss)->bound != SG_LIPSCHITZ_FREE) {
        o->gamma = 0;
        o->d_interval = 0;
    } else if (was_bounded) {
        o->gamma = SG_FOLLOWS;
    }
    /* Huang et al. 2024, section 2: pairs converge with both penalties alone, in every step. */
    if (sg_adversarial_loss_of(loss)->pairs) {
        o->gamma = o->gamma == 0 ? SG_FOLLOWS : o->gamma;
        o->r2_gamma = SG_FOLLOWS;
        o->d_interval = 0;
    }
    if (!sg_adversarial_loss_of(loss)->signed_scores)
        o->augment.mode = SG_AUGMENT_NONE;
    if (sg_family_of(o->generator.family)->plain_weights)
        set_published(o);
}

void sg_loss_choose_penalty(sg_trainer_options *o)
{
    if (sg_adversarial_loss_of(o->loss)->bound == SG_LIPSCHITZ_PENALISED)
        return;
    if (o->penalty.points == SG_POINTS_USUAL)
        o->penalty.points = SG_POINTS_INTERPOLATED;
    o->gamma = o->r2_gamma = 0;
    o->d_interval = 0;
}

static bool needs_gradients(const sg_trainer_options *o)
{
    return sg_trainer_penalises(o) || o->gamma != 0 || o->r2_gamma != 0;
}

void sg_loss_choose_norm(sg_trainer_options *o)
{
    if (sg_family_of(o->discriminator.family)->normalises && needs_gradients(o))
        o->discriminator.norm = SG_NORM_LAYER;
}

/* Checks the Lipschitz bound against R1 and R2, which pull gradients to 0. */
static sg_status check_bound(const sg_trainer_options *o, sg_error *error)
{
    const sg_adversarial_loss *loss = sg_adversarial_loss_of(o->loss);
    if (loss->bound != SG_LIPSCHITZ_FREE && (o->gamma != 0 || o->r2_gamma != 0))
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"gamma\" and \"r2_gamma\" make no sense with \"loss\" %s: they pull the "
                       "norm of the score's gradient towards 0, but the scores estimate a "
                       "distance only with a norm of 1",
                       loss->name);
    if (loss->bound == SG_LIPSCHITZ_FREE && sg_trainer_penalises(o) &&
        (o->gamma != 0 || o->r2_gamma != 0))
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"gamma\" and \"r2_gamma\" make no sense with \"gp_weight\": they pull the "
                       "norm of the score's gradient towards 0, the gradient penalty towards 1");
    if (loss->bound == SG_LIPSCHITZ_CLIPPED && sg_trainer_penalises(o))
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"gp_weight\" and \"gp_points\" make no sense with \"loss\" %s, whose "
                       "clipped weights bound the gradient of the score; \"loss\" wgan-gp has the "
                       "penalty in their place",
                       loss->name);
    if (loss->bound == SG_LIPSCHITZ_CLIPPED && !(o->clip_weights > 0))
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"loss\" %s needs \"clip_weights\" above 0, which bounds the gradient of "
                       "the score; %s",
                       loss->name,
                       sg_family_of(o->generator.family)->plain_weights
                           ? "0.01 is the published bound"
                           : "there is a published bound for DCGAN alone, since the others' "
                             "weights are stored at a scale of 1");
    if (loss->bound != SG_LIPSCHITZ_CLIPPED && o->clip_weights > 0)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"clip_weights\" makes no sense with \"loss\" %s: it bounds the "
                       "discriminator under wgan, and would only weaken this one",
                       loss->name);
    return SG_OK;
}

/* Checks that adaptive augmentation has scores to adapt to. */
static sg_status check_classifier(const sg_trainer_options *o, sg_error *error)
{
    SG_TRY(sg_augment_check(&o->augment, o->generator.img_channels, error));
    if (o->augment.mode != SG_AUGMENT_ADAPTIVE)
        return SG_OK;
    return sg_fail(error, SG_ERROR_ARGUMENT,
                   "\"augment\" ada makes no sense for a classifier: it tells how strong to be by "
                   "a discriminator's scores; fixed works");
}

/* Checks that augmentation changes something, and that the sign of a score tells what adaptive
 * augmentation reads from it. */
static sg_status check_augmentation(const sg_trainer_options *o, sg_error *error)
{
    const sg_adversarial_loss *loss = sg_adversarial_loss_of(o->loss);
    SG_TRY(sg_augment_check(&o->augment, o->generator.img_channels, error));
    if (o->augment.mode != SG_AUGMENT_ADAPTIVE || loss->signed_scores)
        return SG_OK;
    return sg_fail(error, SG_ERROR_ARGUMENT,
                   "\"augment\" ada makes no sense with \"loss\" %s: it tells how much the "
                   "discriminator overfits by the real images with scores above 0, and under this "
                   "loss 0 does not part real from generated; fixed works with every loss, ada "
                   "with logistic, minimax and hinge",
                   loss->name);
}

sg_status sg_loss_check(const sg_trainer_options *o, sg_error *error)
{
    if (sg_trainer_classifies(o))
        return check_classifier(o, error);
    if (o->encoding.encodes || !sg_trainer_sees_data(o))
        return SG_OK;
    if (o->pl_weight > 0 && !sg_family_of(o->generator.family)->maps)
        return sg_fail(
            error, SG_ERROR_ARGUMENT,
            "\"path_length_weight\" makes no sense with %s: it has no mapping network, so there "
            "are no paths from w to pictures whose length could be held",
            sg_family_of(o->generator.family)->title);
    if (sg_family_of(o->discriminator.family)->normalises &&
        o->discriminator.norm == SG_NORM_BATCH && needs_gradients(o))
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"critic_norm\" batch makes no sense with %s: the score of a picture then "
                       "depends on the others of its batch, so that none has a gradient of its "
                       "own; with layer and none each has",
                       o->gamma != 0 || o->r2_gamma != 0 ? "\"gamma\" and \"r2_gamma\""
                                                         : "the gradient penalty");
    SG_TRY(check_augmentation(o, error));
    return check_bound(o, error);
}

sg_status sg_labels_check(const sg_trainer_options *o, sg_error *error)
{
    if (!sg_family_of(o->generator.family)->ignores_labels)
        return SG_OK;
    return sg_fail(
        error, SG_ERROR_ARGUMENT,
        "\"conditional\" makes no sense with ProGAN: its discriminator scores pictures whatever "
        "their labels, and teaches classes only by the auxiliary loss of AC-GAN, which "
        "is not there");
}

/* ---- batches ---- */

int sg_batch_part(const sg_trainer_options *options, int batch)
{
    return options->batch_part > 0 && options->batch_part < batch ? options->batch_part : batch;
}

/* `resolution` is that of the batch; 0 when all resolutions have the same batch. */
static sg_status check_batch(const sg_trainer_options *o, int batch, int resolution,
                             sg_error *error)
{
    int part = sg_batch_part(o, batch);
    int group = o->discriminator.mbstd_num_channels > 0 ? o->discriminator.mbstd_group_size : 0;
    if (batch % part != 0 && resolution > 0)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"batch_part\" must divide the batch of every resolution, but %d does not "
                       "divide the %d of %dx%d",
                       o->batch_part, batch, resolution, resolution);
    if (batch % part != 0)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"batch_part\" must divide \"batch\", but %d does not divide %d",
                       o->batch_part, batch);
    if (group > 0 && part > group && part % group != 0)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"batch\" (or \"batch_part\") must be a multiple of \"minibatch_group\" or "
                       "smaller than it, but %d is no multiple of %d",
                       part, group);
    return SG_OK;
}

sg_status sg_batch_check(const sg_trainer_options *options, int resolution, sg_error *error)
{
    const sg_growing_schedule *growing = &options->growing;
    const bool by_resolution = growing->initial_resolution > 0 && resolution > 0;
    if (!by_resolution && options->batch < 0)
        return SG_OK;
    if (!by_resolution && options->batch_part > options->batch)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"batch_part\" must divide \"batch\", but %d is larger than %d",
                       options->batch_part, options->batch);
    if (!by_resolution)
        return check_batch(options, options->batch, 0, error);
    sg_status status = SG_OK;
    int first = sg_growing_first_level(growing, resolution);
    for (int i = first; i <= sg_growing_level(resolution) && !status; i++)
        status = check_batch(options, growing->batch[i], 4 << i, error);
    return status;
}
