/*
 * Writes native network files: the tensors of all networks under "PART.NAME", and their configs.
 *
 * Tested by: tests/checkpoint/network/test_network_file.c
 */
#include "checkpoint/network/network_writer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "checkpoint/contents/network_contents.h"
#include "checkpoint/safetensors/safetensors.h"
#include "models/config_json.h"
#include "models/discriminator.h"
#include "models/encoder/encoder.h"
#include "models/generator.h"
#include "models/mapper/mapper.h"
#include "nn/parameter.h"

/* "PART.NAME" */
typedef char entry_name[SG_PARAMETER_NAME_BYTES + 8];

/* A file being put together. */
typedef struct network_writer {
    const char *path;
    sg_safetensors_entry *entries;
    entry_name *names; /* of the entries */
    size_t count;
    cJSON *config;
} network_writer;

static sg_status add_parameter(network_writer *writer, sg_network_part part,
                               const sg_parameter *parameter, sg_error *error)
{
    const sg_tensor *tensor = parameter->tensor;
    if (tensor->dtype != SG_F32)
        return sg_fail(error, SG_ERROR_ARGUMENT, "cannot write %s: the tensor %s.%s is not float32",
                       writer->path, sg_network_part_name(part), parameter->name);
    char *name = writer->names[writer->count];
    sg_safetensors_entry *entry = &writer->entries[writer->count++];
    snprintf(name, sizeof(entry_name), "%s.%s", sg_network_part_name(part), parameter->name);
    *entry = (sg_safetensors_entry){
        .name = name, .type = SG_STORED_F32, .rank = tensor->shape.rank, .values = sg_f32(tensor)};
    memcpy(entry->size, tensor->shape.size, (size_t)entry->rank * sizeof *entry->size);
    return SG_OK;
}

/* Takes over `init_kwargs`. */
static sg_status add_network(network_writer *writer, sg_network_part part, const char *class_name,
                             cJSON *init_kwargs, const sg_parameter_set *set, sg_error *error)
{
    SG_TRY(
        sg_network_config_add(&writer->config, part, class_name, init_kwargs, writer->path, error));
    for (size_t i = 0; i < set->count; i++)
        SG_TRY(add_parameter(writer, part, &set->items[i], error));
    return SG_OK;
}

static sg_status add_generator(network_writer *writer, sg_network_part part,
                               sg_generator *generator, sg_error *error)
{
    return !generator ? SG_OK
                      : add_network(writer, part, "Generator",
                                    sg_generator_config_to_json(sg_generator_config_of(generator)),
                                    sg_generator_parameters(generator), error);
}

static sg_status add_discriminator(network_writer *writer, sg_discriminator *discriminator,
                                   sg_error *error)
{
    return !discriminator ? SG_OK
                          : add_network(writer, SG_PART_D, "Discriminator",
                                        sg_discriminator_config_to_json(
                                            sg_discriminator_config_of(discriminator)),
                                        sg_discriminator_parameters(discriminator), error);
}

static sg_status add_encoder(network_writer *writer, sg_encoder *encoder, sg_error *error)
{
    return !encoder ? SG_OK
                    : add_network(writer, SG_PART_E, "Encoder",
                                  sg_encoder_config_to_json(sg_encoder_config_of(encoder)),
                                  sg_encoder_parameters(encoder), error);
}

static sg_status add_mapper(network_writer *writer, sg_mapper *mapper, sg_error *error)
{
    return !mapper ? SG_OK
                   : add_network(writer, SG_PART_M, "Mapper",
                                 sg_mapper_config_to_json(sg_mapper_config_of(mapper)),
                                 sg_mapper_parameters(mapper), error);
}

/* Makes room for the tensors of all parts, and adds them. */
static sg_status add_parts(network_writer *writer, const sg_network_parts *parts, sg_error *error)
{
    size_t count = 1;
    if (parts->generator)
        count += sg_generator_parameters(parts->generator)->count;
    if (parts->discriminator)
        count += sg_discriminator_parameters(parts->discriminator)->count;
    if (parts->generator_ema)
        count += sg_generator_parameters(parts->generator_ema)->count;
    if (parts->encoder)
        count += sg_encoder_parameters(parts->encoder)->count;
    if (parts->mapper)
        count += sg_mapper_parameters(parts->mapper)->count;
    writer->entries = sg_allocate(count, sizeof *writer->entries);
    writer->names = sg_allocate(count, sizeof *writer->names);
    if (!writer->entries || !writer->names)
        return sg_fail_memory(error, "%s", writer->path);
    SG_TRY(add_generator(writer, SG_PART_G, parts->generator, error));
    SG_TRY(add_discriminator(writer, parts->discriminator, error));
    SG_TRY(add_generator(writer, SG_PART_G_EMA, parts->generator_ema, error));
    SG_TRY(add_encoder(writer, parts->encoder, error));
    return add_mapper(writer, parts->mapper, error);
}

/* ---- the file ---- */

static sg_status write_file(const network_writer *writer, const sg_metadata *metadata, size_t count,
                            sg_error *error)
{
    if (writer->count == 0)
        return sg_fail(error, SG_ERROR_ARGUMENT, "cannot write %s: there is no network to save",
                       writer->path);
    char *config = cJSON_PrintUnformatted(writer->config);
    sg_metadata *pairs = sg_allocate(count + 2, sizeof *pairs);
    sg_status status = config && pairs ? SG_OK : sg_fail_memory(error, "%s", writer->path);
    if (!status) {
        pairs[0] = (sg_metadata){"config", config};
        pairs[1] = (sg_metadata){"format", "pt"}; /* torch's programs ask for it */
        for (size_t i = 0; i < count; i++)
            pairs[i + 2] = metadata[i];
        status = sg_safetensors_write(writer->path, writer->entries, writer->count, pairs,
                                      count + 2, error);
    }
    cJSON_free(config);
    free(pairs);
    return status;
}

sg_status sg_network_save(const char *path, const sg_network_parts *parts,
                          const sg_metadata *metadata, size_t count, sg_error *error)
{
    network_writer writer = {.path = path};
    sg_status status = add_parts(&writer, parts, error);
    if (!status)
        status = write_file(&writer, metadata, count, error);
    free(writer.entries);
    free(writer.names);
    cJSON_Delete(writer.config);
    return status;
}
