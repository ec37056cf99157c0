/*
 * Training states as safetensors files.
 * Tested by: tests/train/run/test_resume.c
 */
#include "train/run/training_state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/allocate.h"
#include "base/files/file.h"
#include "base/files/input_file.h"
#include "checkpoint/network/network_load.h"
#include "checkpoint/safetensors/safetensors.h"

enum {
    COUNTERS = 5,
    GROWTH_COUNTERS = 2,
    SCORE_COUNTERS = 2,
    LATENT_POOLS = 2,
    CHECKSUM_BYTES = 16,
    LATENT_ENTRIES = (SG_MOMENT_COUNT + 1) * 2 * SG_LATENT_LAYERS + LATENT_POOLS + 1,
    NAME_BYTES = SG_PARAMETER_NAME_BYTES + 16
};

/* The file's tensors, in order: moments of G, moments of D, a classifier's weights, counters, path
 * mean; for growing networks, images seen and images seen when the present stage began; of adaptive
 * augmentation, p, and the sum of the signs and the number of scores since its last adjustment. */
typedef struct state_table {
    sg_safetensors_entry *entries;
    char (*names)[NAME_BYTES];
    size_t count;
    int64_t counters[COUNTERS], growth[GROWTH_COUNTERS], scores[SCORE_COUNTERS];
    int64_t latent[LATENT_POOLS + 1]; /* steps of its optimiser, rows of both pools */
    double path_mean;
    float augment_p;
} state_table;

static void table_clear(state_table *table)
{
    free(table->entries);
    free(table->names);
}

static size_t trainable_count(const sg_parameter_set *set)
{
    size_t count = 0;
    for (size_t i = 0; i < set->count; i++)
        count += set->items[i].trainable ? 1 : 0;
    return count;
}

/* Adds a list of `size` values; 0: a scalar. */
static void add_entry(state_table *table, const char *name, sg_stored_type type, int64_t size,
                      const void *values)
{
    table->entries[table->count++] = (sg_safetensors_entry){
        .name = name, .type = type, .rank = size > 0, .size = {size}, .values = values};
}

/* Lists the moments of one network's trainable tensors. */
static void list_moments(state_table *table, const char *part, const sg_parameter_set *set,
                         sg_optimiser *optimiser)
{
    static const char *const orders[SG_MOMENT_COUNT] = {"first", "second", "slow"};
    size_t trainable = 0;
    for (size_t i = 0; i < set->count; i++) {
        if (!set->items[i].trainable)
            continue;
        for (int which = 0; which < SG_MOMENT_COUNT; which++) {
            const float *moment = sg_optimiser_moment(optimiser, trainable, which);
            if (!moment)
                continue;
            char *name = table->names[table->count];
            snprintf(name, NAME_BYTES, "%s.%s.%s", part, orders[which], set->items[i].name);
            add_entry(table, name, SG_STORED_F32, sg_tensor_count(set->items[i].tensor), moment);
        }
        trainable++;
    }
}

/* Lists weights that the network file has not: a classifier's, of which it has the average. */
static void list_weights(state_table *table, const char *part, const sg_parameter_set *set)
{
    for (size_t i = 0; i < set->count; i++) {
        sg_tensor *tensor = set->items[i].tensor;
        char *name = table->names[table->count];
        snprintf(name, NAME_BYTES, "%s.trained.%s", part, set->items[i].name);
        add_entry(table, name, SG_STORED_F32, sg_tensor_count(tensor), sg_f32(tensor));
    }
}

/* Lists e4e's discriminator of w: weights, moments and pools, with its counters. */
static void list_latent_judge(state_table *table, sg_latent_judge *judge)
{
    sg_latent_pool *pools[LATENT_POOLS] = {&judge->reals, &judge->fakes};
    static const char *const names[LATENT_POOLS] = {"W.reals", "W.fakes"};
    list_moments(table, "W", &judge->parameters, judge->optimiser);
    list_weights(table, "W", &judge->parameters);
    table->latent[0] = sg_optimiser_steps(judge->optimiser);
    for (int i = 0; i < LATENT_POOLS; i++) {
        table->latent[i + 1] = pools[i]->count;
        add_entry(table, names[i], SG_STORED_F32, (int64_t)SG_LATENT_POOL * judge->w_dim,
                  pools[i]->values);
    }
    add_entry(table, "W.counters", SG_STORED_I64, LATENT_POOLS + 1, table->latent);
}

/* Takes counters that no state should have beyond. */
static void take_latent_judge(sg_latent_judge *judge, const state_table *table)
{
    sg_latent_pool *pools[LATENT_POOLS] = {&judge->reals, &judge->fakes};
    sg_optimiser_set_steps(judge->optimiser, table->latent[0]);
    for (int i = 0; i < LATENT_POOLS; i++) {
        const int64_t count = table->latent[i + 1];
        pools[i]->count = count < 0 ? 0 : count > SG_LATENT_POOL ? SG_LATENT_POOL : count;
    }
}

/* Lists a trainer's state; the moments are the trainer's own arrays. */
static sg_status table_make(const sg_trainer *trainer, uint32_t network_checksum,
                            state_table *table, sg_error *error)
{
    const sg_trainer_networks networks = sg_trainer_networks_of(trainer);
    const sg_trainer_counters counters = sg_trainer_counters_of(trainer);
    const sg_parameter_set *g =
        networks.generator ? sg_generator_parameters(networks.generator) : NULL;
    const sg_parameter_set *d = networks.encoder  ? sg_encoder_parameters(networks.encoder)
                                : networks.mapper ? sg_mapper_parameters(networks.mapper)
                                : networks.discriminator
                                    ? sg_discriminator_parameters(networks.discriminator)
                                    : NULL;
    size_t total =
        SG_MOMENT_COUNT * ((g ? trainable_count(g) : 0) + (d ? trainable_count(d) : 0)) + 5;
    total += d && networks.d_average ? d->count : 0;
    total += networks.latent_judge ? LATENT_ENTRIES : 0;
    *table = (state_table){.entries = sg_allocate(total, sizeof *table->entries),
                           .names = sg_allocate(total, NAME_BYTES),
                           .counters = {(int64_t)counters.steps, (int64_t)counters.random_round,
                                        g ? sg_optimiser_steps(networks.g_optimiser) : 0,
                                        d ? sg_optimiser_steps(networks.d_optimiser) : 0,
                                        network_checksum},
                           .growth = {(int64_t)counters.images, (int64_t)counters.stage_images},
                           .scores = {counters.ada.sign_sum, counters.ada.scores},
                           .path_mean = counters.path_mean,
                           .augment_p = counters.ada.p};
    if (!table->entries || !table->names)
        return sg_fail_memory(error, "a training state");
    if (g)
        list_moments(table, "G", g, networks.g_optimiser);
    if (d)
        list_moments(table,
                     networks.encoder  ? "E"
                     : networks.mapper ? "M"
                                       : "D",
                     d, networks.d_optimiser);
    if (d && networks.d_average)
        list_weights(table, "D", d);
    if (networks.latent_judge)
        list_latent_judge(table, networks.latent_judge);
    add_entry(table, "counters", SG_STORED_I64, COUNTERS, table->counters);
    add_entry(table, "path_mean", SG_STORED_F64, 0, &table->path_mean);
    if (sg_trainer_grows(trainer))
        add_entry(table, "growth", SG_STORED_I64, GROWTH_COUNTERS, table->growth);
    if (sg_trainer_adapts(trainer)) {
        add_entry(table, "augment_p", SG_STORED_F32, 0, &table->augment_p);
        add_entry(table, "augment_scores", SG_STORED_I64, SCORE_COUNTERS, table->scores);
    }
    return SG_OK;
}

static size_t entry_bytes(const sg_safetensors_entry *entry)
{
    size_t count = entry->rank ? (size_t)entry->size[0] : 1;
    return count * sg_stored_type_bytes(entry->type);
}

/* Returns the CRC-32 of all values in order. */
static uint32_t table_checksum(const state_table *table)
{
    uLong sum = crc32_z(0, NULL, 0);
    for (size_t i = 0; i < table->count; i++)
        sum = crc32_z(sum, table->entries[i].values, entry_bytes(&table->entries[i]));
    return (uint32_t)sum;
}

/* Computes the CRC-32 of a file's bytes. */
static sg_status file_checksum(const char *path, uint32_t *checksum, sg_error *error)
{
    unsigned char *bytes;
    size_t size;
    SG_TRY(sg_read_file(path, SIZE_MAX / 2, &bytes, &size, error));
    *checksum = (uint32_t)crc32_z(crc32_z(0, NULL, 0), bytes, size);
    free(bytes);
    return SG_OK;
}

/* Returns the CRC-32 of the texts of an identity; without files, as of states that know none. */
static uint32_t identity_checksum(const char *options, const char *data, const char *files)
{
    uLong sum = crc32_z(0, NULL, 0);
    sum = crc32_z(sum, (const unsigned char *)options, strlen(options) + 1);
    sum = crc32_z(sum, (const unsigned char *)data, strlen(data) + 1);
    if (files && files[0])
        sum = crc32_z(sum, (const unsigned char *)files, strlen(files) + 1);
    return (uint32_t)sum;
}

sg_status sg_training_state_identify(const char *path, sg_run_identity *identity, sg_error *error)
{
    char checksum[CHECKSUM_BYTES];
    sg_safetensors *file = NULL;
    sg_status status = SG_OK;
    *identity = (sg_run_identity){0};
    SG_TRY(sg_safetensors_open(path, &file, error));
    const char *options = sg_safetensors_metadata(file, "options");
    const char *data = sg_safetensors_metadata(file, "data");
    const char *files = sg_safetensors_metadata(file, "files");
    const char *expected = sg_safetensors_metadata(file, "identity");
    if (options && data && expected) {
        snprintf(checksum, sizeof checksum, "%08x", identity_checksum(options, data, files));
        if (strcmp(checksum, expected) != 0)
            status = sg_fail(error, SG_ERROR_FORMAT,
                             "%s is damaged: the checksum of its options does not fit", path);
        else if (!(identity->options = sg_duplicate_text(options)))
            status = sg_fail_memory(error, "%s", path);
        snprintf(identity->data, sizeof identity->data, "%s", status ? "" : data);
        snprintf(identity->files, sizeof identity->files, "%s", status || !files ? "" : files);
    }
    sg_safetensors_close(file);
    return status;
}

sg_status sg_training_state_save(sg_trainer *trainer, const char *network_path, const char *path,
                                 const sg_run_identity *identity, sg_error *error)
{
    state_table table;
    uint32_t network_checksum;
    char checksum[CHECKSUM_BYTES];
    char identity_sum[CHECKSUM_BYTES];
    const bool known = identity && identity->options;
    SG_TRY(file_checksum(network_path, &network_checksum, error));
    sg_status status = table_make(trainer, network_checksum, &table, error);
    if (!status) {
        snprintf(checksum, sizeof checksum, "%08x", table_checksum(&table));
        if (known)
            snprintf(identity_sum, sizeof identity_sum, "%08x",
                     identity_checksum(identity->options, identity->data, identity->files));
        const sg_metadata metadata[] = {{"format", "stylegan-training-state-1"},
                                        {"checksum", checksum},
                                        {"options", known ? identity->options : NULL},
                                        {"data", known ? identity->data : NULL},
                                        {"identity", identity_sum},
                                        {"files", known ? identity->files : NULL}};
        const size_t count = !known ? 2 : identity->files[0] ? 6 : 5;
        status = sg_safetensors_write(path, table.entries, table.count, metadata, count, error);
    }
    table_clear(&table);
    return status;
}

/* Reads every tensor of the table into the array of its entry. */
static sg_status read_table(sg_safetensors *file, const state_table *table, const char *path,
                            sg_error *error)
{
    for (size_t i = 0; i < table->count; i++) {
        const sg_safetensors_entry *entry = &table->entries[i];
        const sg_stored_tensor *stored = sg_safetensors_find(file, entry->name);
        if (!stored || stored->type != entry->type || stored->bytes != entry_bytes(entry))
            return sg_fail(error, SG_ERROR_FORMAT,
                           "%s is no state of this training: its tensor %s is missing or of "
                           "another size",
                           path, entry->name);
        SG_TRY(sg_safetensors_read_bytes(file, stored, (void *)(uintptr_t)entry->values, error));
    }
    return SG_OK;
}

/* Checks that the values are those that were written, and that they belong to the snapshot. */
static sg_status verify(sg_safetensors *file, const state_table *table, const char *network_path,
                        const char *path, sg_error *error)
{
    char checksum[CHECKSUM_BYTES];
    uint32_t network_checksum = 0;
    snprintf(checksum, sizeof checksum, "%08x", table_checksum(table));
    const char *expected = sg_safetensors_metadata(file, "checksum");
    if (!expected || strcmp(expected, checksum) != 0)
        return sg_fail(error, SG_ERROR_FORMAT, "%s is damaged: its checksum does not fit", path);
    SG_TRY(file_checksum(network_path, &network_checksum, error));
    if (table->counters[4] != (int64_t)network_checksum)
        return sg_fail(error, SG_ERROR_FORMAT,
                       "%s does not belong to %s, or one of them is damaged", path, network_path);
    return SG_OK;
}

/* Returns the parameters of the trainer's network that a snapshot has as `part`; NULL for none. */
static sg_parameter_set *parameters_of(const sg_trainer *trainer, sg_network_part part)
{
    const sg_trainer_networks networks = sg_trainer_networks_of(trainer);
    sg_generator *generator = part == SG_PART_G ? networks.generator : networks.average;
    if (part == SG_PART_E || networks.encoder)
        return part == SG_PART_E && networks.encoder ? sg_encoder_parameters(networks.encoder)
                                                     : NULL;
    if (part == SG_PART_M || networks.mapper)
        return part == SG_PART_M && networks.mapper ? sg_mapper_parameters(networks.mapper) : NULL;
    if (part == SG_PART_D)
        return networks.discriminator
                   ? sg_discriminator_parameters(networks.d_average ? networks.d_average
                                                                    : networks.discriminator)
                   : NULL;
    return generator ? sg_generator_parameters(generator) : NULL;
}

static sg_status fill_networks(sg_trainer *trainer, const char *network_path, sg_error *error)
{
    sg_network_file *file = NULL;
    sg_status status = sg_network_open(network_path, &file, error);
    for (int part = 0; part < SG_PART_COUNT && !status; part++) {
        sg_parameter_set *parameters = parameters_of(trainer, (sg_network_part)part);
        if (parameters)
            status = sg_network_fill(file, (sg_network_part)part, parameters, error);
    }
    sg_network_close(file);
    return status;
}

/* Drops packed copies of weights that were read over. */
static void touch_weights(const sg_trainer *trainer)
{
    const sg_trainer_networks networks = sg_trainer_networks_of(trainer);
    const sg_parameter_set *set =
        networks.d_average ? sg_discriminator_parameters(networks.discriminator) : NULL;
    for (size_t i = 0; set && i < set->count; i++)
        sg_tensor_touch(set->items[i].tensor);
    set = networks.latent_judge ? &networks.latent_judge->parameters : NULL;
    for (size_t i = 0; set && i < set->count; i++)
        sg_tensor_touch(set->items[i].tensor);
}

static void take_counters(sg_trainer *trainer, const state_table *table)
{
    const sg_trainer_networks networks = sg_trainer_networks_of(trainer);
    const bool grows = sg_trainer_grows(trainer);
    const uint64_t steps = (uint64_t)table->counters[0];
    const sg_trainer_counters counters = {
        .steps = steps,
        .random_round = (uint64_t)table->counters[1],
        .path_mean = table->path_mean,
        .images =
            grows ? (uint64_t)table->growth[0] : steps * (uint64_t)sg_trainer_stage(trainer).batch,
        .stage_images = grows ? (uint64_t)table->growth[1] : 0,
        .ada = {table->augment_p, table->scores[0], table->scores[1]}};
    sg_trainer_set_counters(trainer, &counters);
    if (networks.g_optimiser)
        sg_optimiser_set_steps(networks.g_optimiser, table->counters[2]);
    if (networks.d_optimiser)
        sg_optimiser_set_steps(networks.d_optimiser, table->counters[3]);
    if (networks.latent_judge)
        take_latent_judge(networks.latent_judge, table);
}

sg_status sg_training_state_load(sg_trainer *trainer, const char *network_path, const char *path,
                                 sg_error *error)
{
    state_table table;
    sg_safetensors *file = NULL;
    SG_TRY(sg_safetensors_open(path, &file, error));
    sg_status status = table_make(trainer, 0, &table, error);
    if (!status)
        status = read_table(file, &table, path, error);
    touch_weights(trainer);
    if (!status)
        status = verify(file, &table, network_path, path, error);
    if (!status)
        status = fill_networks(trainer, network_path, error);
    if (!status)
        take_counters(trainer, &table);
    sg_safetensors_close(file);
    table_clear(&table);
    return status;
}
