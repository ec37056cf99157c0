/*
 * Networks for pictures: G_ema, the average of the generator's weights over training, is preferred
 * to G, because its pictures are better (Karras et al. 2018, section 5).
 * Tested by: tests/cli/test_cli.c
 */
#include "pictures/picture_network.h"

#include <stdio.h>

#include "base/files/file.h"
#include "checkpoint/network/network_load.h"
#include "models/family.h"

enum { NOTE_BYTES = 2000 };

sg_status sg_picture_network_open(sg_picture_network *network, const char *path,
                                  const sg_watch *watch, sg_error *error)
{
    char note[NOTE_BYTES];
    network->path = path;
    SG_TRY(sg_network_open_given(path, network->keywords, &network->file, error));
    network->part = SG_PART_G_EMA;
    if (!sg_network_has(network->file, SG_PART_G_EMA) && sg_network_has(network->file, SG_PART_G)) {
        network->part = SG_PART_G;
        snprintf(note, sizeof note, "%s holds no G_ema, so the pictures come from G", path);
        sg_watch_note(watch, note);
    }
    if (sg_network_lacks_noise(network->file, network->part)) {
        snprintf(note, sizeof note,
                 "%s holds no constant noise, so that it is drawn, always the same", path);
        sg_watch_note(watch, note);
    }
    return sg_network_generator_config(network->file, network->part, &network->config, error);
}

static sg_status load(sg_picture_network *network, sg_error *error)
{
    const sg_status status = sg_network_load_generator(
        network->file, network->part, network->context, &network->generator, error);
    sg_network_close(network->file);
    network->file = NULL;
    return status;
}

sg_status sg_picture_network_load(sg_picture_network *network, const sg_context_options *options,
                                  sg_error *error)
{
    network->context = sg_context_create(options->threads);
    if (!network->context)
        return sg_fail_memory(error, "a context");
    network->context->exact = options->exact;
    return load(network, error);
}

sg_status sg_picture_network_load_in(sg_picture_network *network, sg_context *context,
                                     sg_error *error)
{
    network->context = context;
    network->borrowed = true;
    return load(network, error);
}

void sg_picture_network_close(sg_picture_network *network)
{
    sg_generator_destroy(network->generator);
    if (!network->borrowed)
        sg_context_destroy(network->context);
    sg_network_close(network->file);
    *network = (sg_picture_network){0};
}

const char *sg_picture_network_name(const sg_picture_network *network)
{
    return sg_path_name(network->path);
}

sg_status sg_picture_network_classes(const sg_picture_network *network, const char *text,
                                     const sg_watch *watch, sg_number_list *classes,
                                     sg_error *error)
{
    char note[NOTE_BYTES];
    sg_error refused = {0};
    const int count = network->config.c_dim;
    if (count > 0 && !text)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "%s is a conditional network and needs \"class\", from 0 to %d",
                       network->path, count - 1);
    if (count == 0 && text) {
        snprintf(note, sizeof note, "\"class\" is ignored, since %s is an unconditional network",
                 network->path);
        sg_watch_note(watch, note);
    }
    const sg_status status =
        sg_number_list_parse(text ? text : "0", "classes",
                             count > 0 ? (uint32_t)count - 1 : UINT32_MAX, classes, &refused);
    if (status)
        return sg_fail(error, status, "\"class\": %s", refused.message);
    if (count == 0)
        classes->count = 1;
    return SG_OK;
}

sg_status sg_picture_network_set_motion(const sg_picture_network *network,
                                        const sg_motion_options *motion,
                                        const sg_transform *transform, sg_error *error)
{
    const bool constant =
        motion->move_constant && sg_family_of(network->config.family)->moves_constant;
    if (!motion->anchor && (constant || sg_transform_is_identity(transform)))
        return SG_OK;
    SG_TRY(sg_picture_network_check_movable(network, error));
    if (motion->anchor)
        sg_generator_anchor(network->generator);
    return SG_OK;
}

sg_status sg_picture_network_check_movable(const sg_picture_network *network, sg_error *error)
{
    double transform[9];
    if (sg_generator_transform(network->generator, transform))
        return SG_OK;
    return sg_fail(error, SG_ERROR_ARGUMENT,
                   "only the pictures of a StyleGAN3 can be moved and turned, and %s is a %s",
                   network->path, sg_family_of(network->config.family)->title);
}
