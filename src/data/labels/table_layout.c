/*
 * Judges a table by a sample of its first rows. The separator is the one that most rows agree on;
 * the column of names holds pictures' endings or has a usual heading; the labels are in the column
 * that is called so, otherwise in all that hold numbers, otherwise in the only other one.
 * Tested by: tests/data/labels/test_label_table.c
 */
#include "data/labels/table_layout.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/text.h"
#include "image/files/picture_file.h"

enum { SAMPLE_ROWS = 50 };

/* What a column holds, in most of its fields that are not empty. */
typedef struct column_facts {
    bool filled, numeric, pictures;
} column_facts;

/* The first rows, with the table's usual number of columns. */
typedef struct sample {
    sg_table_row rows[SAMPLE_ROWS];
    size_t count;
    size_t width;          /* fields in most rows */
    size_t first;          /* row of labels */
    int heading;           /* row of the headings; -1 without */
    size_t shift;          /* columns before the first that has a heading: 0 or 1 */
    column_facts *columns; /* [width] */
} sample;

/* ---- rows ---- */

static void read_sample(sample *found, char separator, const char *text, size_t length)
{
    sg_table_reader reader = {.at = text, .end = text + length, .separator = separator, .line = 1};
    found->count = 0;
    while (found->count < SAMPLE_ROWS && sg_table_next(&reader, &found->rows[found->count]))
        found->count++;
}

/* Finds the number of fields that most rows have, at least 2; returns how many have it. */
static size_t find_width(sample *found)
{
    size_t most = 0;
    found->width = 0;
    for (size_t i = 0; i < found->count; i++) {
        const size_t width = found->rows[i].count;
        size_t same = 0;
        for (size_t j = 0; j < found->count; j++)
            same += found->rows[j].count == width ? 1 : 0;
        if (width >= 2 && same > most) {
            most = same;
            found->width = width;
        }
    }
    return most;
}

/* Reads the sample with the separator on which most rows agree; of equal ones, the first. */
static void choose_separator(sample *found, sg_table_layout *layout, const char *text,
                             size_t length)
{
    static const char separators[] = "\t;,| ";
    size_t most = 0;
    layout->separator = ',';
    for (const char *separator = separators; *separator; separator++) {
        read_sample(found, *separator, text, length);
        const size_t agreeing = find_width(found);
        if (agreeing > most) {
            most = agreeing;
            layout->separator = *separator;
        }
    }
    read_sample(found, layout->separator, text, length);
    find_width(found);
}

/* ---- words ---- */

/* Tells whether a heading is one of `words`, apart from case, blanks and punctuation. */
static bool is_called(const char *heading, const char *const *words)
{
    char plain[32];
    size_t length = 0;
    for (; *heading && length + 1 < sizeof plain; heading++)
        if (isalnum((unsigned char)*heading))
            plain[length++] = (char)tolower((unsigned char)*heading);
    plain[length] = '\0';
    for (; *words; words++)
        if (strcmp(plain, *words) == 0)
            return true;
    return false;
}

static bool is_name_word(const char *heading)
{
    static const char *const words[] = {
        "path", "filepath", "imagepath", "file",    "filename", "image", "imageid", "imagename",
        "img",  "imgname",  "imagefile", "picture", "photo",    "name",  "id",      NULL};
    return is_called(heading, words);
}

static bool is_label_word(const char *heading)
{
    static const char *const words[] = {
        "class",     "classid", "classindex", "classname", "label",      "labels", "labelid",
        "labelname", "target",  "targets",    "category",  "categoryid", NULL};
    return is_called(heading, words);
}

/* True for the heading of a column that only counts the rows, as pandas writes it. */
static bool is_index_word(const char *heading)
{
    static const char *const words[] = {"", "index", "unnamed0", "row", "no", "nr", "id", NULL};
    return is_called(heading, words);
}

bool sg_table_number(const sg_table_layout *layout, const char *text, double *value)
{
    char plain[64];
    char *end = NULL;
    if (strlen(text) >= sizeof plain || text[strspn(text, "+-0123456789.,eE")] != '\0')
        return false;
    snprintf(plain, sizeof plain, "%s", text);
    char *comma = layout->separator == ',' ? NULL : strchr(plain, ',');
    if (comma)
        *comma = '.';
    *value = strtod(plain, &end);
    return end != plain && *end == '\0' && fabs(*value) <= 3e38;
}

/* ---- columns ---- */

static const char *heading_of(const sample *found, size_t column)
{
    if (found->heading < 0 || column < found->shift)
        return "";
    return sg_table_field(&found->rows[found->heading], column - found->shift);
}

/* Fills in which columns hold numbers or pictures' names, by half of the rows from `first` on. */
static void judge_columns(sample *found, const sg_table_layout *layout)
{
    for (size_t column = 0; column < found->width; column++) {
        size_t filled = 0;
        size_t numbers = 0;
        size_t pictures = 0;
        for (size_t i = found->first; i < found->count; i++) {
            double value;
            const char *field = sg_table_field(&found->rows[i], column);
            filled += field[0] ? 1 : 0;
            numbers += sg_table_number(layout, field, &value) ? 1 : 0;
            pictures += sg_picture_ending_of(field, NULL) != SG_ENDING_OTHER ? 1 : 0;
        }
        found->columns[column] = (column_facts){.filled = filled > 0,
                                                .numeric = filled > 0 && 2 * numbers >= filled,
                                                .pictures = 2 * pictures > filled};
    }
}

/* True if a field has a word where the rows after it have numbers or pictures. */
static bool differs_from(const column_facts *column, const sg_table_layout *layout,
                         const char *field)
{
    double value;
    return field[0] &&
           (column->pictures || (column->numeric && !sg_table_number(layout, field, &value)));
}

/* True if the row has a usual heading, or words where the rows after it have other things. */
static bool is_heading(const sample *found, const sg_table_layout *layout, size_t index)
{
    const sg_table_row *row = &found->rows[index];
    const size_t shift = found->width - row->count == 1 ? 1 : 0;
    bool differs = false;
    for (size_t i = 0; i < row->count; i++) {
        const char *field = sg_table_field(row, i);
        if (is_name_word(field) || is_label_word(field))
            return true;
        if (sg_picture_ending_of(field, NULL) != SG_ENDING_OTHER)
            return false;
        differs = differs || (i + shift < found->width &&
                              differs_from(&found->columns[i + shift], layout, field));
    }
    return differs && index + 1 < found->count;
}

/* Finds the rows before the labels: CelebA begins with the number of its pictures, and its heading
 * has no word for their names. */
static void find_first(sample *found, const sg_table_layout *layout)
{
    double value;
    found->heading = -1;
    found->first = 0;
    const bool counts = found->count > 2 && found->rows[0].count == 1 &&
                        sg_table_number(layout, sg_table_field(&found->rows[0], 0), &value);
    const size_t start = counts ? 1 : 0;
    found->first = start + 1 < found->count ? start + 1 : start;
    judge_columns(found, layout);
    if (is_heading(found, layout, start)) {
        found->heading = (int)start;
        found->shift = found->rows[start].count + 1 == found->width ? 1 : 0;
        found->first = start + 1;
    } else {
        found->first = start;
    }
    judge_columns(found, layout);
}

static size_t find_names(const sample *found)
{
    size_t by_ending = found->width;
    size_t by_heading = found->width;
    for (size_t column = found->width; column-- > 0;) {
        const bool called = is_name_word(heading_of(found, column));
        by_heading = called ? column : by_heading;
        if (found->columns[column].pictures &&
            (by_ending == found->width || called || !is_name_word(heading_of(found, by_ending))))
            by_ending = column;
    }
    if (by_ending < found->width)
        return by_ending;
    return by_heading < found->width ? by_heading : 0;
}

/* Takes the column whose heading promises classes; false without one. */
static bool find_named_label(const sample *found, sg_table_layout *layout)
{
    for (size_t column = 0; column < found->width; column++)
        if (column != layout->name_column && is_label_word(heading_of(found, column))) {
            layout->columns[0] = column;
            layout->count = 1;
            layout->named = true;
            layout->by_word = !found->columns[column].numeric;
            return true;
        }
    return false;
}

/* Chooses the columns of the labels. */
static void find_labels(const sample *found, sg_table_layout *layout)
{
    size_t others = 0;
    size_t other = 0;
    if (find_named_label(found, layout))
        return;
    for (size_t column = 0; column < found->width; column++) {
        const bool counts = found->heading >= 0 && is_index_word(heading_of(found, column));
        if (column == layout->name_column || counts || !found->columns[column].filled)
            continue;
        others++;
        other = column;
        if (found->columns[column].numeric)
            layout->columns[layout->count++] = column;
    }
    if (layout->count == 0 && others == 1) {
        layout->columns[layout->count++] = other;
        layout->by_word = true;
    }
}

/* ---- what the list is told ---- */

static bool is_read(const sg_table_layout *layout, size_t column)
{
    bool read = column == layout->name_column;
    for (size_t i = 0; i < layout->count && !read; i++)
        read = layout->columns[i] == column;
    return read;
}

/* Names the columns that are not read in the list's remark. */
static bool remark_columns(const sample *found, const sg_table_layout *layout, sg_label_list *list)
{
    sg_text text = {0};
    size_t count = 0;
    for (size_t column = 0; column < found->width; column++) {
        const char *heading = heading_of(found, column);
        if (is_read(layout, column) || !found->columns[column].filled)
            continue;
        if (count++ < 10)
            sg_text_append(&text, "%s", count == 1 ? "" : ", ");
        if (count <= 10 && heading[0])
            sg_text_append(&text, "\"%.50s\"", heading);
        else if (count <= 10)
            sg_text_append(&text, "number %zu", column + 1);
    }
    if (count > 0 && text.bytes) {
        sg_text remark = {0};
        sg_text_append(&remark, "%s: the column%s %s%s not read", list->file, count == 1 ? "" : "s",
                       text.bytes,
                       count > 10   ? " and others are"
                       : count == 1 ? " is"
                                    : " are");
        list->remark = remark.bytes;
        text.failed = text.failed || remark.failed;
    }
    const bool complete = !text.failed;
    sg_text_clear(&text);
    return complete;
}

static bool copy_headings(const sample *found, const sg_table_layout *layout, sg_label_list *list)
{
    bool complete = true;
    for (size_t i = 0; i < layout->count && complete && layout->count > 1 && found->heading >= 0;
         i++)
        complete = sg_label_list_add_name(list, heading_of(found, layout->columns[i]));
    return complete;
}

static sg_status judge(sample *found, sg_table_layout *layout, sg_label_list *list, sg_error *error)
{
    found->columns = sg_allocate(found->width, sizeof *found->columns);
    layout->columns = sg_allocate(found->width, sizeof *layout->columns);
    if (!found->columns || !layout->columns)
        return sg_fail_memory(error, "%s", list->file);
    find_first(found, layout);
    layout->skipped = found->first;
    layout->name_column = find_names(found);
    find_labels(found, layout);
    if (layout->count == 0)
        return sg_label_list_refuse(list, error, "none of its %zu columns holds labels",
                                    found->width);
    return remark_columns(found, layout, list) && copy_headings(found, layout, list)
               ? SG_OK
               : sg_fail_memory(error, "%s", list->file);
}

sg_status sg_table_layout_find(sg_table_layout *layout, sg_label_list *list, const char *text,
                               size_t length, sg_error *error)
{
    sample *found = sg_allocate(1, sizeof *found);
    if (!found)
        return sg_fail_memory(error, "%s", list->file);
    choose_separator(found, layout, text, length);
    sg_status status = SG_OK;
    if (found->count == 0)
        status = sg_label_list_refuse(list, error, "it is empty");
    else if (found->width < 2)
        status = sg_label_list_refuse(list, error,
                                      "its lines hold no names and labels side by "
                                      "side, such as path,class");
    else
        status = judge(found, layout, list, error);
    for (size_t i = 0; i < SAMPLE_ROWS; i++)
        sg_table_row_clear(&found->rows[i]);
    free(found->columns);
    free(found);
    return status;
}

void sg_table_layout_clear(sg_table_layout *layout)
{
    free(layout->columns);
    *layout = (sg_table_layout){0};
}
