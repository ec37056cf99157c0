/*
 * Prepares the training of an encoder; see encoder_setup.h.
 * Tested by: tests/cli/test_train_encoder.c
 */
#include "train/encode/encoder_setup.h"

#include <stdio.h>
#include <string.h>

#include "checkpoint/network/network_load.h"
#include "features/tape/lpips_tape.h"
#include "invert/encode/encoding.h"

enum { LEAST_WIDTH = 4 };

/* Weights where none are given: those of pixel2style2pixel, and the discriminator's in place of
 * LPIPS, whose scale is another. */
static const double usual_lpips = 0.8, usual_discriminator = 0.05;

/* ---- feature networks ---- */

/* Opens LPIPS with the files that the options name, or those of the user's folder. */
static sg_status open_lpips(sg_context *context, const sg_run_options *options,
                            sg_lpips_tape **lpips, sg_error *error)
{
    sg_feature_list list;
    SG_TRY(sg_feature_list_split(options->features, &list, error));
    return sg_lpips_tape_find(context, SG_F32, list.files, list.count, lpips, error);
}

/* Chooses the losses where none are given: pixels, and LPIPS or else the discriminator's features.
 */
static void choose_losses(sg_context *context, const sg_run_options *options,
                          sg_encoding_options *encoding)
{
    sg_lpips_tape *lpips = NULL;
    if (!sg_invert_weights_are_empty(&encoding->losses))
        return;
    encoding->losses.of[SG_INVERT_PIXEL] = 1;
    if (!open_lpips(context, options, &lpips, NULL))
        encoding->losses.of[SG_INVERT_LPIPS] = usual_lpips;
    else if (encoding->judged)
        encoding->losses.of[SG_INVERT_DISCRIMINATOR] = usual_discriminator;
    sg_lpips_tape_close(lpips);
}

/* ---- options ---- */

static int width_at(const sg_generator_config *asked, int side)
{
    const int width = sg_channels_at(asked->channel_base, asked->channel_max, side);
    return width > LEAST_WIDTH ? width : LEAST_WIDTH;
}

/* Chooses the encoder's sizes by the generator's pictures and the channels that are asked for. */
static void choose_sizes(const sg_generator_config *asked, int side, int channels,
                         sg_encoder_config *encoder)
{
    static const int units[SG_ENCODER_STAGES] = {1, 2, 2, 2};
    encoder->img_resolution = side < SG_ENCODER_SMALLEST ? SG_ENCODER_SMALLEST : side;
    if (encoder->img_resolution > 256)
        encoder->img_resolution = 256;
    encoder->img_channels = channels;
    encoder->stem_width = width_at(asked, encoder->img_resolution);
    for (int i = 0; i < SG_ENCODER_STAGES; i++) {
        encoder->widths[i] = width_at(asked, encoder->img_resolution >> (i + 1));
        encoder->units[i] = units[i];
    }
    encoder->se_reduction = encoder->kind == SG_ENCODER_W ? 0 : LEAST_WIDTH;
    encoder->style_width =
        asked->channel_max / 2 > LEAST_WIDTH ? asked->channel_max / 2 : LEAST_WIDTH;
}

static sg_status check_pictures(const sg_run_options *options, const sg_generator *generator,
                                const sg_encoded_size *size, sg_error *error)
{
    const int height = sg_generator_height(generator);
    const int width = sg_generator_width(generator);
    const int channels = sg_generator_config_of(generator)->img_channels;
    if (height != width || (height & (height - 1)) || (channels != 1 && channels != 3))
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"network\" %s paints pictures of %dx%d with %d channels, but encoders are "
                       "for squares whose side is a power of two, of 1 or 3 channels",
                       options->network, width, height, channels);
    if (size->height != (size_t)height || size->width != (size_t)width)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "the images of %s have %zux%zu pixels, but \"network\" %s paints %dx%d; "
                       "\"resolution\" %d brings them to its size",
                       options->data, size->width, size->height, options->network, width, height,
                       width);
    if (size->channels != (size_t)channels)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "the images of %s have %zu channels, but \"network\" %s paints %d",
                       options->data, size->channels, options->network, channels);
    return SG_OK;
}

/* Takes the configs of an open file's networks. */
static sg_status take_configs(const sg_network_file *file, sg_context *context,
                              sg_run_options *options, const sg_encoded_size *size, sg_error *error)
{
    sg_trainer_options *trainer = &options->trainer;
    sg_encoding_options *encoding = &trainer->encoding;
    const sg_generator_config asked = trainer->generator;
    sg_discriminator_config judge;
    sg_generator *generator = NULL;
    const sg_network_part part = sg_network_has(file, SG_PART_G_EMA) ? SG_PART_G_EMA : SG_PART_G;
    SG_TRY(sg_network_load_generator(file, part, context, &generator, error));
    sg_status status = check_pictures(options, generator, size, error);
    if (!status) {
        trainer->generator = *sg_generator_config_of(generator);
        encoding->encoder.num_ws = sg_generator_num_ws(generator);
        encoding->encoder.w_dim = trainer->generator.w_dim;
        if (!options->resume)
            choose_sizes(&asked, sg_generator_width(generator), trainer->generator.img_channels,
                         &encoding->encoder);
        status = sg_encoder_config_check(&encoding->encoder, error);
    }
    sg_generator_destroy(generator);
    encoding->judged = sg_network_has(file, SG_PART_D) &&
                       !sg_network_discriminator_config(file, &judge, NULL) &&
                       !sg_discriminator_classifies(&judge);
    if (encoding->judged)
        trainer->discriminator = judge;
    return status;
}

sg_status sg_encoder_setup_options(sg_context *context, sg_run_options *options,
                                   const sg_encoded_size *size, sg_error *error)
{
    sg_network_file *file = NULL;
    SG_TRY(sg_network_open(options->network, &file, error));
    const sg_status status = take_configs(file, context, options, size, error);
    sg_network_close(file);
    if (!status)
        choose_losses(context, options, &options->trainer.encoding);
    return status;
}

/* ---- networks ---- */

/* Gives an encoder the mean of w of its generator, the same for each input. */
static void take_average(const sg_trainer_networks *networks)
{
    const sg_parameter *average =
        sg_parameter_find(sg_generator_parameters(networks->painter), "mapping.w_avg");
    sg_tensor *to = sg_encoder_average(networks->encoder);
    if (!average)
        return;
    const int64_t width = sg_tensor_count(average->tensor);
    for (int64_t i = 0; i < sg_tensor_count(to); i++)
        sg_tensor_set_value(to, i, sg_tensor_value(average->tensor, i % width));
    sg_tensor_touch(to);
}

sg_status sg_encoder_setup_trainer(sg_trainer *trainer, const sg_run_options *options,
                                   sg_error *error)
{
    const sg_trainer_networks networks = sg_trainer_networks_of(trainer);
    sg_parameter_set *set = sg_generator_parameters(networks.painter);
    sg_lpips_tape *lpips = NULL;
    sg_network_file *file = NULL;
    SG_TRY(sg_network_open(options->network, &file, error));
    const sg_network_part part = sg_network_has(file, SG_PART_G_EMA) ? SG_PART_G_EMA : SG_PART_G;
    sg_status status = sg_network_fill_generator(file, part, set, error);
    if (!status && networks.judge)
        status =
            sg_network_fill(file, SG_PART_D, sg_discriminator_parameters(networks.judge), error);
    sg_network_close(file);
    if (!status && options->trainer.encoding.losses.of[SG_INVERT_LPIPS] > 0)
        status = open_lpips(set->context, options, &lpips, error);
    if (!status)
        status = sg_encoding_check(networks.encoder, options->network, networks.painter, error);
    if (!status) {
        sg_trainer_take_lpips(trainer, lpips);
        take_average(&networks);
    }
    return status;
}
