/* Snapshots and state dicts for the official PyTorch programs: checks, and the file as a whole. */
#include "checkpoint/official/official_write.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/files/atomic_file.h"
#include "checkpoint/official/module_writer.h"
#include "models/config_json.h"

/* ---- checks ---- */

/* Returns why the programs cannot build the network, as the end of a sentence; NULL if they can. */
static const char *generator_obstacle(const sg_generator_config *config)
{
    if (config->family != SG_STYLEGAN2 && config->family != SG_STYLEGAN3)
        return "is of another family than StyleGAN2 and StyleGAN3";
    if (config->base_height != 4 || config->base_width != 4)
        return "has a constant of another size than 4x4";
    return NULL;
}

static const char *discriminator_obstacle(const sg_discriminator_config *config)
{
    if (config->family != SG_STYLEGAN2)
        return "is of another family than StyleGAN2";
    if (config->base_height != 4 || config->base_width != 4)
        return "has a last block of another size than 4x4";
    return NULL;
}

static sg_status check_part(const char *path, sg_network_part part, const char *obstacle,
                            sg_error *error)
{
    return obstacle ? sg_fail(error, SG_ERROR_ARGUMENT,
                              "cannot write %s: %s %s, which the official PyTorch programs cannot "
                              "build",
                              path, sg_network_part_name(part), obstacle)
                    : SG_OK;
}

static sg_status check_parts(const char *path, const sg_network_parts *parts, sg_error *error)
{
    const sg_generator *generators[] = {parts->generator, parts->generator_ema};
    const sg_network_part names[] = {SG_PART_G, SG_PART_G_EMA};
    if (!parts->generator && !parts->generator_ema)
        return sg_fail(error, SG_ERROR_ARGUMENT, "cannot write %s: it needs G_ema or G", path);
    for (int i = 0; i < 2; i++)
        if (generators[i])
            SG_TRY(check_part(path, names[i],
                              generator_obstacle(sg_generator_config_of(generators[i])), error));
    return parts->discriminator ? check_part(path, SG_PART_D,
                                             discriminator_obstacle(
                                                 sg_discriminator_config_of(parts->discriminator)),
                                             error)
                                : SG_OK;
}

/* ---- snapshots ---- */

/* Puts the network, whose keywords it frees. */
static void put_network(sg_written_network *network)
{
    if (network->init_kwargs)
        sg_put_network(network);
    else
        network->to->pickle.failed = true;
    cJSON_Delete(network->init_kwargs);
}

static void put_generator(sg_snapshot *to, sg_generator *generator)
{
    const sg_generator_config *config = sg_generator_config_of(generator);
    sg_written_network network = {.to = to,
                                  .set = sg_generator_parameters(generator),
                                  .generator = config,
                                  .num_ws = sg_generator_num_ws(generator),
                                  .init_kwargs = sg_generator_config_to_json(config)};
    put_network(&network);
}

/* An empty module, with torch's own state. */
static void put_identity(sg_text *pickle)
{
    static const char *const dicts[] = {"_parameters",    "_buffers",           "_backward_hooks",
                                        "_forward_hooks", "_forward_pre_hooks", "_modules"};
    sg_put_global(pickle, "torch.nn.modules.linear", "Identity");
    sg_put_opcode(pickle, SG_OP_EMPTY_TUPLE);
    sg_put_opcode(pickle, SG_OP_NEW_OBJECT);
    sg_put_opcode(pickle, SG_OP_EMPTY_DICT);
    sg_put_opcode(pickle, SG_OP_MARK);
    sg_put_pair_bool(pickle, "training", false);
    for (size_t i = 0; i < sizeof dicts / sizeof dicts[0]; i++) {
        sg_put_text(pickle, dicts[i]);
        sg_put_ordered_dict(pickle);
    }
    sg_put_opcode(pickle, SG_OP_SET_ITEMS);
    sg_put_opcode(pickle, SG_OP_BUILD);
}

static void put_discriminator(sg_snapshot *to, sg_discriminator *discriminator)
{
    if (!discriminator) {
        put_identity(&to->pickle);
        return;
    }
    const sg_discriminator_config *config = sg_discriminator_config_of(discriminator);
    sg_written_network network = {.to = to,
                                  .set = sg_discriminator_parameters(discriminator),
                                  .discriminator = config,
                                  .init_kwargs = sg_discriminator_config_to_json(config)};
    put_network(&network);
}

static void put_snapshot(sg_snapshot *to, const sg_network_parts *parts)
{
    sg_text *pickle = &to->pickle;
    const bool both = parts->generator && parts->generator_ema;
    sg_put_protocol(pickle, 3);
    sg_put_opcode(pickle, SG_OP_EMPTY_DICT);
    sg_put_opcode(pickle, SG_OP_MARK);
    sg_put_text(pickle, "G");
    put_generator(to, parts->generator ? parts->generator : parts->generator_ema);
    if (!both)
        sg_put_memo(pickle, SG_MEMO_GENERATOR);
    sg_put_text(pickle, "D");
    put_discriminator(to, parts->discriminator);
    sg_put_text(pickle, "G_ema");
    if (both)
        put_generator(to, parts->generator_ema);
    else
        sg_put_again(pickle, SG_MEMO_GENERATOR);
    sg_put_pair_none(pickle, "training_set_kwargs");
    sg_put_pair_none(pickle, "augment_pipe");
    sg_put_opcode(pickle, SG_OP_SET_ITEMS);
    sg_put_opcode(pickle, SG_OP_STOP);
    sg_snapshot_flush(to);
}

sg_status sg_official_write(const char *path, const sg_network_parts *parts, sg_error *error)
{
    sg_atomic_file *file = NULL;
    SG_TRY(check_parts(path, parts, error));
    SG_TRY(sg_atomic_open(path, &file, error));
    sg_snapshot snapshot = {.stream = sg_atomic_stream(file)};
    errno = 0;
    put_snapshot(&snapshot, parts);
    sg_status status = SG_OK;
    if (snapshot.pickle.failed)
        status = sg_fail_memory(error, "%s", path);
    else if (snapshot.failed)
        status = sg_fail(error, SG_ERROR_FILE, "cannot write %s: %s", path,
                         errno ? strerror(errno) : "a tensor has no place in the classes");
    sg_text_clear(&snapshot.pickle);
    if (!status)
        return sg_atomic_commit(file, error);
    sg_atomic_abandon(file);
    return status;
}

/* ---- state dicts ---- */

static void add_states(sg_tensor_entry *entries, size_t *count, sg_network_part part,
                       const sg_parameter_set *set)
{
    for (size_t i = 0; set && i < set->count; i++) {
        const sg_tensor *tensor = set->items[i].tensor;
        sg_tensor_entry *entry = &entries[(*count)++];
        *entry = (sg_tensor_entry){.dict = sg_network_part_name(part),
                                   .name = set->items[i].name,
                                   .rank = tensor->shape.rank,
                                   .values = sg_f32(tensor),
                                   .scale = 1};
        memcpy(entry->size, tensor->shape.size, (size_t)entry->rank * sizeof *entry->size);
    }
}

sg_status sg_official_write_states(const char *path, const sg_network_parts *parts,
                                   sg_tensor_writer writer, sg_error *error)
{
    SG_TRY(check_parts(path, parts, error));
    const sg_parameter_set *sets[SG_PART_COUNT] = {
        [SG_PART_G] = parts->generator ? sg_generator_parameters(parts->generator) : NULL,
        [SG_PART_D] =
            parts->discriminator ? sg_discriminator_parameters(parts->discriminator) : NULL,
        [SG_PART_G_EMA] =
            parts->generator_ema ? sg_generator_parameters(parts->generator_ema) : NULL,
    };
    size_t count = 0;
    for (int part = 0; part < SG_PART_COUNT; part++)
        count += sets[part] ? sets[part]->count : 0;
    sg_tensor_entry *entries = sg_allocate(count, sizeof *entries);
    if (!entries)
        return sg_fail_memory(error, "%s", path);
    count = 0;
    for (int part = 0; part < SG_PART_COUNT; part++)
        add_states(entries, &count, (sg_network_part)part, sets[part]);
    const sg_status status = writer(path, entries, count, error);
    free(entries);
    return status;
}
