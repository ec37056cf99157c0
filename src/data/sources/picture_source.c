/*
 * Sorts a collection's files, selects its pictures, labels them, and reads them.
 * Tested by: tests/data/kinds/test_folder_dataset.c
 */
#include "data/sources/picture_source.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/files/file.h"
#include "data/sources/made_folders.h"
#include "data/sources/picture_labels.h"
#include "image/files/picture_file.h"

/* The start of a picture's file that usually holds everything before the pixels. */
#define HEADER_BYTES ((size_t)16 << 10)

static bool is_skipped(const char *name)
{
    static const char resource_folder[] = "__MACOSX/";
    const char *resources = strstr(name, resource_folder);
    return name[0] == '.' || strstr(name, "/.") ||
           (resources && (resources == name || resources[-1] == '/'));
}

bool sg_file_list_add(sg_file_list *list, const char *name, size_t entry)
{
    if (is_skipped(name))
        return true;
    if (!sg_grow(&list->files, &list->capacity, list->count, sizeof *list->files))
        return false;
    char *copy = sg_duplicate_text(name);
    if (!copy)
        return false;
    list->files[list->count++] = (sg_picture){.name = copy, .entry = entry, .label = -1};
    return true;
}

void sg_file_list_clear(sg_file_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        free(list->files[i].name);
    free(list->files);
    *list = (sg_file_list){0};
}

/* Tells whether the file is to be taken as a picture; counts pictures of kinds that are not read.
 */
static bool is_taken(sg_picture_source *source, const char *name, unsigned long *read)
{
    const sg_rare_kind *kind = NULL;
    const sg_picture_ending ending = sg_picture_ending_of(name, &kind);
    if (source->functions->decode || ending == SG_ENDING_PICTURE)
        return true;
    if (ending == SG_ENDING_OTHER)
        return false;
    const unsigned long bit = 1UL << sg_rare_kind_number(kind);
    if (!((*read | source->foreign_kinds) & bit))
        *(sg_rare_kind_is_read(kind) ? read : &source->foreign_kinds) |= bit;
    source->foreign_count += (*read & bit) == 0;
    return *read & bit;
}

/* Moves the list's pictures, which are sorted, to the source; other files stay in the list. False
 * on lack of memory. */
static bool take_pictures(sg_picture_source *source, sg_file_list *list)
{
    size_t left = 0;
    unsigned long read = 0; /* numbers of rare kinds that are read */
    source->pictures = sg_allocate(list->count, sizeof *source->pictures);
    if (!source->pictures)
        return false;
    for (size_t i = 0; i < list->count; i++) {
        const sg_picture *file = &list->files[i];
        if (is_taken(source, file->name, &read))
            source->pictures[source->count++] = *file;
        else
            list->files[left++] = *file;
    }
    list->count = left;
    return true;
}

void sg_foreign_pictures_describe(const sg_picture_source *source, const char *separator,
                                  sg_text *text)
{
    char kinds[256];
    sg_text_append(text, "%s%s holds %zu picture%s of kinds that are not read %s", source->path,
                   separator, source->foreign_count, source->foreign_count == 1 ? "" : "s",
                   sg_rare_kinds_describe(source->foreign_kinds, kinds, sizeof kinds));
}

/* Fails for a collection that holds no picture. */
static sg_status fail_without_pictures(const sg_picture_source *source, sg_error *error)
{
    sg_text text = {0};
    if (source->foreign_count == 0)
        return sg_fail(error, SG_ERROR_FORMAT, "%s: holds no picture", source->path);
    sg_foreign_pictures_describe(source, ":", &text);
    sg_fail(error, SG_ERROR_FORMAT, "%s", text.bytes ? text.bytes : source->path);
    sg_text_clear(&text);
    return SG_ERROR_FORMAT;
}

static sg_status fill(sg_picture_source *source, sg_file_list *list, sg_error *error)
{
    if (!sg_pass_over_made_folders(list, &source->notes) || !take_pictures(source, list))
        return sg_fail_memory(error, "%s", source->path);
    if (source->count == 0)
        return fail_without_pictures(source, error);
    return sg_take_label_files(source, list) ? SG_OK : sg_fail_memory(error, "%s", source->path);
}

sg_status sg_picture_source_create(const char *path, const sg_picture_source_functions *functions,
                                   void *state, sg_file_list *list, sg_picture_source **source,
                                   sg_error *error)
{
    *source = NULL;
    sg_picture_source *created = sg_allocate(1, sizeof *created);
    if (!created) {
        functions->destroy(state);
        sg_file_list_clear(list);
        return sg_fail_memory(error, "%s", path);
    }
    *created = (sg_picture_source){
        .path = sg_duplicate_text(path), .functions = functions, .state = state};
    const sg_status status =
        created->path ? fill(created, list, error) : sg_fail_memory(error, "%s", path);
    if (status) {
        sg_file_list_clear(list);
        sg_picture_source_destroy(created);
        return status;
    }
    *source = created;
    return SG_OK;
}

void sg_picture_source_destroy(sg_picture_source *source)
{
    if (!source)
        return;
    source->functions->destroy(source->state);
    sg_file_list pictures = {.files = source->pictures, .count = source->count};
    sg_file_list_clear(&pictures);
    sg_file_list_clear(&source->label_files);
    for (size_t i = 0; i < source->label_count && source->label_names; i++)
        free(source->label_names[i]);
    free(source->label_names);
    free(source->label_values);
    free(source->label_file);
    free(source->unread_labels);
    sg_text_clear(&source->notes);
    free(source->path);
    free(source);
}

char *sg_picture_source_name(const sg_picture_source *source, size_t index)
{
    return sg_path_join(source->path, source->pictures[index].name);
}

/* Reads the file's first `limit` bytes: decodes the picture or, if `image` is NULL, measures it. */
static sg_status read_within(const sg_picture_source *source, size_t index, size_t limit,
                             sg_image_shape *shape, sg_image **image, sg_error *error)
{
    unsigned char *bytes = NULL;
    size_t size = 0;
    char *name = sg_picture_source_name(source, index);
    if (!name)
        return sg_fail_memory(error, "%s", source->path);
    sg_status status = source->functions->fetch(source->state, &source->pictures[index], limit,
                                                &bytes, &size, error);
    if (!status)
        status = image ? sg_picture_decode(name, bytes, size, image, error)
                       : sg_picture_measure(name, bytes, size, shape, error);
    free(name);
    free(bytes);
    return status;
}

sg_status sg_picture_source_measure(const sg_picture_source *source, size_t index,
                                    sg_image_shape *shape, sg_error *error)
{
    if (source->functions->decode) {
        sg_image *image = NULL;
        const sg_status status = sg_picture_source_read(source, index, &image, error);
        if (!status)
            *shape = sg_image_shape_of(image);
        sg_image_destroy(image);
        return status;
    }
    if (!read_within(source, index, HEADER_BYTES, shape, NULL, NULL))
        return SG_OK;
    return read_within(source, index, SG_PICTURE_LARGEST_FILE, shape, NULL, error);
}

sg_status sg_picture_source_read(const sg_picture_source *source, size_t index, sg_image **image,
                                 sg_error *error)
{
    *image = NULL;
    if (source->functions->decode)
        return source->functions->decode(source->state, &source->pictures[index], image, error);
    return read_within(source, index, SG_PICTURE_LARGEST_FILE, NULL, image, error);
}
