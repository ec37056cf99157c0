/* Snapshots of a run: pairs of a network file and a training state; see snapshots.h. */
#include "train/run/snapshots.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/allocate.h"
#include "checkpoint/network/network_file.h"
#include "checkpoint/network/network_writer.h"
#include "train/run/run_folder.h"
#include "train/run/training_state.h"

enum { STATES_KEPT = 2 };

static void network_path(char *path, const char *folder, unsigned long long images)
{
    sg_run_folder_path(path, folder, "network-snapshot-%09llu.safetensors", images);
}

static void state_path(char *path, const char *folder, unsigned long long images)
{
    sg_run_folder_path(path, folder, "training-state-%09llu.safetensors", images);
}

/* The image counts of the folder's states. */
typedef struct state_list {
    unsigned long long *images;
    size_t count, capacity;
} state_list;

static int compare_descending(const void *a, const void *b)
{
    unsigned long long x = *(const unsigned long long *)a;
    unsigned long long y = *(const unsigned long long *)b;
    return (x < y) - (x > y);
}

/* Reads the count in "training-state-COUNT.safetensors"; false for another name. */
static bool parse_name(const char *name, unsigned long long *images)
{
    static const char prefix[] = "training-state-";
    if (strncmp(name, prefix, sizeof prefix - 1) != 0 || name[sizeof prefix - 1] < '0' ||
        name[sizeof prefix - 1] > '9')
        return false;
    char *end;
    *images = strtoull(name + sizeof prefix - 1, &end, 10);
    return strcmp(end, ".safetensors") == 0;
}

static bool list_append(state_list *list, unsigned long long images)
{
    if (!sg_grow(&list->images, &list->capacity, list->count, sizeof *list->images))
        return false;
    list->images[list->count++] = images;
    return true;
}

/* Lists all states of a folder, newest first; the caller frees list.images. */
static state_list list_states(const char *folder)
{
    state_list list = {0};
    DIR *directory = opendir(folder);
    if (!directory)
        return list;
    for (const struct dirent *entry; (entry = readdir(directory));) {
        unsigned long long images;
        if (parse_name(entry->d_name, &images) && !list_append(&list, images))
            break;
    }
    closedir(directory);
    if (list.count)
        qsort(list.images, list.count, sizeof *list.images, compare_descending);
    return list;
}

static void remove_old_states(const char *folder)
{
    char path[SG_PATH_BYTES];
    state_list list = list_states(folder);
    for (size_t i = STATES_KEPT; i < list.count; i++) {
        state_path(path, folder, list.images[i]);
        unlink(path);
    }
    free(list.images);
}

sg_status sg_snapshot_save(sg_trainer *trainer, const char *folder, sg_error *error)
{
    char network[SG_PATH_BYTES];
    char state[SG_PATH_BYTES];
    unsigned long long images = sg_trainer_images(trainer);
    sg_network_parts parts = {sg_trainer_generator(trainer), sg_trainer_discriminator(trainer),
                              sg_trainer_average(trainer)};
    network_path(network, folder, images);
    state_path(state, folder, images);
    SG_TRY(sg_network_save(network, &parts, NULL, 0, error));
    SG_TRY(sg_training_state_save(trainer, network, state, error));
    remove_old_states(folder);
    return SG_OK;
}

sg_status sg_snapshot_load(sg_trainer *trainer, const char *folder, const sg_watch *watch,
                           sg_error *error)
{
    char network[SG_PATH_BYTES];
    char state[SG_PATH_BYTES];
    state_list list = list_states(folder);
    bool loaded = false;
    for (size_t i = 0; i < list.count && !loaded; i++) {
        sg_error reason = {0};
        network_path(network, folder, list.images[i]);
        state_path(state, folder, list.images[i]);
        loaded = !sg_training_state_load(trainer, network, state, &reason);
        if (!loaded) {
            char line[sizeof reason.message + 64];
            snprintf(line, sizeof line, "Passed over a snapshot: %s", reason.message);
            sg_watch_note(watch, line);
        }
    }
    free(list.images);
    if (loaded)
        return SG_OK;
    return sg_fail(error, SG_ERROR_FILE,
                   "%s holds no training state that can be resumed (training-state-*.safetensors "
                   "with its network-snapshot-*.safetensors)",
                   folder);
}

/* Copies the tensors with equal names and shapes from one part of a file. */
static sg_status take_part(sg_network_file *file, sg_network_part part, sg_parameter_set *set,
                           size_t *taken, size_t *wanted, sg_error *error)
{
    sg_status status = SG_OK;
    for (size_t i = 0; i < set->count && !status; i++) {
        sg_tensor *target = set->items[i].tensor;
        const sg_network_tensor *stored = sg_network_tensor_find(file, part, set->items[i].name);
        ++*wanted;
        if (!stored || stored->rank != target->shape.rank ||
            memcmp(stored->size, target->shape.size, (size_t)stored->rank * sizeof *stored->size) !=
                0)
            continue;
        status = sg_network_tensor_read_floats(stored, sg_f32(target), error);
        sg_tensor_touch(target);
        ++*taken;
    }
    return status;
}

sg_status sg_snapshot_init(sg_trainer *trainer, const char *path, size_t *taken, size_t *wanted,
                           sg_error *error)
{
    sg_network_file *file = NULL;
    *taken = *wanted = 0;
    SG_TRY(sg_network_open(path, &file, error));
    sg_network_part g = sg_network_has(file, SG_PART_G) ? SG_PART_G : SG_PART_G_EMA;
    sg_network_part average = sg_network_has(file, SG_PART_G_EMA) ? SG_PART_G_EMA : SG_PART_G;
    sg_status status = take_part(file, g, sg_generator_parameters(sg_trainer_generator(trainer)),
                                 taken, wanted, error);
    if (!status)
        status = take_part(file, average, sg_generator_parameters(sg_trainer_average(trainer)),
                           taken, wanted, error);
    if (!status)
        status = take_part(file, SG_PART_D,
                           sg_discriminator_parameters(sg_trainer_discriminator(trainer)), taken,
                           wanted, error);
    sg_network_close(file);
    if (!status && *taken == 0)
        status = sg_fail(error, SG_ERROR_SHAPE,
                         "\"init\" %s: none of its tensors has the name and shape of one of the "
                         "networks to train",
                         path);
    return status;
}
