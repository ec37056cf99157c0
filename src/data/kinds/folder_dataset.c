/* Folders of picture files, with all folders below. Links within the set are followed, except to a
 * folder around; links out of it only when asked to. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/allocate.h"
#include "base/files/file.h"
#include "base/files/input_file.h"
#include "data/kinds/dataset_kind.h"
#include "image/files/picture_file.h"

#define DEEPEST_FOLDER 64

/* A folder that is being walked through, and those around it. */
typedef struct open_folder {
    dev_t device;
    ino_t number;
    const struct open_folder *parent;
    size_t depth;
} open_folder;

/* A walk that lists all files or, if it searches, stops at the first picture. */
typedef struct folder_walk {
    const char *root;
    bool searches;
    bool follows_links; /* out of the root */
    char *place;        /* the root's path without links */
    sg_file_list files; /* their paths within `root` */
    size_t foreign;     /* links that are not followed */
    char first_foreign[200];
    bool stopped; /* at a picture, or for lack of memory */
} folder_walk;

static bool is_around(const open_folder *folder, const struct stat *entry)
{
    for (; folder; folder = folder->parent)
        if (folder->device == entry->st_dev && folder->number == entry->st_ino)
            return true;
    return false;
}

static sg_status walk_folder(folder_walk *walk, const char *name, const open_folder *parent,
                             sg_error *error);

/* Tells whether a path within the root is a link that leads out of it. One that leads nowhere does
 * not: it is told where it is read. */
static bool leads_out(const folder_walk *walk, const char *path)
{
    struct stat entry;
    if (lstat(path, &entry) != 0 || !S_ISLNK(entry.st_mode))
        return false;
    char *place = realpath(path, NULL);
    const size_t length = walk->place ? strlen(walk->place) : 0;
    const bool inside = place && length > 0 && strncmp(place, walk->place, length) == 0 &&
                        (place[length] == '/' || place[length] == '\0' || length == 1);
    const bool leads = place && !inside;
    free(place);
    return leads;
}

static void count_foreign(folder_walk *walk, const char *name)
{
    if (walk->foreign++ == 0) {
        snprintf(walk->first_foreign, sizeof walk->first_foreign, "%s", name);
        sg_text_make_safe(walk->first_foreign);
    }
}

/* Visits a file or walks through a folder; `name` is its path within the root. */
static sg_status visit_entry(folder_walk *walk, const char *name, const open_folder *folder,
                             sg_error *error)
{
    struct stat entry;
    char *path = sg_path_join(walk->root, name);
    if (!path)
        return sg_fail_memory(error, "%s", walk->root);
    const bool is_folder = stat(path, &entry) == 0 && S_ISDIR(entry.st_mode);
    const bool is_foreign = !walk->searches && !walk->follows_links && leads_out(walk, path);
    free(path);
    if (is_foreign) {
        count_foreign(walk, name);
        return SG_OK;
    }
    if (is_folder)
        return is_around(folder, &entry) ? SG_OK : walk_folder(walk, name, folder, error);
    walk->stopped = walk->searches ? sg_picture_ending_of(name, NULL) != SG_ENDING_OTHER
                                   : !sg_file_list_add(&walk->files, name, 0);
    return SG_OK;
}

static sg_status walk_entries(folder_walk *walk, DIR *directory, const char *name,
                              const open_folder *folder, sg_error *error)
{
    sg_status status = SG_OK;
    for (struct dirent *entry = readdir(directory); entry && !status && !walk->stopped;
         entry = readdir(directory)) {
        if (entry->d_name[0] == '.')
            continue;
        char *inner = sg_path_join(name, entry->d_name);
        status = inner ? visit_entry(walk, inner, folder, error)
                       : sg_fail_memory(error, "%s", walk->root);
        free(inner);
    }
    return status;
}

/* Walks through the folder `name` ("" for the root). */
static sg_status walk_folder(folder_walk *walk, const char *name, const open_folder *parent,
                             sg_error *error)
{
    struct stat entry = {0};
    char *path = name[0] == '\0' ? sg_duplicate_text(walk->root) : sg_path_join(walk->root, name);
    if (!path)
        return sg_fail_memory(error, "%s", walk->root);
    sg_status status;
    DIR *directory = stat(path, &entry) == 0 ? opendir(path) : NULL;
    const open_folder folder = {.device = entry.st_dev,
                                .number = entry.st_ino,
                                .parent = parent,
                                .depth = parent ? parent->depth + 1 : 1};
    if (!directory)
        status = sg_fail(error, SG_ERROR_FILE, "%s: the folder cannot be read: %s", path,
                         strerror(errno));
    else if (folder.depth > DEEPEST_FOLDER)
        status = sg_fail(error, SG_ERROR_FILE, "%s: folders lie within folders more than %d times",
                         path, DEEPEST_FOLDER);
    else
        status = walk_entries(walk, directory, name, &folder, error);
    if (directory)
        closedir(directory);
    free(path);
    return status;
}

/* Reads the first `limit` bytes, or all in a shorter file. */
static sg_status read_start(const char *path, size_t limit, unsigned char **bytes, size_t *size,
                            sg_error *error)
{
    FILE *file = NULL;
    SG_TRY(sg_input_stream(path, &file, error));
    *bytes = sg_allocate(limit, 1);
    sg_status status = SG_OK;
    if (!*bytes) {
        status = sg_fail_memory(error, "%s", path);
    } else {
        *size = fread(*bytes, 1, limit, file);
        if (ferror(file))
            status = sg_fail(error, SG_ERROR_FILE, "cannot read %s: %s", path, strerror(errno));
    }
    fclose(file);
    return status;
}

static sg_status fetch(const void *state, const sg_picture *picture, size_t limit,
                       unsigned char **bytes, size_t *size, sg_error *error)
{
    const char *root = state;
    *bytes = NULL;
    *size = 0;
    char *path = sg_path_join(root, picture->name);
    if (!path)
        return sg_fail_memory(error, "%s", root);
    const sg_status status = limit < SG_PICTURE_LARGEST_FILE
                                 ? read_start(path, limit, bytes, size, error)
                                 : sg_read_file(path, limit, bytes, size, error);
    free(path);
    return status;
}

static void trace(const void *state, const sg_picture *picture, sg_text *text)
{
    struct stat entry;
    char *path = sg_path_join(state, picture->name);
    if (path && stat(path, &entry) == 0)
        sg_text_append(text, " %lld", (long long)entry.st_size);
    free(path);
}

static const char advice[] = "`stylegan dataset` can make a set that has what they lead to";

/* Fails when nothing is there but links that were not followed. */
static sg_status check_links(const folder_walk *walk, sg_error *error)
{
    if (walk->foreign == 0 || walk->files.count > 0)
        return SG_OK;
    return sg_fail(
        error, SG_ERROR_FORMAT,
        "%s holds only links that lead out of it, such as %s, which are not followed; %s",
        walk->root, walk->first_foreign, advice);
}

static sg_status open_source(const char *path, bool follows_links, sg_picture_source **source,
                             sg_error *error)
{
    static const sg_picture_source_functions functions = {
        .fetch = fetch, .trace = trace, .destroy = free};
    *source = NULL;
    folder_walk walk = {
        .root = path, .follows_links = follows_links, .place = realpath(path, NULL)};
    sg_status status = walk_folder(&walk, "", NULL, error);
    char *root = sg_duplicate_text(path);
    if (!status && (walk.stopped || !root))
        status = sg_fail_memory(error, "%s", path);
    if (!status)
        status = check_links(&walk, error);
    if (status) {
        sg_file_list_clear(&walk.files);
        free(root);
    } else {
        status = sg_picture_source_create(path, &functions, root, &walk.files, source, error);
    }
    if (!status && walk.foreign > 0)
        sg_text_append(
            &(*source)->notes,
            "Note: links that lead out of the folder, such as %s, are not followed (%zu); "
            "%s\n",
            walk.first_foreign, walk.foreign, advice);
    free(walk.place);
    return status;
}

static bool recognises(const char *path)
{
    if (!sg_path_is_folder(path))
        return false;
    folder_walk walk = {.root = path, .searches = true};
    const sg_status status = walk_folder(&walk, "", NULL, NULL);
    /* opening a folder that cannot be read says why */
    return walk.stopped || status;
}

const sg_dataset_kind sg_folder_dataset_kind = {
    .expected = "a folder of pictures (PNG, JPEG, WebP)",
    .recognises = recognises,
    .open_source = open_source,
};
