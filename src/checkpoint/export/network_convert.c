/* Converts network files; see network_convert.h. */
#include "checkpoint/export/network_convert.h"

#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "checkpoint/export/rosinality_save.h"
#include "checkpoint/network/network_writer.h"

sg_network_choice sg_network_choose_all(const sg_network_file *file)
{
    sg_network_choice choice;
    for (int part = 0; part < SG_PART_COUNT; part++)
        choice.part[part] = sg_network_has(file, (sg_network_part)part);
    return choice;
}

/* ---- networks ---- */

static void destroy_networks(sg_network_parts *networks)
{
    sg_generator_destroy(networks->generator);
    sg_generator_destroy(networks->generator_ema);
    sg_discriminator_destroy(networks->discriminator);
    *networks = (sg_network_parts){0};
}

static sg_status load_part(const sg_network_file *file, sg_network_part part, sg_context *context,
                           sg_network_parts *networks, sg_error *error)
{
    switch (part) {
    case SG_PART_G:
        return sg_network_load_generator(file, part, context, &networks->generator, error);
    case SG_PART_G_EMA:
        return sg_network_load_generator(file, part, context, &networks->generator_ema, error);
    case SG_PART_D:
        break;
    }
    return sg_network_load_discriminator(file, context, &networks->discriminator, error);
}

/* ---- native files ---- */

static sg_status add_part(sg_network_saving *job, const sg_network_file *file, sg_network_part part,
                          sg_context *context, sg_network_parts *networks, sg_error *error)
{
    sg_status status = load_part(file, part, context, networks, error);
    if (status)
        return status;
    return part == SG_PART_D
               ? sg_network_saving_add_discriminator(job, networks->discriminator, error)
               : sg_network_saving_add_generator(
                     job, part, part == SG_PART_G ? networks->generator : networks->generator_ema,
                     error);
}

/* The metadata of a native file, or where the networks come from. */
static sg_status write_file(const sg_network_saving *job, const sg_network_file *file,
                            sg_error *error)
{
    const char *dialect = sg_network_dialect(file);
    size_t count = dialect ? 1 : sg_network_metadata_count(file);
    sg_metadata *metadata = sg_allocate(count + 1, sizeof *metadata);
    if (!metadata)
        return sg_fail_memory(error, "%s", job->path);
    for (size_t i = 0; i < count; i++) {
        metadata[i] =
            dialect ? (sg_metadata){"converted_from", dialect} : sg_network_metadata_at(file, i);
    }
    sg_status status = sg_network_saving_write(job, metadata, count, error);
    free(metadata);
    return status;
}

sg_status sg_network_convert(const sg_network_file *file, const sg_network_choice *choice,
                             const char *path, sg_context *context, sg_error *error)
{
    sg_network_saving job = {.path = path};
    sg_network_parts networks = {0};
    sg_status status = SG_OK;
    for (int part = 0; !status && part < SG_PART_COUNT; part++)
        if (choice->part[part])
            status = add_part(&job, file, (sg_network_part)part, context, &networks, error);
    if (!status)
        status = write_file(&job, file, error);
    sg_network_saving_clear(&job);
    destroy_networks(&networks);
    return status;
}

/* ---- rosinality ---- */

sg_status sg_network_convert_to_rosinality(const sg_network_file *file,
                                           const sg_network_choice *choice, const char *path,
                                           sg_context *context, const char **left_out,
                                           sg_error *error)
{
    sg_network_parts networks = {0};
    sg_status status = SG_OK;
    *left_out = NULL;
    for (int part = 0; !status && part < SG_PART_COUNT; part++)
        if (choice->part[part])
            status = load_part(file, (sg_network_part)part, context, &networks, error);
    if (!status && networks.discriminator)
        *left_out = sg_rosinality_discriminator_obstacle(
            sg_discriminator_config_of(networks.discriminator));
    if (*left_out) {
        sg_discriminator_destroy(networks.discriminator);
        networks.discriminator = NULL;
    }
    if (!status)
        status = sg_rosinality_save(path, &networks, error);
    destroy_networks(&networks);
    return status;
}
