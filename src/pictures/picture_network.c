/*
 * Networks for pictures: G_ema, the average of the generator's weights over training, is preferred
 * to G, because its pictures are better (Karras et al. 2018, section 5).
 * Tested by: tests/cli/test_cli.c
 */
#include "pictures/picture_network.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/files/file.h"
#include "checkpoint/network/network_load.h"
#include "models/family.h"

enum { NOTE_BYTES = 2000 };

/* Tells when constant noise that the file lacks is drawn, for all layers or some. */
static void note_drawn_noise(const sg_picture_network *network, const sg_watch *watch)
{
    char note[NOTE_BYTES];
    size_t all = 0;
    const size_t lacking = sg_network_lacking_noise(network->file, network->part, &all);
    if (lacking == 0)
        return;
    if (lacking == all)
        snprintf(note, sizeof note,
                 "%s holds no constant noise, so that it is drawn, always the same", network->path);
    else
        snprintf(note, sizeof note,
                 "%s lacks the constant noise of %zu of %zu layers, so that it is drawn, always "
                 "the same",
                 network->path, lacking, all);
    sg_watch_note(watch, note);
}

sg_status sg_picture_network_open(sg_picture_network *network, const char *path,
                                  const sg_watch *watch, sg_error *error)
{
    char note[NOTE_BYTES];
    network->path = path;
    SG_TRY(sg_network_open_given(path, network->keywords, &network->file, error));
    if (strcmp(sg_network_path(network->file), path) != 0) {
        network->found = sg_duplicate_text(sg_network_path(network->file));
        if (!network->found)
            return sg_fail_memory(error, "the path %s", path);
        network->path = network->found;
        snprintf(note, sizeof note, "%s is a folder: its newest network %s is taken", path,
                 network->path);
        sg_watch_note(watch, note);
    }
    network->part = SG_PART_G_EMA;
    if (!sg_network_has(network->file, SG_PART_G_EMA) && sg_network_has(network->file, SG_PART_G)) {
        network->part = SG_PART_G;
        snprintf(note, sizeof note, "%s holds no G_ema, so the pictures come from G",
                 network->path);
        sg_watch_note(watch, note);
    }
    if (!sg_network_has(network->file, SG_PART_G_EMA) &&
        !sg_network_has(network->file, SG_PART_G) && sg_network_has(network->file, SG_PART_D))
        return sg_fail(error, SG_ERROR_FORMAT,
                       "%s holds no G_ema or G: a discriminator alone paints no pictures",
                       network->path);
    note_drawn_noise(network, watch);
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
    network->context = sg_context_create_with(options);
    if (!network->context)
        return sg_fail_memory(error, "a context");
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
    free(network->found);
    *network = (sg_picture_network){0};
}

const char *sg_picture_network_name(const sg_picture_network *network)
{
    return sg_path_name(network->path);
}

/* Reads the text of a list of classes, or "all", for a network of `count` classes (0: of none). */
static sg_status read_classes(const sg_picture_network *network, const char *text, int count,
                              sg_number_list *classes, sg_error *error)
{
    char all[32];
    sg_error refused = {0};
    const uint32_t last = count > 0 ? (uint32_t)count - 1 : UINT32_MAX;
    const bool every = strcmp(text, "all") == 0;
    snprintf(all, sizeof all, "0-%d", count > 0 ? count - 1 : 0);
    const sg_status status =
        sg_number_list_parse(every ? all : text, "classes", last, classes, &refused);
    classes->text = text;
    /* Numbers beyond the last class have a sentence of their own. */
    if (status && sg_number_list_parse(text, "classes", UINT32_MAX, classes, NULL))
        return sg_fail(error, status, "\"class\": %s", refused.message);
    for (size_t i = 0; i < classes->count && count > 0; i++)
        if (classes->values[i] >= (uint32_t)count)
            return sg_fail(error, SG_ERROR_ARGUMENT,
                           "\"class\" is %u, but %s has %d class%s, numbered from 0 to %d",
                           classes->values[i], network->path, count, count == 1 ? "" : "es",
                           count - 1);
    return SG_OK;
}

sg_status sg_picture_network_classes(const sg_picture_network *network, const char *text,
                                     const sg_watch *watch, sg_number_list *classes,
                                     sg_error *error)
{
    char note[NOTE_BYTES];
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
    SG_TRY(read_classes(network, text ? text : "0", count, classes, error));
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
