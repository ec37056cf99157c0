/* Options that a sweep varies; see sweep_axis.h. */
#include "sweep/sweep_axis.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/nearest_name.h"
#include "train/options/training_fields.h"

enum { NAME_BYTES = 64 };

/* ---- one value ---- */

/* Turns the meaning of a switch that is named by what it leaves out. */
static void invert(const sg_field *row, sg_run_options *options)
{
    bool *flag = (bool *)((char *)options + row->offset);
    if (row->kind == SG_FIELD_FLAG && row->flags & SG_FIELD_INVERTED)
        *flag = !*flag;
}

sg_status sg_sweep_set_option(size_t index, const char *text, sg_run_options *options,
                              sg_given *given, sg_error *error)
{
    const sg_field *row = sg_field_at(&sg_training_table, index);
    if (!*text)
        return SG_OK;
    SG_TRY(sg_field_parse(row, text, options, SG_SPELL_OPTION, error));
    invert(row, options);
    sg_given_set(given, index);
    return SG_OK;
}

void sg_sweep_print_option(size_t index, const sg_run_options *options, sg_text *text)
{
    const sg_field *row = sg_field_at(&sg_training_table, index);
    sg_run_options turned = *options;
    invert(row, &turned);
    sg_field_print(row, &turned, text);
}

/* ---- the option's name ---- */

/* Rows that no setting of a sweep has for itself, with the reason. */
static const struct {
    const char *option, *reason;
} fixed[] = {
    {"outdir", "a sweep has one folder"},
    {"desc", "a sweep names its runs by what varies"},
    {"resume", "a sweep is resumed as a whole"},
    {"dry-run", "all trainings of a sweep are planned together"},
    {"metrics", "settings are compared by one metric"},
    {"features", "settings are compared by one metric"},
};

static sg_status refuse_name(const char *name, sg_error *error)
{
    const char *names[SG_MOST_FIELDS];
    const sg_field *row;
    size_t count = 0;
    for (size_t i = 0; (row = sg_field_at(&sg_training_table, i)); i++)
        if (row->option)
            names[count++] = row->option;
    const char *nearest = sg_nearest_name(name, names, count);
    return sg_fail(error, SG_ERROR_ARGUMENT,
                   "\"vary\" names \"%s\", which is no option of a training%s%s%s", name,
                   nearest ? "; did you mean " : "", nearest ? nearest : "", nearest ? "?" : "");
}

/* Finds the row of the first `length` bytes of `text`, in any case and with '_' as '-'. */
static sg_status find_row(const char *text, size_t length, sg_sweep_axis *axis, sg_error *error)
{
    char name[NAME_BYTES] = "";
    for (size_t i = 0; i < length && i + 1 < sizeof name; i++)
        name[i] = text[i] == '_'                     ? '-'
                  : text[i] >= 'A' && text[i] <= 'Z' ? (char)(text[i] - 'A' + 'a')
                                                     : text[i];
    const int row = sg_field_find_option(&sg_training_table, name);
    if (row < 0)
        return refuse_name(name, error);
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
        if (strcmp(fixed[i].option, name) == 0)
            return sg_fail(error, SG_ERROR_ARGUMENT, "\"vary\" names \"%s\", which cannot vary: %s",
                           name, fixed[i].reason);
    axis->row = (size_t)row;
    axis->field = sg_field_at(&sg_training_table, axis->row);
    return SG_OK;
}

/* ---- values ---- */

static bool is_whole(const sg_field *row)
{
    return row->kind == SG_FIELD_INT || row->kind == SG_FIELD_UINT64;
}

/* Appends a value of `length` bytes after checking it against its row. */
static sg_status add_value(sg_sweep_axis *axis, const char *text, size_t length, sg_error *error)
{
    sg_run_options scratch = {0};
    sg_given given = {0};
    if (axis->count == SG_SWEEP_MOST_VALUES)
        return sg_fail(error, SG_ERROR_ARGUMENT, "\"vary\" gives %s more than %d values",
                       axis->field->option, SG_SWEEP_MOST_VALUES);
    char *value = sg_allocate(length + 1, 1);
    char **grown = sg_reallocate(axis->values, axis->count + 1, sizeof *grown);
    axis->values = grown ? grown : axis->values;
    if (!value || !grown) {
        free(value);
        return sg_fail_memory(error, "the values of %s", axis->field->option);
    }
    memcpy(value, text, length);
    axis->values[axis->count++] = value;
    return sg_sweep_set_option(axis->row, value, &scratch, &given, error);
}

/* Appends the whole numbers of "0-4"; *taken is false for another text. */
static sg_status add_span(sg_sweep_axis *axis, const char *text, size_t length, bool *taken,
                          sg_error *error)
{
    char number[32];
    char *end = NULL;
    *taken = false;
    if (!is_whole(axis->field) || *text < '0' || *text > '9')
        return SG_OK;
    const unsigned long long first = strtoull(text, &end, 10);
    if (*end != '-' || end[1] < '0' || end[1] > '9')
        return SG_OK;
    const unsigned long long last = strtoull(end + 1, &end, 10);
    if (end != text + length)
        return SG_OK;
    *taken = true;
    if (last < first || last - first >= SG_SWEEP_MOST_VALUES)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"vary\" gives %s the range \"%.*s\", but a range must ascend and have at "
                       "most %d numbers",
                       axis->field->option, (int)length, text, SG_SWEEP_MOST_VALUES);
    for (unsigned long long i = 0; i <= last - first; i++) {
        const int digits = snprintf(number, sizeof number, "%llu", first + i);
        SG_TRY(add_value(axis, number, (size_t)digits, error));
    }
    return SG_OK;
}

static sg_status add_values(sg_sweep_axis *axis, const char *text, sg_error *error)
{
    const char separator[] = {strchr(text, ';') ? ';' : ',', '\0'};
    for (const char *at = text;; at++) {
        bool taken = false;
        const size_t length = strcspn(at, separator);
        SG_TRY(add_span(axis, at, length, &taken, error));
        if (!taken)
            SG_TRY(add_value(axis, at, length, error));
        at += length;
        if (!*at)
            return SG_OK;
    }
}

/* Reads "LOW..HIGH"; *taken is false for another text. */
static sg_status read_range(sg_sweep_axis *axis, const char *text, bool *taken, sg_error *error)
{
    sg_run_options scratch = {0};
    sg_given given = {0};
    char *end = NULL;
    char low[NAME_BYTES];
    axis->logarithmic = strncmp(text, "log:", 4) == 0;
    const char *first = text + (axis->logarithmic ? 4 : 0);
    const char *dots = strstr(first, "..");
    *taken = dots && (is_whole(axis->field) || axis->field->kind == SG_FIELD_NUMBER);
    if (!*taken)
        return SG_OK;
    snprintf(low, sizeof low, "%.*s", (int)(dots - first), first);
    if (!*low || !dots[2])
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"vary\" gives %s the range \"%.100s\", which lacks its %s",
                       axis->field->option, text, *low ? "HIGH" : "LOW");
    SG_TRY(sg_sweep_set_option(axis->row, low, &scratch, &given, error));
    SG_TRY(sg_sweep_set_option(axis->row, dots + 2, &scratch, &given, error));
    axis->is_range = true;
    axis->least = strtod(low, &end);
    axis->most = strtod(dots + 2, &end);
    if (!(axis->least < axis->most) || (axis->logarithmic && !(axis->least > 0)))
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"vary\" gives %s the range \"%.100s\", but LOW must be below HIGH%s",
                       axis->field->option, text,
                       axis->logarithmic ? ", and above 0 for logarithms" : "");
    return SG_OK;
}

sg_status sg_sweep_axis_parse(const char *text, sg_sweep_axis *axis, sg_error *error)
{
    bool taken = false;
    const size_t length = strcspn(text, "=");
    *axis = (sg_sweep_axis){0};
    if (text[length] != '=' || length == 0)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"vary\" takes NAME=VALUE,VALUE,... such as gamma=0.1,1,10, not \"%.100s\"",
                       text);
    SG_TRY(find_row(text, length, axis, error));
    SG_TRY(read_range(axis, text + length + 1, &taken, error));
    return taken ? SG_OK : add_values(axis, text + length + 1, error);
}

/* Prints a number of a range to three digits, or to as many as tell apart a hundred numbers of the
 * range and stay within it. */
static void print_draw(const sg_sweep_axis *axis, double value, char text[NAME_BYTES])
{
    const double largest = fmax(fabs(axis->least), fabs(axis->most));
    int digits = 3 + (int)fmin(floor(log10(largest / (axis->most - axis->least)) + 0.3), 14);
    for (digits = digits < 3 ? 3 : digits; digits <= 17; digits++) {
        snprintf(text, NAME_BYTES, "%.*g", digits, value);
        const double printed = strtod(text, NULL);
        if (printed >= axis->least && printed <= axis->most)
            return;
    }
}

sg_status sg_sweep_axis_draw(sg_sweep_axis *axis, size_t index, sg_random *random, sg_error *error)
{
    char text[NAME_BYTES];
    const double low = axis->logarithmic ? log(axis->least) : axis->least;
    const double high = axis->logarithmic ? log(axis->most) : axis->most;
    double value = low + (high - low) * sg_random_uniform(random);
    value = axis->logarithmic ? exp(value) : value;
    value = fmin(fmax(value, axis->least), axis->most);
    if (is_whole(axis->field))
        snprintf(text, sizeof text, "%.0f", value);
    else
        print_draw(axis, value, text);
    while (axis->count > index)
        free(axis->values[--axis->count]);
    return add_value(axis, text, strlen(text), error);
}

void sg_sweep_axis_clear(sg_sweep_axis *axis)
{
    for (size_t i = 0; i < axis->count; i++)
        free(axis->values[i]);
    free(axis->values);
    *axis = (sg_sweep_axis){0};
}
