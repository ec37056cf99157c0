/*
 * Prepares a training run, new or resumed, up to its first step.
 * Tested by: tests/train/run/test_run.c
 */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/allocate.h"
#include "base/clock.h"
#include "base/files/file.h"
#include "base/files/folders.h"
#include "base/files/lock_file.h"
#include "checkpoint/network/network_file.h"
#include "data/kinds/reduced_dataset.h"
#include "data/mirror_symmetry.h"
#include "image/image.h"
#include "models/config_rules.h"
#include "train/encode/encoder_setup.h"
#include "train/forecast/work_time.h"
#include "train/measure/background.h"
#include "train/nada/nada_setup.h"
#include "train/options/finetune.h"
#include "train/options/loss_options.h"
#include "train/options/preset_resolve.h"
#include "train/run/event_file.h"
#include "train/run/resuming.h"
#include "train/run/run_metrics.h"
#include "train/run/run_size.h"
#include "train/run/run_state.h"
#include "train/run/snapshots.h"
#include "train/run/warnings.h"
#include "train/step/freeze.h"
#include "train/step/nada_layers.h"
#include "train/transfer/transfer.h"

/* Tells whether the run trains on no pictures. */
static bool lacks_data(const sg_run_state *run)
{
    const sg_trainer_options usual = sg_preset_options(&sg_presets[run->options.cfg]);
    return !sg_trainer_sees_data(&usual);
}

double sg_run_kimg(const sg_run_state *run)
{
    return (double)sg_trainer_images(run->trainer) / 1000;
}

void sg_run_say(sg_run_state *run, const char *format, ...)
{
    char line[SG_PATH_BYTES + 1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    if (run->folder[0])
        sg_run_folder_append(run->folder, "log.txt", line, NULL);
    if (run->callbacks.log)
        run->callbacks.log(run->callbacks.user, line);
}

sg_status sg_run_paint(sg_run_state *run, sg_error *error)
{
    char path[SG_PATH_BYTES];
    if (sg_trainer_networks_of(run->trainer).encoder) {
        sg_run_folder_path(path, run->folder, "reconstructions-%09llu.png",
                           (unsigned long long)sg_trainer_images(run->trainer));
        return sg_encoder_write_sheet(run->trainer, run->held_out ? run->held_out : run->dataset,
                                      path, error);
    }
    const sg_trainer_networks networks = sg_trainer_networks_of(run->trainer);
    sg_sheet sheet = run->sheet;
    sheet.mapper = networks.mapper;
    if (!networks.average && !networks.mapper) /* a classifier paints nothing */
        return SG_OK;
    sg_run_folder_path(path, run->folder, "fakes-%09llu.png",
                       (unsigned long long)sg_trainer_images(run->trainer));
    return sg_sheet_write_fakes(&sheet, networks.mapper ? networks.painter : networks.average,
                                run->options.trainer.seed, sg_trainer_images(run->trainer), path,
                                error);
}

/* Gives the rows of the sheets labels of the data. */
static sg_status choose_sheet_labels(sg_run_state *run, sg_error *error)
{
    const sg_sheet unlabelled =
        sg_sheet_for((int)run->info.height, (int)run->info.width, 0, run->options.sheet_size);
    run->sheet.rows = unlabelled.rows;
    run->sheet_labels = sg_sheet_labels(run->dataset, run->sheet.rows);
    run->sheet.labels = run->sheet_labels;
    return run->sheet_labels ? SG_OK : sg_fail_memory(error, "a sheet");
}

/*
 * Hides the details that the network to start from lacks, and lets them fade in: pictures are
 * blurred as StyleGAN3's configuration R blurs them, at first by as many pixels as one of the
 * smaller network's becomes.
 */
static sg_status fade_in(sg_run_state *run, sg_error *error)
{
    sg_generator_config config;
    sg_trainer_options *trainer = &run->options.trainer;
    const int here = trainer->generator.img_resolution;
    if (!run->options.init || run->options.init_fade_kimg == 0)
        return SG_OK;
    if (trainer->growing.initial_resolution > 0)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"init_fade_kimg\" is for networks that do not grow: with \"cfg\" %s "
                       "\"initial_resolution\" says where growing starts, and \"fade_kimg\" how "
                       "long a block fades in",
                       sg_presets[run->options.cfg].name);
    if (!sg_snapshot_config_of(run->options.init, &config) || config.img_resolution >= here)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"init_fade_kimg\" fades in the details that \"init\" lacks, but %s does "
                       "not paint fewer pixels than the %d a side of the images",
                       run->options.init, here);
    trainer->blur_init_sigma = (double)here / config.img_resolution;
    trainer->blur_fade_kimg = run->options.init_fade_kimg;
    return SG_OK;
}

/* Turns lengths in passes over the data into those in images. */
static void follow_passes(sg_run_options *options, size_t images)
{
    sg_trainer_options *trainer = &options->trainer;
    const double fade = SG_FADE_PASSES * (double)images / 1000;
    if (trainer->top_k < 1 && trainer->top_k_kimg < 0)
        trainer->top_k_kimg = fade;
    if (trainer->instance_noise > 0 && trainer->instance_noise_kimg < 0)
        trainer->instance_noise_kimg = fade;
    if (options->epochs > 0)
        options->kimg = options->epochs * (double)images / 1000;
}

/* Completes the options with what follows from the data, and checks them. */
static sg_status fit_to_data(sg_run_state *run, sg_error *error)
{
    sg_trainer_options *trainer = &run->options.trainer;
    sg_picture_base size;
    const int classes = run->options.conditional ? (int)run->info.label_count : 0;
    SG_TRY(sg_run_size_find(run, &size, error));
    if (run->given && !run->options.resume)
        SG_TRY(sg_preset_resolve(&run->options, run->given, size.resolution, &run->options, error));
    follow_passes(&run->options, run->info.image_count);
    if (run->options.init) {
        /* Weights that are trained already need no gentle start. */
        trainer->ema_rampup = 0;
        trainer->blur_init_sigma = 0;
    }
    SG_TRY(sg_run_size_set(run, &size, error));
    SG_TRY(fade_in(run, error));
    trainer->generator.img_channels = trainer->discriminator.img_channels = (int)run->info.channels;
    trainer->generator.c_dim = trainer->discriminator.c_dim = classes;
    if (sg_trainer_classifies(trainer))
        SG_TRY(sg_run_choose_output(run, error));
    sg_generator_config_set_w(&trainer->generator);
    if (trainer->encoding.encodes) {
        const sg_encoded_size pictures = {run->info.height, run->info.width, run->info.channels};
        SG_TRY(sg_encoder_setup_options(run->context, &run->options, &pictures, error));
    }
    if (lacks_data(run))
        SG_TRY(sg_nada_setup_options(run->context, &run->options, error));
    SG_TRY(sg_batch_check(trainer, size.resolution, error));
    SG_TRY(sg_loss_check(trainer, error));
    SG_TRY(sg_freeze_check(&trainer->freezing, &trainer->generator, error));
    if (run->options.conditional)
        SG_TRY(sg_labels_check(trainer, error));
    run->sheet =
        sg_sheet_for((int)run->info.height, (int)run->info.width,
                     lacks_data(run) ? trainer->generator.c_dim : classes, run->options.sheet_size);
    run->sheet.plain = run->options.plain;
    return run->info.label_values && classes > 0 ? choose_sheet_labels(run, error) : SG_OK;
}

/* Counts how often each label occurs, [label_rows]; the caller frees *counts. */
static sg_status count_labels(const sg_run_state *run, uint64_t **counts, sg_error *error)
{
    *counts = sg_allocate(run->info.label_rows, sizeof **counts);
    if (!*counts)
        return sg_fail_memory(error, "labels");
    for (size_t i = 0; i < run->info.image_count; i++) {
        int label = -1;
        SG_TRY(sg_dataset_label(run->dataset, i, &label, error));
        if (label >= 0)
            (*counts)[label]++;
    }
    return SG_OK;
}

static sg_status create_trainer(sg_run_state *run, sg_error *error)
{
    uint64_t *counts = NULL;
    run->base_bytes = sg_process_peak_bytes();
    if (run->options.dry_run && !run->options.resume) {
        run->hollow = sg_context_create_hollow();
        if (!run->hollow)
            return sg_fail_memory(error, "a forecast");
        run->context = run->hollow;
    }
    const bool counted = run->options.conditional && run->dataset;
    sg_status status = counted ? count_labels(run, &counts, error) : SG_OK;
    const sg_label_shares labels = {
        .rows = run->info.label_rows, .values = run->info.label_values, .counts = counts};
    if (!status) {
        run->trainer =
            sg_trainer_create(run->context, &run->options.trainer, counts ? &labels : NULL);
        status = sg_context_take_error(run->context, error);
    }
    if (!status && run->options.trainer.encoding.encodes && !run->hollow)
        status = sg_encoder_setup_trainer(run->trainer, &run->options, error);
    if (!status && lacks_data(run) && !run->hollow)
        status = sg_nada_setup_trainer(run->trainer, &run->options, error);
    free(counts);
    return status;
}

/* Opens a loader with the batch and the resolution of the next step. */
static sg_status open_loader(sg_run_state *run, sg_error *error)
{
    const sg_growing_stage stage = sg_trainer_stage(run->trainer);
    const sg_generator_config *config = &run->options.trainer.generator;
    size_t batch = (size_t)stage.batch;
    size_t height = (size_t)sg_picture_side(config->base_height, stage.resolution);
    size_t width = (size_t)sg_picture_side(config->base_width, stage.resolution);
    sg_loader_options options;
    sg_loader_options_init(&options);
    options.batch_size = batch;
    options.seed = run->options.trainer.seed ^ sg_trainer_counters_of(run->trainer).random_round
                                                   << 48;
    options.mirror = run->options.mirror;
    options.mirror_y = run->options.mirror_y;
    options.position = sg_trainer_images(run->trainer);
    run->images = sg_allocate(batch * height * width, run->info.channels * sizeof(float));
    run->labels = sg_allocate(batch, (run->info.label_count + 1) * sizeof(float));
    if (!run->images || !run->labels)
        return sg_fail_memory(error, "a batch of %zu images", batch);
    if (width < run->info.width)
        SG_TRY(sg_dataset_reduce(run->dataset, run->info.width / width, &run->reduced, error));
    return sg_loader_create(run->reduced ? run->reduced : run->dataset, &options, &run->loader,
                            error);
}

static void close_loader(sg_run_state *run)
{
    sg_loader_destroy(run->loader);
    sg_dataset_destroy(run->reduced);
    free(run->images);
    free(run->labels);
    run->loader = NULL;
    run->reduced = NULL;
    run->images = run->labels = NULL;
}

sg_status sg_run_load_batch(sg_run_state *run, sg_error *error)
{
    const sg_growing_stage stage = sg_trainer_stage(run->trainer);
    if (!run->loader || stage.batch != run->batch || stage.resolution != run->resolution) {
        close_loader(run);
        run->batch = stage.batch;
        run->resolution = stage.resolution;
        if (!lacks_data(run))
            SG_TRY(open_loader(run, error));
    }
    if (lacks_data(run))
        return SG_OK;
    return sg_loader_next(run->loader, run->images, run->labels, error);
}

/* Writes what tells a run from others to `description` of `size` bytes. */
static void describe_run(const sg_run_state *run, char *description, size_t size)
{
    char subset[32] = "";
    const char *desc = run->options.desc ? run->options.desc : "";
    const sg_trainer_options *trainer = &run->options.trainer;
    const bool usual = trainer->loss == SG_LOSS_LOGISTIC;
    const int first = sg_trainer_stage(run->trainer).batch;
    char augment[32] = "";
    char gamma[32] = "";
    char batch[32];
    if (trainer->augment.mode == SG_AUGMENT_ADAPTIVE)
        snprintf(augment, sizeof augment, "-ada");
    if (trainer->augment.mode == SG_AUGMENT_FIXED)
        snprintf(augment, sizeof augment, "-fixed%g", trainer->augment.p);
    snprintf(batch, sizeof batch, "%d", first);
    if (first != trainer->batch)
        snprintf(batch, sizeof batch, "%dto%d", first, trainer->batch);
    if (run->options.subset > 0)
        snprintf(subset, sizeof subset, "-subset%d", run->options.subset);
    if (!sg_trainer_trains_one(trainer))
        snprintf(gamma, sizeof gamma, "-gamma%g", trainer->gamma);
    snprintf(description, size, "%s-%s%s%s-batch%s%s%s%s%s%s%s", sg_presets[run->options.cfg].name,
             run->info.name, run->options.conditional ? "-cond" : "", subset, batch, gamma,
             usual ? "" : "-", usual ? "" : sg_adversarial_loss_of(trainer->loss)->name, augment,
             *desc ? "-" : "", desc);
}

/* Makes the folder of the run: the one that is named, or a new one in outdir. */
static sg_status make_folder(sg_run_state *run, sg_error *error)
{
    char description[512];
    const char *folder = run->options.folder;
    if (!folder) {
        describe_run(run, description, sizeof description);
        return sg_run_folder_create(run->options.outdir, description, run->folder, error);
    }
    if (strlen(folder) >= sizeof run->folder)
        return sg_fail(error, SG_ERROR_ARGUMENT, "the path of the run's folder is too long: %s",
                       folder);
    snprintf(run->folder, sizeof run->folder, "%s", folder);
    return sg_make_folders(folder, error);
}

static sg_status create_folder(sg_run_state *run, sg_error *error)
{
    SG_TRY(make_folder(run, error));
    SG_TRY(sg_run_lock_folder(run, error));
    if (run->choices.bytes)
        sg_run_folder_append(run->folder, "log.txt", run->choices.bytes, NULL);
    return sg_run_write_options(run, error);
}

/* Takes the options of the run that is resumed, except given ones that may change. */
static sg_status take_saved_options(sg_run_state *run, sg_error *error)
{
    const sg_run_options asked = run->options;
    if (run->given)
        SG_TRY(sg_resuming_check(&asked, run->given, error));
    SG_TRY(sg_run_folder_read_options(asked.resume, &run->saved, error));
    run->options = run->saved.options;
    run->options.resume = asked.resume;
    if (run->given)
        sg_training_copy_resumed(&asked, run->given, &run->options);
    if (asked.resolution > 0) /* the images were brought to it when the run began */
        run->options.data = run->saved.data;
    snprintf(run->folder, sizeof run->folder, "%s", asked.resume);
    return SG_OK;
}

/* Notes what was taken, what starts at random, and why, to be said when there is a log. */
static void note_transfer(sg_run_state *run, const sg_transfer *transfer)
{
    const bool mostly = transfer->taken * 2 < transfer->wanted;
    sg_text *lines = &run->transfer;
    sg_text_clear(lines);
    sg_text_append(lines, "%sTook %zu of %zu tensors from %s", mostly ? "Warning: " : "",
                   transfer->taken, transfer->wanted, run->options.init);
    if (transfer->adapted > 0)
        sg_text_append(lines, ", of which %zu are adapted", transfer->adapted);
    if (transfer->taken < transfer->wanted)
        sg_text_append(lines, "; the others are new");
    sg_text_append(lines, "\n");
    if (transfer->options[0])
        sg_text_append(lines, "The networks of that file have %s\n", transfer->options);
    if (transfer->report.bytes)
        sg_text_append(lines, "%s", transfer->report.bytes);
    if (transfer->lacks_discriminator)
        sg_text_append(lines, "Warning: the file has no D, so the discriminator starts at random");
}

/* Takes weights from another network's file if the options name one. */
static sg_status take_weights(sg_run_state *run, sg_error *error)
{
    sg_transfer transfer;
    const sg_trainer_networks networks = sg_trainer_networks_of(run->trainer);
    const sg_network_parts parts = {.generator = networks.generator,
                                    .discriminator = networks.discriminator,
                                    .generator_ema = networks.average};
    if (!run->options.init)
        return SG_OK;
    /* The file sets the level of detail too, which is the schedule's here. */
    const sg_trainer_counters counters = sg_trainer_counters_of(run->trainer);
    const sg_status status =
        sg_transfer_weights(&parts, run->options.init, run->options.init_partly, &transfer, error);
    sg_trainer_set_counters(run->trainer, &counters);
    if (!status)
        note_transfer(run, &transfer);
    sg_transfer_clear(&transfer);
    return status;
}

/* Warns when the run ends before growing networks have reached the full picture. */
static void warn_of_early_end(sg_run_state *run)
{
    const sg_growing_schedule *growing = &run->options.trainer.growing;
    const int full = run->options.trainer.generator.img_resolution;
    const double needed = sg_growing_kimg(growing, full);
    if (growing->initial_resolution == 0 || run->options.kimg >= needed)
        return;
    const int reached = sg_growing_at(growing, full, run->options.kimg * 1000).resolution;
    sg_run_say(run,
               "Warning: at kimg %g the networks paint %dx%d pixels; the full picture of %dx%d "
               "is there at kimg %g, or sooner with a smaller \"stable_kimg\".",
               run->options.kimg, reached, reached, full, full, needed);
}

/* Says each line of a text. */
static void say_lines(sg_run_state *run, const char *lines)
{
    while (lines && *lines) {
        const size_t length = strcspn(lines, "\n");
        sg_run_say(run, "%.*s", (int)length, lines);
        lines += length + (lines[length] ? 1 : 0);
    }
}

static void describe_data(sg_run_state *run)
{
    const sg_dataset_info *info = &run->info;
    if (lacks_data(run))
        return;
    char labels[64] = "no labels";
    if (info->label_values)
        snprintf(labels, sizeof labels, "%zu label value%s", info->label_count,
                 info->label_count == 1 ? "" : "s");
    else if (info->label_count > 0)
        snprintf(labels, sizeof labels, "%zu class%s", info->label_count,
                 info->label_count == 1 ? "" : "es");
    sg_run_say(run, "Data: %s, %zu image%s of %zux%zu with %zu channel%s, %s", run->options.data,
               info->image_count, info->image_count == 1 ? "" : "s", info->width, info->height,
               info->channels, info->channels == 1 ? "" : "s", labels);
    say_lines(run, run->notes.bytes);
    say_lines(run, info->notes);
    if (info->unread_labels && !sg_labels_check(&run->options.trainer, NULL))
        sg_run_say(run,
                   "Note: the labels of the data (%s) are not read, since \"conditional\" is not "
                   "set; the network will not know classes.",
                   info->unread_labels);
}

sg_advice_case sg_run_advice_case(sg_run_state *run)
{
    const sg_trainer_options *o = &run->options.trainer;
    if (!run->symmetry_known && run->dataset)
        run->is_symmetric = sg_mirror_fits(run->dataset);
    run->symmetry_known = true;
    return (sg_advice_case){.pictures = run->info.image_count,
                            .may_mirror = run->is_symmetric && !run->options.mirror,
                            .gamma = o->gamma,
                            .saturates = o->loss == SG_LOSS_MINIMAX,
                            .signed_scores = sg_adversarial_loss_of(o->loss)->signed_scores};
}

/* Says what few pictures lead to, unless people have chosen whether to augment them. */
static void note_few_pictures(sg_run_state *run)
{
    const sg_trainer_options *o = &run->options.trainer;
    const bool chosen = run->given && SG_TRAINING_GIVEN(run->given, trainer.augment.mode);
    const sg_advice_case training = sg_run_advice_case(run);
    const char *note = sg_pictures_are_few(&training, chosen || o->augment.mode != SG_AUGMENT_NONE);
    if (note)
        sg_run_say(run, "%s", note);
}

/* Says what fine-tuning sets. */
static void describe_finetuning(sg_run_state *run)
{
    sg_text lines = {0};
    sg_finetune_describe(run->given, &run->options.trainer, &lines);
    say_lines(run, lines.bytes);
    sg_text_clear(&lines);
}

static void describe_encoder(sg_run_state *run, const sg_trainer_networks *networks)
{
    const sg_encoding_options *o = &run->options.trainer.encoding;
    sg_text losses = {0};
    for (int i = 0; i < SG_INVERT_LOSS_COUNT; i++)
        if (o->losses.of[i] > 0)
            sg_text_append(&losses, "%s%s %g", losses.bytes ? ", " : "",
                           sg_choice_name(&sg_invert_loss_choices, (size_t)i), o->losses.of[i]);
    sg_run_say(run, "Network: an encoder (%s) of %s, %d codes of %d numbers, %lld parameters",
               sg_choice_name(&sg_encoder_choices, o->encoder.kind), run->options.network,
               o->encoder.num_ws, o->encoder.w_dim,
               (long long)sg_parameter_set_count_values(sg_encoder_parameters(networks->encoder)));
    sg_run_say(run, "Losses: %s; %g of each batch is painted by the generator",
               losses.bytes ? losses.bytes : "none", o->own_share);
    sg_text_clear(&losses);
}

static void describe_moving(sg_run_state *run, const sg_trainer_networks *networks)
{
    const sg_nada_options *o = &run->options.trainer.nada;
    char layers[64] = "all layers";
    if (o->layers > 0)
        snprintf(layers, sizeof layers, "%d of %d layers in each step", o->layers,
                 sg_nada_layer_count(networks->generator));
    sg_run_say(
        run, "Network: a copy of the generator of %s, %lld parameters; trained are %s",
        run->options.network,
        (long long)sg_parameter_set_count_values(sg_generator_parameters(networks->generator)),
        layers);
    sg_run_say(run, "Losses: direction %g, global %g, manifold %g", o->directional, o->global,
               o->manifold);
}

static void describe_mapper(sg_run_state *run, const sg_trainer_networks *networks)
{
    const sg_mapper_config *config = sg_mapper_config_of(networks->mapper);
    sg_run_say(run, "Network: a mapper of %d w of %d numbers of %s, %lld parameters",
               config->num_ws, config->w_dim, run->options.network,
               (long long)sg_parameter_set_count_values(sg_mapper_parameters(networks->mapper)));
}

/* Says what pictures are moved to. */
static void describe_goal(sg_run_state *run)
{
    const sg_nada_words *words = &run->options.words;
    if (words->towards[0])
        sg_run_say(run, "Moved towards: %s, by %s", words->towards, words->classifier);
    else if (words->text[0])
        sg_run_say(run, "Moved to \"%s\"", words->text);
    else if (words->target[0])
        sg_run_say(run, "Moved from \"%s\" to \"%s\"", words->source, words->target);
    else
        sg_run_say(run, "Moved to the pictures of %s", run->options.data);
}

static void describe_networks(sg_run_state *run)
{
    const sg_trainer_networks networks = sg_trainer_networks_of(run->trainer);
    if (networks.encoder) {
        describe_encoder(run, &networks);
        return;
    }
    if (lacks_data(run)) {
        (networks.mapper ? describe_mapper : describe_moving)(run, &networks);
        describe_goal(run);
        return;
    }
    const int64_t values =
        sg_parameter_set_count_values(sg_discriminator_parameters(networks.discriminator));
    if (networks.generator)
        sg_run_say(
            run, "Networks: G %lld parameters, D %lld parameters",
            (long long)sg_parameter_set_count_values(sg_generator_parameters(networks.generator)),
            (long long)values);
    else
        sg_run_say(run, "Network: a classifier of %d %s, %lld parameters",
                   run->options.trainer.discriminator.c_dim,
                   sg_choice_name(&sg_output_choices, run->options.trainer.discriminator.output),
                   (long long)values);
}

static void describe(sg_run_state *run)
{
    if (run->folder[0])
        sg_run_say(run, "Run folder: %s", run->folder);
    describe_data(run);
    describe_networks(run);
    say_lines(run, run->transfer.bytes);
    if (run->options.finetune && run->given)
        describe_finetuning(run);
    warn_of_early_end(run);
    if (!run->options.resume && !sg_trainer_trains_one(&run->options.trainer))
        note_few_pictures(run);
}

/* Measures how much real pictures differ, on a sample of them, if there are any. */
static sg_status measure_reals(sg_run_state *run, sg_error *error)
{
    enum { SAMPLES = 64 };
    if (lacks_data(run))
        return SG_OK;
    size_t values = run->info.height * run->info.width * run->info.channels;
    size_t count = run->info.image_count < SAMPLES ? run->info.image_count : SAMPLES;
    uint8_t *pixels = sg_allocate(values, 1);
    float *pictures = sg_allocate(count, values * sizeof *pictures);
    sg_status status = SG_OK;
    if (!pixels || !pictures)
        status = sg_fail_memory(error, "%zu pictures", count);
    for (size_t i = 0; i < count && !status; i++) {
        status =
            sg_dataset_read(run->dataset, i * (run->info.image_count / count), pixels, NULL, error);
        sg_image_level_values(pixels, values, pictures + i * values);
    }
    if (!status)
        run->real_spread = sg_picture_spread(pictures, (int64_t)count, (int64_t)values);
    free(pixels);
    free(pictures);
    return status;
}

/* Writes sheets of real pictures: the full ones, and each lower resolution of a growing run;
 * without data, what the original generator paints of the latents of all sheets. */
static sg_status paint_reals(sg_run_state *run, sg_error *error)
{
    char path[SG_PATH_BYTES];
    if (lacks_data(run)) {
        sg_run_folder_path(path, run->folder, "originals.png");
        return sg_sheet_write_fakes(&run->sheet, sg_trainer_networks_of(run->trainer).painter,
                                    run->options.trainer.seed, 0, path, error);
    }
    sg_run_folder_path(path, run->folder, "reals.png");
    sg_status status =
        sg_sheet_write_reals(&run->sheet, run->dataset, run->options.data, path, error);
    const int full = run->options.trainer.generator.img_resolution;
    for (int side = sg_trainer_stage(run->trainer).resolution; side < full && !status; side *= 2) {
        sg_dataset *reduced = NULL;
        status = sg_dataset_reduce(run->dataset, (size_t)(full / side), &reduced, error);
        sg_run_folder_path(path, run->folder, "reals-%dx%d.png", side, side);
        if (!status)
            status = sg_sheet_write_reals(&run->sheet, reduced, run->options.data, path, error);
        sg_dataset_destroy(reduced);
    }
    return status;
}

/* Fails early for a file that weights cannot come from. */
static sg_status check_init(const sg_run_state *run, sg_error *error)
{
    char network[SG_PATH_BYTES];
    sg_network_file *file = NULL;
    if (!run->options.init)
        return SG_OK;
    if (sg_snapshot_is_state(run->options.init, network))
        return sg_fail(
            error, SG_ERROR_ARGUMENT,
            "\"init\" is %s, the state of a training's optimisers, but must be networks, "
            "which are in %s",
            run->options.init, network);
    SG_TRY(sg_network_open(run->options.init, &file, error));
    sg_network_close(file);
    return SG_OK;
}

/* Opens what is trained on. A generator is moved without pictures: what is known of them is what it
 * paints. */
static sg_status open_data(sg_run_state *run, sg_error *error)
{
    return lacks_data(run) ? sg_nada_setup_info(&run->options, &run->info, error)
                           : sg_run_open_data(run, error);
}

static sg_status prepare_new(sg_run_state *run, sg_error *error)
{
    SG_TRY(check_init(run, error));
    SG_TRY(sg_run_fit(run, error));
    SG_TRY(open_data(run, error));
    SG_TRY(fit_to_data(run, error));
    SG_TRY(sg_run_check_memory(run, error));
    SG_TRY(create_trainer(run, error));
    SG_TRY(take_weights(run, error));
    if (!run->options.dry_run)
        SG_TRY(create_folder(run, error));
    if (!run->options.dry_run)
        SG_TRY(sg_run_identify_data(run, error));
    if (!run->options.dry_run)
        SG_TRY(sg_run_identify_files(run, error));
    if (!run->options.dry_run)
        SG_TRY(sg_run_identify_goal(run, error));
    describe(run);
    SG_TRY(sg_run_forecast(run, error));
    if (run->options.dry_run)
        return SG_OK;
    SG_TRY(paint_reals(run, error));
    return sg_run_paint(run, error);
}

static sg_status prepare_resumed(sg_run_state *run, sg_error *error)
{
    SG_TRY(take_saved_options(run, error));
    if (!run->options.dry_run)
        SG_TRY(sg_run_lock_folder(run, error));
    if (run->options.data[0] && !sg_path_exists(run->options.data))
        return sg_fail(error, SG_ERROR_FILE,
                       "the images of the run in %s were at %s, where nothing is now; name their "
                       "place by \"data\"",
                       run->folder, run->options.data);
    SG_TRY(sg_run_identify_files(run, error));
    SG_TRY(open_data(run, error));
    SG_TRY(fit_to_data(run, error));
    SG_TRY(sg_run_identity_set(&run->identity, &run->options, error));
    SG_TRY(sg_run_identify_data(run, error));
    SG_TRY(sg_run_check_identity(run, error));
    SG_TRY(sg_run_check_memory(run, error));
    SG_TRY(create_trainer(run, error));
    SG_TRY(sg_run_identify_goal(run, error));
    SG_TRY(sg_run_load_resumed(run, error));
    if (!run->options.dry_run)
        SG_TRY(sg_run_logs_cut(run->folder, sg_trainer_images(run->trainer), error));
    describe(run);
    sg_run_say(run, "Resumed at kimg %.3f", sg_run_kimg(run));
    if (sg_run_kimg(run) >= run->options.kimg) {
        sg_run_say(run, "That is the end already: kimg %g was asked for; a larger \"kimg\" goes on",
                   run->options.kimg);
        return SG_OK;
    }
    return sg_run_forecast(run, error);
}

/* Returns a number of images, at least `least`; rounded, as 1.001 * 1000 is below 1001. */
static uint64_t images_of(double kimg, uint64_t least)
{
    uint64_t images = (uint64_t)round(fmin(kimg * 1000, 1e15));
    return images > least ? images : least;
}

void sg_run_set_length(sg_run_state *run)
{
    const sg_trainer_options *trainer = &run->options.trainer;
    const uint64_t batch = (uint64_t)trainer->batch;
    run->total_images = images_of(run->options.kimg, 1);
    if (trainer->growing.initial_resolution == 0)
        run->total_images = (run->total_images + batch - 1) / batch * batch;
}

sg_status sg_run_prepare(sg_run_state *run, sg_error *error)
{
    SG_TRY(run->options.resume ? prepare_resumed(run, error) : prepare_new(run, error));
    const sg_trainer_options *trainer = &run->options.trainer;
    uint64_t batch = (uint64_t)trainer->batch;
    sg_run_set_length(run);
    if (trainer->growing.initial_resolution > 0)
        batch = (uint64_t)sg_growing_largest_batch(&trainer->growing,
                                                   trainer->generator.img_resolution);
    run->tick_images = images_of(run->options.tick, batch);
    run->tick = (int)(sg_trainer_images(run->trainer) / run->tick_images);
    run->tick_kimg = sg_run_kimg(run);
    SG_TRY(sg_run_metrics_begin(run, error));
    return run->options.dry_run ? SG_OK : measure_reals(run, error);
}

sg_status sg_run_roll_back(sg_run_state *run, sg_error *error)
{
    uint64_t round = sg_trainer_counters_of(run->trainer).random_round;
    bool loaded = false;
    SG_TRY(sg_run_load_snapshot(run, &loaded, error));
    if (!loaded) {
        sg_trainer_destroy(run->trainer);
        SG_TRY(create_trainer(run, error));
        SG_TRY(take_weights(run, error));
    }
    sg_trainer_counters counters = sg_trainer_counters_of(run->trainer);
    counters.random_round = round + 1;
    sg_trainer_set_counters(run->trainer, &counters);
    close_loader(run);
    run->tick = (int)(sg_trainer_images(run->trainer) / run->tick_images);
    run->tick_kimg = sg_run_kimg(run);
    sg_statistics_reset(&run->statistics);
    return SG_OK;
}

void sg_run_release(sg_run_state *run)
{
    close_loader(run);
    sg_background_destroy(run->metrics);
    sg_trainer_destroy(run->trainer);
    sg_context_destroy(run->hollow);
    sg_dataset_destroy(run->dataset);
    sg_dataset_destroy(run->held_out);
    free(run->sheet_labels);
    sg_text_clear(&run->notes);
    sg_text_clear(&run->transfer);
    sg_text_clear(&run->choices);
    sg_work_times_destroy(run->times);
    sg_run_identity_clear(&run->identity);
    sg_lock_release(&run->lock);
}
