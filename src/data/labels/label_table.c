/*
 * Labels in tables: labels.csv and the like, list_attr_celeba.txt.
 * Tested by: tests/data/labels/test_label_table.c
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/text.h"
#include "data/labels/label_list.h"
#include "data/labels/table_layout.h"

/* A table that is being read. */
typedef struct reading {
    sg_label_list *list;
    sg_table_layout layout;
    sg_table_row row;
    float *values; /* [layout.count] */
} reading;

static sg_status fail_memory(const reading *all, sg_error *error)
{
    return sg_fail_memory(error, "the labels in %s", all->list->file);
}

static sg_status fail_row(const reading *all, sg_error *error)
{
    const char *expected = all->layout.count > 1 ? "path and a number in each column of labels"
                           : all->layout.by_word ? "path,class"
                                                 : "path,class with a whole class number";
    sg_text text = {0};
    for (size_t i = 0; i < all->row.count && i < 8; i++)
        sg_text_append(&text, "%s%.100s", i == 0 ? "" : (char[]){all->layout.separator, 0},
                       sg_table_field(&all->row, i));
    sg_fail(error, SG_ERROR_FORMAT, "%s: line %zu is \"%.200s\", expected %s%s", all->list->file,
            all->row.line, text.bytes ? text.bytes : "", expected,
            all->layout.count > 1 || all->layout.by_word ? "" : " from 0 to 65535");
    sg_text_clear(&text);
    return SG_ERROR_FORMAT;
}

/* Reads a row's numbers; *empty is how many columns have none. False for another text. */
static bool read_values(const reading *all, size_t *empty)
{
    *empty = 0;
    for (size_t i = 0; i < all->layout.count; i++) {
        double value = 0;
        const char *field = sg_table_field(&all->row, all->layout.columns[i]);
        if (!field[0])
            ++*empty;
        else if (!sg_table_number(&all->layout, field, &value))
            return false;
        all->values[i] = (float)value;
    }
    return true;
}

/* Adds the label of a row; a row whose fields of labels are all empty has none. */
static sg_status add_row(reading *all, sg_error *error)
{
    const char *name = sg_table_field(&all->row, all->layout.name_column);
    const char *word = sg_table_field(&all->row, all->layout.columns[0]);
    size_t empty = 0;
    if (all->row.count <= all->layout.columns[0] || !name[0])
        return fail_row(all, error);
    if (all->layout.by_word) {
        if (!word[0] || sg_label_list_add(all->list, name, word, all->row.line, -1))
            return SG_OK;
        return fail_memory(all, error);
    }
    if (!read_values(all, &empty) || (empty > 0 && empty < all->layout.count))
        return fail_row(all, error);
    if (empty > 0 || sg_label_list_add_row(all->list, name, all->row.line, all->values))
        return SG_OK;
    return fail_memory(all, error);
}

/* ---- what the numbers mean ---- */

static bool is_whole(float value)
{
    return value == floorf(value);
}

/* Makes classes of rows of one whole number. */
static sg_status make_classes(sg_label_list *list, sg_error *error)
{
    for (size_t i = 0; i < list->count; i++) {
        const float value = list->values[i];
        if (value < 0 || value > SG_LARGEST_LABEL)
            return sg_fail(error, SG_ERROR_FORMAT,
                           "%s: line %zu gives %.100s the class %g, expected a whole number from 0 "
                           "to %d",
                           list->file, list->entries[i].place, list->entries[i].name, (double)value,
                           SG_LARGEST_LABEL);
        list->entries[i].label = (int)value;
    }
    free(list->values);
    list->values = NULL;
    list->width = 0;
    return SG_OK;
}

/* Brings attributes that are written as -1 and 1, as CelebA's are, to 0 and 1. */
static bool read_signs(sg_label_list *list)
{
    const size_t count = list->count * list->width;
    bool signs = count > 0;
    for (size_t i = 0; i < count && signs; i++)
        signs = list->values[i] == 1 || list->values[i] == -1;
    if (!signs)
        return true;
    for (size_t i = 0; i < count; i++)
        list->values[i] = list->values[i] > 0 ? 1.0f : 0.0f;
    sg_text remark = {0};
    sg_text_append(&remark, "%s%s%s: -1 is read as 0, not there", list->remark ? list->remark : "",
                   list->remark ? "; " : "", list->file);
    free(list->remark);
    list->remark = remark.bytes;
    return !remark.failed;
}

static sg_status judge_numbers(sg_label_list *list, sg_error *error)
{
    bool whole = list->width == 1;
    for (size_t i = 0; i < list->count && whole; i++)
        whole = is_whole(list->values[i]);
    if (whole)
        return make_classes(list, error);
    return list->width == 1 || read_signs(list)
               ? SG_OK
               : sg_fail_memory(error, "the labels in %s", list->file);
}

static int compare_texts(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

/* Refuses words that are captions rather than classes: more than half of them occur once. */
static sg_status judge_words(sg_label_list *list, sg_error *error)
{
    size_t single = 0;
    const char **words = sg_allocate(list->count + 1, sizeof *words);
    if (!words)
        return sg_fail_memory(error, "the labels in %s", list->file);
    for (size_t i = 0; i < list->count; i++)
        words[i] = list->entries[i].word;
    qsort(words, list->count, sizeof *words, compare_texts);
    for (size_t i = 0; i < list->count; i++) {
        const bool before = i > 0 && strcmp(words[i], words[i - 1]) == 0;
        const bool after = i + 1 < list->count && strcmp(words[i], words[i + 1]) == 0;
        single += !before && !after ? 1 : 0;
    }
    free(words);
    return 2 * single > list->count ? sg_label_list_refuse(list, error,
                                                           "most of its texts stand there once, so "
                                                           "they are no classes")
                                    : SG_OK;
}

/* Makes classes or rows of what was read. */
static sg_status finish(reading *all, bool is_meant, sg_error *error)
{
    sg_label_list *list = all->list;
    if (list->count == 0)
        return sg_label_list_refuse(list, error, "it holds no label");
    if (!all->layout.by_word)
        return judge_numbers(list, error);
    if (!is_meant && !all->layout.named)
        SG_TRY(judge_words(list, error));
    return sg_label_list_finish(list) ? SG_OK : fail_memory(all, error);
}

static sg_status read_rows(reading *all, bool is_meant, sg_table_reader *reader, sg_error *error)
{
    size_t row = 0;
    all->list->width = all->layout.by_word ? 0 : all->layout.count;
    all->values = sg_allocate(all->layout.count, sizeof *all->values);
    if (!all->values)
        return fail_memory(all, error);
    while (sg_table_next(reader, &all->row))
        if (row++ >= all->layout.skipped)
            SG_TRY(add_row(all, error));
    return all->row.failed ? fail_memory(all, error) : finish(all, is_meant, error);
}

/* Returns where a text begins after a line such as "sep=;", which some spreadsheets write. */
static const char *after_hint(const char *text)
{
    if (strncmp(text, "sep=", 4) != 0 || !text[4] || !strchr("\r\n", text[5]))
        return text;
    return text + 5 + strspn(text + 5, "\r\n");
}

sg_status sg_label_list_read_table(sg_label_list *list, bool is_meant, const unsigned char *bytes,
                                   size_t size, sg_error *error)
{
    size_t length = 0;
    reading all = {.list = list};
    char *text = sg_table_text(bytes, size, &length);
    if (!text)
        return fail_memory(&all, error);
    const char *start = after_hint(text);
    sg_status status =
        sg_table_layout_find(&all.layout, list, start, length - (size_t)(start - text), error);
    if (!status && !list->refusal) {
        sg_table_reader reader = {.at = start,
                                  .end = text + length,
                                  .separator = all.layout.separator,
                                  .line = start == text ? 1 : 2};
        status = read_rows(&all, is_meant, &reader, error);
    }
    sg_table_row_clear(&all.row);
    sg_table_layout_clear(&all.layout);
    free(all.values);
    free(text);
    return status;
}
