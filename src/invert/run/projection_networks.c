/* Opens networks for projections. Tested by: tests/cli/test_project.c */
#include "invert/run/projection_networks.h"

#include "checkpoint/network/network_load.h"

enum { LEAST_LPIPS_SIDE = 16 /* pixels, of VGG16 */ };

/* ---- discriminators ---- */

/* Loads the discriminator of a file; `what` names it in sentences. */
static sg_status load_discriminator(sg_projection_networks *networks, const char *path,
                                    const char *keywords, bool classifies,
                                    sg_discriminator **loaded, sg_error *error)
{
    sg_network_file *file = NULL;
    SG_TRY(sg_network_open_given(path, keywords, &file, error));
    sg_status status = SG_OK;
    if (!sg_network_has(file, SG_PART_D))
        status = sg_fail(error, SG_ERROR_FORMAT,
                         classifies ? "%s holds no classifier (D)"
                                    : "%s holds no discriminator (D), whose features the loss "
                                      "\"discriminator\" compares; pyramid and pixel need none",
                         sg_network_path(file));
    if (!status)
        status = sg_network_load_discriminator(file, networks->network.context, loaded, error);
    sg_network_close(file);
    return status;
}

static sg_status load_classifier(sg_projection_networks *networks, const char *path,
                                 sg_error *error)
{
    SG_TRY(load_discriminator(networks, path, NULL, true, &networks->classifier, error));
    const sg_discriminator_config *config = sg_discriminator_config_of(networks->classifier);
    const sg_generator *generator = networks->network.generator;
    const int height = sg_generator_height(generator);
    const int width = sg_generator_width(generator);
    if (!sg_discriminator_classifies(config))
        return sg_fail(error, SG_ERROR_FORMAT, "%s holds a discriminator, not a classifier", path);
    if (sg_discriminator_height(config) == height && sg_discriminator_width(config) == width &&
        config->img_channels == networks->network.config.img_channels)
        return SG_OK;
    return sg_fail(error, SG_ERROR_ARGUMENT,
                   "the classifier of %s takes pictures of %dx%dx%d, but the network paints "
                   "%dx%dx%d",
                   path, (int)sg_discriminator_width(config), (int)sg_discriminator_height(config),
                   config->img_channels, width, height, networks->network.config.img_channels);
}

/* ---- the encoder ---- */

static sg_status load_encoder(sg_projection_networks *networks, const char *path, sg_error *error)
{
    sg_network_file *file = NULL;
    SG_TRY(sg_network_open(path, &file, error));
    sg_status status = SG_OK;
    if (!sg_network_has(file, SG_PART_E))
        status = sg_fail(error, SG_ERROR_FORMAT, "%s holds no encoder (E)", sg_network_path(file));
    if (!status)
        status =
            sg_network_load_encoder(file, networks->network.context, &networks->encoder, error);
    if (!status)
        status = sg_encoding_check(networks->encoder, path, networks->network.generator, error);
    sg_network_close(file);
    return status;
}

/* ---- losses ---- */

static int smaller_side(const sg_generator *generator)
{
    const int height = sg_generator_height(generator);
    const int width = sg_generator_width(generator);
    return height < width ? height : width;
}

/* Opens LPIPS for the loss, and for scores where there are its files; files that the caller names
 * must hold it. */
static sg_status open_lpips(sg_projection_networks *networks, const sg_projection_files *files,
                            bool needed, bool wanted, sg_error *error)
{
    const bool large = smaller_side(networks->network.generator) >= LEAST_LPIPS_SIDE;
    const bool there =
        large && (files->feature_count > 0 || sg_feature_network_is_there("lpips", NULL, 0));
    if (needed && !large)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "the loss \"lpips\" needs pictures of %d pixels or more along each side, "
                       "but those of %s have %d",
                       LEAST_LPIPS_SIDE, networks->network.path,
                       smaller_side(networks->network.generator));
    if (needed || (wanted && there))
        SG_TRY(sg_lpips_tape_find(networks->network.context, SG_F32, files->features,
                                  files->feature_count, &networks->lpips, error));
    return there ? sg_feature_network_find("lpips", files->features, files->feature_count,
                                           &networks->scorer, error)
                 : SG_OK;
}

/* Tells whether the file that the generator is from has a discriminator too. */
static bool has_discriminator(const sg_projection_networks *networks,
                              const sg_projection_files *files)
{
    sg_network_file *file = NULL;
    if (sg_network_open_given(networks->network.path, files->keywords, &file, NULL))
        return false;
    const bool has = sg_network_has(file, SG_PART_D);
    sg_network_close(file);
    return has;
}

/* Tells whether a loss has a weight in the search or in tuning. */
static bool weighs(const sg_projection_options *options, sg_invert_loss loss)
{
    return options->projector.weights.of[loss] > 0 || options->tuning.weights.of[loss] > 0;
}

static sg_status open_losses(sg_projection_networks *networks, const sg_projection_files *files,
                             sg_projection_options *options, sg_error *error)
{
    sg_invert_weights *weights = &options->projector.weights;
    const bool open = sg_invert_weights_are_empty(weights);
    const bool open_tuning =
        options->tune > 0 && sg_invert_weights_are_empty(&options->tuning.weights);
    SG_TRY(
        open_lpips(networks, files, weighs(options, SG_INVERT_LPIPS), open || open_tuning, error));
    if (weighs(options, SG_INVERT_DISCRIMINATOR) ||
        (open && !networks->lpips && has_discriminator(networks, files)))
        SG_TRY(load_discriminator(networks, networks->network.path, files->keywords, false,
                                  &networks->discriminator, error));
    if (weighs(options, SG_INVERT_OWN))
        SG_TRY(load_classifier(networks, options->classifier, error));
    const sg_invert_networks all = sg_projection_networks_of(networks);
    if (open)
        *weights = sg_invert_weights_default(&all);
    return SG_OK;
}

/* ---- the generator ---- */

static sg_status check_class(const sg_picture_network *network,
                             const sg_projection_options *options, sg_error *error)
{
    const int given = options->projector.class_index;
    const int count = network->config.c_dim;
    if (given >= 0 && count == 0)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"class\" is %d, but %s is an unconditional network, without classes",
                       given, network->path);
    if (given >= count && given >= 0)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"class\" is %d, but %s has %d class%s, numbered from 0 to %d", given,
                       network->path, count, count == 1 ? "" : "es", count - 1);
    return SG_OK;
}

sg_status sg_projection_networks_open(sg_projection_networks *networks,
                                      const sg_projection_files *files,
                                      sg_projection_options *options, const sg_watch *watch,
                                      sg_error *error)
{
    sg_picture_network *network = &networks->network;
    const sg_motion_options motion = {.anchor = options->anchor};
    const sg_transform still = {0};
    network->keywords = files->keywords;
    SG_TRY(sg_picture_network_open(network, files->network, watch, error));
    SG_TRY(check_class(network, options, error));
    SG_TRY(sg_picture_network_load(network, &files->compute, error));
    SG_TRY(sg_picture_network_set_motion(network, &motion, &still, error));
    if (options->encoder)
        SG_TRY(load_encoder(networks, options->encoder, error));
    return open_losses(networks, files, options, error);
}

sg_invert_networks sg_projection_networks_of(const sg_projection_networks *networks)
{
    return (sg_invert_networks){.generator = networks->network.generator,
                                .discriminator = networks->discriminator,
                                .classifier = networks->classifier,
                                .lpips = networks->lpips};
}

void sg_projection_networks_close(sg_projection_networks *networks)
{
    sg_discriminator_destroy(networks->discriminator);
    sg_discriminator_destroy(networks->classifier);
    sg_lpips_tape_close(networks->lpips);
    sg_encoder_destroy(networks->encoder);
    sg_feature_network_close(networks->scorer);
    sg_picture_network_close(&networks->network);
    *networks = (sg_projection_networks){0};
}
