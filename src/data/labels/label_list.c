/*
 * The list of labels that readers fill; see label_list.h.
 * Tested by: tests/data/labels/test_label_table.c
 */
#include "data/labels/label_list.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/text.h"
#include "data/labels/label_path.h"

bool sg_label_list_add(sg_label_list *list, const char *name, const char *word, size_t place,
                       int label)
{
    if (!sg_grow(&list->entries, &list->capacity, list->count, sizeof *list->entries))
        return false;
    const sg_label_entry entry = {.name = sg_duplicate_text(name),
                                  .word = sg_duplicate_text(word),
                                  .place = place,
                                  .label = label};
    list->entries[list->count++] = entry;
    return entry.name && (entry.word || !word);
}

bool sg_label_list_add_row(sg_label_list *list, const char *name, size_t place, const float *values)
{
    const size_t row = list->count;
    if (!sg_grow(&list->values, &list->value_capacity, row, list->width * sizeof *values))
        return false;
    memcpy(list->values + row * list->width, values, list->width * sizeof *values);
    return sg_label_list_add(list, name, NULL, place, (int)row);
}

bool sg_label_list_add_name(sg_label_list *list, const char *name)
{
    if (!sg_grow(&list->names, &list->name_capacity, list->name_count, sizeof *list->names))
        return false;
    list->names[list->name_count] = sg_duplicate_text(name);
    return list->names[list->name_count++];
}

/* ---- classes by name ---- */

static int compare_words(const void *left, const void *right)
{
    return sg_compare_naturally(*(const char *const *)left, *(const char *const *)right);
}

static void clear_names(sg_label_list *list)
{
    for (size_t i = 0; i < list->name_count; i++)
        free(list->names[i]);
    free(list->names);
    list->names = NULL;
    list->name_count = list->name_capacity = 0;
}

/* Makes list->names of the entries' words, sorted, each once. False on lack of memory. */
static bool collect_words(sg_label_list *list)
{
    size_t count = 0;
    bool complete = true;
    const char **words = sg_allocate(list->count, sizeof *words);
    if (!words)
        return false;
    clear_names(list);
    for (size_t i = 0; i < list->count; i++)
        if (list->entries[i].word)
            words[count++] = list->entries[i].word;
    qsort(words, count, sizeof *words, compare_words);
    for (size_t i = 0; i < count && complete; i++)
        if (i == 0 || strcmp(words[i], words[i - 1]) != 0)
            complete = sg_label_list_add_name(list, words[i]);
    free(words);
    return complete;
}

bool sg_label_list_finish(sg_label_list *list)
{
    bool has_words = false;
    for (size_t i = 0; i < list->count && !has_words; i++)
        has_words = list->entries[i].word;
    if (!has_words)
        return true;
    if (!collect_words(list))
        return false;
    for (size_t i = 0; i < list->count; i++) {
        sg_label_entry *entry = &list->entries[i];
        char **found = entry->word ? bsearch(&entry->word, list->names, list->name_count,
                                             sizeof *list->names, compare_words)
                                   : NULL;
        if (found)
            entry->label = (int)(found - list->names);
        free(entry->word);
        entry->word = NULL;
    }
    return true;
}

/* ---- the list ---- */

sg_status sg_label_list_refuse(sg_label_list *list, sg_error *error, const char *format, ...)
{
    char text[500];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    free(list->refusal);
    list->refusal = sg_duplicate_text(text);
    return list->refusal ? SG_OK : sg_fail_memory(error, "%s", list->file);
}

bool sg_label_list_same(const sg_label_list *list, int left, int right)
{
    if (list->width == 0 || left == right)
        return left == right;
    return memcmp(list->values + (size_t)left * list->width,
                  list->values + (size_t)right * list->width,
                  list->width * sizeof *list->values) == 0;
}

void sg_label_list_print(const sg_label_list *list, int label, char *text, size_t size)
{
    if (list->width == 0) {
        snprintf(text, size, "%d", label);
        return;
    }
    size_t length = 0;
    for (size_t i = 0; i < list->width && length < size; i++)
        length += (size_t)snprintf(text + length, size - length, "%s%g", i == 0 ? "[" : ", ",
                                   (double)list->values[(size_t)label * list->width + i]);
    if (length < size)
        snprintf(text + length, size - length, "]");
}

void sg_label_list_clear(sg_label_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        free(list->entries[i].name);
        free(list->entries[i].word);
    }
    free(list->entries);
    free(list->values);
    clear_names(list);
    free(list->refusal);
    free(list->remark);
    *list = (sg_label_list){0};
}
