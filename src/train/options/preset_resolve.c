/*
 * Resolves options in one place: the preset, the given options, what follows from both and from the
 * pictures' resolution; then checks that they go together.
 * Tested by: tests/train/options/test_resolved_options.c
 */
#include "train/options/preset_resolve.h"

#include <math.h>
#include <string.h>

#include "train/options/finetune.h"
#include "train/options/loss_options.h"

/*
 * Returns the half-life of the average. The published 10 kimg belong to fades of 600 kimg; after a
 * short fade such an average would still hold the untrained weights of new layers.
 */
static double growing_half_life(const sg_growing_schedule *growing)
{
    double phase = growing->fade_kimg > 0 ? growing->fade_kimg : growing->stable_kimg;
    return fmin(10, phase / 20);
}

/* Sets the half-life of the average, unless it is given or the preset has its own. */
static void follow_half_life(sg_trainer_options *options)
{
    if (options->ema_kimg >= 0)
        return;
    if (options->growing.initial_resolution > 0)
        options->ema_kimg = growing_half_life(&options->growing);
    else if (options->batch > 0)
        options->ema_kimg = options->batch * 10.0 / 32;
}

/* Replaces the schedule's values by one given for all resolutions. */
static void level_schedule(const sg_trainer_options *options, sg_growing_schedule *growing)
{
    for (int i = 0; i < SG_GROWING_LEVELS; i++) {
        if (options->batch > 0)
            growing->batch[i] = options->batch;
        if (options->g_rate >= 0)
            growing->g_rate[i] = options->g_rate;
        if (options->d_rate >= 0)
            growing->d_rate[i] = options->d_rate;
    }
}

/* Sets what follows from the given values alone. */
static void complete(const sg_preset *preset, sg_trainer_options *options)
{
    follow_half_life(options);
    level_schedule(options, &options->growing);
    if (preset->tracks_magnitudes)
        options->generator.stylegan3.magnitude_ema_beta = pow(0.5, options->batch / 20e3);
    if (preset->wide_generator) {
        options->generator.channel_base *= 2;
        options->generator.channel_max *= 2;
    }
    if (preset->fades_blur)
        options->blur_fade_kimg = options->batch * 200.0 / 32;
    if (options->discriminator.mbstd_group_size == 0)
        options->discriminator.mbstd_num_channels = 0;
}

/* A path length penalty that the preset lacks is as lazy as StyleGAN2's. */
static void follow_path_interval(const sg_given *given, sg_trainer_options *options)
{
    if (options->pl_weight > 0 && options->g_interval == 0 &&
        !SG_TRAINING_GIVEN(given, trainer.g_interval))
        options->g_interval = sg_trainer_options_default().g_interval;
}

static void set_int(int value, int *option)
{
    if (*option < 0)
        *option = value;
}

static void set_double(double value, double *option)
{
    if (*option < 0)
        *option = value;
}

/*
 * Returns R1's published rule of thumb. It is far too small below 256 pixels without augmentation,
 * so there is a floor, except in the preset that is exactly as published.
 */
static double gamma_for(const sg_preset *preset, int resolution, int batch)
{
    double published = 0.0002 * resolution * resolution / batch;
    return preset->exact_gamma ? published : fmax(1, published);
}

/* Sets what follows from the resolution, by the rules of StyleGAN2-ADA's configuration `auto` for
 * one processor. */
static void fit(const sg_preset *preset, sg_trainer_options *options, int resolution)
{
    if (options->growing.initial_resolution > 0) {
        int last = sg_growing_level(resolution);
        options->batch = options->growing.batch[last];
        options->g_rate = options->growing.g_rate[last];
        options->d_rate = options->growing.d_rate[last];
    }
    int largest = resolution < 4096 ? 4096 / resolution : 1;
    set_int(largest < 32 ? largest : 32, &options->batch);
    set_int(options->batch < 4 ? options->batch : 4, &options->discriminator.mbstd_group_size);
    set_int(resolution >= 512 ? 32768 : 16384, &options->generator.channel_base);
    set_int(options->generator.channel_base, &options->discriminator.channel_base);
    set_double(resolution >= 1024 ? 0.002 : 0.0025, &options->g_rate);
    set_double(options->g_rate, &options->d_rate);
    set_double(gamma_for(preset, resolution, options->batch), &options->gamma);
    set_double(options->gamma, &options->r2_gamma);
    follow_half_life(options);
}

/* ---- resolving ---- */

/* What a row is for, as the end of a sentence. */
static const struct {
    unsigned reader;
    const char *reason;
} owners[] = {
    {SG_READ_MAPPING, "needs a mapping network, but dcgan and progan have no mapping network: "
                      "their w is z, and the label beside it"},
    {SG_READ_STDDEV, "has no meaning for dcgan, whose discriminator has no minibatch standard "
                     "deviation"},
    {SG_READ_NORM, "belongs to \"cfg\" dcgan: other discriminators have no normalisation"},
    {SG_READ_MEAN, "belongs to \"optimizer\" adam and ranger: rmsprop keeps no mean of gradients"},
    {SG_READ_G_BLOCKS, "belongs to StyleGAN2's generator: the blocks of others are joined in "
                       "one way"},
    {SG_READ_D_BLOCKS, "belongs to StyleGAN2's discriminator, which is StyleGAN3's too: the "
                       "blocks of others are joined in one way"},
    {SG_READ_NOISE, "has no meaning here: only the generators of StyleGAN and StyleGAN2 have "
                    "noise inputs"},
    {SG_READ_EQUALISED, "changes nothing with dcgan, whose weights are stored as they are used"},
    {SG_READ_CONSTANT, "belongs to \"cfg\" stylegan1: the networks of others have one kind of "
                       "input"},
    {SG_READ_FILTER, "has no meaning for dcgan, which has no filter that resamples, and for "
                     "stylegan3, which designs its own"},
    {SG_READ_FIT, "belongs to \"cfg\" fit, which chooses the length by it; \"kimg\" sets it"},
    {SG_READ_PENALTY, "belongs to \"loss\" wgan-gp"},
    {SG_READ_AUGMENT, "belongs to \"augment\" ada or fixed"},
    {SG_READ_ADA, "belongs to \"augment\" ada"},
    {SG_READ_TOP_K, "needs \"top_k\" below 1, the share that it fades to"},
    {SG_READ_FADING, "needs \"instance_noise\", which it fades"},
    {SG_READ_ENCODER, "belongs to \"cfg\" encoder-psp, encoder-e4e and encoder-w"},
    {SG_READ_ENCODER | SG_READ_NADA | SG_READ_MAPPER,
     "belongs to \"cfg\" encoder-psp, encoder-e4e, encoder-w, nada and mapper"},
    {SG_READ_NADA | SG_READ_MAPPER, "belongs to \"cfg\" nada and mapper"},
    {SG_READ_NADA, "belongs to \"cfg\" nada"},
    {SG_READ_MAPPER, "belongs to \"cfg\" mapper"},
};

/* Fails for a given option that only other networks or losses read. */
static sg_status check_uses(const sg_preset *preset, const sg_given *given,
                            const sg_trainer_options *trainer, sg_error *error)
{
    const unsigned readers = sg_training_audience(trainer) | (preset->fits ? SG_READ_FIT : 0);
    char name[SG_FIELD_SPELLING_BYTES];
    const sg_field *row;
    for (size_t i = 0; (row = sg_field_at(&sg_training_table, i)); i++) {
        if (!sg_given_has(given, i) || row->audience & readers)
            continue;
        sg_field_spell(row, SG_SPELL_MEMBER, name);
        if (sg_trainer_trains_one(trainer) && (row->audience & SG_READ_OF_PAIRS))
            return sg_fail(error, SG_ERROR_ARGUMENT,
                           "\"%s\" has no meaning for \"cfg\" %s, which trains no generator "
                           "against a discriminator",
                           name, preset->name);
        if (row->audience == SG_READ_GROWING)
            return sg_fail(error, SG_ERROR_ARGUMENT,
                           "\"cfg\" %s does not grow: \"%s\" belongs to progan and stylegan1",
                           preset->name, name);
        for (size_t k = 0; k < sizeof owners / sizeof *owners; k++)
            if (row->audience == owners[k].reader)
                return sg_fail(error, SG_ERROR_ARGUMENT, "\"%s\" %s", name, owners[k].reason);
    }
    return SG_OK;
}

/* Without mapping layers the width of w follows from z and the labels. */
static sg_status check_width(const sg_given *given, const sg_generator_config *generator,
                             sg_error *error)
{
    if (generator->mapping.num_layers > 0 ||
        !SG_TRAINING_GIVEN(given, trainer.generator.mapping.num_layers) ||
        !SG_TRAINING_GIVEN(given, trainer.generator.w_dim))
        return SG_OK;
    return sg_fail(
        error, SG_ERROR_ARGUMENT,
        "\"w_dim\" makes no sense with \"mapping_layers\" 0: w is the latent then, whose "
        "width is \"z_dim\"");
}

static sg_status check_growing(const sg_growing_schedule *growing, int resolution, sg_error *error)
{
    const int initial = growing->initial_resolution;
    if (initial == 0)
        return SG_OK;
    if ((initial & (initial - 1)) != 0)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"initial_resolution\" is %d, but must be a power of two from 4 to 1024",
                       initial);
    if (growing->stable_kimg == 0 && growing->fade_kimg == 0)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"stable_kimg\" and \"fade_kimg\" must not both be 0: "
                       "\"initial_resolution\" says where growing starts, and may be the full "
                       "resolution");
    if (resolution > 4 << (SG_GROWING_LEVELS - 1))
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "the images have %d pixels a side, but networks that grow have at most %d",
                       resolution, 4 << (SG_GROWING_LEVELS - 1));
    if (resolution > 0 && initial > resolution)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"initial_resolution\" is %d, but the images have %d pixels a side",
                       initial, resolution);
    return SG_OK;
}

/* Tells whether a gradient penalty was asked for, where or how heavy. */
static bool asks_for_penalty(const sg_run_options *values, const sg_given *given)
{
    return SG_TRAINING_GIVEN(given, trainer.penalty.points) ||
           (SG_TRAINING_GIVEN(given, trainer.penalty.weight) && values->trainer.penalty.weight > 0);
}

/* Sets strength and speed of an augmentation that has none of its own. */
static void follow_augmentation(sg_augment_options *augment, bool from_weights)
{
    if (augment->mode == SG_AUGMENT_NONE)
        return;
    set_double(augment->mode == SG_AUGMENT_FIXED ? 0.2 : 0, &augment->p);
    set_double(from_weights ? 100 : 500, &augment->kimg);
}

/* Copies what is given; the loss first, because the defaults of others follow from it. */
static void take_given(const sg_run_options *values, const sg_given *given, sg_run_options *options)
{
    sg_trainer_options *trainer = &options->trainer;
    sg_growing_schedule published = trainer->growing;
    if (SG_TRAINING_GIVEN(given, trainer.loss))
        sg_loss_choose(trainer, values->trainer.loss);
    if (asks_for_penalty(values, given)) {
        trainer->penalty.points = values->trainer.penalty.points;
        sg_loss_choose_penalty(trainer);
    }
    sg_fields_copy_given(&sg_training_table, given, values, options);
    memcpy(trainer->growing.batch, published.batch, sizeof published.batch);
    trainer->discriminator.channel_base = trainer->generator.channel_base;
    trainer->discriminator.channel_max = trainer->generator.channel_max;
    if (SG_TRAINING_GIVEN(given, trainer.generator.filter_taps)) {
        trainer->discriminator.filter_taps = trainer->generator.filter_taps;
        memcpy(trainer->discriminator.resample_filter, trainer->generator.resample_filter,
               sizeof trainer->generator.resample_filter);
    }
    if (!SG_TRAINING_GIVEN(given, trainer.discriminator.norm))
        sg_loss_choose_norm(trainer);
}

/* Checks what a classifier needs of the options of a run, and what it cannot do. */
static sg_status check_classifier(const sg_preset *preset, const sg_run_options *options,
                                  sg_error *error)
{
    static const sg_metric_list none;
    if (!options->conditional)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"cfg\" %s needs \"conditional\": a classifier learns the labels of the "
                       "data",
                       preset->name);
    if (memcmp(&options->metrics, &none, sizeof none) != 0)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"metrics\" has no meaning for \"cfg\" %s: they measure generated "
                       "pictures; \"held_out\" tells how good a classifier is",
                       preset->name);
    if (options->init)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"init\" has no meaning for \"cfg\" %s, which starts at random",
                       preset->name);
    return SG_OK;
}

/* Checks what an encoder needs of the options of a run, and what it cannot do. */
static sg_status check_encoder(const sg_preset *preset, const sg_run_options *options,
                               sg_error *error)
{
    static const sg_metric_list none;
    const char *unfit = options->conditional                                 ? "conditional"
                        : options->init                                      ? "init"
                        : memcmp(&options->metrics, &none, sizeof none) != 0 ? "metrics"
                        : options->trainer.augment.mode != SG_AUGMENT_NONE   ? "augment"
                        : options->trainer.instance_noise > 0                ? "instance_noise"
                                                                             : NULL;
    if (!options->network[0])
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"cfg\" %s needs \"network\", the file of the generator whose w are told",
                       preset->name);
    if (unfit)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"%s\" has no meaning for \"cfg\" %s, which learns to tell w of pictures "
                       "as they are",
                       unfit, preset->name);
    return SG_OK;
}

/* Fails for options of trainings on pictures, and without a network. */
static sg_status check_no_data(const sg_preset *preset, const sg_run_options *options,
                               sg_error *error)
{
    static const sg_metric_list none;
    const char *unfit = options->conditional                                 ? "conditional"
                        : options->init                                      ? "init"
                        : options->subset > 0                                ? "subset"
                        : options->held_out.count                            ? "held_out"
                        : options->held_out.path[0]                          ? "held_out"
                        : options->mirror || options->mirror_y               ? "mirror"
                        : options->epochs > 0                                ? "epochs"
                        : options->resolution > 0                            ? "resolution"
                        : memcmp(&options->metrics, &none, sizeof none) != 0 ? "metrics"
                        : options->trainer.augment.mode != SG_AUGMENT_NONE   ? "augment"
                        : options->trainer.instance_noise > 0                ? "instance_noise"
                                                                             : NULL;
    if (unfit)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"%s\" has no meaning for \"cfg\" %s, which trains on no images", unfit,
                       preset->name);
    if (options->dry_run)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"dry_run\" ends after the forecast, but \"cfg\" %s has none: how long it "
                       "takes depends on what looks at the pictures",
                       preset->name);
    if (!options->network[0])
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"cfg\" %s needs \"network\", the file of a generator", preset->name);
    if (!options->words.towards[0] != !options->words.classifier[0])
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"towards\" and \"classifier\" belong together: attributes and the file of "
                       "the network that knows them");
    return SG_OK;
}

/* Fails where all weights of the losses that move a generator are 0. A run that is resumed has been
 * checked, and its weights need not be given again. */
static sg_status check_weights(const sg_run_options *options, sg_error *error)
{
    const sg_nada_options *nada = &options->trainer.nada;
    /* What follows has a weight, except the global loss without attributes, and the manifold's. */
    const bool global = nada->global > 0 || (nada->global < 0 && options->words.towards[0]);
    if (!options->resume && nada->directional == 0 && !global && !(nada->manifold > 0))
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"lambda_direction\", \"lambda_global\" and \"lambda_manifold\" are all 0, "
                       "so that no loss moves the generator");
    return SG_OK;
}

/* Checks what moving a generator needs of the options of a run, and what it cannot do. */
static sg_status check_moving(const sg_preset *preset, const sg_run_options *options,
                              const sg_given *given, sg_error *error)
{
    const sg_nada_words *words = &options->words;
    const bool data = options->data && options->data[0];
    const bool texts = words->source[0] || words->target[0];
    SG_TRY(check_no_data(preset, options, error));
    if (SG_TRAINING_GIVEN(given, trainer.d_rate))
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"discriminator_rate\" has no meaning for \"cfg\" %s, which trains a "
                       "generator alone",
                       preset->name);
    if (texts + data + (words->towards[0] != '\0') != 1)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"cfg\" %s needs one of these: \"source_text\" and \"target_text\", "
                       "\"towards\" with \"classifier\", or \"data\", a few pictures of the "
                       "other domain",
                       preset->name);
    if (texts && !(words->source[0] && words->target[0]))
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"source_text\" and \"target_text\" belong together: what the network "
                       "paints and what its copy shall paint");
    if (!texts && options->trainer.nada.manifold > 0)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"lambda_manifold\" needs \"source_text\" and \"target_text\", by whose "
                       "difference pictures move");
    return check_weights(options, error);
}

/* Checks what a mapper needs of the options of a run, and what it cannot do. */
static sg_status check_mapping(const sg_preset *preset, const sg_run_options *options,
                               sg_error *error)
{
    const sg_nada_words *words = &options->words;
    SG_TRY(check_no_data(preset, options, error));
    if (options->data && options->data[0])
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"data\" has no meaning for \"cfg\" %s, which trains on no images",
                       preset->name);
    if (!words->text[0] == !words->towards[0])
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"cfg\" %s needs one of these: \"text\", or \"towards\" with "
                       "\"classifier\"",
                       preset->name);
    return SG_OK;
}

sg_status sg_preset_resolve(const sg_run_options *values, const sg_given *given, int resolution,
                            sg_run_options *options, sg_error *error)
{
    const sg_preset *preset = &sg_presets[values->cfg];
    const sg_run_options asked = *values;
    sg_trainer_options *trainer = &options->trainer;
    *options = sg_run_options_default();
    options->cfg = asked.cfg;
    options->folder = asked.folder;
    options->kimg = preset->kimg;
    *trainer = sg_preset_options(preset);
    take_given(&asked, given, options);
    if (options->finetune)
        sg_finetune_augment(given, trainer);
    SG_TRY(check_uses(preset, given, trainer, error));
    complete(preset, trainer);
    follow_path_interval(given, trainer);
    follow_augmentation(&trainer->augment, options->init != NULL);
    for (int i = 0; SG_TRAINING_GIVEN(given, trainer.growing.batch) && i < SG_GROWING_LEVELS; i++)
        if (asked.trainer.growing.batch[i] > 0)
            trainer->growing.batch[i] = asked.trainer.growing.batch[i];
    SG_TRY(check_width(given, &trainer->generator, error));
    SG_TRY(check_growing(&trainer->growing, resolution, error));
    if (resolution > 0) {
        trainer->generator.img_resolution = trainer->discriminator.img_resolution = resolution;
        fit(preset, trainer, resolution);
        if (options->finetune)
            sg_finetune_set(given, trainer);
    }
    SG_TRY(sg_batch_check(trainer, resolution, error));
    SG_TRY(sg_loss_check(trainer, error));
    if (sg_trainer_classifies(trainer))
        SG_TRY(check_classifier(preset, options, error));
    if (trainer->encoding.encodes)
        SG_TRY(check_encoder(preset, options, error));
    if (trainer->nada.moves)
        SG_TRY(check_moving(preset, options, given, error));
    if (trainer->mapping.maps)
        SG_TRY(check_mapping(preset, options, error));
    return options->conditional ? sg_labels_check(trainer, error) : SG_OK;
}
