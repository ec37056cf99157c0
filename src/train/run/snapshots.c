/* Snapshots of a run: pairs of a network file and a training state; see snapshots.h. */
#include "train/run/snapshots.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/allocate.h"
#include "base/files/file.h"
#include "base/text.h"
#include "checkpoint/network/network_file.h"
#include "checkpoint/network/network_writer.h"
#include "train/run/run_folder.h"
#include "train/run/training_state.h"

enum { STATES_KEPT = 2 };

static const char network_prefix[] = "network-snapshot-";
static const char state_prefix[] = "training-state-";

/* Writes the paths of the files after `images` images, each of SG_PATH_BYTES. */
static void pair_paths(const char *folder, unsigned long long images, char *network, char *state)
{
    sg_run_folder_path(network, folder, "%s%09llu.safetensors", network_prefix, images);
    sg_run_folder_path(state, folder, "%s%09llu.safetensors", state_prefix, images);
}

/* The image counts in the names of a folder's files of one kind. */
typedef struct count_list {
    unsigned long long *images;
    size_t count, capacity;
} count_list;

static int compare_descending(const void *a, const void *b)
{
    unsigned long long x = *(const unsigned long long *)a;
    unsigned long long y = *(const unsigned long long *)b;
    return (x < y) - (x > y);
}

/* Reads the count in "PREFIXCOUNT.safetensors"; false for another name. */
static bool parse_name(const char *name, const char *prefix, unsigned long long *images)
{
    const size_t length = strlen(prefix);
    if (strncmp(name, prefix, length) != 0 || name[length] < '0' || name[length] > '9')
        return false;
    char *end;
    *images = strtoull(name + length, &end, 10);
    return strcmp(end, ".safetensors") == 0;
}

/* Lists all files of a kind, newest first; the caller frees list.images. */
static count_list list_files(const char *folder, const char *prefix)
{
    count_list list = {0};
    DIR *directory = opendir(folder);
    if (!directory)
        return list;
    for (const struct dirent *entry; (entry = readdir(directory));) {
        unsigned long long images;
        if (!parse_name(entry->d_name, prefix, &images))
            continue;
        if (!sg_grow(&list.images, &list.capacity, list.count, sizeof *list.images))
            break;
        list.images[list.count++] = images;
    }
    closedir(directory);
    if (list.count)
        qsort(list.images, list.count, sizeof *list.images, compare_descending);
    return list;
}

/* The image counts of files that stay. */
typedef struct spared_list {
    const uint64_t *images;
    size_t count;
} spared_list;

static bool is_spared(const spared_list *spared, unsigned long long images)
{
    for (size_t i = 0; i < spared->count; i++)
        if (spared->images[i] == images)
            return true;
    return false;
}

/* Removes the files of a kind that are older than the one after `newest` images and the
 * `keep` - 1 before it. Files after more images, which a resumed run passed over, stay. */
static void remove_old(const char *folder, const char *prefix, unsigned long long newest, int keep,
                       const spared_list *spared)
{
    char path[SG_PATH_BYTES];
    count_list list = list_files(folder, prefix);
    int kept = 0;
    for (size_t i = 0; i < list.count; i++) {
        if (list.images[i] > newest || kept++ < keep || is_spared(spared, list.images[i]))
            continue;
        sg_run_folder_path(path, folder, "%s%09llu.safetensors", prefix, list.images[i]);
        unlink(path);
    }
    free(list.images);
}

void sg_snapshot_prune(const char *folder, unsigned long long newest, int keep,
                       const uint64_t *spared, size_t spared_count)
{
    const spared_list stay = {spared, spared_count};
    remove_old(folder, state_prefix, newest, keep > 0 && keep < STATES_KEPT ? keep : STATES_KEPT,
               &(spared_list){0});
    if (keep > 0)
        remove_old(folder, network_prefix, newest, keep, &stay);
}

sg_status sg_snapshot_save(sg_trainer *trainer, const char *folder, int keep,
                           const sg_metadata *remarks, size_t count,
                           const sg_run_identity *identity, sg_error *error)
{
    char network[SG_PATH_BYTES];
    char state[SG_PATH_BYTES];
    unsigned long long images = sg_trainer_images(trainer);
    const sg_trainer_networks networks = sg_trainer_networks_of(trainer);
    /* Of a classifier, the average is what people use; the state has the trained weights. */
    sg_network_parts parts = {networks.generator,
                              networks.d_average ? networks.d_average : networks.discriminator,
                              networks.average, networks.encoder, networks.mapper};
    sg_metadata metadata[1 + SG_MOST_SNAPSHOT_REMARKS];
    char kimg[SG_NUMBER_TEXT_BYTES];
    sg_print_number(kimg, (double)images / 1000);
    metadata[0] = (sg_metadata){"kimg", kimg};
    if (count > 0)
        memcpy(metadata + 1, remarks, count * sizeof *remarks);
    pair_paths(folder, images, network, state);
    SG_TRY(sg_network_save(network, &parts, metadata, 1 + count, error));
    SG_TRY(sg_training_state_save(trainer, network, state, identity, error));
    sg_snapshot_prune(folder, images, keep, NULL, 0);
    return SG_OK;
}

sg_status sg_snapshot_identify(const char *folder, sg_run_identity *identity, sg_error *error)
{
    char path[SG_PATH_BYTES];
    count_list list = list_files(folder, state_prefix);
    sg_status status = SG_OK;
    bool found = false;
    *identity = (sg_run_identity){0};
    for (size_t i = 0; i < list.count && !found && !status; i++) {
        sg_error reason = {0};
        sg_run_folder_path(path, folder, "%s%09llu.safetensors", state_prefix, list.images[i]);
        sg_run_identity_clear(identity);
        found = !sg_training_state_identify(path, identity, &reason);
        if (reason.status == SG_ERROR_MEMORY)
            status = sg_fail(error, reason.status, "%s", reason.message);
    }
    free(list.images);
    return status;
}

/* Tells whether a pair that could not be loaded is damaged or incomplete, so that an older one is
 * the newest that there is. */
static bool is_damage(sg_status status, const char *network, const char *state)
{
    return status == SG_ERROR_FORMAT || status == SG_ERROR_SHAPE || !sg_path_exists(network) ||
           !sg_path_exists(state);
}

sg_status sg_snapshot_load(sg_trainer *trainer, const char *folder, const sg_watch *watch,
                           bool *loaded, sg_error *error)
{
    char network[SG_PATH_BYTES];
    char state[SG_PATH_BYTES];
    sg_status status = SG_OK;
    count_list list = list_files(folder, state_prefix);
    *loaded = false;
    for (size_t i = 0; i < list.count && !status && !*loaded; i++) {
        sg_error reason = {0};
        pair_paths(folder, list.images[i], network, state);
        status = sg_training_state_load(trainer, network, state, &reason);
        *loaded = !status;
        if (status && is_damage(status, network, state)) {
            char line[sizeof reason.message + 64];
            snprintf(line, sizeof line, "Passed over a snapshot: %s", reason.message);
            sg_watch_note(watch, line);
            status = SG_OK;
        } else if (status) {
            (void)sg_fail(error, status, "%s", reason.message);
        }
    }
    free(list.images);
    return status;
}

sg_status sg_snapshot_list(const char *folder, char ***paths, size_t *count, sg_error *error)
{
    char path[SG_PATH_BYTES];
    count_list list = list_files(folder, network_prefix);
    *count = 0;
    *paths = sg_allocate(list.count + 1, sizeof **paths);
    bool whole = *paths;
    for (size_t i = list.count; i-- > 0 && whole;) {
        sg_run_folder_path(path, folder, "%s%09llu.safetensors", network_prefix, list.images[i]);
        (*paths)[*count] = sg_duplicate_text(path);
        whole = (*paths)[*count];
        *count += whole;
    }
    free(list.images);
    if (!whole)
        return sg_fail_memory(error, "the snapshots of %s", folder);
    return *count > 0
               ? SG_OK
               : sg_fail(error, SG_ERROR_FILE,
                         "%s holds no network snapshots (network-snapshot-*.safetensors)", folder);
}

unsigned long long sg_snapshot_images(const char *path)
{
    unsigned long long images = 0;
    return parse_name(sg_path_name(path), network_prefix, &images) ? images : 0;
}

bool sg_snapshot_is_state(const char *path, char *network)
{
    unsigned long long images;
    const char *name = sg_path_name(path);
    const int folder_length = (int)(name - path);
    if (!parse_name(name, state_prefix, &images))
        return false;
    snprintf(network, SG_PATH_BYTES, "%.*s%s%s", folder_length, path, network_prefix,
             name + strlen(state_prefix));
    return true;
}

bool sg_snapshot_config_of(const char *path, sg_generator_config *config)
{
    sg_network_file *file = NULL;
    if (sg_network_open(path, &file, NULL))
        return false;
    const bool found = !sg_network_generator_config(file, SG_PART_G, config, NULL) ||
                       !sg_network_generator_config(file, SG_PART_G_EMA, config, NULL);
    sg_network_close(file);
    return found;
}

bool sg_snapshot_config(const char *folder, sg_generator_config *config)
{
    char network[SG_PATH_BYTES];
    char state[SG_PATH_BYTES];
    count_list list = list_files(folder, state_prefix);
    bool found = false;
    for (size_t i = 0; i < list.count && !found; i++) {
        pair_paths(folder, list.images[i], network, state);
        found = sg_snapshot_config_of(network, config);
    }
    free(list.images);
    return found;
}
