/* Puts native network files together; see network_writer.h. */
#include "checkpoint/network/network_writer.h"

#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "models/config_json.h"

static sg_status fail_memory(const sg_network_saving *job, sg_error *error)
{
    return sg_fail_memory(error, "%s", job->path);
}

/* ---- tensors ---- */

static bool reserve(sg_network_saving *job)
{
    if (job->count < job->capacity)
        return true;
    size_t capacity = job->capacity > 0 ? 2 * job->capacity : 128;
    sg_safetensors_entry *entries = sg_reallocate(job->entries, capacity, sizeof *entries);
    job->entries = entries ? entries : job->entries;
    char **names = sg_reallocate(job->names, capacity, sizeof *names);
    job->names = names ? names : job->names;
    if (!entries || !names)
        return false;
    job->capacity = capacity;
    return true;
}

/* "PART.NAME" on the heap; NULL on lack of memory. */
static char *join_name(sg_network_part part, const char *name)
{
    size_t bytes = strlen(sg_network_part_name(part)) + strlen(name) + 2;
    char *joined = sg_allocate(bytes, 1);
    if (joined)
        snprintf(joined, bytes, "%s.%s", sg_network_part_name(part), name);
    return joined;
}

static sg_status add_parameter(sg_network_saving *job, sg_network_part part,
                               const sg_parameter *parameter, sg_error *error)
{
    const sg_tensor *tensor = parameter->tensor;
    if (tensor->dtype != SG_F32)
        return sg_fail(error, SG_ERROR_ARGUMENT, "cannot write %s: the tensor %s.%s is not float32",
                       job->path, sg_network_part_name(part), parameter->name);
    char *name = join_name(part, parameter->name);
    if (!name || !reserve(job)) {
        free(name);
        return fail_memory(job, error);
    }
    job->names[job->count] = name;
    sg_safetensors_entry *entry = &job->entries[job->count++];
    *entry = (sg_safetensors_entry){
        .name = name, .type = SG_STORED_F32, .rank = tensor->shape.rank, .values = sg_f32(tensor)};
    memcpy(entry->size, tensor->shape.size, (size_t)entry->rank * sizeof *entry->size);
    return SG_OK;
}

/* ---- parts ---- */

/* Takes over `init_kwargs`. */
static sg_status add_config(sg_network_saving *job, sg_network_part part, const char *class_name,
                            cJSON *init_kwargs, sg_error *error)
{
    if (!job->config)
        job->config = cJSON_CreateObject();
    cJSON *entry = cJSON_AddObjectToObject(job->config, sg_network_part_name(part));
    if (init_kwargs && cJSON_AddStringToObject(entry, "class_name", class_name) &&
        cJSON_AddItemToObject(entry, "init_kwargs", init_kwargs))
        return SG_OK;
    cJSON_Delete(init_kwargs);
    return fail_memory(job, error);
}

/* Takes over `init_kwargs`. */
static sg_status add_network(sg_network_saving *job, sg_network_part part, const char *class_name,
                             cJSON *init_kwargs, const sg_parameter_set *set, sg_error *error)
{
    sg_status status = add_config(job, part, class_name, init_kwargs, error);
    for (size_t i = 0; !status && i < set->count; i++)
        status = add_parameter(job, part, &set->items[i], error);
    return status;
}

sg_status sg_network_saving_add_generator(sg_network_saving *job, sg_network_part part,
                                          sg_generator *generator, sg_error *error)
{
    return !generator ? SG_OK
                      : add_network(job, part, "Generator",
                                    sg_generator_config_to_json(sg_generator_config_of(generator)),
                                    sg_generator_parameters(generator), error);
}

sg_status sg_network_saving_add_discriminator(sg_network_saving *job,
                                              sg_discriminator *discriminator, sg_error *error)
{
    return !discriminator ? SG_OK
                          : add_network(job, SG_PART_D, "Discriminator",
                                        sg_discriminator_config_to_json(
                                            sg_discriminator_config_of(discriminator)),
                                        sg_discriminator_parameters(discriminator), error);
}

/* ---- the file ---- */

sg_status sg_network_saving_write(const sg_network_saving *job, const sg_metadata *metadata,
                                  size_t count, sg_error *error)
{
    if (job->count == 0)
        return sg_fail(error, SG_ERROR_ARGUMENT, "cannot write %s: there is no network to save",
                       job->path);
    char *config = cJSON_PrintUnformatted(job->config);
    sg_metadata *pairs = sg_allocate(count + 1, sizeof *pairs);
    if (!config || !pairs) {
        cJSON_free(config);
        free(pairs);
        return fail_memory(job, error);
    }
    pairs[0] = (sg_metadata){"config", config};
    for (size_t i = 0; i < count; i++)
        pairs[i + 1] = metadata[i];
    sg_status status =
        sg_safetensors_write(job->path, job->entries, job->count, pairs, count + 1, error);
    cJSON_free(config);
    free(pairs);
    return status;
}

void sg_network_saving_clear(sg_network_saving *job)
{
    for (size_t i = 0; i < job->count; i++)
        free(job->names[i]);
    free(job->entries);
    free(job->names);
    cJSON_Delete(job->config);
    *job = (sg_network_saving){.path = job->path};
}
