/*
 * The common form of all network files' contents. Tensors are found by a binary search of their
 * sorted names.
 *
 * Tested by: tests/checkpoint/network/test_network_file.c
 */
#include "checkpoint/contents/network_contents.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "checkpoint/safetensors/safetensors.h"

enum { MOST_IGNORED = 1000, LONGEST_SENTENCE = 400 };

static void clear_part(sg_network_contents_part *part)
{
    for (size_t i = 0; i < part->count; i++)
        free(part->tensors[i].name);
    free(part->tensors);
    free(part->by_name);
    free(part->refusal);
}

void sg_network_contents_clear(sg_network_contents *contents)
{
    for (int part = 0; part < SG_PART_COUNT; part++)
        clear_part(&contents->parts[part]);
    for (size_t i = 0; i < contents->ignored_count; i++)
        free(contents->ignored[i]);
    free(contents->ignored);
    cJSON_Delete(contents->config);
    *contents = (sg_network_contents){0};
}

/* ---- tensors ---- */

static int compare_names(const void *a, const void *b)
{
    const sg_network_tensor *const *first = a;
    const sg_network_tensor *const *second = b;
    return strcmp((*first)->name, (*second)->name);
}

const sg_network_tensor *sg_network_contents_find(const sg_network_contents *contents,
                                                  sg_network_part part, const char *name)
{
    const sg_network_contents_part *from = &contents->parts[part];
    const sg_network_tensor wanted = {.name = (char *)name};
    const sg_network_tensor *key = &wanted;
    const sg_network_tensor *const *found =
        bsearch(&key, from->by_name, from->count, sizeof *from->by_name, compare_names);
    return found ? *found : NULL;
}

static sg_status finish_part(sg_network_contents *contents, sg_network_part part, sg_error *error)
{
    sg_network_contents_part *sorted = &contents->parts[part];
    sorted->by_name = sg_allocate(sorted->count + 1, sizeof *sorted->by_name);
    if (!sorted->by_name)
        return sg_fail_memory(error, "%s", contents->path);
    for (size_t i = 0; i < sorted->count; i++)
        sorted->by_name[i] = &sorted->tensors[i];
    qsort(sorted->by_name, sorted->count, sizeof *sorted->by_name, compare_names);
    for (size_t i = 1; i < sorted->count; i++) {
        if (compare_names(&sorted->by_name[i - 1], &sorted->by_name[i]) == 0)
            return sg_fail(error, SG_ERROR_FORMAT, "%s: %s has two tensors named \"%.100s\"",
                           contents->path, sg_network_part_name(part), sorted->by_name[i]->name);
    }
    return SG_OK;
}

sg_status sg_network_contents_finish(sg_network_contents *contents, sg_error *error)
{
    for (int part = 0; part < SG_PART_COUNT; part++)
        SG_TRY(finish_part(contents, (sg_network_part)part, error));
    return SG_OK;
}

sg_status sg_network_contents_add(sg_network_contents *contents, sg_network_part part,
                                  const char *name, const sg_network_tensor *tensor,
                                  sg_error *error)
{
    sg_network_contents_part *to = &contents->parts[part];
    if (to->count >= SG_STORED_MAX_TENSORS)
        return sg_fail(error, SG_ERROR_FORMAT, "%s: %s has more than %d tensors", contents->path,
                       sg_network_part_name(part), SG_STORED_MAX_TENSORS);
    char *copy = sg_duplicate_text(name);
    if (!copy || !sg_grow(&to->tensors, &to->capacity, to->count, sizeof *to->tensors)) {
        free(copy);
        return sg_fail_memory(error, "%s", contents->path);
    }
    if (!sg_size_add(to->values, tensor->count, &to->values))
        to->values = SIZE_MAX;
    sg_network_tensor *added = &to->tensors[to->count++];
    *added = *tensor;
    added->name = copy;
    return SG_OK;
}

/* ---- configs ---- */

sg_status sg_network_config_add(cJSON **config, sg_network_part part, const char *class_name,
                                cJSON *init_kwargs, const char *path, sg_error *error)
{
    if (!*config)
        *config = cJSON_CreateObject();
    cJSON *entry = cJSON_AddObjectToObject(*config, sg_network_part_name(part));
    if (init_kwargs && cJSON_AddStringToObject(entry, "class_name", class_name) &&
        cJSON_AddItemToObject(entry, "init_kwargs", init_kwargs))
        return SG_OK;
    cJSON_Delete(init_kwargs);
    return sg_fail_memory(error, "%s", path);
}

/* ---- sentences ---- */

static char *print_sentence(const char *format, va_list arguments)
{
    char text[LONGEST_SENTENCE];
    vsnprintf(text, sizeof text, format, arguments);
    return sg_duplicate_text(text);
}

sg_status sg_network_contents_ignore(sg_network_contents *contents, sg_error *error,
                                     const char *format, ...)
{
    if (contents->ignored_count >= MOST_IGNORED)
        return SG_OK;
    va_list arguments;
    va_start(arguments, format);
    char *text = print_sentence(format, arguments);
    va_end(arguments);
    if (!text || !sg_grow(&contents->ignored, &contents->ignored_capacity, contents->ignored_count,
                          sizeof *contents->ignored)) {
        free(text);
        return sg_fail_memory(error, "%s", contents->path);
    }
    contents->ignored[contents->ignored_count++] = text;
    return SG_OK;
}

sg_status sg_network_contents_refuse(sg_network_contents *contents, sg_network_part part,
                                     sg_error *error, const char *format, ...)
{
    sg_network_contents_part *refused = &contents->parts[part];
    if (refused->refusal)
        return SG_OK;
    va_list arguments;
    va_start(arguments, format);
    refused->refusal = print_sentence(format, arguments);
    va_end(arguments);
    return refused->refusal ? SG_OK : sg_fail_memory(error, "%s", contents->path);
}

sg_status sg_network_contents_end_part(sg_network_contents *contents, sg_network_part part,
                                       sg_status status, const sg_error *reason, sg_error *error)
{
    sg_network_contents_part *ended = &contents->parts[part];
    if (!status)
        return SG_OK;
    if (status == SG_ERROR_MEMORY)
        return sg_fail(error, status, "%s", reason->message);
    SG_TRY(sg_network_contents_refuse(contents, part, error, "%s", reason->message));
    char *refusal = ended->refusal;
    ended->refusal = NULL;
    clear_part(ended);
    *ended = (sg_network_contents_part){.refusal = refusal};
    return SG_OK;
}
