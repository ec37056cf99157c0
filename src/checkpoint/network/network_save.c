/* Writes networks to the native files; see network_file.h for the format. */
#include "checkpoint/network/network_file.h"
#include "checkpoint/network/network_writer.h"

sg_status sg_network_save(const char *path, const sg_network_parts *parts,
                          const sg_metadata *metadata, size_t count, sg_error *error)
{
    sg_network_saving job = {.path = path};
    sg_status status = sg_network_saving_add_generator(&job, SG_PART_G, parts->generator, error);
    if (!status)
        status = sg_network_saving_add_discriminator(&job, parts->discriminator, error);
    if (!status)
        status = sg_network_saving_add_generator(&job, SG_PART_G_EMA, parts->generator_ema, error);
    if (!status)
        status = sg_network_saving_write(&job, metadata, count, error);
    sg_network_saving_clear(&job);
    return status;
}
