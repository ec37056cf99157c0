/*
 * Labels from files and folders: which file counts, what is noted, and what contradicts itself.
 * Tested by: tests/data/kinds/test_folder_dataset.c tests/data/sources/test_picture_labels.c
 */
#include "data/sources/picture_labels.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/allocate.h"
#include "base/files/file.h"
#include "data/labels/class_folders.h"
#include "data/labels/label_list.h"
#include "data/labels/label_match.h"
#include "data/labels/label_path.h"

#define LARGEST_LABEL_FILE ((size_t)256 << 20)
#define MOST_NAMES_NOTED 20

/* ---- which files ---- */

/* How likely a file is to hold labels: its position in this list. */
static const char *const likely_names[] = {"dataset.json",         "labels.csv",
                                           "labels.tsv",           "labels.txt",
                                           "list_attr_celeba.txt", "list_attr_celeba.csv"};

enum { LIKELY = sizeof likely_names / sizeof likely_names[0], UNLIKELY = LIKELY + 1 };

static bool has_ending(const char *name, const char *ending)
{
    const size_t length = name ? strlen(name) : 0;
    const size_t end = strlen(ending);
    return length > end && strcasecmp(name + length - end, ending) == 0;
}

/* Returns LIKELY for another table, UNLIKELY for another file. */
static int rank_of(const char *path)
{
    const char *name = sg_path_name(path);
    for (int i = 0; i < LIKELY; i++)
        if (strcasecmp(name, likely_names[i]) == 0)
            return i;
    return has_ending(name, ".csv") || has_ending(name, ".tsv") ? LIKELY : UNLIKELY;
}

static int compare_files(const void *left, const void *right)
{
    const sg_picture *a = left;
    const sg_picture *b = right;
    const int order = rank_of(a->name) - rank_of(b->name);
    return order != 0 ? order : strcmp(a->name, b->name);
}

/* True if the file lies in a folder around all pictures, which share `common` folders. */
static bool is_around(const sg_picture_source *source, const char *name, size_t common)
{
    const size_t depth = sg_path_depth(name);
    const char *const pair[] = {name, source->pictures[0].name};
    return depth <= common && sg_common_folders(pair, 2) == depth;
}

/* Returns the pictures' names, in an array on the heap; NULL on lack of memory. */
static const char **list_names(const sg_picture_source *source)
{
    const char **names = sg_allocate(source->count, sizeof *names);
    for (size_t i = 0; i < source->count && names; i++)
        names[i] = source->pictures[i].name;
    return names;
}

bool sg_take_label_files(sg_picture_source *source, sg_file_list *list)
{
    const char **names = list_names(source);
    if (!names)
        return false;
    const size_t common = sg_common_folders(names, source->count);
    size_t left = 0;
    free(names);
    for (size_t i = 0; i < list->count; i++) {
        sg_picture *file = &list->files[i];
        if (source->count > 0 && rank_of(file->name) != UNLIKELY &&
            is_around(source, file->name, common))
            list->files[left++] = *file;
        else
            free(file->name);
    }
    list->count = left;
    if (left > 0)
        qsort(list->files, left, sizeof *list->files, compare_files);
    source->label_files = *list;
    *list = (sg_file_list){0};
    return true;
}

/* ---- notes ---- */

/* Appends a line, whose control characters are made harmless; `parts` are its texts. */
static void note(sg_picture_source *source, const char *const *parts)
{
    sg_text line = {0};
    for (; *parts; parts++)
        sg_text_append(&line, "%s", *parts);
    if (line.bytes)
        sg_text_append(&source->notes, "%s\n", sg_text_make_safe(line.bytes));
    sg_text_clear(&line);
}

#define NOTE(source, ...) note(source, (const char *const[]){__VA_ARGS__, NULL})

void sg_list_label_names(sg_text *text, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (i == MOST_NAMES_NOTED) {
            sg_text_append(text, ", and %zu more", count - i);
            return;
        }
        sg_text_append(text, "%s%zu %.100s", i > 0 ? ", " : "", i, names[i]);
    }
}

/* Notes the classes or numbers, with their names and their source. */
static void note_labels(sg_picture_source *source)
{
    sg_text text = {0};
    const char *noun = source->label_values ? "label value" : "class";
    const char *plural = source->label_values ? "s" : "es";
    if (source->label_file)
        sg_text_append(&text, "Labels from %s: %zu %s%s%s", source->label_file, source->label_count,
                       noun, source->label_count == 1 ? "" : plural,
                       source->label_names ? ": " : "");
    else
        sg_text_append(&text, "Classes by folder: ");
    if (source->label_names)
        sg_list_label_names(&text, (const char *const *)source->label_names, source->label_count);
    if (text.bytes)
        NOTE(source, text.bytes);
    sg_text_clear(&text);
}

/* ---- from a file ---- */

/* Gives entry `index` to its picture, whose label so far comes from entry `before` (plus 1). */
static sg_status assign(sg_picture_source *source, const sg_label_list *list, size_t index,
                        sg_picture *picture, size_t before, sg_error *error)
{
    char old[100];
    char new[100];
    const int label = list->entries[index].label;
    if (before > 0 && !sg_label_list_same(list, list->entries[before - 1].label, label)) {
        sg_label_list_print(list, picture->label, old, sizeof old);
        sg_label_list_print(list, label, new, sizeof new);
        return sg_fail(error, SG_ERROR_FORMAT, "%s: %s has two labels, %s and %s", list->file,
                       picture->name, old, new);
    }
    picture->label = label;
    if (list->width == 0 && (size_t)label >= source->label_count)
        source->label_count = (size_t)label + 1;
    return SG_OK;
}

/* Moves the rows and names of the list to the source. */
static void take_values(sg_picture_source *source, sg_label_list *list)
{
    if (list->width > 0) {
        source->label_count = list->width;
        source->label_values = list->values;
        source->label_rows = list->count;
        list->values = NULL;
    } else {
        source->label_rows = source->label_count;
    }
    if (list->name_count < source->label_count)
        return;
    for (size_t i = source->label_count; i < list->name_count; i++)
        free(list->names[i]);
    source->label_names = list->names;
    list->names = NULL;
    list->name_count = 0;
}

static sg_status fail_unmatched(const sg_label_list *list, sg_error *error)
{
    return sg_fail(error, SG_ERROR_FORMAT,
                   "none of the %zu labels in %s belongs to a picture; the first is for \"%.200s\"",
                   list->count, list->file, list->entries[0].name);
}

/* Labels the pictures `found` for the entries of the list. */
static sg_status assign_all(sg_picture_source *source, const sg_label_list *list,
                            const size_t *found, sg_error *error)
{
    sg_status status = SG_OK;
    size_t *givers = sg_allocate(source->count, sizeof *givers);
    if (!givers)
        return sg_fail_memory(error, "the labels in %s", list->file);
    for (size_t i = 0; i < list->count && !status; i++) {
        const size_t picture = found[i];
        if (picture == SG_UNMATCHED)
            continue;
        status = assign(source, list, i, &source->pictures[picture], givers[picture], error);
        givers[picture] = i + 1;
    }
    free(givers);
    return status;
}

/* The same; a table of numbers that contradicts itself and whose name promises nothing is of
 * something else, such as of boxes in the pictures. Leaves no labels on failure. */
static sg_status assign_or_refuse(sg_picture_source *source, sg_label_list *list,
                                  const size_t *found, bool is_meant, sg_error *error)
{
    sg_error own = {0};
    const sg_status status = assign_all(source, list, found, &own);
    if (!status)
        return SG_OK;
    for (size_t i = 0; i < source->count; i++)
        source->pictures[i].label = -1;
    source->label_count = 0;
    if (status == SG_ERROR_FORMAT && !is_meant && list->width > 0)
        return sg_label_list_refuse(list, error, "%s", own.message);
    return sg_fail(error, status, "%s", own.message);
}

/* Finds the entries' pictures, [list->count] on the heap; *unmatched entries have none, of which
 * the first is *first. */
static sg_status match(const sg_picture_source *source, const sg_label_list *list, size_t **found,
                       size_t *unmatched, size_t *first, sg_error *error)
{
    const char **names = list_names(source);
    *unmatched = 0;
    *first = 0;
    *found = sg_allocate(list->count, sizeof **found);
    const sg_status status = names && *found
                                 ? sg_label_match(list, names, source->count, *found, error)
                                 : sg_fail_memory(error, "the labels in %s", list->file);
    free(names);
    for (size_t i = list->count; i-- > 0 && !status;)
        if ((*found)[i] == SG_UNMATCHED) {
            ++*unmatched;
            *first = i;
        }
    return status;
}

/* Takes what the list says of all pictures, and notes what it says of others. */
static sg_status take_list(sg_picture_source *source, sg_label_list *list, const char *file,
                           size_t unmatched, size_t first, sg_error *error)
{
    char count[32];
    snprintf(count, sizeof count, "%zu", unmatched);
    source->label_file = sg_duplicate_text(file);
    if (!source->label_file)
        return sg_fail_memory(error, "the labels in %s", list->file);
    if (list->remark)
        NOTE(source, "Note: ", list->remark);
    if (unmatched > 0)
        NOTE(source, "Warning: ", list->file, " has labels for ", count,
             unmatched == 1 ? " picture that is not there: "
                            : " pictures that are not there (the first: ",
             list->entries[first].name, unmatched == 1 ? "" : ")");
    take_values(source, list);
    note_labels(source);
    return SG_OK;
}

/* Labels the pictures by a list, or refuses the list if it is of other pictures. */
static sg_status label_by_list(sg_picture_source *source, sg_label_list *list, const char *file,
                               bool is_meant, sg_error *error)
{
    size_t unmatched = 0;
    size_t first = 0;
    size_t *found = NULL;
    sg_status status = match(source, list, &found, &unmatched, &first, error);
    if (!status && unmatched == list->count)
        status = is_meant ? fail_unmatched(list, error)
                          : sg_label_list_refuse(list, error, "it names none of the pictures");
    else if (!status)
        status = assign_or_refuse(source, list, found, is_meant, error);
    free(found);
    if (status || list->refusal)
        return status;
    return take_list(source, list, file, unmatched, first, error);
}

static sg_status read_list(sg_label_list *list, bool is_meant, const unsigned char *bytes,
                           size_t size, sg_error *error)
{
    sg_error own = {0};
    const sg_status status = has_ending(list->file, ".json")
                                 ? sg_label_list_read_json(list, bytes, size, &own)
                                 : sg_label_list_read_table(list, is_meant, bytes, size, &own);
    /* what nobody called labels may hold anything */
    if (status == SG_ERROR_FORMAT && !is_meant)
        return sg_label_list_refuse(list, error, "%s", own.message);
    return status ? sg_fail(error, status, "%s", own.message) : SG_OK;
}

sg_status sg_label_from_file(sg_picture_source *source, const char *file, bool is_meant,
                             const unsigned char *bytes, size_t size, bool *labelled,
                             sg_error *error)
{
    char *path = sg_path_join(source->path, file);
    sg_label_list list = {.file = path};
    *labelled = false;
    if (!path)
        return sg_fail_memory(error, "the labels of %s", source->path);
    sg_status status = read_list(&list, is_meant, bytes, size, error);
    if (!status && !list.refusal && list.count > 0)
        status = label_by_list(source, &list, file, is_meant, error);
    *labelled = !status && !list.refusal;
    if (!status && list.refusal)
        NOTE(source, "Warning: ", path, " is no list of labels and is passed over: ", list.refusal);
    sg_label_list_clear(&list);
    free(path);
    return status;
}

/* Reads a label file whole. */
static sg_status fetch(const sg_picture_source *source, const sg_picture *file,
                       unsigned char **bytes, size_t *size, sg_error *error)
{
    SG_TRY(
        source->functions->fetch(source->state, file, SG_PICTURE_LARGEST_FILE, bytes, size, error));
    if (*size <= LARGEST_LABEL_FILE)
        return SG_OK;
    free(*bytes);
    *bytes = NULL;
    return sg_fail(error, SG_ERROR_FORMAT, "%s/%s: has %zu bytes, expected at most %zu",
                   source->path, file->name, *size, LARGEST_LABEL_FILE);
}

/* True if no picture is named twice; `found` are the pictures of the list's entries. False also on
 * lack of memory. */
static bool names_each_once(const sg_picture_source *source, const sg_label_list *list,
                            const size_t *found)
{
    bool *named = sg_allocate(source->count, sizeof *named);
    bool once = named;
    for (size_t i = 0; i < list->count && once; i++) {
        once = found[i] == SG_UNMATCHED || !named[found[i]];
        if (found[i] != SG_UNMATCHED)
            named[found[i]] = true;
    }
    free(named);
    return once;
}

/* Sets *is_list to whether another table names pictures too, each once. */
static sg_status check_other(const sg_picture_source *source, const sg_picture *file, bool *is_list,
                             sg_error *error)
{
    unsigned char *bytes = NULL;
    size_t size = 0;
    size_t unmatched = 0;
    size_t first = 0;
    size_t *found = NULL;
    sg_label_list list = {.file = file->name};
    sg_status status = fetch(source, file, &bytes, &size, error);
    if (!status)
        status = read_list(&list, false, bytes, size, error);
    *is_list = !status && !list.refusal && list.count > 0 &&
               !match(source, &list, &found, &unmatched, &first, NULL) && unmatched < list.count &&
               names_each_once(source, &list, found);
    free(bytes);
    free(found);
    sg_label_list_clear(&list);
    return status;
}

/* Fails if one of the tables after file `index`, whose names promise nothing, has labels too. */
static sg_status check_others(const sg_picture_source *source, size_t index, sg_error *error)
{
    const sg_file_list *files = &source->label_files;
    for (size_t i = index + 1; i < files->count; i++) {
        bool is_list = false;
        if (rank_of(files->files[index].name) < LIKELY)
            return SG_OK;
        SG_TRY(check_other(source, &files->files[i], &is_list, error));
        if (is_list)
            return sg_fail(error, SG_ERROR_FORMAT,
                           "%s: both %s and %s hold labels, expected one .csv file, or the one "
                           "that counts to be called labels.csv",
                           source->path, files->files[index].name, files->files[i].name);
    }
    return SG_OK;
}

/* Notes files whose names promise labels too, but do not count. */
static void note_others(sg_picture_source *source, size_t index)
{
    const sg_picture *files = source->label_files.files;
    for (size_t i = index + 1; i < source->label_files.count; i++)
        if (rank_of(files[i].name) < LIKELY)
            NOTE(source, "Note: ", files[i].name, " is not read, since ", files[index].name,
                 " comes before it");
}

/* ---- from folders ---- */

/* Gives the source the classes that are its folders. */
static sg_status label_by_folders(sg_picture_source *source, sg_error *error)
{
    sg_class_folders folders = {0};
    const char **names = list_names(source);
    if (!names)
        return sg_fail_memory(error, "the labels of %s", source->path);
    const sg_status status = sg_class_folders_find(names, source->count, &folders, error);
    free(names);
    SG_TRY(status);
    for (size_t i = 0; i < source->count && folders.count > 0; i++)
        source->pictures[i].label = folders.classes[i];
    source->label_count = source->label_rows = folders.count;
    source->label_names = folders.names;
    if (folders.count > 0)
        note_labels(source);
    if (folders.doubt)
        NOTE(source, "Warning: ", folders.doubt);
    if (folders.count > 0)
        folders = (sg_class_folders){.classes = folders.classes, .doubt = folders.doubt};
    sg_class_folders_clear(&folders);
    return SG_OK;
}

sg_status sg_picture_source_label(sg_picture_source *source, sg_error *error)
{
    for (size_t i = 0; i < source->label_files.count; i++) {
        const sg_picture *file = &source->label_files.files[i];
        unsigned char *bytes = NULL;
        size_t size = 0;
        bool labelled = false;
        SG_TRY(fetch(source, file, &bytes, &size, error));
        const sg_status status = sg_label_from_file(
            source, file->name, rank_of(file->name) < LIKELY, bytes, size, &labelled, error);
        free(bytes);
        SG_TRY(status);
        if (labelled) {
            note_others(source, i);
            return check_others(source, i, error);
        }
    }
    return source->functions->decode ? SG_OK : label_by_folders(source, error);
}

/* Sets *is_none to whether the first label file, a JSON file, says that there are no labels; notes
 * why it is no list of labels where it is none. Labels that would be refused do not matter here. */
static sg_status look_for_none(sg_picture_source *source, bool *is_none, sg_error *error)
{
    const sg_picture *file = source->label_files.files;
    unsigned char *bytes = NULL;
    size_t size = 0;
    *is_none = false;
    if (source->label_files.count == 0 || !has_ending(file->name, ".json"))
        return SG_OK;
    SG_TRY(fetch(source, file, &bytes, &size, error));
    sg_label_list list = {.file = file->name};
    const sg_status status = sg_label_list_read_json(&list, bytes, size, error);
    *is_none = !status && !list.refusal && list.is_none;
    if (!status && list.refusal)
        NOTE(source, "Warning: ", file->name, " is no list of labels: ", list.refusal);
    sg_label_list_clear(&list);
    free(bytes);
    return status == SG_ERROR_FORMAT ? SG_OK : status;
}

sg_status sg_picture_source_leave_labels(sg_picture_source *source, sg_error *error)
{
    sg_class_folders folders = {0};
    sg_text text = {0};
    bool is_none = false;
    SG_TRY(look_for_none(source, &is_none, error));
    if (is_none)
        return SG_OK;
    const char **names = list_names(source);
    if (!names)
        return sg_fail_memory(error, "the labels of %s", source->path);
    sg_status status = sg_class_folders_find(names, source->count, &folders, error);
    if (source->label_files.count > 0)
        sg_text_append(&text, "%s", source->label_files.files[0].name);
    else if (folders.count > 0)
        sg_text_append(&text, "%zu folders", folders.count);
    sg_class_folders_clear(&folders);
    free(names);
    source->unread_labels = text.bytes;
    return text.failed ? sg_fail_memory(error, "the labels of %s", source->path) : status;
}
