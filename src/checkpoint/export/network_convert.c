/* Converts network files: loads the chosen networks, and writes them in the chosen format. */
#include "checkpoint/export/network_convert.h"

#include <stdlib.h>

#include "base/allocate.h"
#include "checkpoint/network/network_load.h"
#include "checkpoint/network/network_writer.h"

sg_network_choice sg_network_choose_all(const sg_network_file *file)
{
    sg_network_choice choice = {.readable = true};
    for (int part = 0; part < SG_PART_COUNT; part++)
        choice.part[part] = sg_network_has(file, (sg_network_part)part);
    return choice;
}

/* ---- networks ---- */

/* True if the others can do without a part that failed to load: G_ema is what a file is for. */
static bool may_leave_out(const sg_network_choice *choice, sg_network_part part, sg_status status)
{
    int chosen = 0;
    for (int i = 0; i < SG_PART_COUNT; i++)
        chosen += choice->part[i];
    return choice->readable && part != SG_PART_G_EMA && status != SG_ERROR_MEMORY && chosen > 1;
}

static sg_status load_networks(const sg_network_file *file, sg_network_choice *choice,
                               sg_context *context, sg_network_parts *networks, sg_error *error)
{
    for (int i = 0; i < SG_PART_COUNT; i++) {
        const sg_network_part part = (sg_network_part)i;
        sg_error reason = {0};
        if (!choice->part[part] || !sg_network_load_part(file, part, context, networks, &reason))
            continue;
        if (!may_leave_out(choice, part, reason.status))
            return sg_fail(error, reason.status, "%s", reason.message);
        choice->part[part] = false;
        choice->refusal[part] = reason;
    }
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

sg_status sg_network_convert(const sg_network_file *file, sg_network_choice *choice,
                             const sg_network_format *format, const char *path, sg_context *context,
                             const char **left_out, sg_error *error)
{
    sg_network_parts networks = {0};
    *left_out = NULL;
    if (format->write && choice->part[SG_PART_M]) {
        choice->part[SG_PART_M] = false;
        (void)sg_fail(&choice->refusal[SG_PART_M], SG_ERROR_ARGUMENT,
                      "mappers are written in the native format alone");
    }
    if (format->write && choice->part[SG_PART_E]) {
        choice->part[SG_PART_E] = false;
        (void)sg_fail(&choice->refusal[SG_PART_E], SG_ERROR_ARGUMENT,
                      "encoders are written in the native format alone");
    }
    sg_status status = load_networks(file, choice, context, &networks, error);
    if (!status)
        status = format->write ? format->write(path, &networks, left_out, error)
                               : write_native(file, &networks, path, error);
    sg_network_parts_clear(&networks);
    return status;
}
