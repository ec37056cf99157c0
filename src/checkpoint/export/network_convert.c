/* Converts network files: loads the chosen networks, and writes them in the chosen format. */
#include "checkpoint/export/network_convert.h"

#include <stdlib.h>

#include "base/allocate.h"
#include "checkpoint/network/network_load.h"
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
}

static sg_status load_networks(const sg_network_file *file, const sg_network_choice *choice,
                               sg_context *context, sg_network_parts *networks, sg_error *error)
{
    if (choice->part[SG_PART_G])
        SG_TRY(sg_network_load_generator(file, SG_PART_G, context, &networks->generator, error));
    if (choice->part[SG_PART_D])
        SG_TRY(sg_network_load_discriminator(file, context, &networks->discriminator, error));
    if (choice->part[SG_PART_G_EMA])
        SG_TRY(sg_network_load_generator(file, SG_PART_G_EMA, context, &networks->generator_ema,
                                         error));
    return SG_OK;
}

/* Writes a native file, with the metadata of a native one or the program that wrote a foreign one.
 */
static sg_status write_native(const sg_network_file *file, const sg_network_parts *networks,
                              const char *path, sg_error *error)
{
    const char *dialect = sg_network_dialect(file);
    const size_t count = dialect ? 1 : sg_network_metadata_count(file);
    sg_metadata *metadata = sg_allocate(count + 1, sizeof *metadata);
    if (!metadata)
        return sg_fail_memory(error, "%s", path);
    for (size_t i = 0; i < count; i++)
        metadata[i] =
            dialect ? (sg_metadata){"converted_from", dialect} : sg_network_metadata_at(file, i);
    const sg_status status = sg_network_save(path, networks, metadata, count, error);
    free(metadata);
    return status;
}

sg_status sg_network_convert(const sg_network_file *file, const sg_network_choice *choice,
                             const sg_network_format *format, const char *path, sg_context *context,
                             const char **left_out, sg_error *error)
{
    sg_network_parts networks = {0};
    *left_out = NULL;
    sg_status status = load_networks(file, choice, context, &networks, error);
    if (!status)
        status = format->write ? format->write(path, &networks, left_out, error)
                               : write_native(file, &networks, path, error);
    destroy_networks(&networks);
    return status;
}
