/* Converts network files: loads the chosen networks, and writes them in the chosen format. */
#include "checkpoint/export/network_convert.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/allocate.h"
#include "checkpoint/network/network_load.h"
#include "checkpoint/network/network_writer.h"
#include "checkpoint/torch/torch_file.h"

static const char native_suffix[] = ".safetensors";

sg_network_choice sg_network_choose_all(const sg_network_file *file)
{
    sg_network_choice choice;
    for (int part = 0; part < SG_PART_COUNT; part++)
        choice.part[part] = sg_network_has(file, (sg_network_part)part);
    return choice;
}

/* ---- formats ---- */

bool sg_convert_format(const char *path, const sg_network_map **map)
{
    const char *suffix = strrchr(path, '.');
    *map = NULL;
    if (!suffix || suffix == path)
        return false;
    *map = sg_map_of_suffix(suffix);
    return *map || strcasecmp(suffix, native_suffix) == 0;
}

char *sg_convert_suffixes(char *text, size_t size)
{
    size_t length = (size_t)snprintf(text, size, "%s", native_suffix);
    for (size_t i = 0; sg_map_at(i) && length < size; i++)
        if (sg_map_at(i)->suffix)
            length +=
                (size_t)snprintf(text + length, size - length, " or %s", sg_map_at(i)->suffix);
    return text;
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
                             const sg_network_map *map, const char *path, sg_context *context,
                             const char **left_out, sg_error *error)
{
    sg_network_parts networks = {0};
    *left_out = NULL;
    sg_status status = load_networks(file, choice, context, &networks, error);
    if (!status)
        status = map ? map->write(path, &networks, sg_torch_write, left_out, error)
                     : write_native(file, &networks, path, error);
    destroy_networks(&networks);
    return status;
}
