/*
 * CIFAR-10 and CIFAR-100 as their authors give them away: cifar-10-python.tar.gz, -binary.tar.gz,
 * the folder that either unpacks to, a folder around that, or one of its files. The pictures to
 * train on are taken, in the order of the files' names, as the official programs take them; those
 * to test with only when they are alone. All pictures stay in memory.
 */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/files/file.h"
#include "base/files/input_file.h"
#include "base/files/tar_archive.h"
#include "data/kinds/cifar_batch.h"
#include "data/kinds/dataset_kind.h"
#include "data/sources/picture_labels.h"

enum { MOST_PARTS = 16, MOST_MEMBERS = 64 };

/* The folders in the archives. */
static const char *const folder_names[] = {"cifar-10-batches-py", "cifar-10-batches-bin",
                                           "cifar-100-python", "cifar-100-binary"};

/* The paths of a set's files; owned. */
typedef struct cifar_files {
    char *paths[MOST_PARTS];
    size_t count;
} cifar_files;

/* An open data set. */
typedef struct cifar_set {
    sg_cifar_pictures pictures;
    sg_text notes;
} cifar_set;

/* ---- the data set ---- */

static void destroy(void *state)
{
    cifar_set *set = state;
    sg_cifar_clear(&set->pictures);
    sg_text_clear(&set->notes);
    free(set);
}

static int label_of(const void *state, size_t index)
{
    return ((const cifar_set *)state)->pictures.labels[index];
}

/* Copies picture `index`, whose channels are stored one after the other. */
static sg_status read_picture(const void *state, size_t index, uint8_t *pixels_hwc, int *label,
                              sg_error *error)
{
    (void)error;
    enum { AREA = SG_CIFAR_SIDE * SG_CIFAR_SIDE, CHANNELS = 3 };
    const sg_cifar_pictures *pictures = &((const cifar_set *)state)->pictures;
    const uint8_t *stored = pictures->pixels + index * SG_CIFAR_BYTES;
    for (size_t i = 0; i < AREA; i++)
        for (size_t c = 0; c < CHANNELS; c++)
            pixels_hwc[CHANNELS * i + c] = stored[c * AREA + i];
    *label = pictures->labels[index];
    return SG_OK;
}

/* Makes a data set of the pictures, which it owns from now on. */
static sg_status create(const char *path, sg_cifar_pictures *pictures, sg_dataset **dataset,
                        sg_error *error)
{
    static const sg_dataset_functions functions = {
        .read = read_picture, .label = label_of, .destroy = destroy};
    cifar_set *set = sg_allocate(1, sizeof *set);
    if (!set) {
        sg_cifar_clear(pictures);
        return sg_fail_memory(error, "%s", path);
    }
    *set = (cifar_set){.pictures = *pictures};
    const char *const *names = (const char *const *)pictures->names;
    if (names) {
        sg_text_append(&set->notes, "Classes: ");
        sg_list_label_names(&set->notes, names, pictures->classes);
        sg_text_append(&set->notes, "\n");
    }
    sg_dataset_info info = {.image_count = pictures->count,
                            .height = SG_CIFAR_SIDE,
                            .width = SG_CIFAR_SIDE,
                            .channels = 3,
                            .label_count = pictures->classes,
                            .label_names = names,
                            .notes = set->notes.bytes};
    const char *name = pictures->classes == 10 ? "cifar-10" : "cifar-100";
    sg_dataset_set_name(&info, name, strlen(name));
    return sg_dataset_create(&functions, set, &info, dataset, error);
}

/* ---- archives ---- */

/* Reads a file of the archive: pictures of the wanted role, or the names of their classes. */
static sg_status read_member(sg_tar_archive *archive, const sg_tar_entry *entry,
                             sg_cifar_role wanted, sg_cifar_pictures *pictures, sg_error *error)
{
    const sg_cifar_role role = sg_cifar_role_of(entry->name);
    unsigned char *bytes = NULL;
    if (role != wanted && role != SG_CIFAR_NAMES)
        return SG_OK;
    SG_TRY(sg_tar_read(archive, SG_CIFAR_LARGEST_FILE, &bytes, error));
    const sg_status status =
        role == SG_CIFAR_NAMES
            ? sg_cifar_read_names(entry->name, bytes, entry->size, pictures, error)
            : sg_cifar_append(entry->name, bytes, entry->size, pictures, error);
    free(bytes);
    return status;
}

/* Reads the archive's files of a role, and the names. */
static sg_status read_archive(const char *path, sg_cifar_role wanted, sg_cifar_pictures *pictures,
                              sg_error *error)
{
    sg_tar_entry entry = {0};
    sg_tar_archive *archive = NULL;
    SG_TRY(sg_tar_open(path, &archive, error));
    sg_status status = sg_tar_next(archive, &entry, error);
    for (size_t files = 0; !status && entry.name && files < MOST_MEMBERS; files++) {
        status = read_member(archive, &entry, wanted, pictures, error);
        if (!status)
            status = sg_tar_next(archive, &entry, error);
    }
    sg_tar_close(archive);
    return status;
}

static sg_status open_archive(const char *path, sg_cifar_pictures *pictures, sg_error *error)
{
    SG_TRY(read_archive(path, SG_CIFAR_TRAINING, pictures, error));
    if (pictures->count == 0)
        SG_TRY(read_archive(path, SG_CIFAR_TEST, pictures, error));
    return pictures->count > 0
               ? SG_OK
               : sg_fail(error, SG_ERROR_FORMAT,
                         "%s: is a tar archive without the files of CIFAR, which alone are read "
                         "from such archives; unpack it first: tar xf %s",
                         path, path);
}

/* ---- files ---- */

static void clear_files(cifar_files *files)
{
    for (size_t i = 0; i < files->count; i++)
        free(files->paths[i]);
    files->count = 0;
}

static int compare_paths(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

/* Lists the parts of a role in the folder, sorted; false on lack of memory. */
static bool list_parts(const char *folder, sg_cifar_role role, cifar_files *files)
{
    bool complete = true;
    DIR *directory = opendir(folder);
    for (struct dirent *entry = directory ? readdir(directory) : NULL; entry && complete;
         entry = readdir(directory)) {
        if (sg_cifar_role_of(entry->d_name) != role || files->count == MOST_PARTS)
            continue;
        char *path = sg_path_join(folder, entry->d_name);
        complete = path;
        if (path && sg_path_is_regular(path))
            files->paths[files->count++] = path;
        else
            free(path);
    }
    if (directory)
        closedir(directory);
    qsort(files->paths, files->count, sizeof files->paths[0], compare_paths);
    return complete;
}

/* Returns the folder with the set's files, `path` or one in it, on the heap; NULL without one. */
static char *find_folder(const char *path)
{
    enum { FOLDER_COUNT = sizeof folder_names / sizeof folder_names[0] };
    for (size_t i = 0; i <= FOLDER_COUNT; i++) {
        cifar_files parts = {0};
        cifar_files names = {0};
        char *folder = i == 0 ? sg_duplicate_text(path) : sg_path_join(path, folder_names[i - 1]);
        /* a file called "train" alone would be a coincidence */
        const bool found = folder && list_parts(folder, SG_CIFAR_TRAINING, &parts) &&
                           list_parts(folder, SG_CIFAR_NAMES, &names) && parts.count > 0 &&
                           (parts.count > 1 || names.count > 0);
        clear_files(&parts);
        clear_files(&names);
        if (found)
            return folder;
        free(folder);
    }
    return NULL;
}

static sg_status read_part(const char *path, sg_cifar_pictures *pictures, sg_error *error)
{
    size_t size = 0;
    unsigned char *bytes = NULL;
    SG_TRY(sg_read_file(path, SG_CIFAR_LARGEST_FILE, &bytes, &size, error));
    const sg_status status = sg_cifar_role_of(path) == SG_CIFAR_NAMES
                                 ? sg_cifar_read_names(path, bytes, size, pictures, error)
                                 : sg_cifar_append(path, bytes, size, pictures, error);
    free(bytes);
    return status;
}

static sg_status read_folder(const char *path, sg_cifar_pictures *pictures, sg_error *error)
{
    cifar_files files = {0};
    char *folder = find_folder(path);
    sg_status status = folder && list_parts(folder, SG_CIFAR_TRAINING, &files)
                           ? SG_OK
                           : sg_fail_memory(error, "%s", path);
    for (size_t i = 0; i < files.count && !status; i++)
        status = read_part(files.paths[i], pictures, error);
    clear_files(&files);
    if (!status && !list_parts(folder, SG_CIFAR_NAMES, &files))
        status = sg_fail_memory(error, "%s", path);
    for (size_t i = 0; i < files.count && !status; i++)
        status = read_part(files.paths[i], pictures, error);
    clear_files(&files);
    free(folder);
    return status;
}

/* ---- the kind ---- */

/* True for a part on its own. */
static bool is_part(const char *path)
{
    const sg_cifar_role role = sg_cifar_role_of(path);
    return (role == SG_CIFAR_TRAINING || role == SG_CIFAR_TEST) && sg_path_is_regular(path);
}

static bool recognises(const char *path)
{
    if (!sg_path_is_folder(path))
        return is_part(path) || sg_tar_recognises(path);
    char *folder = find_folder(path);
    free(folder);
    return folder != NULL;
}

static sg_status open_dataset(const char *path, sg_dataset **dataset, sg_error *error)
{
    sg_cifar_pictures pictures = {0};
    sg_status status;
    *dataset = NULL;
    if (sg_path_is_folder(path))
        status = read_folder(path, &pictures, error);
    else if (is_part(path))
        status = read_part(path, &pictures, error);
    else
        status = open_archive(path, &pictures, error);
    if (status) {
        sg_cifar_clear(&pictures);
        return status;
    }
    return create(path, &pictures, dataset, error);
}

const sg_dataset_kind sg_cifar_dataset_kind = {
    .expected = "CIFAR-10 or CIFAR-100 (an archive such as cifar-10-python.tar.gz, or unpacked)",
    .recognises = recognises,
    .open_dataset = open_dataset,
};
